#include "grid/circuit.hpp"

namespace tongdian::grid {
namespace {

void copy_branches(const Network& network, Circuit& circuit) {
  const auto& b = network.branches;
  circuit.from = b.from;
  circuit.to = b.to;
  circuit.z = b.z;
  circuit.ratio = b.ratio;
  circuit.y = b.y;
  circuit.network_branches = b.count();
  for (Row row = 0; row < b.count(); ++row) {
    circuit.closed.push_back(b.closed(row));
    circuit.usable.push_back(b.from[row] != b.to[row]);
    if (b.closed_from[row] != b.closed_to[row])
      circuit.shunt[b.closed_from[row] ? b.from[row] : b.to[row]] += open_end_admittance(b, row);
  }
}

void add_loads(const Network& network, Circuit& circuit) {
  const auto& loads = network.loads;
  for (Row row = 0; row < loads.count(); ++row) {
    if (!loads.closed[row]) continue;
    const Row node = loads.node[row];
    if (loads.kind[row] == LoadKind::power) circuit.power[node] += loads.s[row];
    if (loads.kind[row] == LoadKind::current) circuit.current[node] += loads.s[row];
    if (loads.kind[row] == LoadKind::impedance) circuit.shunt[node] += std::conj(loads.s[row]);
  }
  const auto& shunts = network.shunts;
  for (Row row = 0; row < shunts.count(); ++row)
    if (shunts.closed[row]) circuit.shunt[shunts.node[row]] += shunts.y[row];
}

Row add_inner_node(Circuit& circuit) {
  circuit.power.emplace_back();
  circuit.current.emplace_back();
  circuit.shunt.emplace_back();
  circuit.source.emplace_back();
  return circuit.nodes() - 1;
}

void add_sources(const Network& network, Circuit& circuit) {
  const auto& sources = network.sources;
  for (Row row = 0; row < sources.count(); ++row) {
    if (!sources.closed[row]) continue;
    const Row node = sources.node[row];
    if (sources.z[row] == 0.0) {
      circuit.source[node] = sources.voltage[row];
      continue;
    }
    const Row inner = add_inner_node(circuit);
    circuit.source[inner] = sources.voltage[row];
    circuit.from.push_back(inner);
    circuit.to.push_back(node);
    circuit.z.push_back(sources.z[row]);
    circuit.ratio.emplace_back(1);
    circuit.y.emplace_back(0);
    circuit.closed.push_back(true);
    circuit.usable.push_back(true);
  }
  const auto& regulating = network.regulating;
  for (Row row = 0; row < regulating.count(); ++row) {
    if (!regulating.closed[row]) continue;
    const Row node = regulating.node[row];
    if (circuit.source[node] != 0.0) continue;
    circuit.power[node] -= regulating.p[row];
    bool known = false;
    for (const auto& held : circuit.held) known = known || held.node == node;
    if (!known) circuit.held.push_back({node, regulating.v_pu[row]});
  }
}

}  // namespace

Circuit circuit_of(const Network& network) {
  Circuit circuit;
  circuit.network_nodes = network.nodes.count();
  const auto count = static_cast<std::size_t>(circuit.network_nodes);
  circuit.power.resize(count);
  circuit.current.resize(count);
  circuit.shunt.resize(count);
  circuit.source.resize(count);
  copy_branches(network, circuit);
  add_loads(network, circuit);
  add_sources(network, circuit);
  return circuit;
}

}  // namespace tongdian::grid
