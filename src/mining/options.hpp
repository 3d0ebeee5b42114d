// What whoever has a log read may say about it: names of its columns, thresholds, working days.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "calendar/calendar.hpp"
#include "mining/moment.hpp"
#include "mining/roles.hpp"

namespace tongdian::mining {

/// The name of a column or attribute a role; an empty one is guessed.
struct Mapping {
  std::array<std::string, role_count> names;

  [[nodiscard]] const std::string& of(Role role) const { return names[static_cast<std::size_t>(role)]; }
};

/// From when on something stands out. None of these is law; `--map` may set each by its name.
struct Thresholds {
  double recorded_late_s = 86'400;   ///< a step put into the system so long after it is said to have happened
  double back_strong_s = 86'400;     ///< a step that stands in the file behind one so much later
  double tie_strong_steps = 3;       ///< different steps of a case at one instant by one person
  double rewalked_steps = 2;         ///< steps walked again in the same order
  double rewalked_strong_steps = 3;  ///< … from the case's first step on
  double reopened_days = 30;         ///< a further case for the same customer so soon after one ended
  double whole_day_share = 0.05;     ///< up to this share of the log's events at midnight, one at midnight stands out
};

/// By which days time is counted. Without a calendar there are no working days.
struct WorkingTime {
  const calendar::Calendar* calendar = nullptr;
  int zone_minutes = 0;  ///< of moments that carry an offset; those without are civil time as they stand
};

/// Working days after the first day up to the last, as a deadline counts them; nothing beyond the calendar.
inline std::optional<int> working_days(const WorkingTime& by, Ticks from, std::int16_t from_offset, Ticks to,
                                       std::int16_t to_offset) {
  const auto day = [&](Ticks t, std::int16_t offset) {
    return LocalDate{std::chrono::days{static_cast<int>(civil_day(t, offset, by.zone_minutes))}};
  };
  return by.calendar->between(day(from, from_offset), day(to, to_offset));
}

/// The labels of the steps between which a stage of a pack runs in this log.
struct StageSteps {
  std::string stage;  ///< the pack's id
  std::string begins, ends;
};
inline constexpr std::size_t most_stages = 32;

struct StageLimit {
  StageSteps steps;
  Sentence name;
  int working_days = 0;
};

/// What a case may take from its first event to its last, by a pack's decision, and each stage that `--map` found in the log.
struct CaseLimit {
  int working_days = 0;
  std::string clauses;  ///< that it rests on
  std::vector<StageLimit> stages;
};

struct Options {
  Mapping mapping;
  Thresholds thresholds;
  WorkingTime working_time;
  std::vector<StageSteps> stages;
  std::optional<CaseLimit> limit;  ///< counts with a calendar alone
};

/// `--map`: {"case": "COLUMN", …, "thresholds": {"reopened_days": 60}, "stages": {"plan_reply": {"begins": "LABEL", "ends":
/// "LABEL"}}} into `options`. Strict: an unknown key is `mine.bad_map`.
Result<void> read_mapping(std::string_view json, Options& options);

}  // namespace tongdian::mining
