#include "mining/stage_limits.hpp"

#include <array>

namespace tongdian::mining {

StageLimits::StageLimits(const Options& options) : time_(options.working_time) {
  if (options.limit && time_.calendar != nullptr) stages_ = options.limit->stages;
}

/// What is said of labels that have come up since.
void StageLimits::learn(const Interner& activities) {
  while (marks_.size() < activities.size()) {
    const auto label = activities[static_cast<std::uint32_t>(marks_.size())];
    std::uint64_t mark = 0;
    for (std::size_t k = 0; k < stages_.size(); ++k) {
      if (label == stages_[k].steps.begins) mark |= std::uint64_t{1} << (2 * k);
      if (label == stages_[k].steps.ends) mark |= std::uint64_t{2} << (2 * k);
    }
    marks_.push_back(mark);
  }
}

std::optional<StageOver> StageLimits::worst(std::span<const Event> events, const Interner& activities) {
  if (stages_.empty()) return {};
  learn(activities);
  std::array<Moment, most_stages> begun{};
  std::array<bool, most_stages> judged{};
  std::optional<StageOver> out;
  int furthest = 0;
  for (const auto& e : events) {
    const auto mark = marks_[e.activity];
    if (mark == 0 || e.time == no_time) continue;
    for (std::size_t k = 0; k < stages_.size(); ++k) {
      // The end first: where one step is both, it is not of the stage that it begins.
      if ((mark >> (2 * k) & 2) != 0 && begun[k] && !judged[k]) {
        judged[k] = true;
        const auto used = working_days(time_, begun[k].at, begun[k].offset, e.time, e.offset);
        if (used && *used - stages_[k].working_days > furthest) {
          furthest = *used - stages_[k].working_days;
          out = {k, *used, begun[k], {e.time, e.offset}};
        }
      }
      if ((mark >> (2 * k) & 1) != 0 && !begun[k]) begun[k] = {e.time, e.offset};
    }
  }
  return out;
}

}  // namespace tongdian::mining
