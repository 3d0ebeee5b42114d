// Weak spots 薄弱环节 (三(四)1): what is overloaded, where voltage is low, also for an hour only, what breaks again and again;
// ranked by the customers whom it touches.
#pragma once

#include "grid/surroundings.hpp"
#include "grid/transfer.hpp"

namespace tongdian::grid {

struct WeakSpot {
  enum class Kind : std::uint8_t { overload, low_voltage, repeated_faults };
  Kind kind;
  Row element;             ///< a branch; for a low voltage the node that has it worst of its feeder's or transformer's
  std::int64_t customers;  ///< whom it touches: all that hang on the branch; all below the limit there
  double worst,
      limit;  ///< share of the rating and 1; p.u. and its limit; faults a year and the number that counts as repeated
  int hours;  ///< of the year, in which it is beyond the limit
  int hour;   ///< the worst
};

/// `repeated`: faults of one branch in twelve months from which on it counts. Empty where the network is not radial.
std::vector<WeakSpot> weak_spots(const Network& network, const Surroundings& around, const Limits& limits,
                                 int repeated = 3);

}  // namespace tongdian::grid
