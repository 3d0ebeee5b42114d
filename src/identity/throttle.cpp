#include "identity/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace tongdian::identity {

std::string network_of(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));  // without the zone of a link-local one
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  // ::ffff:192.0.2.1 is an IPv4 address in other letters.
  if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) {
    std::array<char, INET_ADDRSTRLEN> v4{};
    return inet_ntop(AF_INET, bytes.data() + mapped.size(), v4.data(), v4.size());
  }
  return to_hex(ByteView(bytes).first(8)) + "/64";
}

std::optional<wire::Later> Throttle::count(std::string_view who) {
  const Hash key = sha256(who);
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  auto& times = times_of(key, now);
  std::erase_if(times, [&](Instant t) { return t + within_ < now; });
  if (times.size() >= tries_)
    return wire::Later{refusal("identity.too_many", {"尝试次数过多，请稍后再试", "too many tries from here"},
                               {"请等几分钟；需要帮助请拨打 95598", "wait a few minutes; for help call 95598"}),
                       times.front() + within_ - now};
  times.push_back(now);
  return {};
}

std::vector<Instant>& Throttle::times_of(const Hash& who, Instant now) {
  if (young_.size() >= most_ || turned_ + within_ < now) {
    old_ = std::move(young_);
    young_.clear();
    turned_ = now;
  }
  if (const auto found = young_.find(who); found != young_.end()) return found->second;
  if (auto node = old_.extract(who)) return young_.insert(std::move(node)).position->second;
  return young_[who];
}

void Throttle::forget(std::string_view who) {
  const Hash key = sha256(who);
  const std::lock_guard lock(mutex_);
  young_.erase(key);
  old_.erase(key);
}

std::size_t Throttle::held() const {
  const std::lock_guard lock(mutex_);
  return young_.size() + old_.size();
}

}  // namespace tongdian::identity
