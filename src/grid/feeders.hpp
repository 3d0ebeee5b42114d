// A network taken apart at its buses of fixed voltage, for those decouple what hangs on them. A part without a loop and without a
// second source is a tree and is swept; the others go to Newton's method. Buses that no source reaches are dead.
#pragma once

#include <vector>

#include "grid/balanced.hpp"

namespace tongdian::grid {

/// The radial parts, several to a group, so that a group fits in the nearest cache and is solved to the end there. Rows of a
/// group: first its roots, then the buses by depth; a row's parent stands before it. Everything is referred to its root: ideal
/// transformers on the way are gone, their product is `ratio` (V of the bus = V of the row / ratio).
struct Feeders {
  using Complex = std::complex<double>;
  struct Group {
    Row begin, first, end;  ///< rows: roots [begin, first), buses [first, end)
  };
  std::vector<Group> groups;
  std::vector<Row> parent;  ///< row, of buses
  std::vector<Row> bus;
  std::vector<Row> edge;              ///< to the parent
  std::vector<double> r, x;           ///< to the parent
  std::vector<double> p, q;           ///< constant power
  std::vector<double> g, b;           ///< admittance to earth
  std::vector<double> ip, iq;         ///< power at |V| = 1 of what follows |V|; empty where nothing does
  std::vector<Complex> root_voltage;  ///< of root rows, else 0
  std::vector<Complex> ratio;         ///< empty where every one is 1
  bool with_admittance = false;
  [[nodiscard]] Row count() const { return static_cast<Row>(bus.size()); }
};

struct Parts {
  Feeders feeders;
  std::vector<Row> meshed;  ///< buses, without the fixed ones, that need Newton's method
  std::vector<Row> dead;    ///< buses that no source reaches
  std::vector<Row> fixed;
};

/// With `sweep` false every live bus counts as meshed.
Parts take_apart(const Balanced& balanced, bool sweep = true);

}  // namespace tongdian::grid
