#include "grid/carry_over.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "grid/side_by_side.hpp"

namespace tongdian::grid {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double near_enough = 1.05;

/// One feeder carried by one tie: in the hours in which their loads together, or those of all that the tie's part feeds, are most.
struct Pair {
  Row head, tie;
  std::vector<std::size_t> hours;
  bool holds = true;
  std::vector<Row> nodes;
  std::vector<double> room;          // by node of `nodes`, the least of the hours
  std::vector<std::size_t> binding;  // and the hour
};

class Work {
 public:
  explicit Work(const CarryOverQuestion& q) : q_(q), answer_(static_cast<std::size_t>(q.network.nodes.count())) {
    for (const auto& s : q.circuit.current) with_current_loads_ = with_current_loads_ || s != 0.0;
  }

  std::vector<CarryOver> run() {
    find_feeders();
    find_pairs();
    each_hour([&](Transfer& transfer, Pair& pair, std::size_t hour) { estimate(transfer, pair, hour); });
    choose();
    each_hour([&](Transfer& transfer, Pair& pair, std::size_t hour) { settle(transfer, pair, hour); });
    return std::move(answer_);
  }

 private:
  void find_feeders() {
    const auto nodes = static_cast<std::size_t>(q_.circuit.nodes());
    head_of_.assign(nodes, none);
    part_of_.assign(nodes, none);
    for (std::size_t p = 0; p < q_.parts.size(); ++p) {
      const Part& part = q_.parts[p];
      for (std::size_t i = 1; i < part.node.size(); ++i) {
        head_of_[part.node[i]] = part.via[part.limits.feeder[i]];
        part_of_[part.node[i]] = static_cast<Row>(p);
        // The loss of a substation's transformer is firm capacity's.
        const Row b = part.via[i];
        if (part.limits.feeder[i] == static_cast<Row>(i) && b < q_.circuit.network_branches &&
            q_.network.branches.kind[b] != BranchKind::transformer)
          heads_.push_back(b);
      }
    }
    const std::size_t width = q_.power.width;
    by_head_.resize(q_.circuit.from.size());
    by_part_.assign(q_.parts.size(), std::vector<Complex>(width));
    for (Row n = 0; n < q_.network.nodes.count(); ++n) {
      if (part_of_[n] == none) continue;
      auto& head = by_head_[head_of_[n]];
      head.resize(width);
      for (std::size_t c = 0; c < width; ++c) {
        head[c] += q_.power.s[static_cast<std::size_t>(n) * width + c];
        by_part_[part_of_[n]][c] += q_.power.s[static_cast<std::size_t>(n) * width + c];
      }
    }
  }

  /// Feeders to be worked out again: those of a source that feeds a stale node, and those with a tie to such a source.
  void find_stale(Transfer& transfer) {
    again_.assign(q_.circuit.from.size(), q_.known.empty());
    if (q_.known.empty()) return;
    std::vector<Row> order, source(static_cast<std::size_t>(q_.circuit.nodes()));
    q_.forest.preorder(order);
    for (const Row n : order) source[n] = q_.forest.via(n) == none ? n : source[q_.forest.parent(n)];
    std::vector<char> stale(source.size());  // by source
    for (Row n = 0; n < q_.network.nodes.count(); ++n)
      if (q_.stale[n]) stale[source[n]] = 1;
    for (const Row head : heads_) {
      again_[head] = stale[source[q_.circuit.from[head]]];
      for (std::size_t t = 0, ties = again_[head] ? 0 : transfer.ties_after(head); t < ties; ++t) {
        const Row tie = transfer.tie(t);
        if (stale[source[q_.circuit.from[tie]]] || stale[source[q_.circuit.to[tie]]]) again_[head] = 1;
      }
    }
    for (Row n = 0; n < q_.network.nodes.count(); ++n)
      if (part_of_[n] == none || !again_[head_of_[n]]) answer_[n] = q_.known[n];
  }

  void find_pairs() {
    Transfer transfer(q_.circuit, q_.forest, q_.limits);
    const std::size_t width = q_.power.width;
    find_stale(transfer);
    for (const Row head : heads_)
      for (std::size_t t = 0, ties = again_[head] ? transfer.ties_after(head) : 0; t < ties; ++t) {
        const Row tie = transfer.tie(t);
        const Row from = q_.circuit.from[tie], outside = transfer.dark(from) ? q_.circuit.to[tie] : from;
        std::vector<Complex> feeders(width), part(width);
        for (std::size_t c = 0; c < width; ++c) {
          feeders[c] = part[c] = by_head_[head].empty() ? 0.0 : by_head_[head][c];
          if (part_of_[outside] == none) continue;
          feeders[c] += by_head_[head_of_[outside]][c];
          part[c] += by_part_[part_of_[outside]][c];
        }
        Pair pair{
            head, tie, {hour_of_most(q_.hours, feeders.data(), false), hour_of_most(q_.hours, part.data(), false)},
            true, {},  {},
            {}};
        if (pair.hours[0] == pair.hours[1]) pair.hours.pop_back();
        pairs_.push_back(std::move(pair));
      }
    for (std::size_t i = 0; i < pairs_.size(); ++i)
      for (const std::size_t hour : pairs_[i].hours) of_hour_[hour].push_back(i);
  }

  template <class Step>
  void each_hour(Step step) {
    std::vector<const std::pair<const std::size_t, std::vector<std::size_t>>*> hours;
    for (const auto& entry : of_hour_) hours.push_back(&entry);
    side_by_side(q_.threads, hours.size(), [&](std::size_t i) {
      const auto& [hour, pairs] = *hours[i];
      if (q_.stop.stop_requested()) return;
      Circuit circuit = q_.circuit;
      const std::size_t width = q_.power.width;
      for (Row n = 0; n < q_.network.nodes.count(); ++n) {
        Complex s = q_.power.s[static_cast<std::size_t>(n) * width + width - 1];
        for (std::size_t c = 0; c + 1 < width; ++c)
          s += q_.power.s[static_cast<std::size_t>(n) * width + c] * double(q_.hours[hour].share[c]);
        circuit.power[n] = s;
      }
      Transfer transfer(circuit, q_.forest, q_.limits);
      for (const std::size_t p : pairs) step(transfer, pairs_[p], hour);
    });
  }
  static bool carry(Transfer& transfer, const Pair& pair) {
    for (std::size_t t = 0, ties = transfer.ties_after(pair.head); t < ties; ++t)
      if (transfer.tie(t) == pair.tie) return transfer.carry(t);
    return false;
  }
  [[nodiscard]] LimbLimits limits_of(const Transfer& transfer) const {
    LimbLimits limits;
    const auto& nodes = transfer.carried_nodes();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Row b = transfer.carried_by()[i], parent = transfer.carried()[i].parent;
      limits.min_pu.push_back(q_.limits.min_pu[nodes[i]]);
      limits.max_pu.push_back(q_.limits.max_pu[nodes[i]]);
      limits.current.push_back(b == none ? infinite : q_.limits.current[b]);
      const bool heads =
          parent == none || parent == 0 ||
          (nodes[parent] < q_.network.nodes.count() && q_.network.nodes.kind[nodes[parent]] == NodeKind::busbar);
      limits.feeder.push_back(heads ? static_cast<Row>(i) : limits.feeder[parent]);
    }
    return limits;
  }

  void estimate(Transfer& transfer, Pair& pair, std::size_t hour) {
    const bool good = carry(transfer, pair);
    const std::lock_guard lock(mutex_);  // a pair may have two hours
    if (!good) pair.holds = false;
    if (!pair.holds) return;
    const LimbLimits limits = limits_of(transfer);
    const Headroom room(transfer.carried(), limits, q_.angle);
    std::map<Row, double> here;
    for (std::size_t i = 0; i < transfer.carried().size(); ++i)
      if (const Row n = transfer.carried_nodes()[i];
          transfer.dark(n) && n < q_.network.nodes.count() && head_of_[n] == pair.head)
        here[n] = room.rooms()[i].power;
    if (pair.nodes.empty()) {
      for (const auto& [n, power] : here)
        pair.nodes.push_back(n), pair.room.push_back(power), pair.binding.push_back(hour);
      return;
    }
    std::size_t k = 0;
    for (const auto& [n, power] : here) {
      if (power < pair.room[k] || (power == pair.room[k] && hour < pair.binding[k]))
        pair.room[k] = power, pair.binding[k] = hour;
      ++k;
    }
  }

  /// Each node by the tie that leaves it most.
  void choose() {
    chosen_.assign(answer_.size(), {infinite, none});
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
      if (!pairs_[p].holds) continue;
      for (std::size_t k = 0; k < pairs_[p].nodes.size(); ++k) {
        auto& [power, pair] = chosen_[pairs_[p].nodes[k]];
        if (pair == none || pairs_[p].room[k] > power) power = pairs_[p].room[k], pair = static_cast<Row>(p);
      }
    }
  }

  void settle(Transfer& transfer, const Pair& pair, std::size_t hour) {
    std::map<Row, double> mine;
    for (std::size_t k = 0; k < pair.nodes.size(); ++k) {
      const Row n = pair.nodes[k];
      if (pair.holds && pair.binding[k] == hour && chosen_[n].second == static_cast<Row>(&pair - pairs_.data()) &&
          pair.room[k] < q_.allowed[n] * near_enough + q_.least)
        mine.emplace(n, pair.room[k]);
    }
    if (mine.empty() || !carry(transfer, pair)) return;
    const LimbLimits limits = limits_of(transfer);
    const std::vector<Limb> limbs = transfer.carried();
    Headroom room(limbs, limits, q_.angle);
    for (std::size_t i = 0; i < limbs.size(); ++i) {
      const Row n = transfer.carried_nodes()[i];
      if (!transfer.dark(n) || !mine.contains(n)) continue;
      const Room exact =
          room.exact(static_cast<Row>(i), with_current_loads_, std::min(q_.most, q_.allowed[n]), q_.least);
      answer_[n] = {exact.power, pair.tie, q_.hours[hour].hour};
    }
  }

  const CarryOverQuestion& q_;
  std::vector<CarryOver> answer_;
  bool with_current_loads_ = false;
  std::vector<Row> heads_, head_of_, part_of_;
  std::vector<char> again_;  // by head
  std::vector<std::vector<Complex>> by_head_, by_part_;
  std::vector<Pair> pairs_;
  std::map<std::size_t, std::vector<std::size_t>> of_hour_;
  std::vector<std::pair<double, Row>> chosen_;
  std::mutex mutex_;
};

}  // namespace

std::vector<CarryOver> carry_over(const CarryOverQuestion& question) { return Work(question).run(); }

}  // namespace tongdian::grid
