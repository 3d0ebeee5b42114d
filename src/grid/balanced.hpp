// What a balanced power flow sees of a network: buses instead of nodes, and what hangs on each, summed up. A bus is the nodes that
// closed switches and links without impedance join; a source behind an impedance is a bus of its own, whose voltage is fixed.
#pragma once

#include <complex>
#include <vector>

#include "grid/network.hpp"

namespace tongdian::grid {

enum class BusKind : std::uint8_t { plain, fixed, held };  ///< held: |V| is kept by generators (PV)

struct Balanced {
  using Complex = std::complex<double>;

  struct Edge {  // a two-port between two buses, as Branches has it
    Row from, to;
    Complex z, y, ratio;
    Row branch;  ///< row in the network, or `none`: the impedance of a source
  };

  Row count = 0;             ///< buses
  std::vector<Row> bus_of;   ///< by node
  std::vector<Row> node_of;  ///< by bus: one of its nodes, or `none` behind a source's impedance
  std::vector<BusKind> kind;
  std::vector<Complex> fixed;                       ///< p.u., of fixed buses
  std::vector<double> held;                         ///< |V| p.u., of held ones
  std::vector<Complex> power, current, admittance;  ///< what the bus takes: S, S·|V|, and y to earth
  std::vector<Edge> edges;
  bool with_current = false;  ///< some load follows |V|
};

/// `grid.contradiction` where two ideal sources, or two set points, hold one bus at different voltages.
Result<Balanced> balanced(const Network& network);

/// `grid.contradiction` of the source or generator that holds a bus at another voltage than one before it.
Problem contradiction(const std::string& id);

/// Neighbours in one piece: of bus b, edges `edge[first[b]] … edge[first[b+1] − 1]`.
struct Adjacency {
  std::vector<Row> first, edge;
};
Adjacency adjacency(const Balanced& balanced);

}  // namespace tongdian::grid
