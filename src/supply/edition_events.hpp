// The type of an edition's event; its payload is an Edition. What is written here stays readable for ever.
#pragma once

#include <string_view>

namespace tongdian::supply::events {

inline constexpr std::string_view capacity_published = "capacity.published";

}  // namespace tongdian::supply::events
