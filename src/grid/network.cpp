#include "grid/network.hpp"

#include <cassert>

namespace tongdian::grid {
namespace {

template <class T>
std::size_t bytes_of(const std::vector<T>& column) {
  if constexpr (std::is_same_v<T, bool>)
    return column.capacity() / 8;
  else
    return column.capacity() * sizeof(T);
}

template <class... Columns>
std::size_t bytes_of_all(const Columns&... columns) {
  return (bytes_of(columns) + ...);
}

}  // namespace

TwoPort two_port(const Branches& branches, Row b) {
  assert(branches.z[b] != 0.0);
  const auto series = 1.0 / branches.z[b];
  const auto a = branches.ratio[b];
  const auto own = series + branches.y[b];
  return {own / std::norm(a), -series / std::conj(a), -series / a, own};
}

std::complex<double> open_end_admittance(const Branches& branches, Row b) {
  const auto y = branches.y[b];
  if (y == 0.0) return 0;
  // y at the closed end, and the other one behind z; the ideal transformer scales what stands behind it.
  const auto seen = y + y / (1.0 + branches.z[b] * y);
  return branches.closed_from[b] ? seen / std::norm(branches.ratio[b]) : seen;
}

void Network::shrink() {
  const auto shrink = [](auto&... columns) { (columns.shrink_to_fit(), ...); };
  auto& b = branches;
  shrink(nodes.id, b.id, loads.id, shunts.id, sources.id, regulating.id);
  shrink(nodes.rated_kv, nodes.kind, nodes.phases, nodes.min_pu, nodes.max_pu, nodes.longitude, nodes.latitude);
  shrink(b.from, b.to, b.kind, b.closed_from, b.closed_to, b.z, b.y, b.ratio, b.phases, b.rate_mva, b.phase_port);
  shrink(loads.node, loads.kind, loads.closed, loads.s, loads.phase_load, shunts.node, shunts.closed, shunts.y,
         shunts.phase_shunt, sources.node, sources.closed, sources.voltage, sources.z, sources.z0, regulating.node,
         regulating.closed, regulating.p, regulating.v_pu, phase_ports, phase_loads, phase_shunts);
}

std::size_t Network::bytes() const {
  const auto ids = nodes.id.bytes() + branches.id.bytes() + loads.id.bytes() + shunts.id.bytes() + sources.id.bytes() +
                   regulating.id.bytes();
  const auto of_nodes = bytes_of_all(nodes.rated_kv, nodes.kind, nodes.phases, nodes.min_pu, nodes.max_pu,
                                     nodes.longitude, nodes.latitude);
  const auto& b = branches;
  const auto of_branches = bytes_of_all(b.from, b.to, b.kind, b.closed_from, b.closed_to, b.z, b.y, b.ratio, b.phases,
                                        b.rate_mva, b.phase_port);
  const auto on_nodes =
      bytes_of_all(loads.node, loads.kind, loads.closed, loads.s, loads.phase_load, shunts.node, shunts.closed,
                   shunts.y, shunts.phase_shunt, sources.node, sources.closed, sources.voltage, sources.z, sources.z0,
                   regulating.node, regulating.closed, regulating.p, regulating.v_pu);
  return ids + of_nodes + of_branches + on_nodes + bytes_of_all(phase_ports, phase_loads, phase_shunts);
}

}  // namespace tongdian::grid
