// How the tables of cases keep a day.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace tongdian::connection {

/// Days since 1970-01-01, and one that sorts after every date where none binds.
inline constexpr std::int64_t undated = 99'999'999;
inline std::int64_t day_number(LocalDate d) { return d.time_since_epoch().count(); }
inline std::optional<LocalDate> day_from(std::int64_t n) {
  return n == undated ? std::nullopt : std::optional(LocalDate{std::chrono::days{n}});
}

}  // namespace tongdian::connection
