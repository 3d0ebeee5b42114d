#include "grid/transfer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <tuple>

namespace tongdian::grid {
namespace {

constexpr double enough = 1e-6;          // the last change of a voltage, p.u.: what is left is a twentieth of it
constexpr double hopeless = 0.02;        // what the estimate of a tie's headroom may be wrong by
constexpr double worse = 1e-6;           // a limit that was broken before counts where it is broken further
constexpr std::size_t few_switches = 9;  // so many are tried in every combination

double load_of(const Circuit& circuit, Row node) { return circuit.power[node].real() + circuit.current[node].real(); }

}  // namespace

Limits limits_of(const Network& network, const Circuit& circuit) {
  Limits limits;
  const auto nodes = static_cast<std::size_t>(circuit.nodes()), branches = static_cast<std::size_t>(circuit.branches());
  limits.min_pu.resize(nodes, 0);
  limits.max_pu.resize(nodes, std::numeric_limits<double>::infinity());
  limits.customers.resize(nodes, 0);
  for (Row n = 0; n < network.nodes.count(); ++n) {
    limits.min_pu[n] = network.nodes.min_pu[n];
    limits.max_pu[n] = network.nodes.max_pu[n];
  }
  for (const Row node : network.loads.node) ++limits.customers[node];
  limits.current.resize(branches, std::numeric_limits<double>::infinity());
  limits.operable.resize(branches, false);
  bool switches = false;
  for (const auto kind : network.branches.kind) switches = switches || is_switch(kind);
  for (Row b = 0; b < network.branches.count(); ++b) {
    limits.current[b] = network.branches.rate_mva[b] / network.base_mva;
    limits.operable[b] = circuit.usable[b] && (!switches || is_switch(network.branches.kind[b]));
  }
  return limits;
}

Transfer::Transfer(const Circuit& circuit, const Forest& forest, const Limits& limits)
    : circuit_(circuit), forest_(forest), limits_(limits) {
  const auto count = static_cast<std::size_t>(circuit.nodes());
  forest.preorder(order_);
  at_.resize(count);
  last_.resize(count);
  base_.resize(count);
  near_.resize(count);
  local_.resize(count);
  mark_.resize(count);
  for (const auto& s : circuit.current) with_current_loads_ = with_current_loads_ || s != 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const Row node = order_[i], b = forest.via(node);
    at_[node] = last_[i] = static_cast<Row>(i);
    Limb& limb = base_[i];
    limb = {none, 1, 0, circuit.power[node], circuit.current[node], circuit.shunt[node], circuit.source[node], {}, {}};
    if (b == none) continue;
    limb.parent = at_[forest.parent(node)];
    hang(circuit, b, node, limb);
    limb.v = product(limb.g, base_[limb.parent].v);
    limb.shunt += shunt_at(circuit, b, node);
    base_[limb.parent].shunt += shunt_at(circuit, b, forest.parent(node));
    near_[node].push_back(b);
    near_[forest.parent(node)].push_back(b);
  }
  for (std::size_t i = count; i-- > 0;)
    if (base_[i].parent != none) last_[base_[i].parent] = std::max(last_[base_[i].parent], last_[i]);
  customers_before_.resize(count + 1);
  for (std::size_t i = 0; i < count; ++i) customers_before_[i + 1] = customers_before_[i] + limits.customers[order_[i]];
  for (const Row tie : forest.ties())
    if (limits.operable[tie]) {
      tie_places_.emplace_back(at_[circuit.from[tie]], tie);
      tie_places_.emplace_back(at_[circuit.to[tie]], tie);
    }
  std::sort(tie_places_.begin(), tie_places_.end());
  ok_ = true;
  for (std::size_t i = 0; i < count;) {
    const auto end = static_cast<std::size_t>(last_[i]) + 1;
    if (!sweep(base_, i, end, with_current_loads_, enough)) {
      ok_ = false;
      unsolved_.emplace_back(static_cast<Row>(i), static_cast<Row>(end));
      for (std::size_t k = i; k < end; ++k) {  // what is left of it are no figures that may be compared
        if (base_[k].parent != none) base_[k].v = product(base_[k].g, base_[base_[k].parent].v);
        base_[k].own = base_[k].through = 0;
      }
    }
    i = end;
  }
}

bool Transfer::solved(Row node) const {
  return std::ranges::none_of(unsolved_,
                              [&](const auto& tree) { return tree.first <= at_[node] && at_[node] < tree.second; });
}

void Transfer::darken(Row child) {
  laid_ties_.clear();
  dark_begin_ = at_[child];
  dark_end_ = last_[dark_begin_];
  ties_.clear();
  const auto first = std::lower_bound(tie_places_.begin(), tie_places_.end(), std::pair(dark_begin_, Row{none}));
  for (auto it = first; it != tie_places_.end() && it->first <= dark_end_; ++it) {
    const Row inside = order_[it->first], tie = it->second;
    const Row outside = circuit_.from[tie] == inside ? circuit_.to[tie] : circuit_.from[tie];
    if (!dark(outside) && tie != failed_) ties_.push_back({tie, inside, outside});
  }
  std::vector<std::pair<double, Tie>> ranked;
  for (const auto& tie : ties_) ranked.emplace_back(-headroom(tie), tie);
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < ties_.size(); ++i) ties_[i] = ranked[i].second;
}

/// What the way up would have left if the dark part hung there, with its current as it was: negative where a limit would surely
/// break. Thermal in shares of the limit, voltage in p.u.
double Transfer::headroom(const Tie& tie) const {
  const Complex more = base_[dark_begin_].through;
  double least = 1 - std::abs(more) / limits_.current[tie.branch];
  Complex drop = product(circuit_.z[tie.branch], more);
  for (Row place = at_[tie.outside]; base_[place].parent != none; place = base_[place].parent) {
    if (place <= dark_begin_ && dark_begin_ <= last_[place]) break;  // it carried the dark part before
    least = std::min(least, 1 - std::abs(base_[place].through + more) / limits_.current[forest_.via(order_[place])]);
    drop += product(base_[place].z, more);
  }
  const double volts = std::abs(base_[at_[tie.outside]].v - drop) - limits_.min_pu[tie.inside];
  return std::min(least, volts);
}

void Transfer::lay_feeder(Row outside) {
  Row top = at_[outside];
  while (base_[top].parent != none && base_[base_[top].parent].parent != none) top = base_[top].parent;
  if (base_[top].parent == none) {  // the tie ends at a source
    if (mark_[outside] == round_) return;
    mark_[outside] = round_;
    local_[outside] = static_cast<Row>(laid_.size());
    laid_.push_back(base_[top]);
    laid_node_.push_back(outside);
    laid_via_.push_back(none);
    return;
  }
  if (std::find(feeders_.begin(), feeders_.end(), top) != feeders_.end()) return;
  feeders_.push_back(top);
  const Row source = order_[base_[top].parent];
  Row source_at = static_cast<Row>(laid_.size());
  if (mark_[source] == round_) {
    source_at = local_[source];
  } else {
    mark_[source] = round_;
    local_[source] = source_at;
    laid_.push_back(base_[base_[top].parent]);
    laid_node_.push_back(source);
    laid_via_.push_back(none);
  }
  const Row gap = dark_end_ - dark_begin_ + 1;
  const bool inside = dark_begin_ > top && dark_begin_ <= last_[top];
  const Row shift = static_cast<Row>(laid_.size()) - top;
  for (Row place = top; place <= last_[top]; ++place) {
    if (inside && place == dark_begin_) place = dark_end_ + 1;
    if (place > last_[top]) break;
    const Row node = order_[place], parent = base_[place].parent;
    laid_.push_back(base_[place]);
    laid_.back().parent = place == top ? source_at : parent + shift - (inside && parent > dark_end_ ? gap : 0);
    laid_node_.push_back(node);
    laid_via_.push_back(forest_.via(node));
    mark_[node] = round_;
    local_[node] = static_cast<Row>(laid_.size()) - 1;
  }
}

/// Hangs the pieces of the dark part on their ties; false where a piece has two of them.
bool Transfer::lay_pieces(const std::vector<Tie>& closed, const std::vector<Row>& opened) {
  for (const auto& tie : closed) {
    if (mark_[tie.inside] == round_) return false;
    Row next = static_cast<Row>(laid_.size());
    const auto hang_on = [&](Row node, Row parent, Row b) {
      Limb limb =
          base_[at_[node]];  // its admittances are those of its own branches; the opened ones' are taken off below
      limb.parent = local_[parent];
      hang(circuit_, b, node, limb);
      mark_[node] = round_;
      local_[node] = static_cast<Row>(laid_.size());
      laid_.push_back(limb);
      laid_node_.push_back(node);
      laid_via_.push_back(b);
    };
    hang_on(tie.inside, tie.outside, tie.branch);
    laid_.back().shunt += shunt_at(circuit_, tie.branch, tie.inside);
    for (; next < static_cast<Row>(laid_.size()); ++next) {
      const Row node = laid_node_[next];
      for (const Row b : near_[node]) {
        if (b == laid_via_[next]) continue;
        const Row other = circuit_.from[b] == node ? circuit_.to[b] : circuit_.from[b];
        if (b == failed_ || std::find(opened.begin(), opened.end(), b) != opened.end()) {
          laid_[next].shunt -= shunt_at(circuit_, b, node);
          continue;
        }
        if (mark_[other] == round_) return false;  // fed from another tie already
        hang_on(other, node, b);
      }
    }
  }
  return true;
}

/// The feeders that the ties come from, as they are after the failure. They stay laid, with their last voltages, as long as the
/// same ties are asked about.
void Transfer::lay_feeders(const std::vector<Tie>& closed) {
  bool same = laid_ties_.size() == closed.size();
  for (std::size_t i = 0; same && i < closed.size(); ++i) same = laid_ties_[i] == closed[i].branch;
  if (same) {
    for (std::size_t i = feeders_end_; i < laid_.size(); ++i) mark_[laid_node_[i]] = 0;
    laid_.resize(feeders_end_);
    laid_node_.resize(feeders_end_);
    laid_via_.resize(feeders_end_);
    return;
  }
  ++round_;
  laid_.clear();
  laid_node_.clear();
  laid_via_.clear();
  feeders_.clear();
  laid_ties_.clear();
  for (const auto& tie : closed) {
    lay_feeder(tie.outside);
    laid_[local_[tie.outside]].shunt += shunt_at(circuit_, tie.branch, tie.outside);
    laid_ties_.push_back(tie.branch);
  }
  feeders_end_ = laid_.size();
  // The feeder that lost the part no longer has the failed branch's admittance.
  const Row above = forest_.parent(order_[dark_begin_]);
  if (mark_[above] == round_ && circuit_.y[failed_] != 0.0)
    laid_[local_[above]].shunt -= shunt_at(circuit_, failed_, above);
}

Transfer::Verdict Transfer::evaluate(const std::vector<Tie>& closed, const std::vector<Row>& opened) {
  lay_feeders(closed);
  if (!lay_pieces(closed, opened)) return {};
  if (!sweep(laid_, with_current_loads_, enough)) {
    laid_ties_.clear();
    Verdict verdict;
    verdict.worst = {Breach::no_solution, closed.empty() ? none : closed.front().inside, 0, 0};
    return verdict;
  }
  return check();
}

Transfer::Verdict Transfer::check() const {
  Verdict verdict;
  verdict.lowest = std::numeric_limits<double>::infinity();
  double excess = 0;
  const auto breach = [&](Breach kind, Row element, double value, double limit, double by) {
    if (by > excess) {
      excess = by;
      verdict.worst = {kind, element, value, limit};
    }
  };
  for (std::size_t i = 0; i < laid_.size(); ++i) {
    const Limb& limb = laid_[i];
    const Row node = laid_node_[i], b = laid_via_[i];
    const bool was_dark = dark(node);
    if (was_dark) {
      verdict.customers += limits_.customers[node];
      verdict.load += load_of(circuit_, node);
      ++verdict.nodes;
    }
    if (limb.parent == none) continue;
    const double v = magnitude(limb.v), before = magnitude(base_[at_[node]].v);
    verdict.lowest = std::min(verdict.lowest, v);
    if (v < limits_.min_pu[node] && v < before - worse)
      breach(Breach::undervoltage, node, v, limits_.min_pu[node], (limits_.min_pu[node] - v) * 10);
    if (v > limits_.max_pu[node] && v > before + worse)
      breach(Breach::overvoltage, node, v, limits_.max_pu[node], (v - limits_.max_pu[node]) * 10);
    const double limit = limits_.current[b];
    if (!(limit < std::numeric_limits<double>::infinity())) continue;
    const double now = magnitude(limb.through);
    const double share = limit > 0 ? now / limit : now > worse ? 1e9 : 0;
    verdict.heaviest = std::max(verdict.heaviest, share);
    const bool same = forest_.via(node) == b;
    if (share > 1 && (!same || now > magnitude(base_[at_[node]].through) + worse))
      breach(Breach::overload, b, now, limit, share - 1);
  }
  verdict.feasible = excess == 0;
  return verdict;
}

void Transfer::take(TransferPlan& best, const Verdict& verdict, const std::vector<Tie>& closed,
                    const std::vector<Row>& opened) const {
  if (!verdict.feasible) return;
  const auto operations = closed.size() + opened.size();
  const auto rank = [](std::int64_t customers, double load, std::size_t count) {
    return std::tuple(-customers, -std::round(load * 1e9), count);
  };
  if (rank(verdict.customers, verdict.load, operations) >=
      rank(best.restored_customers, best.restored_load, best.operations.size()))
    return;
  best.operations.clear();
  for (const Row b : opened) best.operations.push_back({b, false});
  for (const auto& tie : closed) best.operations.push_back({tie.branch, true});
  best.restored_customers = verdict.customers;
  best.restored_nodes = verdict.nodes;
  best.restored_load = verdict.load;
  best.lowest_pu = verdict.lowest;
  best.heaviest = verdict.heaviest;
}

/// Every set of ties with every set of opened sections.
void Transfer::try_all(TransferPlan& best) {
  std::vector<Row> cuts;
  for (Row place = dark_begin_ + 1; place <= dark_end_; ++place)
    if (const Row b = forest_.via(order_[place]); limits_.operable[b]) cuts.push_back(b);
  if (cuts.size() + ties_.size() > few_switches) return grow(best);
  std::vector<Tie> closed;
  std::vector<Row> opened;
  for (std::uint32_t ties = 1; ties < 1u << ties_.size(); ++ties)
    for (std::uint32_t open = 0; open < 1u << cuts.size(); ++open) {
      closed.clear();
      opened.clear();
      for (std::size_t i = 0; i < ties_.size(); ++i)
        if (ties >> i & 1) closed.push_back(ties_[i]);
      for (std::size_t i = 0; i < cuts.size(); ++i)
        if (open >> i & 1) opened.push_back(cuts[i]);
      take(best, evaluate(closed, opened), closed, opened);
    }
}

TransferPlan Transfer::plan(Row b) {
  TransferPlan best;
  const Row child = forest_.via(circuit_.from[b]) == b ? circuit_.from[b] : circuit_.to[b];
  if (!ok_ || forest_.via(child) != b) return best;
  failed_ = b;
  darken(child);
  best.dark_nodes = dark_end_ - dark_begin_ + 1;
  for (Row place = dark_begin_; place <= dark_end_; ++place) {
    best.dark_customers += limits_.customers[order_[place]];
    best.dark_load += load_of(circuit_, order_[place]);
  }
  if (ties_.empty()) {
    best.limiting = {Breach::no_tie, child, 0, 0};
    return best;
  }
  for (const auto& tie : ties_) {
    if (&tie != &ties_.front() && headroom(tie) < -hopeless) break;  // they are in order
    const Verdict verdict = evaluate({tie}, {});
    take(best, verdict, {tie}, {});
    if (best.complete()) return best;
    if (best.limiting.breach == Breach::nothing) best.limiting = verdict.worst;
  }
  try_all(best);
  if (best.complete()) best.limiting = {};
  return best;
}

std::optional<TransferPlan> Transfer::judge(Row b, const std::vector<Row>& opened, const std::vector<Row>& closed) {
  TransferPlan plan;
  const Row child = forest_.via(circuit_.from[b]) == b ? circuit_.from[b] : circuit_.to[b];
  if (!ok_ || forest_.via(child) != b) return {};
  failed_ = b;
  darken(child);
  std::vector<Tie> ties;
  for (const Row branch : closed) {
    const auto tie = std::find_if(ties_.begin(), ties_.end(), [&](const Tie& t) { return t.branch == branch; });
    if (tie == ties_.end()) return {};
    ties.push_back(*tie);
  }
  const Verdict verdict = evaluate(ties, opened);
  if (!verdict.feasible && verdict.worst.breach == Breach::nothing) return {};
  take(plan, verdict, ties, opened);
  plan.limiting = verdict.worst;
  return plan;
}

std::size_t Transfer::ties_after(Row b) {
  const Row child = forest_.via(circuit_.from[b]) == b ? circuit_.from[b] : circuit_.to[b];
  if (forest_.via(child) != b) return 0;
  failed_ = b;
  darken(child);
  return ties_.size();
}

bool Transfer::carry(std::size_t i) {
  if (!solved(ties_[i].inside) || !solved(ties_[i].outside)) return false;
  const Verdict verdict = evaluate({ties_[i]}, {});
  return verdict.feasible && verdict.nodes == dark_end_ - dark_begin_ + 1;
}

std::vector<std::pair<Row, TransferPlan>> transfer_all(const Circuit& circuit, const Forest& forest,
                                                       const Limits& limits) {
  std::vector<std::pair<Row, TransferPlan>> plans;
  Transfer transfer(circuit, forest, limits);
  if (!transfer.ok()) return plans;
  for (Row b = 0; b < circuit.network_branches; ++b)
    if (forest.via(circuit.from[b]) == b || forest.via(circuit.to[b]) == b) plans.emplace_back(b, transfer.plan(b));
  return plans;
}

}  // namespace tongdian::grid
