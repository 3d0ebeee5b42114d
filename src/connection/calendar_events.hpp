// The type of the event that says what is counted by; its payload is a CalendarInForce. What is written here stays readable for ever.
#pragma once

#include <string_view>

namespace tongdian::connection::events {

inline constexpr std::string_view calendar_loaded = "calendar.loaded";

}  // namespace tongdian::connection::events
