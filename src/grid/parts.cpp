#include "grid/parts.hpp"

namespace tongdian::grid {

std::vector<Part> parts_of(const Network& network, const Circuit& circuit, const Forest& forest, const Limits& limits) {
  std::vector<Row> order;
  forest.preorder(order);
  std::vector<Part> parts;
  std::vector<Row> at(order.size(), none);
  const auto is_busbar = [&](Row node) {
    return node < network.nodes.count() && network.nodes.kind[node] == NodeKind::busbar;
  };
  const auto add = [&](Part& part, Row node, Row parent) {
    const Row b = forest.via(node), here = static_cast<Row>(part.node.size());
    Limb limb{parent, 1, 0, circuit.power[node], circuit.current[node], circuit.shunt[node], circuit.source[node],
              {},     {}};
    double current = std::numeric_limits<double>::infinity();
    if (parent == none) {  // a source: what hangs on it elsewhere is another part's
      limb.power = limb.current = limb.shunt = 0;
    } else {
      hang(circuit, b, node, limb);
      limb.v = product(limb.g, part.limbs[parent].v);
      limb.shunt += shunt_at(circuit, b, node);
      part.limbs[parent].shunt += shunt_at(circuit, b, part.node[parent]);
      current = limits.current[b];
    }
    part.node.push_back(node);
    part.via.push_back(parent == none ? none : b);
    part.limbs.push_back(limb);
    part.limits.min_pu.push_back(limits.min_pu[node]);
    part.limits.max_pu.push_back(limits.max_pu[node]);
    part.limits.current.push_back(current);
    const bool heads = parent == none || parent == 0 || is_busbar(part.node[parent]);
    part.limits.feeder.push_back(heads ? here : part.limits.feeder[parent]);
    at[node] = here;
  };
  for (const Row node : order) {
    const Row parent = forest.parent(node);
    if (parent == none) continue;
    if (forest.via(parent) == none) {
      parts.emplace_back();
      add(parts.back(), parent, none);
      add(parts.back(), node, 0);
    } else {
      add(parts.back(), node, at[parent]);
    }
  }
  return parts;
}

}  // namespace tongdian::grid
