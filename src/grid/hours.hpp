// The hours of a year that can decide how much may be added.
//
// In a radial network more load nowhere lowers a current or raises a voltage, and generation is load with a minus sign. So an
// hour in which no curve is higher than in another (and no generation lower) decides nothing: only hours that no other one
// dominates remain. Hours that another dominates but for `slack` are taken into it: their shares' maximum stands for both, which
// errs on the safe side by `slack` at most.
#pragma once

#include <vector>

#include "grid/surroundings.hpp"

namespace tongdian::grid {

struct DecisiveHour {
  int hour;                  ///< the hour itself, of those it stands for the one with most load
  std::vector<float> share;  ///< by curve
};

/// At least one; a year without curves is one hour of share 1.
std::vector<DecisiveHour> decisive_hours(const Network& network, const Surroundings& around, double slack = 0.01);

/// Loads of the network in that hour, with what is approved, by node, p.u.
std::vector<std::complex<double>> power_in(const Network& network, const Surroundings& around, const DecisiveHour& hour,
                                           double angle_of_approved);

}  // namespace tongdian::grid
