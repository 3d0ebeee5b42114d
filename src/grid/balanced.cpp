#include "grid/balanced.hpp"

#include <cmath>

#include "grid/joined.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;

class Builder {
 public:
  explicit Builder(const Network& network) : network_(network) {}

  Balanced build() {
    number_buses();
    add_loads_and_shunts();
    add_branches();
    add_sources();
    hold_voltages();
    return std::move(out_);
  }

 private:
  bool joins(Row b) const {
    const auto& br = network_.branches;
    return br.closed(b) && br.z[b] == 0.0 && br.ratio[b] == 1.0;
  }

  void number_buses() {
    const Row nodes = network_.nodes.count();
    Joined joined(nodes);
    for (Row b = 0; b < network_.branches.count(); ++b)
      if (joins(b)) joined.join(network_.branches.from[b], network_.branches.to[b]);
    out_.bus_of.assign(nodes, none);
    for (Row n = 0; n < nodes; ++n) {
      const Row top = joined.top(n);  // never behind n: the smallest row is on top
      out_.bus_of[n] = top == n ? add_bus(n) : out_.bus_of[top];
    }
  }

  Row add_bus(Row node) {
    out_.node_of.push_back(node);
    out_.kind.push_back(BusKind::plain);
    out_.fixed.emplace_back();
    out_.held.push_back(0);
    out_.power.emplace_back();
    out_.current.emplace_back();
    out_.admittance.emplace_back();
    return out_.count++;
  }

  void add_loads_and_shunts() {
    const auto& loads = network_.loads;
    for (Row i = 0; i < loads.count(); ++i) {
      if (!loads.closed[i]) continue;
      const Row bus = out_.bus_of[loads.node[i]];
      switch (loads.kind[i]) {
        case LoadKind::power: out_.power[bus] += loads.s[i]; break;
        case LoadKind::current: out_.current[bus] += loads.s[i]; break;
        case LoadKind::impedance: out_.admittance[bus] += std::conj(loads.s[i]); break;
      }
      out_.with_current |= loads.kind[i] == LoadKind::current;
    }
    const auto& shunts = network_.shunts;
    for (Row i = 0; i < shunts.count(); ++i)
      if (shunts.closed[i]) out_.admittance[out_.bus_of[shunts.node[i]]] += shunts.y[i];
  }

  void add_branches() {
    const auto& br = network_.branches;
    for (Row b = 0; b < br.count(); ++b) {
      const Row from = out_.bus_of[br.from[b]], to = out_.bus_of[br.to[b]];
      if (!br.closed(b)) {
        if (br.closed_from[b]) out_.admittance[from] += open_end_admittance(br, b);
        if (br.closed_to[b]) out_.admittance[to] += open_end_admittance(br, b);
      } else if (joins(b)) {
        out_.admittance[from] += 2.0 * br.y[b];
      } else if (from == to && br.z[b] != 0.0) {  // bridged by a switch
        const TwoPort port = two_port(br, b);
        out_.admittance[from] += port.ff + port.ft + port.tf + port.tt;
      } else {
        out_.edges.push_back({from, to, br.z[b], br.y[b], br.ratio[b], b});
      }
    }
  }

  /// Ideal sources fix their bus. Those behind impedances add up to one voltage behind one impedance.
  void add_sources() {
    const auto& sources = network_.sources;
    std::vector<Complex> y(out_.count), drive(out_.count);
    for (Row i = 0; i < sources.count(); ++i) {
      if (!sources.closed[i]) continue;
      const Row bus = out_.bus_of[sources.node[i]];
      if (sources.z[i] == 0.0) {
        fix(bus, sources.voltage[i], i);
      } else {
        y[bus] += 1.0 / sources.z[i];
        drive[bus] += sources.voltage[i] / sources.z[i];
      }
    }
    const Row plain = out_.count;
    for (Row bus = 0; bus < plain; ++bus) {
      if (y[bus] == 0.0 || out_.kind[bus] == BusKind::fixed) continue;
      const Row behind = add_bus(none);
      out_.kind[behind] = BusKind::fixed;
      out_.fixed[behind] = drive[bus] / y[bus];
      out_.edges.push_back({behind, bus, 1.0 / y[bus], 0.0, 1.0, none});
    }
  }

  void fix(Row bus, Complex voltage, Row source) {
    if (out_.kind[bus] == BusKind::fixed && std::abs(out_.fixed[bus] - voltage) > 1e-9)
      throw ProblemError(contradiction(network_.sources.id.shown(source)));
    out_.kind[bus] = BusKind::fixed;
    out_.fixed[bus] = voltage;
  }

  void hold_voltages() {
    const auto& held = network_.regulating;
    for (Row i = 0; i < held.count(); ++i) {
      if (!held.closed[i]) continue;
      const Row bus = out_.bus_of[held.node[i]];
      out_.power[bus] -= held.p[i];
      if (out_.kind[bus] == BusKind::fixed) continue;  // the source holds it
      if (out_.kind[bus] == BusKind::held && std::abs(out_.held[bus] - held.v_pu[i]) > 1e-9)
        throw ProblemError(contradiction(held.id.shown(i)));
      out_.kind[bus] = BusKind::held;
      out_.held[bus] = held.v_pu[i];
    }
  }

  const Network& network_;
  Balanced out_;
};

}  // namespace

Problem contradiction(const std::string& id) {
  return bad_input(
      "grid.contradiction", id,
      {"电源 " + id + " 与同一母线上的另一电源电压不同，两者之间没有阻抗",
       "source " + id + " holds its bus at another voltage than a second one there, with no impedance between them"},
      {"统一电压设定，或补上电源内阻抗", "set one voltage, or give the sources their internal impedance"});
}

Result<Balanced> balanced(const Network& network) {
  try {
    return Builder(network).build();
  } catch (const ProblemError& e) {
    return e.problem;
  }
}

Adjacency adjacency(const Balanced& balanced) {
  Adjacency out;
  out.first.assign(static_cast<std::size_t>(balanced.count) + 1, 0);
  for (const auto& e : balanced.edges) {
    ++out.first[e.from + 1];
    ++out.first[e.to + 1];
  }
  std::partial_sum(out.first.begin(), out.first.end(), out.first.begin());
  out.edge.resize(2 * balanced.edges.size());
  auto next = out.first;
  for (Row i = 0; i < static_cast<Row>(balanced.edges.size()); ++i) {
    out.edge[next[balanced.edges[i].from]++] = i;
    out.edge[next[balanced.edges[i].to]++] = i;
  }
  return out;
}

}  // namespace tongdian::grid
