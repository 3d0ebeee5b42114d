#include "app/grid_flow_branches.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/grid_city.hpp"

namespace tongdian::app {
namespace {

using grid::Row;
using Complex = std::complex<double>;

/// One end of a branch: powers and currents of its phases, of all three together where the flow is balanced.
struct End {
  std::vector<Complex> mva;
  std::vector<double> amperes;

  [[nodiscard]] double apparent() const {
    double sum = 0;
    for (const auto& s : mva) sum += std::abs(s);
    return sum;
  }
  [[nodiscard]] double heaviest() const { return *std::ranges::max_element(amperes); }
};

/// `phases`: how many of them share the base.
End end_of(const grid::Network& network, Row node, std::span<const Complex> power, std::span<const Complex> voltage,
           double phases) {
  const double base = network.base_mva / phases;
  const double kv = network.nodes.rated_kv[node] * (phases == 1 ? std::numbers::sqrt3 : 1 / std::numbers::sqrt3);
  End out;
  for (std::size_t p = 0; p < power.size(); ++p) {
    out.mva.push_back(power[p] * base);
    const double v = std::abs(voltage[p]) * kv;
    out.amperes.push_back(v > 0 ? std::abs(out.mva.back()) / v * 1000 : 0);
  }
  return out;
}

template <class Each>
json::Value list_of(std::size_t count, Each each) {
  if (count == 1) return each(0);
  json::Array out;
  for (std::size_t p = 0; p < count; ++p) out.push_back(each(p));
  return out;
}

void put(json::Object& out, const std::string& side, const End& end) {
  const auto count = end.mva.size();
  out.emplace("p_" + side + "_kw", list_of(count, [&](auto p) { return json::Value(end.mva[p].real() * 1000); }));
  out.emplace("q_" + side + "_kvar", list_of(count, [&](auto p) { return json::Value(end.mva[p].imag() * 1000); }));
  out.emplace("i_" + side + "_a", list_of(count, [&](auto p) { return json::Value(end.amperes[p]); }));
}

/// A transformer is rated by its power, a conductor by the current that its rating is at rated voltage.
json::Value loading(const grid::Network& network, Row b, const End& from, const End& to) {
  const auto& br = network.branches;
  const double rate = br.rate_mva[b];
  if (!std::isfinite(rate) || rate >= grid::unlimited || rate <= 0) return nullptr;
  if (br.kind[b] == grid::BranchKind::transformer || br.kind[b] == grid::BranchKind::distribution_transformer)
    return std::max(from.apparent(), to.apparent()) / rate;
  const auto share = [&](const End& end, Row node) {
    return end.heaviest() * std::numbers::sqrt3 * network.nodes.rated_kv[node] / 1000 / rate;
  };
  return std::max(share(from, br.from[b]), share(to, br.to[b]));
}

template <class Flow, class Ends>
json::Array all(const grid::Network& network, const Flow& flow, Ends ends) {
  const auto& br = network.branches;
  json::Array out;
  for (Row b = 0; b < br.count(); ++b) {
    json::Object branch{{"id", id_json(br.id, b)}};
    const auto power = grid::branch_power(network, flow.voltage, b);
    if (power) {
      const auto [from, to] = ends(b, *power);
      put(branch, "from", from);
      put(branch, "to", to);
      branch.emplace("loading", loading(network, b, from, to));
    } else {
      for (const char* key : {"p_from_kw", "q_from_kvar", "i_from_a", "p_to_kw", "q_to_kvar", "i_to_a", "loading"})
        branch.emplace(key, nullptr);
    }
    out.push_back(std::move(branch));
  }
  return out;
}

}  // namespace

json::Array branches_of(const grid::Network& network, const grid::Flow& flow) {
  return all(network, flow, [&](Row b, const grid::BranchPower& power) {
    const Row from = network.branches.from[b], to = network.branches.to[b];
    return std::pair(end_of(network, from, std::span(&power.from, 1), std::span(&flow.voltage[from], 1), 1),
                     end_of(network, to, std::span(&power.to, 1), std::span(&flow.voltage[to], 1), 1));
  });
}

json::Array branches_of(const grid::Network& network, const grid::PhaseFlow& flow) {
  return all(network, flow, [&](Row b, const grid::PhaseBranchPower& power) {
    const Row from = network.branches.from[b], to = network.branches.to[b];
    return std::pair(end_of(network, from, power.from, flow.voltage[from], 3),
                     end_of(network, to, power.to, flow.voltage[to], 3));
  });
}

}  // namespace tongdian::app
