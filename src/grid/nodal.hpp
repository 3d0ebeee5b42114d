// Power flow of anything: a linear network, and loads that do not follow it linearly. One unknown voltage a conductor: a bus when
// the flow is balanced, a phase of a bus when it is not, so that both are solved by the same code.
//
//   A·x = b − i(V)       x: voltages first, then currents of branches that have (almost) no impedance and thus no admittance
//
// Newton's method works on the residual in real and imaginary parts, with voltage-holding generators as further unknowns (their
// reactive power); current injection keeps A's one factorisation and repeats x = A⁻¹(b − i(V)), the implicit Z-bus method.
#pragma once

#include <complex>
#include <memory>
#include <span>
#include <vector>

#include "grid/network.hpp"

namespace tongdian::grid {

struct Nodal {
  using Complex = std::complex<double>;
  struct Entry {
    Row row, column;
    Complex value;
  };
  struct Load {       ///< takes conj((power + current·|V|)/V) with V = v(plus) − v(minus)
    Row plus, minus;  ///< minus: `none` is earth
    Complex power, current;
  };
  struct Held {
    Row row;
    double v;
  };

  Row voltages = 0;            ///< unknown ones, rows 0 …
  Row unknowns = 0;            ///< with the currents behind them
  std::vector<Entry> entries;  ///< of A; equal places add
  std::vector<Complex> b;      ///< by row
  std::vector<Load> loads;
  std::vector<Held> held;

  /// Conductors are unknowns (≥ 0) or known voltages.
  struct Conductor {
    Row row = none;
    Complex known;
  };
  /// y·(v) at `at` from the voltage of `of`.
  void add(const Conductor& at, const Conductor& of, Complex y);
  /// A further unknown current, and a row for its equation.
  Row add_current();
};

/// Below this, p.u., an impedance is not turned into an admittance: its rounding would drown the loads' currents.
inline constexpr double stiff_impedance = 1e-5;

struct NodalEnd {
  bool converged = false;
  int iterations = 0;
  double change = 0;
  Row worst = none;  ///< not converged: the row of the lowest voltage
};

class NodalSolver {
 public:
  explicit NodalSolver(const Nodal& system);
  NodalSolver(NodalSolver&&) noexcept;
  ~NodalSolver();
  /// From the unloaded network's voltages.
  NodalEnd newton(double tolerance, int limit);
  /// Not for systems with held voltages.
  NodalEnd current_injection(double tolerance, int limit);
  [[nodiscard]] std::span<const Nodal::Complex> voltage() const;

 private:
  struct Newton;
  struct Injection;
  const Nodal& system_;
  std::unique_ptr<Newton> newton_;
  std::unique_ptr<Injection> injection_;
  std::vector<Nodal::Complex> x_;
};

/// Where loads have no solution: how much of them all has one (by halving), and the row that has then lost most of its unloaded
/// voltage, which is where voltage gives way.
struct Limit {
  double share = 0;
  Row weakest = none;
};
Limit loadability(const Nodal& system);

}  // namespace tongdian::grid
