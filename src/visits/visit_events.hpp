// The types of a visit's events and their payloads' keys: what is written here stays readable for ever.
#pragma once

#include <string_view>

namespace tongdian::visits::events {

inline constexpr std::string_view offered = "visit.offered";      // account, starts_at, minutes
inline constexpr std::string_view booked = "visit.booked";        // number, area, enterprise
inline constexpr std::string_view cancelled = "visit.cancelled";  // number, by
inline constexpr std::string_view withdrawn = "visit.withdrawn";  // nothing

}  // namespace tongdian::visits::events
