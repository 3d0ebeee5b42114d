#include "mining/times.hpp"

#include <algorithm>

namespace tongdian::mining {
namespace {

constexpr Ticks ticks_per_ms = ticks_per_second / 1'000;

template <class T>
T& at(std::vector<T>& all, std::uint32_t i) {
  if (i >= all.size()) all.resize(i + 1);
  return all[i];
}

}  // namespace

void Times::last(Lasting& into, Ticks from, std::int16_t from_offset, Ticks to, std::int16_t to_offset) {
  into.ms.add((to - from) / ticks_per_ms);
  if (by_.calendar == nullptr) return;
  if (const auto days = working_days(by_, from, from_offset, to, to_offset))
    into.working_days.add(*days);
  else
    ++beyond_;
}

/// The standard life cycle's transitions after which somebody works; case of letters does not matter.
bool Times::is_start(std::uint16_t lifecycle, const Labels& labels) {
  if (lifecycle >= starts_.size()) starts_.resize(lifecycle + 16, -1);
  auto& known = starts_[lifecycle];
  if (known < 0) {
    std::string name;
    for (const char c : labels.lifecycles[lifecycle]) name += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
    known = name == "start" || name == "resume" || name == "开始" ? 1 : 0;
  }
  return known == 1;
}

void Times::add(std::span<const Event> events, const Labels& labels) {
  const Event* first = nullptr;
  const Event* before = nullptr;
  for (const auto& event : events) {
    if (event.time == no_time) continue;
    if (first == nullptr) first = &event;
    auto& stage = at(stages_, event.activity);
    // Its own start, as long as that lies behind what came before.
    Ticks begun = event.time;
    if (event.start != no_time && event.start <= event.time) {
      last(stage.working, event.start, event.offset, event.time, event.offset);
      begun = before ? std::max(before->time, event.start) : event.start;
    }
    if (before != nullptr) {
      last(arcs_[arc(before->activity, event.activity)], before->time, before->offset, event.time, event.offset);
      const bool worked = before->activity == event.activity && is_start(before->lifecycle, labels) &&
                          !is_start(event.lifecycle, labels);
      last(worked ? stage.working : stage.waiting, before->time, before->offset, begun, event.offset);
      if (event.resource != no_text)
        last(at(holders_, event.resource), before->time, before->offset, event.time, event.offset);
    }
    before = &event;
  }
  if (first != nullptr) last(cases_, first->time, first->offset, before->time, before->offset);
}

}  // namespace tongdian::mining
