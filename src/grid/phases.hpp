// What the three phases have of their own, beside the positive sequence that the columns of the network hold. Four-wire networks:
// a neutral conductor is earthed at both ends of its section and folded into the phases (Kron), so that voltages are phase to
// neutral. Per unit on base_mva/3 and rated_kv/√3: the numbers of one sequence and of one phase are the same.
#pragma once

#include <array>
#include <complex>
#include <cstdint>

namespace tongdian::grid {

inline constexpr std::uint8_t abc = 7;  ///< phase bits: a = 1, b = 2, c = 4

/// 3 × 3, row by row.
using Matrix3 = std::array<std::complex<double>, 9>;

/// The admittances of a branch by phase: currents into it at both ends from the voltages at both ends.
struct PhasePort {
  Matrix3 ff{}, ft{}, tf{}, tt{};
  Matrix3 ff_alone{}, tt_alone{};  ///< to earth, from the one end that is closed
};

/// A load by phase, p.u. of base_mva/3; `delta`: between phases ab, bc, ca, at rated line voltage.
struct PhaseLoad {
  std::array<std::complex<double>, 3> s{};
  bool delta = false;
};

struct PhaseShunt {
  Matrix3 y{};
};

/// The phase matrix of a symmetric element: diagonal (y0 + 2 y1)/3, else (y0 − y1)/3.
Matrix3 symmetric(std::complex<double> y1, std::complex<double> y0);

}  // namespace tongdian::grid
