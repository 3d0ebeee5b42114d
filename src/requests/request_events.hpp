// The types of a request's events and their payloads' keys: what is written here stays readable for ever.
#pragma once

#include <string_view>

namespace tongdian::requests::events {

inline constexpr std::string_view made = "request.made";            // kind, subject, area, enterprise, content; digest
inline constexpr std::string_view granted = "request.granted";      // words
inline constexpr std::string_view declined = "request.declined";    // words
inline constexpr std::string_view withdrawn = "request.withdrawn";  // nothing
inline constexpr std::string_view settled = "request.settled";      // satisfied

}  // namespace tongdian::requests::events
