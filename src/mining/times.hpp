// Where the time goes: between which steps, up to which step, and for whom a case waits.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "mining/figures.hpp"
#include "mining/options.hpp"
#include "mining/spread.hpp"

namespace tongdian::mining {

/// Milliseconds, and working days where the calendar covers both ends.
struct Lasting {
  Spread ms, working_days;
};

struct StageTimes {
  Lasting waiting;  ///< from the event before up to this step, or to its start where the log has that
  Lasting working;  ///< from its start to its end, where the log has both
};

class Times {
 public:
  explicit Times(WorkingTime by) : by_(by) {}

  /// The events of a case in order of time. Those without a time are passed over.
  void add(std::span<const Event> events, const Labels& labels);

  [[nodiscard]] const std::unordered_map<std::uint64_t, Lasting>& arcs() const { return arcs_; }
  [[nodiscard]] const std::vector<StageTimes>& stages() const { return stages_; }  ///< by activity
  [[nodiscard]] const std::vector<Lasting>& holders() const { return holders_; }   ///< by resource
  [[nodiscard]] const Lasting& cases() const { return cases_; }
  [[nodiscard]] std::uint64_t beyond_calendar() const { return beyond_; }
  [[nodiscard]] bool counts_working_days() const { return by_.calendar != nullptr; }

 private:
  void last(Lasting& into, Ticks from, std::int16_t from_offset, Ticks to, std::int16_t to_offset);
  bool is_start(std::uint16_t lifecycle, const Labels& labels);

  WorkingTime by_;
  std::unordered_map<std::uint64_t, Lasting> arcs_;
  std::vector<StageTimes> stages_;
  std::vector<Lasting> holders_;
  Lasting cases_;
  std::uint64_t beyond_ = 0;
  std::vector<signed char> starts_;  ///< by lifecycle: whether it begins work; -1 not looked at yet
};

}  // namespace tongdian::mining
