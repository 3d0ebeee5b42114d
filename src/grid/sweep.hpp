// Backward/forward sweep over radial parts, feeder by feeder.
//
// Swept are squared voltages and the power that arrives at the lower end of each branch (Baran and Wu 1989, "DistFlow", solved by
// substitution): with v = |V|² of the lower bus and P, Q all that it and what hangs on it take,
//   l = (P² + Q²)/v    squared current        P_up += P + r·l,  Q_up += Q + x·l      backward
//   v_up − v = 2(r·P + x·Q) + (r² + x²)·l                                            forward
// It is exact on a tree. Its first pass has every load right and misses the losses only, so it gains about two digits a
// pass where a sweep of currents gains one; and forward is a subtraction. Angles come once, at the end. z = 0 costs nothing.
#pragma once

#include <span>

#include "grid/feeders.hpp"

namespace tongdian::grid {

struct SweepEnd {
  bool converged = true;
  int iterations = 0;  ///< of the group that took most
  double change = 0;   ///< largest |Δ|V|| of the last pass, p.u.
  Row worst = none;    ///< where it did not converge: the bus (not row) of lowest voltage
};

class Sweep {
 public:
  explicit Sweep(const Feeders& feeders);

  /// From a flat start (every |V| that of its root) until no |V| moves by more than `tolerance`. Writes `voltage`, by bus.
  SweepEnd solve(double tolerance, std::span<Feeders::Complex> voltage, int limit = 60) {
    return solve(feeders_.p, feeders_.q, tolerance, voltage, limit);
  }
  /// The same with other loads, by row.
  SweepEnd solve(std::span<const double> p, std::span<const double> q, double tolerance,
                 std::span<Feeders::Complex> voltage, int limit = 60);

  /// After `solve`: what arrives at the lower end of the branch above a row, p.u. of power.
  [[nodiscard]] std::span<const double> arriving_p() const { return arriving_p_; }
  [[nodiscard]] std::span<const double> arriving_q() const { return arriving_q_; }
  /// After `solve`: |V|² by row, referred to the root.
  [[nodiscard]] std::span<const double> squared() const { return v_; }
  [[nodiscard]] std::size_t bytes() const { return v_.capacity() * 8 * 6; }

 private:
  const Feeders& feeders_;
  std::vector<double> v_, drop_, sum_p_, sum_q_, arriving_p_, arriving_q_;
  std::vector<double> scale_;  // by group: smallest |ratio|²
};

}  // namespace tongdian::grid
