// Quantities that must not be mixed up. A number without its unit does not leave a room.
#pragma once

#include <compare>
#include <cstdint>

namespace tongdian {

/// Requested active power, kW. kW and kVA are never converted into each other by a power factor (A07).
struct Kw {
  double value = 0;
  auto operator<=>(const Kw&) const = default;
};

/// Connected apparent power, kVA.
struct Kva {
  double value = 0;
  auto operator<=>(const Kva&) const = default;
};

/// A number of statutory working days.
struct WorkingDays {
  int value = 0;
  auto operator<=>(const WorkingDays&) const = default;
  WorkingDays operator+(WorkingDays o) const { return {value + o.value}; }
};

/// Money in fen 分 (1/100 yuan): an integer, never a floating number.
struct Fen {
  std::int64_t value = 0;
  auto operator<=>(const Fen&) const = default;
  Fen operator+(Fen o) const { return {value + o.value}; }
};

}  // namespace tongdian
