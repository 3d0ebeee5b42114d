// Backward/forward sweep along a forest that changes from solve to solve. The voltages of the last solve start the next one:
// after an exchange most of them hold already.
//
// A branch's admittances stand at its nodes. Sources hold their voltage; a node that a generator holds gets the reactive power
// that it takes, by Newton steps on the reactances that the ways to the source share.
// Source of the method: D. Shirmohammadi et al., "A compensation-based power flow method", IEEE Trans. Power Syst. 3 (1988).
#pragma once

#include "grid/forest.hpp"
#include "grid/limbs.hpp"

namespace tongdian::grid {

class RadialFlow {
 public:
  explicit RadialFlow(const Circuit& circuit);

  /// Loss of the network's branches in p.u. (series and shunt); nullopt where the sweep does not converge. `tolerance` bounds
  /// the change of a voltage (p.u., as a complex number) in the last round.
  std::optional<double> solve(const Forest& forest, double tolerance = 1e-10);
  [[nodiscard]] int iterations() const { return iterations_; }

  /// After a solve, by node: voltage, the current that leaves the network at the node (loads, shunts), and the current in the
  /// branch to its parent, seen at the node's end.
  [[nodiscard]] Complex voltage(Row node) const { return at(node).v; }
  [[nodiscard]] Complex drawn(Row node) const { return at(node).own; }
  [[nodiscard]] Complex current(Row node) const { return at(node).through; }
  /// Forgets the last voltages.
  void flatten();

 private:
  [[nodiscard]] const Limb& at(Row node) const { return limbs_[place_[node]]; }
  void arrange(const Forest& forest);
  bool sweep_limbs(double tolerance);
  bool hold_voltages(double tolerance);
  [[nodiscard]] double loss(const Forest& forest) const;

  const Circuit& circuit_;
  std::vector<Row> order_, place_;
  std::vector<Limb> limbs_;
  std::vector<Complex> voltage_;  // by node, kept between solves
  std::vector<double> held_q_;
  bool has_current_loads_ = false, has_shunt_loss_ = false;
  int iterations_ = 0;
};

}  // namespace tongdian::grid
