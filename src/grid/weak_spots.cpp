#include "grid/weak_spots.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "grid/part_hours.hpp"
#include "grid/trace.hpp"

namespace tongdian::grid {
namespace {

constexpr int short_hours =
    400;  // an hour by hour look costs a flow each: the heaviest of a part are enough to find what is weak

class Look {
 public:
  Look(const Network& network, const Surroundings& around, const Limits& limits, const Circuit& circuit,
       const Forest& forest)
      : network_(network),
        around_(around),
        limits_(limits),
        circuit_(circuit),
        parts_(parts_of(network, circuit, forest, limits)),
        power_(network, around, 0),
        trace_(network, around.customers) {
    for (const auto& s : circuit.current) with_current_loads_ = with_current_loads_ || s != 0.0;
  }

  std::vector<WeakSpot> run(int repeated) {
    for (auto& part : parts_) look_at(part);
    for (Row b = 0; b < static_cast<Row>(around_.faults.size()); ++b)
      if (around_.faults[b] >= repeated)
        spots_.push_back({WeakSpot::Kind::repeated_faults, b, trace_.affected(b).customers, double(around_.faults[b]),
                          double(repeated), 0, 0});
    std::stable_sort(spots_.begin(), spots_.end(),
                     [](const WeakSpot& a, const WeakSpot& b) { return a.customers > b.customers; });
    return std::move(spots_);
  }

 private:
  /// Every hour of the year, the heaviest first: when an hour has nothing beyond a limit, neither has one that it dominates, and
  /// a few hundred that are lighter in sum are looked at all the same.
  void look_at(Part& part) {
    const std::size_t curves = around_.curves.size(), width = power_.width, count = part.limbs.size();
    const int year = curves ? static_cast<int>(around_.curves.front().share.size()) : 1;
    std::vector<Complex> sum(width);
    for (std::size_t i = 1; i < count; ++i)
      if (const auto first = static_cast<std::size_t>(part.node[i]) * width; first < power_.s.size())
        for (std::size_t c = 0; c < width; ++c) sum[c] += power_.s[first + c];
    std::vector<std::pair<double, int>> hours;
    for (int h = 0; h < year; ++h) {
      double load = 0;
      for (std::size_t c = 0; c < curves; ++c)
        load += sum[c].real() * double(around_.curves[c].share[static_cast<std::size_t>(h)]);
      hours.emplace_back(-load, h);
    }
    std::sort(hours.begin(), hours.end());
    std::vector<WeakSpot> heavy(count, WeakSpot{WeakSpot::Kind::overload, none, 0, 0, 1, 0, 0});
    std::vector<WeakSpot> low(count, WeakSpot{WeakSpot::Kind::low_voltage, none, 0, 2, 0, 0, 0});
    int quiet = 0;
    for (const auto& [load, h] : hours) {
      if (quiet >= short_hours) break;
      for (std::size_t i = 1; i < count; ++i) {
        const auto first = static_cast<std::size_t>(part.node[i]) * width;
        if (first >= power_.s.size()) continue;
        Complex s = power_.s[first + width - 1];
        for (std::size_t c = 0; c < curves; ++c)
          s += power_.s[first + c] * double(around_.curves[c].share[static_cast<std::size_t>(h)]);
        part.limbs[i].power = s;
      }
      if (!sweep(part.limbs, with_current_loads_, 1e-6)) {
        for (std::size_t i = 1; i < count; ++i)
          part.limbs[i].v = product(part.limbs[i].g, part.limbs[part.limbs[i].parent].v);
        continue;
      }
      bool any = false;
      for (std::size_t i = 1; i < count; ++i) {
        const double share = magnitude(part.limbs[i].through) / part.limits.current[i], v = magnitude(part.limbs[i].v);
        if (share > 1) {
          any = true;
          ++heavy[i].hours;
          if (share > heavy[i].worst) heavy[i].worst = share, heavy[i].hour = h, heavy[i].element = part.via[i];
        }
        if (v < part.limits.min_pu[i]) {
          any = true;
          ++low[i].hours;
          if (v < low[i].worst) low[i].worst = v, low[i].hour = h, low[i].element = part.node[i];
        }
      }
      quiet = any ? 0 : quiet + 1;
    }
    gather(part, heavy, low);
  }

  void gather(const Part& part, const std::vector<WeakSpot>& heavy, const std::vector<WeakSpot>& low) {
    std::map<Row, WeakSpot> areas;  // low voltage by its transformer, or by its feeder at medium voltage
    std::vector<Row> area(part.limbs.size(), none);
    for (std::size_t i = 1; i < part.limbs.size(); ++i) {
      const Row b = part.via[i];
      const bool opens =
          part.limits.feeder[i] == static_cast<Row>(i) ||
          (b < network_.branches.count() && network_.branches.kind[b] == BranchKind::distribution_transformer);
      area[i] = opens ? static_cast<Row>(i) : area[part.limbs[i].parent];
      if (heavy[i].element != none && b < network_.branches.count()) {
        WeakSpot spot = heavy[i];
        spot.customers = trace_.affected(b).customers;
        spots_.push_back(spot);
      }
      if (low[i].element == none || part.node[i] >= network_.nodes.count()) continue;
      auto [it, fresh] = areas.try_emplace(area[i], low[i]);
      auto& spot = it->second;
      if (fresh) spot.customers = 0;
      spot.customers += trace_.customers(part.node[i]);
      spot.hours = std::max(spot.hours, low[i].hours);
      if (low[i].worst < spot.worst) spot.worst = low[i].worst, spot.hour = low[i].hour, spot.element = low[i].element;
      spot.limit = part.limits.min_pu[i];
    }
    for (const auto& [_, spot] : areas) spots_.push_back(spot);
  }

  const Network& network_;
  const Surroundings& around_;
  const Limits& limits_;
  const Circuit& circuit_;
  std::vector<Part> parts_;
  PowerByCurve power_;
  Trace trace_;
  bool with_current_loads_ = false;
  std::vector<WeakSpot> spots_;
};

}  // namespace

std::vector<WeakSpot> weak_spots(const Network& network, const Surroundings& around, const Limits& limits,
                                 int repeated) {
  const Circuit circuit = circuit_of(network);
  const auto forest = Forest::of_the_fed(circuit);
  if (!forest) return {};
  return Look(network, around, limits, circuit, *forest).run(repeated);
}

}  // namespace tongdian::grid
