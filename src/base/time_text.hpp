// Dates and instants as text: RFC 3339 in, RFC 3339 out. Allocation-free parsing, strict.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace tongdian {

/// "2021-11-15" (year 0000–9999, a real day of the calendar) or nothing.
std::optional<LocalDate> parse_date(std::string_view text);
/// "2021-11-15T09:00:00+08:00", "…Z", with or without a fraction (kept to the millisecond); an offset is required.
/// A leap second :60 is read as the following second's start, as RFC 3339 allows it to appear.
std::optional<Instant> parse_instant(std::string_view text);

std::string format_date(LocalDate date);
/// With the zone's offset, to the millisecond where there is one: "2021-11-15T09:00:00+08:00", "…00.125+08:00".
std::string format_instant(Instant t, Zone zone);
/// "2021-11-15T01:00:00.000Z": fixed width, the form inside the journal.
std::string format_utc(Instant t);

}  // namespace tongdian
