#include "app/demo_network.hpp"

#include <algorithm>
#include <cmath>

#include "base/time_text.hpp"
#include "connection/actions.hpp"
#include "journeys/city.hpp"

namespace tongdian::app {
namespace {

/// Plans before are words: the city computes since then. Four weeks fill every stage with computed plans.
constexpr std::string_view introduced = "2021-10-18";
/// Beyond, open capacity is not worked out anew for each day's promises: a start shall not take minutes.
constexpr grid::Row small = 10'000;
/// A fiftieth of a network cannot carry all of a city's cases: it is that of some streets.
constexpr double share_on_small = 0.25;

/// The substation that stands nearest says in which district a node is.
std::string_view area_of(const grid::Surroundings& around, double longitude, double latitude) {
  std::string_view area;
  double nearest = 1;  // degrees squared; no district reaches that far
  for (const auto& station : around.substations) {
    const double d = std::pow(station.longitude - longitude, 2) + std::pow(station.latitude - latitude, 2);
    if (d < nearest) nearest = d, area = station.area;
  }
  return area;
}

/// A work's limit in the register's words, of the network's.
std::string works_limit(std::string_view broken) {
  if (std::ranges::find(connection::works_limits, broken) != connection::works_limits.end()) return std::string(broken);
  return "no_line";
}

/// The network knows how much, not whose: a home is no micro-enterprise.
bool may_be_filed(const policy::Pack& pack, std::string_view kind, const policy::Facts& facts) {
  const auto found = std::ranges::find(pack.whitelist(), kind, &policy::WhitelistKind::id);
  return found != pack.whitelist().end() && !(found->enterprises_only && facts.customer == policy::Customer::resident);
}

}  // namespace

DemoNetwork::DemoNetwork(Foundation& foundation, supply::SupplyGrid& grid, std::uint64_t seed)
    : f_(foundation), grid_(grid), random_(seed + 2) {
  const auto& nodes = grid.network().nodes;
  for (grid::Row n = 0; n < nodes.count(); ++n) {
    const bool low = nodes.rated_kv[n] < 1;
    if (nodes.kind[n] == grid::NodeKind::busbar || nodes.rated_kv[n] > 20) continue;
    auto& district = districts_[std::string(area_of(grid.surroundings(), nodes.longitude[n], nodes.latitude[n]))];
    (low ? district.low : district.middle).push_back(n);
  }
}

bool DemoNetwork::is_small() const { return grid_.network().nodes.count() <= small; }

/// Each morning's plans rest on what was promised by the evening before, and say so (`approved.through`).
void DemoNetwork::count_promises(LocalDate today) {
  if (counted_on_ == today) return;
  counted_on_ = today;
  auto approvals = journeys::approvals(*f_.database->reader(), *f_.connection, grid_);
  if (is_small())
    grid_.count(std::move(approvals), 2);
  else
    grid_.take(std::move(approvals));
}

supply::Question DemoNetwork::question(const policy::Facts& facts, std::string_view boundary,
                                       const District& district) {
  const auto& beside = facts.voltage == policy::Voltage::lv ? district.low : district.middle;
  const auto& nodes = grid_.network().nodes;
  const auto n = beside[static_cast<std::size_t>(between(0, static_cast<double>(beside.size())))];
  // Most customers stand at a line; some far out, where none was planned.
  const double away = between(0, 1) < 0.97 ? 0.0008 : 0.08;
  const double turn = between(0, 6.28);
  const auto rounded = [](double degrees) { return std::round(degrees * 1e5) / 1e5; };
  auto asked = connection::supply_question(facts, boundary);
  asked.emplace("longitude", rounded(nodes.longitude[n] + away * std::cos(turn)));
  asked.emplace("latitude", rounded(nodes.latitude[n] + away * std::sin(turn)));
  asked.emplace("to_red_line_m", asked.at("boundary") == "red_line" ? std::round(between(20, 200)) : 0);
  return json::read<supply::Question>(json::Value(std::move(asked))).value();
}

std::optional<DemoPlan> DemoNetwork::plan(const policy::Facts& facts, std::string_view boundary,
                                          const std::string& area, Instant now) {
  const auto today = f_.pack->zone().date_of(now);
  const auto found = districts_.find(area);
  if (found == districts_.end() || today < *parse_date(introduced)) return {};
  if (!grid_.has(facts.voltage == policy::Voltage::lv     ? "lv"
                 : facts.voltage == policy::Voltage::kv10 ? "10kv"
                                                          : "35kv"))
    return {};
  if (is_small() && between(0, 1) > share_on_small) return {};
  count_promises(today);
  const auto asked = question(facts, boundary, found->second);
  DemoPlan out;
  auto record = grid_.draft_record(asked, {}).value();
  if (const auto* chosen = record.if_contains("chosen")) {
    for (const auto& node : chosen->get_array())
      out.connection_point += (out.connection_point.empty() ? "" : "、") + std::string(node.as_string());
    out.draft = std::move(record);
    return out;
  }
  out.connection_point = "须先实施电网配套工程（虚构）";
  auto finding = grid_.finding_record(asked);
  const auto* kind = finding.if_contains("whitelist");
  if (!kind || !may_be_filed(*f_.pack, kind->as_string(), facts)) {
    // A home is not lit where nothing fits: there the demo says nothing of a network.
    if (asked.voltage == "lv") return {};
    out.draft = std::move(record);
    return out;
  }
  out.whitelist = kind->as_string();
  out.draft = std::move(finding);
  const auto answer = grid_.draft(asked).at("answer");
  const auto& candidates = answer.at("candidates").get_array();
  const auto& cures = answer.at("cures").get_array();
  out.limit = candidates.empty() ? "no_line" : works_limit(candidates.front().at("breaks").at("limit").as_string());
  out.cure = cures.empty() ? "new_line" : std::string(cures.front().at("kind").as_string());
  return out;
}

}  // namespace tongdian::app
