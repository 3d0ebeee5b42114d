#include "grid/trace.hpp"

#include <algorithm>
#include <cassert>

namespace tongdian::grid {

Trace::Trace(const Network& network, std::vector<std::int32_t> customers)
    : network_(network), customers_(std::move(customers)) {
  const auto count = static_cast<std::size_t>(network.nodes.count());
  const auto& b = network.branches;
  if (customers_.empty()) {
    customers_.resize(count);
    for (const Row node : network.loads.node) ++customers_[node];
  }
  assert(customers_.size() == count);
  source_.resize(count);
  for (Row s = 0; s < network.sources.count(); ++s)
    if (network.sources.closed[s]) source_[network.sources.node[s]] = true;
  closed_.resize(static_cast<std::size_t>(b.count()));
  first_.resize(count + 1);
  for (Row row = 0; row < b.count(); ++row) {
    closed_[row] = b.closed(row);
    ++first_[b.from[row] + 1], ++first_[b.to[row] + 1];
  }
  for (std::size_t i = 0; i < count; ++i) first_[i + 1] += first_[i];
  arcs_.resize(static_cast<std::size_t>(first_[count]));
  auto next = first_;
  for (Row row = 0; row < b.count(); ++row) {
    arcs_[next[b.from[row]]++] = {b.to[row], row};
    arcs_[next[b.to[row]]++] = {b.from[row], row};
  }
  place_.resize(count);
  std::vector<Row> nodes;
  nodes.reserve(count);
  for (Row node = 0; node < network.nodes.count(); ++node)
    if (!source_[node]) nodes.push_back(node);
  walk_all(std::move(nodes));
}

Row Trace::new_part(bool live) {
  Row part = static_cast<Row>(parts_.size());
  if (free_parts_.empty()) {
    parts_.emplace_back();
  } else {
    part = free_parts_.back();
    free_parts_.pop_back();
  }
  parts_[part].live = live;
  parts_[part].order.clear();
  parts_[part].before.assign(1, 0);
  return part;
}

/// Finds the parts that these nodes make, first those that a source reaches. None of them has a part when this begins.
void Trace::walk_all(std::vector<Row> nodes) {
  for (const bool live : {true, false})
    for (const Row node : nodes) {
      if (place_[node].part != none) continue;
      Row source = none, via = none;
      if (live) {
        for (Row a = first_[node]; a < first_[node + 1] && source == none; ++a)
          if (closed_[arcs_[a].branch] && source_[arcs_[a].other]) source = arcs_[a].other, via = arcs_[a].branch;
        if (source == none) continue;
      }
      walk(node, source, via, new_part(live));
    }
}

void Trace::walk(Row top, Row source, Row via, Row part_row) {
  Part& part = parts_[part_row];
  const auto enter = [&](Row node, Row parent, Row by) {
    const auto at = static_cast<Row>(part.order.size());
    place_[node] = {part_row, at, at, at, parent, by};
    part.order.push_back(node);
    part.before.push_back(part.before.back() + customers_[node]);
    stack_.emplace_back(node, first_[node]);
  };
  enter(top, source, via);
  while (!stack_.empty()) {
    const Row node = stack_.back().first;
    Place& here = place_[node];
    if (stack_.back().second == first_[node + 1]) {
      here.last = static_cast<Row>(part.order.size()) - 1;
      stack_.pop_back();
      if (!stack_.empty()) {
        Place& above = place_[stack_.back().first];
        above.low = std::min(above.low, here.low);
      }
      continue;
    }
    const Arc arc = arcs_[stack_.back().second++];
    if (!closed_[arc.branch] || arc.branch == here.via || arc.other == node) continue;
    if (source_[arc.other])
      here.low = -1;
    else if (place_[arc.other].part == none)
      enter(arc.other, node, arc.branch);
    else
      here.low = std::min(here.low, place_[arc.other].at);
  }
}

Trace::Affected Trace::affected(Row branch) const {
  if (!closed_[branch]) return {};
  const auto& b = network_.branches;
  Row child = none;
  for (const Row end : {b.from[branch], b.to[branch]})
    if (!source_[end] && place_[end].via == branch) child = end;
  if (child == none) return {};
  const Place& place = place_[child];
  const Part& part = parts_[place.part];
  const Row above = place.at == 0 ? -1 : place_[place.parent].at;
  if (!part.live || place.low <= above) return {};
  return {std::span(part.order).subspan(place.at, place.last - place.at + 1),
          part.before[place.last + 1] - part.before[place.at]};
}

std::vector<Row> Trace::upstream(Row node) const {
  std::vector<Row> way;
  if (!live(node)) return way;
  for (; !source_[node]; node = place_[node].parent) way.push_back(place_[node].via);
  return way;
}

Row Trace::source_of(Row node) const {
  if (!live(node)) return none;
  if (source_[node]) return node;
  const Part& part = parts_[place_[node].part];
  return place_[part.order.front()].parent;
}

void Trace::collect(Row node, std::vector<Row>& nodes) {
  if (source_[node] || place_[node].part == none) return;
  const Row part = place_[node].part;
  nodes.insert(nodes.end(), parts_[part].order.begin(), parts_[part].order.end());
  for (const Row each : parts_[part].order) place_[each].part = none;
  parts_[part].order.clear();
  free_parts_.push_back(part);
}

/// The places from there on, which something was put in front of or taken from: of what they can reach by another way, too.
void Trace::move_behind(Part& part, Row from, Row by) {
  for (std::size_t i = static_cast<std::size_t>(from); i < part.order.size(); ++i) {
    auto& place = place_[part.order[i]];
    place.at += by, place.last += by;
    if (place.low >= from) place.low += by;
  }
}

/// Opens a branch by which alone something hangs: its interval becomes a dead part, what stood behind it moves up. Nothing is walked:
/// no other way leads in or out, so that both keep their order. False where the branch is none such.
bool Trace::cut_off(Row branch) {
  const auto away = affected(branch).nodes;
  if (away.empty()) return false;
  const Row child = away.front();
  const Row part_row = place_[child].part, from = place_[child].at, count = static_cast<Row>(away.size());
  const Row dead_row = new_part(false);
  Part &part = parts_[part_row], &dead = parts_[dead_row];
  const auto first = part.order.begin() + from;
  dead.order.assign(first, first + count);
  dead.before.clear();
  const std::int64_t in_front = part.before[from], customers = part.before[from + count] - in_front;
  for (Row i = 0; i <= count; ++i) dead.before.push_back(part.before[from + i] - in_front);
  for (Row i = 0; i < count; ++i) {
    auto& place = place_[dead.order[i]];
    place.part = dead_row;
    place.at -= from, place.last -= from, place.low -= from;
  }
  for (Row above = place_[child].parent; !source_[above]; above = place_[above].parent) place_[above].last -= count;
  place_[child].parent = place_[child].via = none;
  part.order.erase(first, first + count);
  part.before.erase(part.before.begin() + from, part.before.begin() + from + count);
  for (std::size_t i = static_cast<std::size_t>(from); i < part.before.size(); ++i) part.before[i] -= customers;
  move_behind(part, from, -count);
  if (part.order.empty()) free_parts_.push_back(part_row);
  return true;
}

/// Closes a branch between a live part and a dead one: the dead one is walked from it, and put behind the node that it hangs on.
/// False where the branch joins anything else.
bool Trace::hang_on(Row branch) {
  Row above = network_.branches.from[branch], top = network_.branches.to[branch];
  if (!live(above)) std::swap(above, top);
  if (!live(above) || source_[above] || live(top)) return false;
  std::vector<Row> nodes;
  collect(top, nodes);
  const Row fresh_row = new_part(true);
  walk(top, above, branch, fresh_row);
  const Row part_row = place_[above].part;
  Part &part = parts_[part_row], &fresh = parts_[fresh_row];
  const Row at = place_[above].at + 1, count = static_cast<Row>(fresh.order.size());
  move_behind(part, at, count);
  for (Row each = above; !source_[each]; each = place_[each].parent) place_[each].last += count;
  for (const Row node : fresh.order) {
    auto& place = place_[node];
    place.part = part_row;
    place.at += at, place.last += at, place.low += at;
  }
  const std::int64_t in_front = part.before[at], customers = fresh.before.back();
  for (std::size_t i = static_cast<std::size_t>(at); i < part.before.size(); ++i) part.before[i] += customers;
  for (auto& sum : fresh.before) sum += in_front;
  part.order.insert(part.order.begin() + at, fresh.order.begin(), fresh.order.end());
  part.before.insert(part.before.begin() + at, fresh.before.begin(), fresh.before.end() - 1);
  fresh.order.clear();
  free_parts_.push_back(fresh_row);
  return true;
}

void Trace::operate(Row branch, bool close) {
  if (closed_[branch] == close) return;
  if (close ? hang_on(branch) : cut_off(branch)) {
    closed_[branch] = close;
    return;
  }
  std::vector<Row> nodes;
  collect(network_.branches.from[branch], nodes);
  collect(network_.branches.to[branch], nodes);
  closed_[branch] = close;
  walk_all(std::move(nodes));
}

}  // namespace tongdian::grid
