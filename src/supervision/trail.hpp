// What the detectors remember of a case: times, stages and who moved it; a tenth of what the case itself is folded into. Made
// from the events alone, in their order.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "connection/clocks.hpp"
#include "journal/event.hpp"
#include "supervision/names.hpp"

namespace tongdian::supervision {

using connection::Days;

struct StageTrail {
  Name id = 0, ended_by = 0;
  int limit_wd = 0;
  std::optional<Instant> started_at, ended_at, hold_from, hold_until;  ///< the hold is the one-time notice's (A10)
};

struct Trail {
  std::string number;
  Name area = 0, enterprise = 0, channel = 0, klass = 0, supply_kind = 0;
  std::uint64_t first = 0;  ///< position of its first event: its row number, and the vault's owner
  Instant opened_at{};
  std::optional<Instant> ended_at;
  bool decided = false, withdrawn = false, counts_in_longest = true, works = false, asked = false;
  int target_wd = 0, ceiling_wd = 0;
  std::vector<StageTrail> stages;
  std::size_t current = 0;
  std::optional<Instant> accepted_at, plan_at;
  Name manager = 0;  ///< who answered for it last: the customer manager of the team, else whoever ended a stage
  bool manager_assigned = false;
  bool awaiting_works = false;  ///< in the whitelist 白名单, its works under way
  std::size_t works_left = 0;   ///< of that entry
  /// The last steps of staff, for those that come in a heap.
  struct Step {
    std::uint64_t position = 0;
    Instant at{};
    Name actor = 0;
  };
  std::array<Step, 8> steps;
  std::size_t step_count = 0;
  double promised = -1;  ///< probability of being on time, as told at the submission; negative where there was none
};

/// What an event did to the trail.
struct Moved {
  bool opened = false;       ///< the clock has started
  int ended = -1;            ///< position of the stage that ended
  bool handed_over = false;  ///< … into the customer's hands
  bool asked = false;        ///< the one-time notice
  bool finished = false, withdrawn = false;
  bool by_staff = false;  ///< a step of somebody at a desk
};

Moved take(Trail& trail, const journal::Event& event, Names& names);

/// Working days of a stage until its end, or until `today` where it still runs; nothing beyond the calendar.
std::optional<int> used_wd(const StageTrail& stage, LocalDate today, const Days& days);
/// Of all stages together: what clock A shows at the end of `today`.
std::optional<int> used_wd(const Trail& trail, LocalDate today, const Days& days);

}  // namespace tongdian::supervision
