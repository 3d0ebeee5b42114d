#include "grid/capacity.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "grid/carry_over.hpp"
#include "grid/side_by_side.hpp"

namespace tongdian::grid {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double close_by = 1.05;  // an hour whose estimate is that close to the least one is solved too

Limit limit_of(Breach breach) {
  switch (breach) {
    case Breach::overload: return Limit::overload;
    case Breach::undervoltage:
    case Breach::overvoltage: return Limit::undervoltage;
    case Breach::no_solution: return Limit::no_solution;
    case Breach::nothing:
    case Breach::no_tie: break;
  }
  return Limit::asked;
}

/// Nodes at which other loads are approved, or in another order: their sum may differ in its last digit.
std::vector<Row> where_other(const Network& network, const std::vector<Approved>& now,
                             const std::vector<Approved>& before) {
  std::vector<std::vector<double>> at(static_cast<std::size_t>(network.nodes.count())), was(at.size());
  for (const auto& each : now) at[each.node].push_back(each.kw);
  for (const auto& each : before) was[each.node].push_back(each.kw);
  std::vector<Row> out;
  for (std::size_t n = 0; n < at.size(); ++n)
    if (at[n] != was[n]) out.push_back(static_cast<Row>(n));
  return out;
}

class Assessment {
 public:
  Assessment(const Network& network, const Surroundings& around, const Limits& limits, const CapacityRules& rules,
             const Circuit& circuit, const Forest& forest)
      : network_(network),
        around_(around),
        limits_(limits),
        rules_(rules),
        circuit_(circuit),
        forest_(forest),
        by_curve_(network, around, rules.angle) {
    most_ = rules.most_kw / 1000 / network.base_mva;
    least_ = rules.least_kw / 1000 / network.base_mva;
    for (const auto& s : circuit.current) with_current_loads_ = with_current_loads_ || s != 0.0;
  }

  /// What was known before, and the nodes at which what is drawn has changed since.
  void since(const Capacity& before, const std::vector<Row>& changed) {
    before_ = &before;
    changed_ = &changed;
  }

  /// nullopt where it was asked to stop.
  std::optional<Capacity> run() {
    answer_.nodes.resize(static_cast<std::size_t>(network_.nodes.count()));
    answer_.hours = before_ ? before_->hours : decisive_hours(network_, around_, rules_.slack);
    transformer_of_.assign(circuit_.from.size(), none);
    for (std::size_t s = 0; s < around_.substations.size(); ++s)
      for (const Row t : around_.substations[s].transformers) transformer_of_[t] = static_cast<Row>(s);
    parts_ = parts_of(network_, circuit_, forest_, limits_);
    find_touched();
    side_by_side(rules_.threads, parts_.size(), [&](std::size_t i) {
      if (rules_.stop.stop_requested()) return;
      if (touched_[i])
        within_part(parts_[i]);
      else
        for (const Row n : parts_[i].node)
          if (n < network_.nodes.count()) answer_.nodes[n] = before_->within[n];
    });
    for (const auto& part : parts_)
      if (const Row n = part.node.front(); n < network_.nodes.count())
        answer_.nodes[n] = {most_, Limit::asked, none, 0, infinite, infinite};
    answer_.within = answer_.nodes;
    find_firm();
    find_n_minus_1();
    if (rules_.stop.stop_requested()) return {};
    for (auto& node : answer_.nodes) {
      if (node.limit == Limit::dead) continue;
      if (node.firm < node.power) node.power = node.firm, node.limit = Limit::firm;
      if (node.n_minus_1 < node.power) node.power = node.n_minus_1, node.limit = Limit::n_minus_1;
    }
    settle_elements();
    answer_.flows = flows_;
    return std::move(answer_);
  }

 private:
  void find_touched() {
    touched_.assign(parts_.size(), before_ == nullptr);
    if (!before_) return;
    std::vector<char> changed(static_cast<std::size_t>(circuit_.nodes()));
    for (const Row n : *changed_) changed[n] = 1;
    for (std::size_t p = 0; p < parts_.size(); ++p)
      touched_[p] = std::ranges::any_of(parts_[p].node, [&](Row n) { return changed[n] != 0; });
  }

  void load(Part& part, std::size_t h) const {
    const std::size_t width = by_curve_.width;
    for (std::size_t i = 1; i < part.limbs.size(); ++i) {
      const auto first = static_cast<std::size_t>(part.node[i]) * width;
      if (first >= by_curve_.s.size()) continue;
      Complex s = by_curve_.s[first + width - 1];
      for (std::size_t c = 0; c + 1 < width; ++c) s += by_curve_.s[first + c] * double(answer_.hours[h].share[c]);
      part.limbs[i].power = s;
    }
  }
  [[nodiscard]] Row element_of(const Part& part, const Room& room) const {
    if (room.element == none) return none;
    return room.breach == Breach::overload ? part.via[room.element] : part.node[room.element];
  }

  void within_part(Part& part) {
    const auto count = part.limbs.size();
    const auto hours = hours_that_bind(part, by_curve_, answer_.hours);
    std::vector<double> estimate(hours.size() * count, 0), least(count, infinite);
    std::vector<char> solved(hours.size());
    for (std::size_t k = 0; k < hours.size(); ++k) {
      load(part, hours[k]);
      solved[k] = sweep(part.limbs, with_current_loads_, 1e-7);
      ++flows_;
      if (!solved[k]) {
        for (std::size_t i = 1; i < count; ++i) {
          least[i] = 0;
          part.limbs[i].v = product(part.limbs[i].g, part.limbs[part.limbs[i].parent].v);
        }
        continue;
      }
      const Headroom room(part.limbs, part.limits, rules_.angle);
      for (std::size_t i = 1; i < count; ++i) {
        estimate[k * count + i] = std::min(room.rooms()[i].power, 10 * most_);
        least[i] = std::min(least[i], estimate[k * count + i]);
      }
    }
    for (std::size_t i = 1; i < count; ++i)
      if (Row n = part.node[i]; n < network_.nodes.count())
        answer_.nodes[n] = {infinite, Limit::asked, none, 0, infinite, infinite};
    for (std::size_t k = 0; k < hours.size(); ++k) {
      load(part, hours[k]);
      if (!solved[k]) {
        for (std::size_t i = 1; i < count; ++i) keep(part, i, hours[k], {0, Breach::no_solution, static_cast<Row>(i)});
        continue;
      }
      sweep(part.limbs, with_current_loads_, 1e-7);
      Headroom room(part.limbs, part.limits, rules_.angle);
      for (std::size_t i = 1; i < count; ++i) {
        if (part.node[i] >= network_.nodes.count() || estimate[k * count + i] > least[i] * close_by + least_) continue;
        const auto& best = answer_.nodes[part.node[i]];
        if (best.power < estimate[k * count + i] / close_by) continue;
        keep(part, i, hours[k],
             room.exact(static_cast<Row>(i), with_current_loads_, std::min(most_, best.power), least_));
        flows_ += 4;
      }
    }
  }
  void keep(const Part& part, std::size_t i, std::size_t h, const Room& room) {
    if (part.node[i] >= network_.nodes.count()) return;
    auto& best = answer_.nodes[part.node[i]];
    if (room.power >= best.power) return;
    best.power = room.power;
    best.limit = limit_of(room.breach);
    best.element = best.limit == Limit::asked ? none : element_of(part, room);
    best.hour = answer_.hours[h].hour;
  }

  /// With the largest transformer out the others carry the substation: what they all carry together, in its heaviest hour.
  void find_firm() {
    const std::size_t stations = around_.substations.size(), width = by_curve_.width;
    std::vector<Complex> sums(stations * width), carried(stations);
    std::vector<std::vector<std::size_t>> parts(stations);
    firm_of_.assign(answer_.nodes.size(), none);
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      std::vector<Row> under(parts_[p].limbs.size(), none);
      for (std::size_t i = 1; i < under.size(); ++i) {
        const Row own = transformer_of_[parts_[p].via[i]], n = parts_[p].node[i];
        under[i] = own != none ? own : under[parts_[p].limbs[i].parent];
        if (own != none && (parts[own].empty() || parts[own].back() != p)) parts[own].push_back(p);
        if (under[i] == none || n >= network_.nodes.count()) continue;
        firm_of_[n] = under[i];
        for (std::size_t c = 0; c < width; ++c)
          sums[under[i] * width + c] += by_curve_.s[static_cast<std::size_t>(n) * width + c];
      }
    }
    for (std::size_t n = 0; before_ && n < firm_of_.size(); ++n)
      if (firm_of_[n] != none) answer_.nodes[n].firm = before_->nodes[n].firm;
    side_by_side(rules_.threads, stations, [&](std::size_t s) {
      if (std::ranges::none_of(parts[s], [&](std::size_t p) { return touched_[p] != 0; })) return;
      double sum = 0, largest = 0;
      for (const Row t : around_.substations[s].transformers)
        sum += limits_.current[t], largest = std::max(largest, limits_.current[t]);
      if (around_.substations[s].transformers.size() < 2 || !(sum < infinite)) return;
      const std::size_t h = hour_of_most(answer_.hours, &sums[s * width], false);
      std::vector<Part> solved;
      Complex now = 0;
      for (const std::size_t p : parts[s]) {
        Part& part = solved.emplace_back(parts_[p]);
        for (std::size_t i = 1; i < part.limbs.size();
             ++i)  // the same start, whatever was solved before: the same digits
          part.limbs[i].v = product(part.limbs[i].g, part.limbs[part.limbs[i].parent].v);
        load(part, h);
        sweep(part.limbs, with_current_loads_, 1e-7);
        for (std::size_t i = 1; i < part.limbs.size(); ++i)
          if (transformer_of_[part.via[i]] == static_cast<Row>(s))
            now += product(part.limbs[i].v, std::conj(part.limbs[i].through));
      }
      for (const auto& part : solved) firm_of_part(part, static_cast<Row>(s), now, (sum - largest) * rules_.firm_share);
    });
  }
  /// An addition draws itself and the losses that it causes on its way to the busbar.
  void firm_of_part(const Part& part, Row station, Complex now, double firm) {
    const Complex unit(1, rules_.angle);
    std::vector<Complex> losses(part.limbs.size()), squares(part.limbs.size());  // per p.u. of power, and of its square
    for (std::size_t i = 1; i < part.limbs.size(); ++i) {
      const Limb& limb = part.limbs[i];
      if (transformer_of_[part.via[i]] == none) {
        const Complex current = product(std::conj(unit), limb.v) / std::norm(limb.v);
        const double together = limb.through.real() * current.real() + limb.through.imag() * current.imag();
        losses[i] = losses[limb.parent] + limb.z * (2 * together);
        squares[i] = squares[limb.parent] + limb.z * std::norm(current);
      }
      const Row n = part.node[i];
      if (n >= network_.nodes.count() || firm_of_[n] != station) continue;
      double room = infinite;
      for (int round = 0; round < 4; ++round) {
        const Complex per = unit + losses[i] + squares[i] * (round ? room : 0.0);
        const double a = std::norm(per), b = now.real() * per.real() + now.imag() * per.imag();
        const double c = std::norm(now) - firm * firm;
        room = c >= 0 ? 0 : (-b + std::sqrt(b * b - a * c)) / a;
      }
      answer_.nodes[n].firm = room;
    }
  }

  void find_n_minus_1() {
    std::vector<double> allowed;
    for (const auto& node : answer_.nodes) allowed.push_back(std::min(node.power, node.firm));
    CarryOverQuestion question{network_,  circuit_,       forest_, limits_,      parts_,
                               by_curve_, answer_.hours,  allowed, rules_.angle, most_,
                               least_,    rules_.threads, {},      {},           rules_.stop};
    if (before_) {
      question.known.reserve(allowed.size());
      question.stale.resize(allowed.size());
      for (std::size_t n = 0; n < allowed.size(); ++n) {
        const auto& node = before_->nodes[n];
        const bool binds = node.limit == Limit::n_minus_1;  // else nobody asks by which tie
        question.known.push_back({node.n_minus_1, binds ? node.element : none, binds ? node.hour : 0});
        question.stale[n] = std::min(before_->within[n].power, node.firm) != allowed[n];
      }
      for (std::size_t p = 0; p < parts_.size(); ++p)
        if (touched_[p])
          for (const Row n : parts_[p].node)
            if (n < network_.nodes.count()) question.stale[n] = 1;
    }
    n_minus_1_ = carry_over(question);
    for (std::size_t n = 0; n < answer_.nodes.size(); ++n) answer_.nodes[n].n_minus_1 = n_minus_1_[n].power;
  }

  void settle_elements() {
    for (std::size_t n = 0; n < answer_.nodes.size(); ++n) {
      auto& node = answer_.nodes[n];
      if (node.limit == Limit::firm) node.element = firm_of_[n];
      if (node.limit == Limit::n_minus_1) node.element = n_minus_1_[n].tie, node.hour = n_minus_1_[n].hour;
    }
  }

  const Network& network_;
  const Surroundings& around_;
  const Limits& limits_;
  const CapacityRules& rules_;
  const Circuit& circuit_;
  const Forest& forest_;
  bool with_current_loads_ = false;
  double most_ = 0, least_ = 0;
  Capacity answer_;
  PowerByCurve by_curve_;
  std::vector<Part> parts_;
  std::vector<Row> transformer_of_, firm_of_;
  std::vector<CarryOver> n_minus_1_;
  std::atomic<std::int64_t> flows_ = 0;
  const Capacity* before_ = nullptr;
  const std::vector<Row>* changed_ = nullptr;
  std::vector<char> touched_;  // by part
};

}  // namespace

std::optional<Capacity> open_capacity(const Network& network, const Surroundings& around, const Limits& limits,
                                      const CapacityRules& rules) {
  const Circuit circuit = circuit_of(network);
  const auto forest = Forest::of_the_fed(circuit);
  if (!forest) return {};
  return Assessment(network, around, limits, rules, circuit, *forest).run();
}

std::optional<Capacity> open_capacity(const Network& network, const Surroundings& around, const Limits& limits,
                                      const CapacityRules& rules, const Capacity& before,
                                      const std::vector<Approved>& approved_before) {
  const Circuit circuit = circuit_of(network);
  const auto forest = Forest::of_the_fed(circuit);
  if (!forest) return {};
  Assessment assessment(network, around, limits, rules, circuit, *forest);
  const auto changed = where_other(network, around.approved, approved_before);
  assessment.since(before, changed);
  return assessment.run();
}

}  // namespace tongdian::grid
