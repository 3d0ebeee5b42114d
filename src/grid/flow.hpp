// Balanced power flow: what method each part of the network gets, the answer by node, losses by branch.
#pragma once

#include <complex>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "grid/network.hpp"

namespace tongdian::grid {

enum class Method : std::uint8_t { automatic, sweep, newton, current };

struct FlowOptions {
  Method method = Method::automatic;
  double tolerance = 1e-8;  ///< largest change of |V| between iterations, p.u.
  int limit = 60;           ///< iterations
};

struct Flow {
  bool converged = false;
  int iterations = 0;
  std::string method;  ///< "sweep", "newton", "current", or two joined by "+" where parts were solved differently
  std::vector<std::complex<double>> voltage;  ///< p.u. by node; 0 where no source reaches
  double losses_mw = 0;                       ///< series and shunt of closed branches
  Row collapse = none;                        ///< not converged: the node where voltage gives way first
  double solvable_share = 1;                  ///< not converged: the share of all loads that has a solution
};

/// Prepared once for a network as it is switched, solved as often as one likes; the network must outlive it and keep its switches.
class FlowSolver {
 public:
  /// `grid.contradiction`
  static Result<FlowSolver> prepare(const Network& network, const FlowOptions& options = {});
  FlowSolver(FlowSolver&&) noexcept;
  FlowSolver& operator=(FlowSolver&&) noexcept;
  ~FlowSolver();

  /// From a flat start to the tolerance: voltages by bus alone, what a bench counts.
  bool solve();
  /// What the last `solve` found, by node, with losses.
  [[nodiscard]] Flow answer() const;

 private:
  struct Parts;
  explicit FlowSolver(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

Result<Flow> flow(const Network& network, const FlowOptions& options = {});

/// Powers into a branch at both ends, p.u.; 0 where it is open. A branch without impedance carries what its neighbours leave, which
/// its voltages cannot tell: `nothing`.
struct BranchPower {
  std::complex<double> from, to;
};
std::optional<BranchPower> branch_power(const Network& network, const std::vector<std::complex<double>>& voltage,
                                        Row b);

}  // namespace tongdian::grid
