// What plans have promised and the grid's tables do not have yet: the loads by which its open capacity shrinks (三(五)1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connection/case_state.hpp"
#include "engine/behaviour.hpp"
#include "store/migrations.hpp"

namespace tongdian::connection {

/// Migration 20: approved_load.
extern const store::Migration approved_migration;

struct ApprovedLoad {
  std::string number;  ///< of the case
  std::string node;    ///< by its name in the network's tables
  double kw = 0;
};

/// As the journal stood after the event at `through`; by number, then node.
struct ApprovedLoads {
  std::uint64_t through = 0;
  std::vector<ApprovedLoad> loads;
};

/// Part of the projection of a case.
void write_approved_loads(store::Session& session, std::int64_t id, const CaseState& state);

/// As of the last event. A case that is lit counts where that was at `lit_since` or later: measured loads have the others. Without it
/// no lit case counts.
ApprovedLoads approved_loads(store::Session& session, std::optional<Instant> lit_since);
/// As they were after the event at `through`: every case that had a promise by then is folded so far. `behaviour` is that of cases.
ApprovedLoads approved_loads_at(store::Session& session, std::uint64_t through, std::optional<Instant> lit_since,
                                const engine::Behaviour& behaviour);

}  // namespace tongdian::connection
