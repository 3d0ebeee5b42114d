// What a planner looks at: feeders, what looks wrong with the network, what is weak in it.
#include <algorithm>
#include <cmath>

#include "supply/supply_grid.hpp"

namespace tongdian::supply {

using grid::none;
using grid::Row;

namespace {

/// "node 7" as a finding names it, in both languages.
Sentence element_name(const std::string& element) {
  constexpr std::pair<std::string_view, std::string_view> kinds[] = {
      {"node ", "节点 "}, {"branch ", "支路 "}, {"load ", "负荷 "}, {"source ", "电源 "}, {"generator ", "发电机 "}};
  for (const auto& [en, zh] : kinds)
    if (element.starts_with(en)) return {std::string(zh) + element.substr(en.size()), element};
  return {element, element};
}

}  // namespace

json::Object SupplyGrid::feeders() const {
  json::Array out;
  const auto& branches = city_.network.branches;
  const auto now = standing();
  for (const Row b : now->points.feeders()) {
    json::Object one{{"id", branches.id.shown(b)}};
    for (const auto& station : city_.around.substations)
      for (const Row busbar : station.busbars)
        if (busbar == branches.from[b] || busbar == branches.to[b]) one.emplace("substation", station.name);
    out.push_back(std::move(one));
  }
  json::Array doubts;
  const auto both = [](const Sentence& s) { return json::Object{{"zh", s.zh}, {"en", s.en}}; };
  for (const auto& each : findings_)
    doubts.push_back(json::Object{
        {"element", both(element_name(each.element))}, {"what", both(each.what)}, {"mend", both(each.mend)}});
  return {{"feeders", std::move(out)}, {"findings", std::move(doubts)}};
}

void SupplyGrid::find_weak_spots() {
  auto found = std::make_shared<const std::vector<grid::WeakSpot>>(
      grid::weak_spots(city_.network, city_.around, standing()->points.limits()));
  const std::lock_guard lock(standing_mutex_);
  weak_spots_ = std::move(found);
}

json::Object SupplyGrid::weak_spots() const {
  std::shared_ptr<const std::vector<grid::WeakSpot>> found;
  {
    const std::lock_guard lock(standing_mutex_);
    found = weak_spots_;
  }
  constexpr std::string_view kinds[] = {"overload", "low_voltage", "repeated_faults"};
  constexpr std::size_t most = 200;
  const auto now = standing();
  const auto& network = city_.network;
  json::Array rows;
  for (std::size_t i = 0; found && i < std::min(most, found->size()); ++i) {
    const auto& spot = (*found)[i];
    const bool at_node = spot.kind == grid::WeakSpot::Kind::low_voltage;
    const Row node = at_node ? spot.element : network.branches.to[spot.element];
    json::Object one{{"kind", kinds[static_cast<std::size_t>(spot.kind)]},
                     {"element", at_node ? network.nodes.id.shown(node) : network.branches.id.shown(spot.element)},
                     {"node", network.nodes.id.shown(node)},
                     {"customers", spot.customers},
                     {"worst", std::round(spot.worst * 1e4) / 1e4},
                     {"limit", spot.limit},
                     {"hours", spot.hours},
                     {"hour", spot.hour}};
    if (const Row feeder = now->points.feeder_of(node); feeder != none)
      one.emplace("feeder", network.branches.id.shown(feeder));
    rows.push_back(std::move(one));
  }
  return {{"computed", found != nullptr},
          {"made_up", origin_.made_up},
          {"total", static_cast<std::int64_t>(found ? found->size() : 0)},
          {"weak_spots", std::move(rows)}};
}

std::optional<json::Object> SupplyGrid::feeder(std::string_view name, std::string_view node, double kw) const {
  const auto& network = city_.network;
  const auto head = grid::IdIndex(network.branches.id).find_spelt(name);
  const auto at = node.empty() ? std::optional<Row>(none) : grid::IdIndex(network.nodes.id).find_spelt(node);
  if (!head || !at) return {};
  const auto now = standing();
  const auto state = now->points.feeder(*head, *at, kw);
  if (!state) return {};
  json::Array elements;
  for (const auto& e : state->elements) {
    json::Object one{{"node", network.nodes.id.shown(e.node)},
                     {"parent", e.parent},
                     {"voltage_kv", network.nodes.rated_kv[e.node]},
                     {"lowest_pu", std::round(e.lowest_pu * 1e5) / 1e5},
                     {"limit_pu", now->points.limits().min_pu[e.node]},
                     {"share", std::round(e.share * 1e4) / 1e4},
                     {"kw", std::round(e.kw * 10) / 10}};
    if (e.parent != none) {
      one.emplace("branch", network.branches.id.shown(e.via));
      one.emplace("switch", grid::is_switch(network.branches.kind[e.via]));
    }
    const double longitude = network.nodes.longitude[e.node], latitude = network.nodes.latitude[e.node];
    if (std::isfinite(longitude) && std::isfinite(latitude)) {
      one.emplace("longitude", std::round(longitude * 1e6) / 1e6);
      one.emplace("latitude", std::round(latitude * 1e6) / 1e6);
    }
    elements.push_back(std::move(one));
  }
  return json::Object{
      {"feeder", name}, {"made_up", origin_.made_up}, {"solved", state->solved}, {"elements", std::move(elements)}};
}

}  // namespace tongdian::supply
