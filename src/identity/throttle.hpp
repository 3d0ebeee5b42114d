// How often somebody may try: guessing a password or a phone number has to be slow.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "wire/problem.hpp"

namespace tongdian::identity {

class Throttle {
 public:
  Throttle(std::size_t tries, std::chrono::milliseconds within, const Clock& clock)
      : tries_(tries), within_(within), clock_(clock) {}

  /// Counts a try; `identity.too_many` once there were `tries` of them within the time, until the first of them lies
  /// further back.
  std::optional<wire::Later> count(const std::string& who) {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    if (seen_.size() > most_keys)
      std::erase_if(seen_, [&](const auto& e) { return e.second.empty() || e.second.back() + within_ < now; });
    auto& times = seen_[who];
    while (!times.empty() && times.front() + within_ < now) times.pop_front();
    if (times.size() >= tries_)
      return wire::Later{refusal("identity.too_many", {"尝试次数过多，请稍后再试", "too many tries from here"},
                                 {"请等几分钟；需要帮助请拨打 95598", "wait a few minutes; for help call 95598"}),
                         times.front() + within_ - now};
    times.push_back(now);
    return {};
  }
  /// A success clears the count.
  void forget(const std::string& who) {
    const std::lock_guard lock(mutex_);
    seen_.erase(who);
  }

 private:
  static constexpr std::size_t most_keys = 100'000;
  std::size_t tries_;
  std::chrono::milliseconds within_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::deque<Instant>> seen_;
};

}  // namespace tongdian::identity
