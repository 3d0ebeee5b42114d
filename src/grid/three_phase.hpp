// Unbalanced power flow: every phase of every node is a conductor of its own. Four-wire networks as phases.hpp says.
#pragma once

#include <array>
#include <complex>
#include <memory>
#include <string>
#include <vector>

#include "grid/flow.hpp"

namespace tongdian::grid {

using PhaseVoltages = std::array<std::complex<double>, 3>;

struct PhaseFlow {
  bool converged = false;
  int iterations = 0;
  std::string method;  ///< "current" or "newton"
  std::vector<PhaseVoltages>
      voltage;           ///< p.u. of rated/√3, by node; 0 where no source reaches or the phase is not there
  double losses_mw = 0;  ///< of all phases
  Row collapse = none;   ///< and the share of the loads that has a solution, as in `Flow`
  double solvable_share = 1;
};

/// Current injection on one factorisation where it converges, else Newton's method; `sweep` is taken for `automatic`, since current
/// injection on a tree is the sweep with its sums in a matrix.
class PhaseFlowSolver {
 public:
  static Result<PhaseFlowSolver> prepare(const Network& network, const FlowOptions& options = {});
  PhaseFlowSolver(PhaseFlowSolver&&) noexcept;
  PhaseFlowSolver& operator=(PhaseFlowSolver&&) noexcept;
  ~PhaseFlowSolver();
  bool solve();
  [[nodiscard]] PhaseFlow answer() const;

 private:
  struct Parts;
  explicit PhaseFlowSolver(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// The admittances of a branch by phase: its phase port, or its two-port alike in every sequence but for the shift, which turns
/// the negative sequence back and leaves the zero sequence alone. z ≠ 0.
PhasePort phase_port(const Network& network, Row b);

/// Powers into a branch at both ends by phase, p.u. of one phase; 0 where it is open. Nothing where it has no impedance.
struct PhaseBranchPower {
  PhaseVoltages from{}, to{};
};
std::optional<PhaseBranchPower> branch_power(const Network& network, const std::vector<PhaseVoltages>& voltage, Row b);

}  // namespace tongdian::grid
