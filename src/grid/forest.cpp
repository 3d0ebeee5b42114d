#include "grid/forest.hpp"

#include <algorithm>
#include <cassert>
#include <queue>
#include <tuple>

namespace tongdian::grid {
namespace {

/// Branches at each node, packed.
struct Neighbours {
  std::vector<Row> begin, branch;
  template <class Take>
  Neighbours(const Circuit& circuit, Take take) : begin(static_cast<std::size_t>(circuit.nodes()) + 1) {
    for (Row b = 0; b < circuit.branches(); ++b)
      if (take(b)) ++begin[circuit.from[b] + 1], ++begin[circuit.to[b] + 1];
    for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    branch.resize(static_cast<std::size_t>(begin.back()));
    auto next = begin;
    for (Row b = 0; b < circuit.branches(); ++b)
      if (take(b)) branch[next[circuit.from[b]]++] = b, branch[next[circuit.to[b]]++] = b;
  }
};

}  // namespace

Forest::Forest(Row nodes)
    : parent_(static_cast<std::size_t>(nodes), none),
      via_(static_cast<std::size_t>(nodes), none),
      seen_(static_cast<std::size_t>(nodes)) {}

std::optional<Forest> Forest::as_closed(const Circuit& circuit) { return as_it_stands(circuit, true); }
std::optional<Forest> Forest::of_the_fed(const Circuit& circuit) { return as_it_stands(circuit, false); }

std::optional<Forest> Forest::as_it_stands(const Circuit& circuit, bool whole) {
  Forest forest(circuit.nodes());
  std::vector<Row> queue;
  std::vector<bool> reached(static_cast<std::size_t>(circuit.nodes()));
  for (Row node = 0; node < circuit.nodes(); ++node)
    if (circuit.source[node] != 0.0) queue.push_back(node), reached[node] = true;
  const auto sources = static_cast<Row>(queue.size());
  const Neighbours at(circuit, [&](Row b) { return circuit.closed[b]; });
  for (std::size_t i = 0; i < queue.size(); ++i)
    for (Row k = at.begin[queue[i]]; k < at.begin[queue[i] + 1]; ++k) {
      const Row b = at.branch[k];
      const Row other = circuit.from[b] == queue[i] ? circuit.to[b] : circuit.from[b];
      if (reached[other]) continue;
      reached[other] = true;
      forest.parent_[other] = queue[i];
      forest.via_[other] = b;
      queue.push_back(other);
    }
  const auto count = static_cast<Row>(queue.size());
  if (whole ? count != circuit.nodes() : sources == 0) return {};
  // As many closed branches as nodes below the sources: then none closes a loop.
  Row closed = 0;
  for (Row b = 0; b < circuit.branches(); ++b) closed += circuit.closed[b] && reached[circuit.from[b]];
  if (closed != count - sources) return {};
  for (Row b = 0; b < circuit.branches(); ++b)
    if (circuit.usable[b] && !circuit.closed[b] && reached[circuit.from[b]] && reached[circuit.to[b]])
      forest.ties_.push_back(b);
  return forest;
}

std::optional<Forest> Forest::of_shortest_paths(const Circuit& circuit) {
  Forest forest(circuit.nodes());
  using Step = std::tuple<double, Row, Row, Row>;  // impedance, node, its branch, its parent
  std::priority_queue<Step, std::vector<Step>, std::greater<>> next;
  std::vector<bool> reached(static_cast<std::size_t>(circuit.nodes())), taken(circuit.from.size());
  const Neighbours at(circuit, [&](Row b) { return circuit.usable[b]; });
  for (Row node = 0; node < circuit.nodes(); ++node)
    if (circuit.source[node] != 0.0) next.emplace(0, node, none, none);
  Row count = 0;
  while (!next.empty()) {
    const auto [far, node, via, parent] = next.top();
    next.pop();
    if (reached[node]) continue;
    reached[node] = true;
    ++count;
    forest.via_[node] = via;
    forest.parent_[node] = parent;
    if (via != none) taken[via] = true;
    for (Row k = at.begin[node]; k < at.begin[node + 1]; ++k) {
      const Row b = at.branch[k];
      const Row other = circuit.from[b] == node ? circuit.to[b] : circuit.from[b];
      // A source's own impedance counts nothing, so that each source feeds at least the node it stands at.
      const double length = b < circuit.network_branches ? std::abs(circuit.z[b]) : 0;
      if (!reached[other]) next.emplace(far + length, other, b, node);
    }
  }
  for (Row b = circuit.network_branches; b < circuit.branches(); ++b)
    if (!taken[b]) return {};  // two sources at one node
  if (count != circuit.nodes()) return {};
  for (Row b = 0; b < circuit.network_branches; ++b)
    if (circuit.usable[b] && !taken[b]) forest.ties_.push_back(b);
  return forest;
}

std::vector<Row> Forest::open(const Circuit& circuit) const {
  auto rows = ties_;
  for (Row b = 0; b < circuit.network_branches; ++b)
    if (!circuit.usable[b]) rows.push_back(b);
  std::sort(rows.begin(), rows.end());
  return rows;
}

void Forest::find_loop(const Circuit& circuit, Row tie, Loop& loop) {
  loop.at_from.clear();
  loop.at_to.clear();
  Row a = circuit.from[tie], b = circuit.to[tie];
  const std::uint64_t by_a = ++walk_, by_b = ++walk_;
  Row meet = none;
  while (a != none || b != none) {  // by turns, so that it costs the loop and not the way to the source
    if (a != none) {
      if (seen_[a] == by_b) {
        meet = a;
        break;
      }
      seen_[a] = by_a;
      loop.at_from.push_back(a);
      a = parent_[a];
    }
    if (b != none) {
      if (seen_[b] == by_a) {
        meet = b;
        break;
      }
      seen_[b] = by_b;
      loop.at_to.push_back(b);
      b = parent_[b];
    }
  }
  const auto cut = [&](std::vector<Row>& way) {
    if (meet == none)
      way.pop_back();  // the source itself
    else if (const auto here = std::find(way.begin(), way.end(), meet); here != way.end())
      way.erase(here, way.end());
  };
  cut(loop.at_from);
  cut(loop.at_to);
}

void Forest::exchange(const Circuit& circuit, std::size_t slot, const Loop& loop, Row child) {
  const Row tie = ties_[slot];
  const bool below_from = std::find(loop.at_from.begin(), loop.at_from.end(), child) != loop.at_from.end();
  Row node = below_from ? circuit.from[tie] : circuit.to[tie];
  Row new_parent = below_from ? circuit.to[tie] : circuit.from[tie];
  ties_[slot] = via_[child];
  Row new_via = tie;
  while (true) {  // the way from the tie to the opened branch turns round
    const Row next = parent_[node], via = via_[node];
    parent_[node] = new_parent;
    via_[node] = new_via;
    if (node == child) break;
    new_parent = node;
    new_via = via;
    node = next;
    assert(node != none);
  }
}

void Forest::preorder(std::vector<Row>& order) const {
  const auto count = parent_.size();
  std::vector<Row> first(count, none), next(count, none), stack;
  for (Row node = nodes() - 1; node >= 0; --node)
    if (parent_[node] != none) {
      next[node] = first[parent_[node]];
      first[parent_[node]] = node;
    } else {
      stack.push_back(node);
    }
  order.clear();
  order.reserve(count);
  while (!stack.empty()) {
    const Row node = stack.back();
    stack.pop_back();
    order.push_back(node);
    for (Row child = first[node]; child != none; child = next[child]) stack.push_back(child);
  }
}

}  // namespace tongdian::grid
