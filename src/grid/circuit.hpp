// A balanced network boiled down to what a sweep along a forest needs, column by column: one series impedance and one ratio a
// branch, one power, one current and one admittance a node. What is searched (reconfiguration, transfer, capacity) is searched
// here, where taking a branch away and putting another in is two numbers.
#pragma once

#include <complex>
#include <vector>

#include "grid/network.hpp"

namespace tongdian::grid {

using Complex = std::complex<double>;

struct Circuit {
  /// Rows of the network first, in its order; behind them one branch for each source that has an impedance.
  std::vector<Row> from, to;
  std::vector<Complex> z, ratio, y;  ///< as in `Branches`
  std::vector<bool> closed;          ///< at both ends
  std::vector<bool> usable;          ///< may be part of a configuration; false for a branch from a node to itself
  Row network_branches = 0;          ///< those behind are sources' own: always closed, their loss is not the network's

  /// Rows of the network first; behind them the inner node of each source that has an impedance.
  std::vector<Complex> power;    ///< constant power drawn, p.u.
  std::vector<Complex> current;  ///< drawn in proportion to |V|, p.u. at |V| = 1
  std::vector<Complex> shunt;    ///< admittance to earth; loads of constant impedance are part of it
  std::vector<Complex> source;   ///< the voltage held; 0 where none is
  Row network_nodes = 0;

  struct Held {
    Row node;
    double v_pu;
  };
  std::vector<Held> held;  ///< nodes whose |V| a generator holds; its active power is part of `power`

  [[nodiscard]] Row nodes() const { return static_cast<Row>(power.size()); }
  [[nodiscard]] Row branches() const { return static_cast<Row>(from.size()); }
};

/// Positive sequence. Elements that are open are left out; a branch closed at one end is an admittance at that end.
Circuit circuit_of(const Network& network);

}  // namespace tongdian::grid
