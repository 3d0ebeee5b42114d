#include "grid/headroom.hpp"

#include <algorithm>
#include <cmath>

namespace tongdian::grid {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double sweep_tolerance = 1e-7;

/// The largest x for which |j + x·i| ≤ limit; 0 where |j| is over it already.
double until(Complex j, Complex i, double limit) {
  const double a = std::norm(i), b = j.real() * i.real() + j.imag() * i.imag(), c = std::norm(j) - limit * limit;
  if (!(c < 0)) return c < infinite ? 0 : infinite;
  if (!std::isfinite(c)) return infinite;
  return (-b + std::sqrt(b * b - a * c)) / a;
}

}  // namespace

Headroom::Headroom(std::span<const Limb> limbs, const LimbLimits& limits, double angle)
    : limbs_(limbs), limits_(limits), per_power_(1, angle) {
  estimate();
}

void Headroom::estimate() {
  const auto count = limbs_.size();
  // Of the nodes at and below each limb, the one with least voltage to spare; broken ones only within their feeder.
  auto& spare = spare_;
  spare.assign(count, infinite);
  std::vector<Row> where(count, none);
  for (std::size_t i = count; i-- > 0;) {
    const Limb& limb = limbs_[i];
    if (limb.parent == none) continue;
    const double own = magnitude(limb.v) - limits_.min_pu[i];
    if (own < spare[i]) spare[i] = own, where[i] = static_cast<Row>(i);
    if (spare[i] < 0 && limits_.feeder[i] == static_cast<Row>(i)) continue;
    if (spare[i] < spare[limb.parent]) spare[limb.parent] = spare[i], where[limb.parent] = where[i];
  }
  rooms_.assign(count, {infinite, Breach::nothing, none});
  std::vector<Complex> way(count);  // impedance up to the source
  for (std::size_t i = 0; i < count; ++i) {
    const Limb& limb = limbs_[i];
    if (limb.parent == none) continue;
    rooms_[i] = rooms_[limb.parent];
    way[i] = way[limb.parent] + limb.z;
    const double v = magnitude(limb.v);
    // The current of one p.u. of power here, in the frame of the node's voltage.
    const Complex current = product(std::conj(per_power_), limb.v) / (v * v);
    if (const double x = until(limb.through, current, limits_.current[i]); x < rooms_[i].power)
      rooms_[i] = {x, Breach::overload, static_cast<Row>(i)};
    const double fall =
        (way[i].real() * per_power_.real() + way[i].imag() * per_power_.imag()) / v;  // of |V| for one p.u.
    const double left = std::max(0.0, spare[i]);
    if (fall > 0 && left / fall < rooms_[i].power) rooms_[i] = {left / fall, Breach::undervoltage, where[i]};
  }
}

void Headroom::focus(Row feeder) {
  if (focus_ == feeder) return;
  focus_ = feeder;
  original_.clear();
  for (Row i = feeder; i != none; i = limbs_[i].parent) original_.push_back(i);
  std::reverse(original_.begin(), original_.end());
  for (std::size_t i = static_cast<std::size_t>(feeder) + 1; i < limbs_.size(); ++i)
    if (limits_.feeder[i] == feeder) original_.push_back(static_cast<Row>(i));
  small_at_.assign(limbs_.size(), none);
  small_.clear();
  small_min_.clear();
  for (std::size_t k = 0; k < original_.size(); ++k) {
    const Row i = original_[k];
    Limb limb = limbs_[i];
    small_at_[i] = static_cast<Row>(k);
    if (limb.parent != none) limb.parent = small_at_[limb.parent];
    small_.push_back(limb);
    small_min_.push_back(limits_.min_pu[i]);
  }
  for (std::size_t i = 1; i < limbs_.size(); ++i) {  // what hangs beside
    const Row parent = limbs_[i].parent;
    if (parent == none || small_at_[parent] == none || small_at_[i] != none) continue;
    const Row at = small_at_[parent];
    const Complex v = limbs_[parent].v;
    small_[at].power += product(v, std::conj(product(std::conj(limbs_[i].g), limbs_[i].through)));
    // The least to spare there, as a limit of the voltage where it branches off.
    if (spare_[i] >= 0 && spare_[i] < infinite) small_min_[at] = std::max(small_min_[at], magnitude(v) - spare_[i]);
  }
}

double Headroom::margin(Row at, double power, bool with_current_loads, Room* binding) {
  focus(limits_.feeder[at]);
  trial_ = small_;
  const Row here = small_at_[at];
  trial_[here].power += power * per_power_;
  if (!sweep(trial_, with_current_loads, sweep_tolerance)) {
    if (binding) *binding = {power, Breach::no_solution, at};
    return -1;
  }
  on_way_.assign(trial_.size(), 0);
  for (Row i = here; i != none; i = trial_[i].parent) on_way_[i] = 1;
  double least = infinite;
  const auto bound = [&](double room, Breach kind, std::size_t i) {
    if (room >= least) return;
    least = room;
    if (binding) *binding = {power, kind, original_[i]};
  };
  for (std::size_t i = 0; i < trial_.size(); ++i) {
    if (trial_[i].parent == none) continue;
    bound(magnitude(trial_[i].v) - small_min_[i], Breach::undervoltage, i);
    // Beside the way a current rises as its voltage falls; one that was too high there already is nobody's doing.
    const double limit = limits_.current[original_[i]];
    if (limit < infinite && (on_way_[i] || magnitude(limbs_[original_[i]].through) <= limit))
      bound(1 - magnitude(trial_[i].through) / limit, Breach::overload, i);
  }
  return least;
}

Room Headroom::exact(Row at, bool with_current_loads, double at_most, double least) {
  Room binding;
  double low = 0, at_low = margin(at, 0, with_current_loads, &binding);
  if (at_low < 0) return {0, binding.breach, binding.element};
  Room best{0, binding.breach, binding.element};
  const auto attempt = [&](double power, double& margin_there) {
    margin_there = margin(at, power, with_current_loads, &binding);
    if (margin_there >= 0) best = {power, binding.breach, binding.element};
    return margin_there >= 0;
  };
  double high = std::min(at_most, rooms_[at].power), at_high = 0;
  while (attempt(high, at_high)) {  // the estimate was too low
    if (high >= at_most) return {at_most, Breach::nothing, none};
    low = high, at_low = at_high;
    high = std::min(at_most, std::max(high * 1.02, high + least));
  }
  Room broken = binding;
  for (int round = 0; round < 40 && high - low > std::max(least, 0.001 * low); ++round) {
    // Secant while it is of use, else halves.
    double next = (low + high) / 2;
    if (round < 6 && at_high > -0.5) {
      next = low + (high - low) * at_low / (at_low - at_high);
      next = std::clamp(next - 0.0004 * (high - low), low + 0.02 * (high - low), high - 0.02 * (high - low));
    }
    double there = 0;
    if (attempt(next, there))
      low = next, at_low = there;
    else
      high = next, at_high = there, broken = binding;
  }
  return {low, broken.breach, broken.element};
}

}  // namespace tongdian::grid
