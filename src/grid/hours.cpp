#include "grid/hours.hpp"

#include <algorithm>
#include <numeric>

namespace tongdian::grid {
namespace {

/// Which way a curve makes things worse: up where its loads draw, down where they generate, both where there are both.
struct Signs {
  std::vector<bool> draws, generates;
  Signs(const Network& network, const Surroundings& around)
      : draws(around.curves.size()), generates(around.curves.size()) {
    for (std::size_t load = 0; load < around.load_curve.size(); ++load) {
      const auto curve = around.load_curve[load];
      if (curve == Surroundings::flat) continue;
      const auto s = network.loads.s[load];
      (s.real() < 0 ? generates : draws)[curve] = true;
      if (s.imag() < 0) generates[curve] = true;
    }
  }
};

}  // namespace

std::vector<DecisiveHour> decisive_hours(const Network& network, const Surroundings& around, double slack) {
  const std::size_t curves = around.curves.size();
  const std::size_t hours = curves ? around.curves.front().share.size() : 0;
  if (hours == 0) return {{0, std::vector<float>(curves, 1)}};
  const Signs signs(network, around);
  std::vector<double> load(curves, 0);  // to begin with the heaviest hours
  for (std::size_t i = 0; i < around.load_curve.size(); ++i)
    if (const auto curve = around.load_curve[i]; curve != Surroundings::flat) load[curve] += network.loads.s[i].real();
  std::vector<double> total(hours, 0);
  for (std::size_t c = 0; c < curves; ++c)
    for (std::size_t h = 0; h < hours; ++h) total[h] += load[c] * around.curves[c].share[h];
  std::vector<int> by_load(hours);
  std::iota(by_load.begin(), by_load.end(), 0);
  std::stable_sort(by_load.begin(), by_load.end(), [&](int a, int b) { return total[a] > total[b]; });

  std::vector<DecisiveHour> kept;
  const auto more = static_cast<float>(1 + slack), less = static_cast<float>(1 - slack);
  for (const int h : by_load) {
    DecisiveHour* home = nullptr;
    for (auto& k : kept) {
      bool dominated = true;
      for (std::size_t c = 0; c < curves && dominated; ++c) {
        // Measured from the hour itself, so that what it takes in does not widen it for the next.
        const float mine = around.curves[c].share[h], its = around.curves[c].share[k.hour];
        if (signs.draws[c] && mine > its * more) dominated = false;
        if (signs.generates[c] && mine < its * less) dominated = false;
      }
      if (dominated) {
        home = &k;
        break;
      }
    }
    if (!home) {
      kept.push_back({h, std::vector<float>(curves)});
      home = &kept.back();
      for (std::size_t c = 0; c < curves; ++c) home->share[c] = around.curves[c].share[h];
    }
    for (std::size_t c = 0; c < curves; ++c) {
      const float mine = around.curves[c].share[h];
      if (signs.draws[c] && !signs.generates[c]) home->share[c] = std::max(home->share[c], mine);
      if (signs.generates[c] && !signs.draws[c]) home->share[c] = std::min(home->share[c], mine);
    }
  }
  return kept;
}

std::vector<std::complex<double>> power_in(const Network& network, const Surroundings& around, const DecisiveHour& hour,
                                           double angle_of_approved) {
  std::vector<std::complex<double>> power(static_cast<std::size_t>(network.nodes.count()));
  for (Row load = 0; load < network.loads.count(); ++load) {
    if (!network.loads.closed[load] || network.loads.kind[load] != LoadKind::power) continue;
    const auto curve = around.load_curve.empty() ? Surroundings::flat : around.load_curve[load];
    power[network.loads.node[load]] += network.loads.s[load] * (curve == Surroundings::flat ? 1.0 : hour.share[curve]);
  }
  for (const auto& approved : around.approved)
    power[approved.node] += std::complex<double>(1, angle_of_approved) * (approved.kw / 1000 / network.base_mva);
  return power;
}

}  // namespace tongdian::grid
