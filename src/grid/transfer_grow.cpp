// Plans for a dark part with too many switches to try every combination: pieces grown tie by tie.
#include <algorithm>
#include <cmath>

#include "grid/transfer.hpp"

namespace tongdian::grid {

/// The operable branch of the piece laid last with nearest to half of the piece's load beyond it.
Row Transfer::halving_cut(Row tie) const {
  std::vector<double> load(laid_.size());
  std::size_t begin = laid_.size();
  for (std::size_t i = laid_.size(); i-- > 0;) {
    load[i] += std::abs(circuit_.power[laid_node_[i]]);
    begin = i;
    if (laid_via_[i] == tie) break;
    load[laid_[i].parent] += load[i];
  }
  Row best = none;
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t i = begin + 1; i < laid_.size(); ++i)
    if (const double off = std::abs(load[i] - load[begin] / 2); limits_.operable[laid_via_[i]] && off < nearest)
      nearest = off, best = laid_via_[i];
  return best;
}

/// Opens sections of what the last tie would feed until the limits hold: each time, of those that by the currents would be
/// enough, the one with fewest customers; where none is, the one that helps most. What is opened is added to `opened`.
Transfer::Verdict Transfer::shed(std::vector<Tie>& closed, std::vector<Row>& opened) {
  std::vector<std::int64_t> customers;
  std::vector<Complex> shared;  // impedance that the way up shares with that of the node whose voltage is too low
  std::vector<char> below;      // the overloaded branch
  for (int round = 0; round < 10; ++round) {
    const Verdict verdict = evaluate(closed, opened);
    const Limiting worst = verdict.worst;
    if (verdict.feasible || worst.breach == Breach::nothing) return verdict;
    if (worst.breach == Breach::no_solution) {  // far too much: about half of it goes
      const Row half = halving_cut(closed.back().branch);
      if (half == none) return {};
      opened.push_back(half);
      continue;
    }
    const auto count = laid_.size();
    customers.assign(count, 0);
    shared.assign(count, {});
    below.assign(count, 0);
    double need = 0;
    if (worst.breach == Breach::overload) {
      need = worst.value - worst.limit;
      for (std::size_t i = 0; i < count; ++i)
        below[i] = laid_via_[i] == worst.element || (laid_[i].parent != none && below[laid_[i].parent]);
    } else {
      need = std::abs(worst.limit - worst.value);
      for (Row at = local_[worst.element]; at != none; at = laid_[at].parent) below[at] = 1;
      for (std::size_t i = 0; i < count; ++i)
        if (laid_[i].parent != none) shared[i] = shared[laid_[i].parent] + (below[i] ? laid_[i].z : 0.0);
    }
    // One cut may do, or two that help half as much, or four: whichever seems to cost fewest customers.
    constexpr int shares = 4;
    Row cut[shares];
    std::int64_t cost[shares];
    std::fill(cut, cut + shares, none);
    for (std::size_t i = count; i-- > 0 && dark(laid_node_[i]) && laid_via_[i] != closed.back().branch;) {
      customers[i] += limits_.customers[laid_node_[i]];
      customers[laid_[i].parent] += customers[i];
      if (!limits_.operable[laid_via_[i]]) continue;
      const double effect = worst.breach == Breach::overload ? (below[i] ? magnitude(laid_[i].through) : 0)
                                                             : magnitude(product(shared[i], laid_[i].through));
      for (int k = 0; k < shares; ++k)
        if (effect * (1 << k) >= need && (cut[k] == none || (customers[i] << k) < cost[k]))
          cut[k] = laid_via_[i], cost[k] = customers[i] << k;
    }
    Row chosen = none;
    std::int64_t least = 0;
    for (int k = 0; k < shares; ++k)
      if (cut[k] != none && (chosen == none || cost[k] < least)) chosen = cut[k], least = cost[k];
    if (chosen == none) return {};
    opened.push_back(chosen);
  }
  return {};
}

/// Gives back what was shed too much: a section opened in vain is closed, another one moves outward along the way on which most
/// customers are, as far as the limits hold.
void Transfer::refine(const std::vector<Tie>& closed, std::vector<Row>& opened, Verdict& verdict) {
  std::vector<Row> outward;
  for (std::size_t i = 0; i < opened.size(); ++i) {
    evaluate(closed, opened);
    outward = outward_from(opened[i]);
    const auto with = [&](std::size_t k) {
      auto other = opened;
      if (k < outward.size())
        other[i] = outward[k];
      else
        other.erase(other.begin() + static_cast<std::ptrdiff_t>(i));
      return other;
    };
    const auto better = [&](std::size_t k) {
      auto other = with(k);
      const Verdict next = evaluate(closed, other);
      if (!next.feasible || next.customers < verdict.customers) return false;
      verdict = next;
      best_opened_ = std::move(other);
      return true;
    };
    best_opened_ = opened;
    std::size_t low = 0, high = outward.size() + 1;  // the place of `low` is feasible: it is where the cut is
    if (better(outward.size())) {
      opened = best_opened_;
      --i;
      continue;
    }
    --high;
    while (high - low > 1) {
      const std::size_t middle = (low + high) / 2;
      (better(middle) ? low : high) = middle;
    }
    opened = best_opened_;
  }
}

/// From an opened branch away from what is fed: the operable branches along the way of most customers, itself first. Reads
/// the marks of the last evaluation.
std::vector<Row> Transfer::outward_from(Row cut) const {
  std::vector<Row> way{cut};
  const Row from = circuit_.from[cut], to = circuit_.to[cut];
  if ((mark_[from] == round_) == (mark_[to] == round_)) return way;
  Row node = mark_[from] == round_ ? to : from, by = cut;
  while (true) {
    Row next = none, via = none;
    std::int64_t most = -1;
    for (const Row b : near_[node]) {
      const Row other = circuit_.from[b] == node ? circuit_.to[b] : circuit_.from[b];
      if (b == by || b == failed_ || mark_[other] == round_ || !dark(other)) continue;
      const bool down = forest_.via(other) == b;
      const Row place = at_[down ? other : node];
      const auto below = customers_before_[last_[place] + 1] - customers_before_[place];
      const auto beyond = down ? below : customers_before_[dark_end_ + 1] - customers_before_[dark_begin_] - below;
      if (beyond > most) most = beyond, next = other, via = b;
    }
    if (next == none) return way;
    if (limits_.operable[via]) way.push_back(via);
    node = next;
    by = via;
  }
}

/// The best tie takes as much as it can, the next ones the pieces that are left.
void Transfer::grow(TransferPlan& best) {
  for (std::size_t first = 0; first < std::min<std::size_t>(ties_.size(), 2); ++first) {
    std::vector<Tie> closed{ties_[first]};
    std::vector<Row> opened;
    Verdict verdict = shed(closed, opened);
    if (!verdict.feasible) continue;
    refine(closed, opened, verdict);
    take(best, verdict, closed, opened);
    evaluate(closed, opened);
    int tried = 0;
    for (const auto& tie : ties_) {
      if (verdict.nodes == dark_end_ - dark_begin_ + 1 || closed.size() == 4 || tried == 4) break;
      if (mark_[tie.inside] == round_) continue;
      ++tried;
      auto more = closed;
      auto cut = opened;
      more.push_back(tie);
      Verdict next = shed(more, cut);
      if (next.feasible) refine(more, cut, next);
      if (next.feasible && next.customers > verdict.customers) {
        closed = more;
        opened = cut;
        verdict = next;
        take(best, verdict, closed, opened);
      }
      evaluate(closed, opened);  // whose marks the next tie looks at
    }
  }
}

}  // namespace tongdian::grid
