#include "grid/part_hours.hpp"

#include <algorithm>
#include <set>

namespace tongdian::grid {

PowerByCurve::PowerByCurve(const Network& network, const Surroundings& around, double angle_of_approved)
    : width(around.curves.size() + 1), s(static_cast<std::size_t>(network.nodes.count()) * width) {
  for (Row load = 0; load < network.loads.count(); ++load) {
    if (!network.loads.closed[load] || network.loads.kind[load] != LoadKind::power) continue;
    const auto curve = around.load_curve.empty() ? Surroundings::flat : around.load_curve[load];
    const std::size_t column = curve == Surroundings::flat ? width - 1 : curve;
    s[static_cast<std::size_t>(network.loads.node[load]) * width + column] += network.loads.s[load];
  }
  for (const auto& approved : around.approved)
    s[static_cast<std::size_t>(approved.node) * width + width - 1] +=
        std::complex<double>(1, angle_of_approved) * (approved.kw / 1000 / network.base_mva);
}

std::size_t hour_of_most(const std::vector<DecisiveHour>& hours, const std::complex<double>* sums, bool real) {
  const std::size_t curves = hours.front().share.size();
  std::size_t best = 0;
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t h = 0; h < hours.size(); ++h) {
    double re = sums[curves].real(), im = sums[curves].imag();
    const float* share = hours[h].share.data();
    for (std::size_t c = 0; c < curves; ++c) re += sums[c].real() * share[c], im += sums[c].imag() * share[c];
    if (const double value = real ? re : re * re + im * im; value > most) most = value, best = h;
  }
  return best;
}

std::vector<std::size_t> hours_that_bind(const Part& part, const PowerByCurve& power,
                                         const std::vector<DecisiveHour>& hours) {
  const std::size_t count = part.limbs.size(), width = power.width;
  std::vector<std::complex<double>> below(count * width), fall(count * width);
  for (std::size_t i = 1; i < count; ++i)
    if (const auto first = static_cast<std::size_t>(part.node[i]) * width; first < power.s.size())
      for (std::size_t c = 0; c < width; ++c) below[i * width + c] = power.s[first + c];
  std::vector<char> leaf(count, 1);
  for (std::size_t i = count; i-- > 1;) {
    const auto parent = static_cast<std::size_t>(part.limbs[i].parent);
    leaf[parent] = 0;
    for (std::size_t c = 0; c < width; ++c) below[parent * width + c] += below[i * width + c];
  }
  std::set<std::size_t> found;
  for (std::size_t i = 1; i < count; ++i) {
    const auto parent = static_cast<std::size_t>(part.limbs[i].parent);
    const Complex z = part.limbs[i].z;
    for (std::size_t c = 0; c < width; ++c) {
      const Complex s = below[i * width + c];
      fall[i * width + c] = fall[parent * width + c] + (z.real() * s.real() + z.imag() * s.imag());
    }
    if (part.limits.current[i] < std::numeric_limits<double>::infinity())
      found.insert(hour_of_most(hours, &below[i * width], false));
    if (leaf[i]) found.insert(hour_of_most(hours, &fall[i * width], true));
  }
  found.insert(hour_of_most(hours, &below[0], false));
  return {found.begin(), found.end()};
}

}  // namespace tongdian::grid
