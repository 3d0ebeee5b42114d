// The network: nodes, and what stands between and on them, column by column. Everything that computes reads this; importers
// (read_*.hpp) write it. Terms are those of IEC 61970 CIM.
//
// Units: powers and admittances are per unit on `base_mva` (all three phases) and the node's `rated_kv` (line to line), so that
// 1 p.u. of current is base_mva / (√3 · rated_kv). Loads are positive where power leaves the network. A node or branch is known
// by its row, an int32; its id is for people and files.
//
// A branch is a two-port, the same for a line, a cable, a transformer and a switch:
//
//      from ──( a : 1 )──┬── z ──┬── to        a = `ratio`, an ideal transformer; |a| its tap, arg a its phase shift;
//                        y       y             a positive shift delays `to`
//                        ┴       ┴
//   y_ff = (1/z + y)/|a|²   y_ft = −1/(z·conj a)   y_tf = −1/(z·a)   y_tt = 1/z + y
//
// z may be 0 (switches, links): then admittances do not exist, and whoever computes must take the two nodes as one (with a = 1)
// or the current as an unknown.
#pragma once

#include <complex>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "grid/ids.hpp"
#include "grid/phases.hpp"

namespace tongdian::grid {

using Row = std::int32_t;
inline constexpr Row none = -1;
inline constexpr float unlimited = std::numeric_limits<float>::infinity();

enum class NodeKind : std::uint8_t { junction, busbar, customer, internal };
// An internal node belongs to an element (the star point of a three-winding transformer) and is nobody's answer.

enum class BranchKind : std::uint8_t {
  line,
  cable,
  low_voltage_line,
  transformer,
  distribution_transformer,
  link,
  breaker,
  load_switch,
  disconnector,
  fuse,
  tie,
  other,
};
constexpr bool is_switch(BranchKind k) { return k >= BranchKind::breaker && k <= BranchKind::tie; }

/// How a load follows its voltage: S, S·|V|, S·|V|² (V per unit of rated).
enum class LoadKind : std::uint8_t { power, current, impedance };

struct Nodes {
  Ids id;
  std::vector<double> rated_kv;
  std::vector<NodeKind> kind;
  std::vector<std::uint8_t> phases;   ///< bits a = 1, b = 2, c = 4: the conductors that exist here
  std::vector<float> min_pu, max_pu;  ///< limits of |V|; 0 and `unlimited` where none is given
  std::vector<double> longitude,
      latitude;  ///< CGCS2000 degrees; empty where the file has no places, NaN where one is missing
  [[nodiscard]] Row count() const { return static_cast<Row>(rated_kv.size()); }
};

struct Branches {
  Ids id;
  std::vector<Row> from, to;
  std::vector<BranchKind> kind;
  std::vector<bool> closed_from, closed_to;  ///< open at one end: still charged from the other
  std::vector<std::complex<double>> z, y, ratio;
  std::vector<std::uint8_t> phases;  ///< that it joins one to one where it has no phase port
  std::vector<float> rate_mva;       ///< thermal limit at rated voltage, MVA of three phases; `unlimited`
  std::vector<Row> phase_port;       ///< row in `Network::phase_ports`, or `none`: as its positive sequence
  [[nodiscard]] Row count() const { return static_cast<Row>(from.size()); }
  [[nodiscard]] bool closed(Row b) const { return closed_from[b] && closed_to[b]; }
  void close(Row b, bool yes) { closed_from[b] = closed_to[b] = yes; }
};

struct Loads {  // generation is a negative load, unless it holds a voltage
  Ids id;
  std::vector<Row> node;
  std::vector<LoadKind> kind;
  std::vector<bool> closed;
  std::vector<std::complex<double>> s;  ///< p.u. at rated voltage, the sum of the phases
  std::vector<Row> phase_load;          ///< row in `Network::phase_loads`, or `none`: a third on each phase
  [[nodiscard]] Row count() const { return static_cast<Row>(node.size()); }
};

struct Shunts {
  Ids id;
  std::vector<Row> node;
  std::vector<bool> closed;
  std::vector<std::complex<double>> y;  ///< p.u. of positive sequence; a capacitor has a positive imaginary part
  std::vector<Row> phase_shunt;         ///< row in `Network::phase_shunts`, or `none`: y in every sequence
  [[nodiscard]] Row count() const { return static_cast<Row>(node.size()); }
};

/// A voltage behind an impedance; z = 0 is an ideal source, whose node has a fixed voltage.
struct Sources {
  Ids id;
  std::vector<Row> node;
  std::vector<bool> closed;
  std::vector<std::complex<double>> voltage;  ///< p.u.
  std::vector<std::complex<double>> z, z0;    ///< p.u., positive and zero sequence
  [[nodiscard]] Row count() const { return static_cast<Row>(node.size()); }
};

/// Generators that hold |V| at their node with whatever reactive power it takes (PV; no reactive limits).
struct Regulating {
  Ids id;
  std::vector<Row> node;
  std::vector<bool> closed;
  std::vector<double> p;     ///< p.u., injected
  std::vector<double> v_pu;  ///< the |V| held
  [[nodiscard]] Row count() const { return static_cast<Row>(node.size()); }
};

/// What a reader met and did not use: named, so that nothing is dropped in silence.
struct Unread {
  std::string what;   ///< a component or attribute, as "sym_voltage_sensor"
  std::size_t count;  ///< how many of them
  Sentence why;
};

struct Network {
  std::string name;
  std::string as_of;  ///< YYYY-MM-DD: from that day on its loads do not have what is lit; empty: unknown
  double base_mva = 1;
  Nodes nodes;
  Branches branches;
  Loads loads;
  Shunts shunts;
  Sources sources;
  Regulating regulating;
  std::vector<PhasePort> phase_ports;  ///< branches whose phases differ or whose zero sequence is their own
  std::vector<PhaseLoad> phase_loads;
  std::vector<PhaseShunt> phase_shunts;
  std::vector<Unread> unread;

  // Each adds one element with what every element has; the rest is set on the row that is returned.
  template <class Id>
  Row add_node(const Id& id, double rated_kv, NodeKind kind = NodeKind::junction);
  template <class Id>
  Row add_branch(const Id& id, Row from, Row to, BranchKind kind, std::complex<double> z, std::complex<double> y = 0,
                 std::complex<double> ratio = 1);
  template <class Id>
  Row add_load(const Id& id, Row node, std::complex<double> s, LoadKind kind = LoadKind::power);
  template <class Id>
  Row add_shunt(const Id& id, Row node, std::complex<double> y);
  template <class Id>
  Row add_source(const Id& id, Row node, std::complex<double> voltage, std::complex<double> z = 0,
                 std::complex<double> z0 = 0);
  template <class Id>
  Row add_regulating(const Id& id, Row node, double p, double v_pu);

  /// Gives back what the columns have grown beyond their rows: for whoever keeps the network.
  void shrink();
  /// Heap bytes of the columns: what a network of so many nodes costs to hold.
  [[nodiscard]] std::size_t bytes() const;
};

/// Admittances of a branch with z ≠ 0, both ends closed.
struct TwoPort {
  std::complex<double> ff, ft, tf, tt;
};
TwoPort two_port(const Branches& branches, Row b);

/// What a branch that is closed at one end only is to that end: an admittance to earth.
std::complex<double> open_end_admittance(const Branches& branches, Row b);

template <class Id>
Row Network::add_node(const Id& id, double rated_kv, NodeKind kind) {
  nodes.id.add(id);
  nodes.rated_kv.push_back(rated_kv);
  nodes.kind.push_back(kind);
  nodes.phases.push_back(abc);
  nodes.min_pu.push_back(0);
  nodes.max_pu.push_back(unlimited);
  return nodes.count() - 1;
}

template <class Id>
Row Network::add_branch(const Id& id, Row from, Row to, BranchKind kind, std::complex<double> z, std::complex<double> y,
                        std::complex<double> ratio) {
  branches.id.add(id);
  branches.from.push_back(from);
  branches.to.push_back(to);
  branches.kind.push_back(kind);
  branches.closed_from.push_back(true);
  branches.closed_to.push_back(true);
  branches.z.push_back(z);
  branches.y.push_back(y);
  branches.ratio.push_back(ratio);
  branches.phases.push_back(abc);
  branches.rate_mva.push_back(unlimited);
  branches.phase_port.push_back(none);
  return branches.count() - 1;
}

template <class Id>
Row Network::add_load(const Id& id, Row node, std::complex<double> s, LoadKind kind) {
  loads.id.add(id);
  loads.node.push_back(node);
  loads.kind.push_back(kind);
  loads.closed.push_back(true);
  loads.s.push_back(s);
  loads.phase_load.push_back(none);
  return loads.count() - 1;
}

template <class Id>
Row Network::add_shunt(const Id& id, Row node, std::complex<double> y) {
  shunts.id.add(id);
  shunts.node.push_back(node);
  shunts.closed.push_back(true);
  shunts.y.push_back(y);
  shunts.phase_shunt.push_back(none);
  return shunts.count() - 1;
}

template <class Id>
Row Network::add_source(const Id& id, Row node, std::complex<double> voltage, std::complex<double> z,
                        std::complex<double> z0) {
  sources.id.add(id);
  sources.node.push_back(node);
  sources.closed.push_back(true);
  sources.voltage.push_back(voltage);
  sources.z.push_back(z);
  sources.z0.push_back(z0);
  return sources.count() - 1;
}

template <class Id>
Row Network::add_regulating(const Id& id, Row node, double p, double v_pu) {
  regulating.id.add(id);
  regulating.node.push_back(node);
  regulating.closed.push_back(true);
  regulating.p.push_back(p);
  regulating.v_pu.push_back(v_pu);
  return regulating.count() - 1;
}

}  // namespace tongdian::grid
