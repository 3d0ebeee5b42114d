// Which of the decisive hours can bind in one part. A current is, but for losses, the sum over the curves of what hangs below
// times the curve's share; a fall of voltage likewise, weighted with the way's impedance. So each branch has one hour of highest
// current and each node one of lowest voltage, found by comparing sums: no flow is solved for the others.
#pragma once

#include "grid/hours.hpp"
#include "grid/parts.hpp"

namespace tongdian::grid {

/// Complex power of each node by curve, with the constant part behind the last curve: row-major, `curves + 1` to a node.
struct PowerByCurve {
  std::size_t width = 1;
  std::vector<std::complex<double>> s;
  PowerByCurve(const Network& network, const Surroundings& around, double angle_of_approved);
};

/// The hour (row in `hours`) in which the sum is largest in magnitude, respectively in its real part.
std::size_t hour_of_most(const std::vector<DecisiveHour>& hours, const std::complex<double>* sums, bool real);

/// Rows in `hours`, in order.
std::vector<std::size_t> hours_that_bind(const Part& part, const PowerByCurve& power,
                                         const std::vector<DecisiveHour>& hours);

}  // namespace tongdian::grid
