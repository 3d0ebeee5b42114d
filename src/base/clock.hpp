// Time. There is no "now" but that of the clock that is passed in.
#pragma once

#include <atomic>
#include <chrono>

namespace tongdian {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using LocalDate = std::chrono::sys_days;  ///< a civil day; which zone it is of, the holder knows

inline std::int64_t to_ms(Instant t) { return t.time_since_epoch().count(); }
inline Instant from_ms(std::int64_t ms) { return Instant{std::chrono::milliseconds{ms}}; }

/// Civil time of a pack: a fixed offset. China has had one offset without daylight saving since 1991.
struct Zone {
  std::chrono::minutes utc_offset{8 * 60};

  [[nodiscard]] LocalDate date_of(Instant t) const { return std::chrono::floor<std::chrono::days>(t + utc_offset); }
  /// The first instant of the civil day.
  [[nodiscard]] Instant start_of(LocalDate d) const { return Instant{d} - utc_offset; }
};

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

/// Runs at real speed from a start of one's choice, by the steady clock, so that nobody can set it back. The demo's clock.
class OffsetClock final : public Clock {
 public:
  explicit OffsetClock(Instant start) : start_(start) {}
  [[nodiscard]] Instant now() const override {
    return start_ + std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun_);
  }

 private:
  Instant start_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

/// Stands still until it is set. Tests and the demo's generator use it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant t) : ms_(to_ms(t)) {}
  [[nodiscard]] Instant now() const override { return from_ms(ms_.load()); }
  void set(Instant t) { ms_ = to_ms(t); }
  void advance(std::chrono::milliseconds d) { ms_ += d.count(); }

 private:
  std::atomic<std::int64_t> ms_;
};

}  // namespace tongdian
