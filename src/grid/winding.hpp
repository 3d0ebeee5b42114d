// A transformer from its nameplate: impedance and magnetising admittance by IEC 60076 ratings, the phase shift of its vector group,
// and what its windings let the zero sequence do. The model of power-grid-model's transformer, whose files are read here.
#pragma once

#include <complex>
#include <cstdint>

#include "grid/phases.hpp"

namespace tongdian::grid {

/// In the order of power-grid-model's codes.
enum class Winding : std::uint8_t { wye, wye_n, delta, zigzag, zigzag_n };

/// SI units; from side 1 to side 2.
struct Nameplate {
  double u1 = 0, u2 = 0;              ///< V, with the tap
  double u1_rated = 0, u2_rated = 0;  ///< V, of the nodes
  double sn = 0;                      ///< VA
  double uk = 0, pk = 0;              ///< short circuit: relative voltage, W; negative in a star of three windings
  double i0 = 0, p0 = 0;              ///< no load: relative current, W
  double i0_zero = 0, p0_zero = 0;    ///< the same in zero sequence
  Winding from = Winding::wye_n, to = Winding::wye_n;
  int clock = 0;                                    ///< × 30°, side 2 behind side 1
  std::complex<double> earthing_from, earthing_to;  ///< Ω in the neutrals
};

/// As `Branches` has a two-port, p.u. on 1 MVA.
struct TransformerBranch {
  std::complex<double> z, y, ratio;
};
TransformerBranch branch_of(const Nameplate& plate);

/// By phase. A side without a path for the zero sequence is tied to earth by a susceptance 1e-8 of its short-circuit one, for
/// nothing else fixes the zero sequence of what hangs behind it.
PhasePort phase_port_of(const Nameplate& plate);

/// Relative voltage or loss at a tap: linear from nominal to either end.
double at_tap(double pos, double min, double max, double nominal, double value, double value_min, double value_max);

}  // namespace tongdian::grid
