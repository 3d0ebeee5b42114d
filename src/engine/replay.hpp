// Rebuilds every read model from the journal alone, in a scratch database, and compares it row by row with the live one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/behaviour.hpp"
#include "store/database.hpp"

namespace tongdian::engine {

struct TableComparison {
  std::string table;
  std::uint64_t rows = 0;
  std::uint64_t different = 0;           ///< in one and not in the other, or not alike
  std::vector<std::int64_t> first_keys;  ///< of the first few that differ
};

struct ReplayReport {
  std::uint64_t events = 0;
  std::uint64_t streams = 0;
  std::vector<TableComparison> tables;
  [[nodiscard]] bool same() const;
};

/// `live` is read in one snapshot; `scratch` is empty but for its migrations. `progress` hears the number of events.
ReplayReport replay(store::Session& live, store::Session& scratch, const std::vector<const Behaviour*>& behaviours,
                    const std::function<void(std::uint64_t)>& progress = {});

}  // namespace tongdian::engine
