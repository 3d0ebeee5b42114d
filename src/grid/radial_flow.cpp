#include "grid/radial_flow.hpp"

#include <algorithm>
#include <cmath>

namespace tongdian::grid {
namespace {

constexpr int most_held_rounds = 30;

/// Gauss with pivots, in place; false where singular. The systems have a row for each generator that holds a voltage.
bool solve_dense(std::vector<double>& a, std::vector<double>& b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k])) pivot = i;
    if (!(std::abs(a[pivot * n + k]) > 0)) return false;
    for (std::size_t j = 0; j < n; ++j) std::swap(a[k * n + j], a[pivot * n + j]);
    std::swap(b[k], b[pivot]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a[i * n + k] / a[k * n + k];
      for (std::size_t j = k; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) b[k] -= a[k * n + j] * b[j];
    b[k] /= a[k * n + k];
  }
  return true;
}

}  // namespace

RadialFlow::RadialFlow(const Circuit& circuit)
    : circuit_(circuit), place_(circuit.power.size()), held_q_(circuit.held.size()) {
  for (const auto& s : circuit.current) has_current_loads_ = has_current_loads_ || s != 0.0;
  for (Row b = 0; b < circuit.network_branches; ++b) has_shunt_loss_ = has_shunt_loss_ || circuit.y[b].real() != 0;
}

void RadialFlow::flatten() {
  voltage_.clear();
  std::fill(held_q_.begin(), held_q_.end(), 0.0);
}

void RadialFlow::arrange(const Forest& forest) {
  forest.preorder(order_);
  limbs_.resize(order_.size());
  const bool warm = !voltage_.empty();
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const Row node = order_[i];
    place_[node] = static_cast<Row>(i);
    Limb& limb = limbs_[i];
    limb.power = circuit_.power[node];
    limb.current = circuit_.current[node];
    limb.shunt = circuit_.shunt[node];
    const Row b = forest.via(node);
    if (b == none) {
      limb.parent = none;
      limb.v = circuit_.source[node];
      continue;
    }
    limb.parent = place_[forest.parent(node)];
    hang(circuit_, b, node, limb);
    limb.v = warm ? voltage_[node] : product(limb.g, limbs_[limb.parent].v);
    if (circuit_.y[b] != 0.0) {
      limb.shunt += shunt_at(circuit_, b, node);
      limbs_[limb.parent].shunt += shunt_at(circuit_, b, forest.parent(node));
    }
  }
  for (std::size_t k = 0; k < held_q_.size(); ++k)
    limbs_[place_[circuit_.held[k].node]].power -= Complex(0, held_q_[k]);
}

bool RadialFlow::sweep_limbs(double tolerance) { return sweep(limbs_, has_current_loads_, tolerance, &iterations_); }

/// The reactive power that brings each held node to its voltage: dV²/2 = ΣX·dQ, X the reactance that two ways to a source share.
bool RadialFlow::hold_voltages(double tolerance) {
  const std::size_t n = held_q_.size();
  std::vector<double> a(n * n), gap(n);
  for (int round = 0; round < most_held_rounds; ++round) {
    double most = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const Limb& limb = limbs_[place_[circuit_.held[i].node]];
      const double wanted = circuit_.held[i].v_pu;
      most = std::max(most, std::abs(std::abs(limb.v) - wanted));
      gap[i] = (wanted * wanted - std::norm(limb.v)) / 2;
    }
    if (most <= std::max(tolerance, 1e-12)) return true;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        double shared = 0;
        Row x = place_[circuit_.held[i].node], y = place_[circuit_.held[j].node];
        while (x != y && (x != none || y != none)) x > y ? x = limbs_[x].parent : y = limbs_[y].parent;
        for (; x != none; x = limbs_[x].parent) shared += limbs_[x].z.imag();
        a[i * n + j] = shared;
      }
    if (!solve_dense(a, gap)) return false;
    for (std::size_t i = 0; i < n; ++i) {
      held_q_[i] += gap[i];
      limbs_[place_[circuit_.held[i].node]].power -= Complex(0, gap[i]);
    }
    if (!sweep_limbs(tolerance)) return false;
  }
  return false;
}

double RadialFlow::loss(const Forest& forest) const {
  double sum = 0;
  for (const Row node : order_) {
    const Row b = forest.via(node);
    if (b == none || b >= circuit_.network_branches) continue;
    const Limb& limb = limbs_[place_[node]];
    sum += limb.z.real() * std::norm(limb.through);
    if (has_shunt_loss_)
      sum += circuit_.y[b].real() * (std::norm(limbs_[place_[circuit_.from[b]]].v / circuit_.ratio[b]) +
                                     std::norm(limbs_[place_[circuit_.to[b]]].v));
  }
  return sum;
}

std::optional<double> RadialFlow::solve(const Forest& forest, double tolerance) {
  iterations_ = 0;
  arrange(forest);
  bool done = sweep_limbs(tolerance) && (held_q_.empty() || hold_voltages(tolerance));
  if (!done && !voltage_.empty()) {  // what stood before may have been a bad start
    flatten();
    arrange(forest);
    done = sweep_limbs(tolerance) && (held_q_.empty() || hold_voltages(tolerance));
  }
  if (!done) {
    flatten();
    return {};
  }
  voltage_.resize(order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) voltage_[order_[i]] = limbs_[i].v;
  const double sum = loss(forest);
  if (!std::isfinite(sum)) return {};
  return sum;
}

}  // namespace tongdian::grid
