#include "grid/radial_flow.hpp"

#include <algorithm>
#include <cmath>

namespace tongdian::grid {
namespace {

constexpr int most_iterations = 200;
constexpr int most_held_rounds = 30;

// std::complex's own product looks for NaNs (C99 annex G) and costs twice as much.
Complex product(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

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
  items_.resize(order_.size());
  const bool warm = !voltage_.empty();
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const Row node = order_[i];
    place_[node] = static_cast<Row>(i);
    Item& item = items_[i];
    item.power = circuit_.power[node];
    item.current = circuit_.current[node];
    item.shunt = circuit_.shunt[node];
    const Row b = forest.via(node);
    if (b == none) {
      item.parent = none;
      item.v = circuit_.source[node];
      continue;
    }
    item.parent = place_[forest.parent(node)];
    const Complex a = circuit_.ratio[b];
    const bool down = circuit_.to[b] == node;
    item.g = down ? (a == 1.0 ? a : 1.0 / a) : a;
    item.z = down || a == 1.0 ? circuit_.z[b] : circuit_.z[b] * std::norm(a);
    item.v = warm ? voltage_[node] : product(item.g, items_[item.parent].v);
    if (circuit_.y[b] != 0.0) {
      const Complex at_from = circuit_.y[b] / std::norm(a), at_to = circuit_.y[b];
      item.shunt += down ? at_to : at_from;
      items_[item.parent].shunt += down ? at_from : at_to;
    }
  }
  for (std::size_t k = 0; k < held_q_.size(); ++k)
    items_[place_[circuit_.held[k].node]].power -= Complex(0, held_q_[k]);
}

inline void RadialFlow::draw(Item& item) const {
  const double re = item.v.real(), im = item.v.imag(), square = re * re + im * im;
  Complex s = item.power;
  if (has_current_loads_) s += item.current * std::sqrt(square);
  const double scale = 1 / square;
  item.own = Complex((s.real() * re + s.imag() * im) * scale, (s.real() * im - s.imag() * re) * scale) +
             product(item.shunt, item.v);
}

bool RadialFlow::sweep(double tolerance) {
  const double enough = tolerance * tolerance;
  for (int round = 0; round < most_iterations; ++round) {
    ++iterations_;
    for (auto& item : items_) {
      draw(item);
      item.through = item.own;
    }
    for (std::size_t i = items_.size(); i-- > 0;) {
      const Item& item = items_[i];
      if (item.parent != none) items_[item.parent].through += product(std::conj(item.g), item.through);
    }
    double most = 0;
    for (auto& item : items_) {
      if (item.parent == none) continue;
      const Complex v = product(item.g, items_[item.parent].v) - product(item.z, item.through);
      const double dr = v.real() - item.v.real(), di = v.imag() - item.v.imag();
      most = std::max(most, dr * dr + di * di);
      item.v = v;
    }
    if (!(most < 1e4)) return false;  // NaN and infinity too
    if (most <= enough) return true;
  }
  return false;
}

/// The reactive power that brings each held node to its voltage: dV²/2 = ΣX·dQ, X the reactance that two ways to a source share.
bool RadialFlow::hold_voltages(double tolerance) {
  const std::size_t n = held_q_.size();
  std::vector<double> a(n * n), gap(n);
  for (int round = 0; round < most_held_rounds; ++round) {
    double most = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const Item& item = items_[place_[circuit_.held[i].node]];
      const double wanted = circuit_.held[i].v_pu;
      most = std::max(most, std::abs(std::abs(item.v) - wanted));
      gap[i] = (wanted * wanted - std::norm(item.v)) / 2;
    }
    if (most <= std::max(tolerance, 1e-12)) return true;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        double shared = 0;
        Row x = place_[circuit_.held[i].node], y = place_[circuit_.held[j].node];
        while (x != y && (x != none || y != none)) x > y ? x = items_[x].parent : y = items_[y].parent;
        for (; x != none; x = items_[x].parent) shared += items_[x].z.imag();
        a[i * n + j] = shared;
      }
    if (!solve_dense(a, gap)) return false;
    for (std::size_t i = 0; i < n; ++i) {
      held_q_[i] += gap[i];
      items_[place_[circuit_.held[i].node]].power -= Complex(0, gap[i]);
    }
    if (!sweep(tolerance)) return false;
  }
  return false;
}

double RadialFlow::loss(const Forest& forest) const {
  double sum = 0;
  for (const Row node : order_) {
    const Row b = forest.via(node);
    if (b == none || b >= circuit_.network_branches) continue;
    const Item& item = items_[place_[node]];
    sum += item.z.real() * std::norm(item.through);
    if (has_shunt_loss_)
      sum += circuit_.y[b].real() * (std::norm(items_[place_[circuit_.from[b]]].v / circuit_.ratio[b]) +
                                     std::norm(items_[place_[circuit_.to[b]]].v));
  }
  return sum;
}

std::optional<double> RadialFlow::solve(const Forest& forest, double tolerance) {
  iterations_ = 0;
  arrange(forest);
  bool done = sweep(tolerance) && (held_q_.empty() || hold_voltages(tolerance));
  if (!done && !voltage_.empty()) {  // what stood before may have been a bad start
    flatten();
    arrange(forest);
    done = sweep(tolerance) && (held_q_.empty() || hold_voltages(tolerance));
  }
  if (!done) {
    flatten();
    return {};
  }
  voltage_.resize(order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) voltage_[order_[i]] = items_[i].v;
  const double sum = loss(forest);
  if (!std::isfinite(sum)) return {};
  return sum;
}

}  // namespace tongdian::grid
