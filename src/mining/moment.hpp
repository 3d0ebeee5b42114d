// The instants of other systems' logs, in every form that offices export: ISO 8601, 2021/6/1 8:00, 2021年6月1日 8时30分,
// 20210601080000, Oracle's 01-6月 -21, Excel's serial days.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace tongdian::mining {

/// 100 ns since 1970-01-01T00:00:00Z: as fine as databases export, and wide enough for every year from 1 to 9999.
using Ticks = std::int64_t;
inline constexpr Ticks ticks_per_second = 10'000'000;
inline constexpr Ticks ticks_per_day = 86'400 * ticks_per_second;
inline constexpr Ticks no_time = std::numeric_limits<Ticks>::min();
inline constexpr std::int16_t no_offset = std::numeric_limits<std::int16_t>::min();

/// An instant and the UTC offset, in minutes, that it was written with. Without one it is read as UTC.
struct Moment {
  Ticks at = no_time;
  std::int16_t offset = no_offset;

  explicit operator bool() const { return at != no_time; }
  bool operator==(const Moment&) const = default;
};

/// What the texts of one log do not say by themselves; found by looking at many of them.
struct DateStyle {
  bool day_first = false;  ///< 01/02/2021 is the first of February
  bool excel = false;      ///< a bare number is Excel's serial day, 1900 system
};

/// The moment, or none where the text is no date and time of the calendar as a whole. A date alone is its midnight.
Moment read_moment(std::string_view text, DateStyle style = {});

/// "2021-06-01T08:00:00+08:00", with a fraction where there is one; "…Z" where the offset is none or zero.
std::string format_moment(Moment moment);

/// The civil day that a moment was written as, in days since 1970-01-01; `zone_minutes` is the zone for those with an offset.
std::int64_t civil_day(Ticks at, std::int16_t offset, int zone_minutes);

}  // namespace tongdian::mining
