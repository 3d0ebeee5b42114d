#include "grid/limbs.hpp"

#include <algorithm>
#include <cmath>

namespace tongdian::grid {
namespace {

constexpr int most_rounds = 200;

template <bool with_current>
inline void draw(Limb& limb) {
  const double re = limb.v.real(), im = limb.v.imag(), square = re * re + im * im;
  Complex s = limb.power;
  if constexpr (with_current) s += limb.current * std::sqrt(square);
  const double scale = 1 / square;
  limb.own = Complex((s.real() * re + s.imag() * im) * scale, (s.real() * im - s.imag() * re) * scale) +
             product(limb.shunt, limb.v);
  limb.through = limb.own;
}

bool all_finite(std::span<const Limb> limbs) {
  Complex sum;
  for (const auto& limb : limbs) sum += limb.v;
  return std::isfinite(sum.real() + sum.imag());
}

template <bool with_current>
bool sweep_all(std::span<Limb> limbs, std::size_t first, std::size_t last, double tolerance, int* rounds) {
  const double enough = tolerance * tolerance;
  const auto swept = limbs.subspan(first, last - first);
  for (auto& limb : swept) draw<with_current>(limb);
  for (int round = 0; round < most_rounds; ++round) {
    if (rounds) ++*rounds;
    for (std::size_t i = last; i-- > first;) {
      const Limb& limb = limbs[i];
      if (limb.parent != none) limbs[limb.parent].through += product(std::conj(limb.g), limb.through);
    }
    double most = 0;
    for (auto& limb : swept) {
      if (limb.parent == none) continue;
      const Complex v = product(limb.g, limbs[limb.parent].v) - product(limb.z, limb.through);
      const double dr = v.real() - limb.v.real(), di = v.imag() - limb.v.imag();
      most = std::max(most, dr * dr + di * di);
      limb.v = v;
    }
    if (!(most < 1e4)) return false;
    // A maximum passes over NaN, which stays where it has come: what seems to be at rest is looked at once more.
    if (most <= enough) return all_finite(swept);
    for (auto& limb : swept) draw<with_current>(limb);
  }
  return false;
}

}  // namespace

void hang(const Circuit& circuit, Row b, Row node, Limb& limb) {
  const Complex a = circuit.ratio[b];
  const bool down = circuit.to[b] == node;
  limb.g = down && a != 1.0 ? 1.0 / a : a;
  limb.z = down || a == 1.0 ? circuit.z[b] : circuit.z[b] * std::norm(a);
}

Complex shunt_at(const Circuit& circuit, Row b, Row node) {
  const Complex y = circuit.y[b];
  if (y == 0.0) return y;
  return circuit.to[b] == node ? y : y / std::norm(circuit.ratio[b]);
}

bool sweep(std::span<Limb> limbs, std::size_t first, std::size_t last, bool with_current_loads, double tolerance,
           int* rounds) {
  return with_current_loads ? sweep_all<true>(limbs, first, last, tolerance, rounds)
                            : sweep_all<false>(limbs, first, last, tolerance, rounds);
}

bool sweep(std::span<Limb> limbs, bool with_current_loads, double tolerance, int* rounds) {
  return sweep(limbs, 0, limbs.size(), with_current_loads, tolerance, rounds);
}

}  // namespace tongdian::grid
