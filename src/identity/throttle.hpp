// How often somebody may try: guessing a password or a phone number has to be slow.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "wire/problem.hpp"

namespace tongdian::identity {

/// What addresses are counted by: the address itself, or of IPv6 its first 64 bits, for that is the least that one household
/// or server is given, and it has 2^64 addresses to try from.
std::string network_of(std::string_view address);

class Throttle {
 public:
  Throttle(std::size_t tries, std::chrono::milliseconds within, const Clock& clock, std::size_t most = 100'000)
      : tries_(tries), within_(within), clock_(clock), most_(most) {}

  /// Counts a try; `identity.too_many` once there were `tries` of them within the time, until the first of them lies
  /// further back.
  std::optional<wire::Later> count(std::string_view who);
  /// A success clears the count.
  void forget(std::string_view who);

  /// For the test that nobody fills the memory.
  [[nodiscard]] std::size_t held() const;

 private:
  /// By digest: whoever sends long names is counted in as few bytes as everybody else.
  using Seen = std::map<Hash, std::vector<Instant>>;

  std::vector<Instant>& times_of(const Hash& who, Instant now);

  const std::size_t tries_;
  const std::chrono::milliseconds within_;
  const Clock& clock_;
  const std::size_t most_;
  mutable std::mutex mutex_;
  // Two generations: what was not asked about while the younger one filled, or for the whole time, goes with the older one.
  Seen young_, old_;
  Instant turned_{};
};

}  // namespace tongdian::identity
