// A pack's limits stage by stage, where whoever reads the log has said which steps begin and end each.
#pragma once

#include <span>

#include "mining/event.hpp"
#include "mining/options.hpp"

namespace tongdian::mining {

/// The stage of a case that went furthest beyond its limit.
struct StageOver {
  std::size_t stage = 0;  ///< of CaseLimit::stages
  int used = 0;           ///< working days
  Moment begun, ended;
};

class StageLimits {
 public:
  explicit StageLimits(const Options& options);

  /// From the first step that begins a stage to the first behind it that ends it: what comes later is a repeat, and has a
  /// finding of its own. A stage that the log does not end is not judged. Events by time.
  std::optional<StageOver> worst(std::span<const Event> events, const Interner& activities);

 private:
  void learn(const Interner& activities);

  WorkingTime time_;
  std::vector<StageLimit> stages_;
  std::vector<std::uint64_t> marks_;  ///< by activity: bit 2k where it begins stage k, bit 2k + 1 where it ends it
};

}  // namespace tongdian::mining
