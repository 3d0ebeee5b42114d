#include "supply/supply_grid.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/digest.hpp"
#include "grid/csv_table.hpp"

namespace tongdian::supply {
namespace {

using grid::none;
using grid::Row;

constexpr std::size_t shown_places = 12;

std::string_view limit_name(grid::Limit limit) {
  constexpr std::string_view names[] = {"overload",  "undervoltage", "no_solution", "substation",
                                        "n_minus_1", "none",         "no_supply"};
  return names[static_cast<std::size_t>(limit)];
}

std::string_view voltage_name(double rated_kv) {
  return grid::name_of(grid::level_of(rated_kv).value_or(grid::Level::high));
}

double metres(double longitude, double latitude, double other_longitude, double other_latitude) {
  const double east = (longitude - other_longitude) * 111'320 * std::cos(latitude * 3.14159265358979 / 180);
  const double north = (latitude - other_latitude) * 110'570;
  return std::hypot(east, north);
}

template <class T>
void append(std::string& bytes, const std::vector<T>& column) {
  static_assert(std::is_trivially_copyable_v<T>);
  bytes.append(reinterpret_cast<const char*>(column.data()), column.size() * sizeof(T));
}

void append(std::string& bytes, const grid::Ids& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) (bytes += ids.shown(i)) += '\n';
}

}  // namespace

std::optional<Problem> defect(const Question& q) {
  const auto wrong = [](const char* path, std::string zh, std::string en) {
    return bad_input("json.out_of_range", path, {std::move(zh), std::move(en)});
  };
  if (!(q.longitude >= -180 && q.longitude <= 180))
    return wrong("/longitude", "经度应在 -180 到 180 之间", "a longitude is between -180 and 180");
  if (!(q.latitude >= -90 && q.latitude <= 90))
    return wrong("/latitude", "纬度应在 -90 到 90 之间", "a latitude is between -90 and 90");
  if (!(q.kw > 0 && q.kw <= most_kw))
    return wrong("/kw", "容量应大于 0，且不超过 100000 千瓦", "more than 0 and at most 100,000 kW");
  if (!grid::level_named(q.voltage)) return wrong("/voltage", "应为 lv、10kv 或 35kv", "lv, 10kv or 35kv");
  if (q.sources != 1 && q.sources != 2) return wrong("/sources", "应为 1 或 2", "1 or 2");
  if (q.boundary != "meter" && q.boundary != "red_line" && q.boundary != "ownership_point")
    return wrong("/boundary", "应为 meter、red_line 或 ownership_point", "meter, red_line or ownership_point");
  if (!(q.to_red_line_m >= 0)) return wrong("/to_red_line_m", "不小于 0", "0 or more");
  return {};
}

Problem no_such_voltage() {
  return refusal("supply.no_such_voltage",
                 {"载入的电网没有这个电压等级", "the network that is loaded has nothing of this voltage"},
                 {"由规划人员另行计算，接入点直接填写；或在电网表格中补上这一电压等级",
                  "write the point that the planners computed by hand, or add that voltage to the network's tables"});
}

std::string digest_of(const grid::CityNetwork& city) {
  const auto& n = city.network;
  std::string bytes = n.name + '\n';
  append(bytes, std::vector<double>{n.base_mva});
  append(bytes, n.nodes.id);
  append(bytes, n.nodes.rated_kv);
  append(bytes, n.nodes.kind);
  append(bytes, n.nodes.longitude);
  append(bytes, n.nodes.latitude);
  append(bytes, n.branches.id);
  append(bytes, n.branches.from);
  append(bytes, n.branches.to);
  append(bytes, n.branches.kind);
  append(bytes, n.branches.z);
  append(bytes, n.branches.ratio);
  append(bytes, n.branches.rate_mva);
  for (Row b = 0; b < n.branches.count(); ++b) bytes += n.branches.closed(b) ? '1' : '0';
  append(bytes, n.loads.node);
  append(bytes, n.loads.s);
  append(bytes, n.sources.node);
  append(bytes, n.sources.voltage);
  append(bytes, city.around.customers);
  append(bytes, city.around.load_curve);
  for (const auto& curve : city.around.curves) append(bytes, curve.share);
  for (const auto& approved : city.around.approved) {
    bytes += approved.id + '\n';
    append(bytes, std::vector<double>{double(approved.node), approved.kw});
  }
  return to_hex(sha256(bytes));
}

SupplyGrid::Standing::Standing(const grid::Network& of, grid::Surroundings surroundings, const grid::Standards& by,
                               Approvals approved)
    : network(of),
      standards(by),
      around(std::move(surroundings)),
      approvals(std::move(approved)),
      approvals_digest(approvals.digest()),
      counted(take_in(approvals, network, around)),
      points(network, around, standards) {}

SupplyGrid::Standing::Standing(const Standing& before, grid::Surroundings surroundings, Approvals approved)
    : network(before.network),
      standards(before.standards),
      around(std::move(surroundings)),
      approvals(std::move(approved)),
      approvals_digest(approvals.digest()),
      counted(take_in(approvals, network, around)),
      points(before.points, around) {}

void SupplyGrid::Standing::compute(int threads, const Standing* before, const std::stop_token& stop) {
  grid::CapacityRules rules;
  rules.angle = standards.angle();
  rules.firm_share = standards["firm_share"];
  rules.threads = threads;
  rules.stop = stop;
  capacity = before && before->computed ? grid::open_capacity(network, around, points.limits(), rules,
                                                              *before->capacity, before->around.approved)
                                        : grid::open_capacity(network, around, points.limits(), rules);
  if (!capacity) return;
  points.use(*capacity);
  computed = true;
}

SupplyGrid::SupplyGrid(Origin origin, grid::CityNetwork city, grid::Standards standards, std::string standards_bytes)
    : origin_(std::move(origin)),
      city_(std::move(city)),
      standards_(std::move(standards)),
      standards_digest_(to_hex(sha256(standards_bytes))),
      findings_(grid::findings(city_.network)),
      standing_(std::make_shared<Standing>(city_.network, city_.around, standards_, Approvals{})) {}
SupplyGrid::~SupplyGrid() = default;

bool SupplyGrid::ok() const { return standing()->points.ok(); }

bool SupplyGrid::counts(const Approvals& approvals) const {
  const auto now = standing();
  return now->approvals.through && now->approvals_digest == approvals.digest();
}

void SupplyGrid::take(Approvals approvals) {
  stand(std::make_shared<Standing>(*standing(), city_.around, std::move(approvals)));
}

void SupplyGrid::count(Approvals approvals, int threads, const std::stop_token& stop) {
  const auto before = standing();
  auto next = std::make_shared<Standing>(*before, city_.around, std::move(approvals));
  next->compute(threads, before.get(), stop);
  if (next->computed || !before->computed) stand(std::move(next));
}

json::Object SupplyGrid::heading(const Standing& now) const {
  json::Object out{{"network", origin_.name},
                   {"made_up", origin_.made_up},
                   {"network_digest", origin_.digest},
                   {"standards_digest", standards_digest_}};
  // Where a journal was asked: what was drafted before keeps its digest.
  if (now.approvals.through)
    out.emplace("approved", json::Object{{"through", static_cast<std::int64_t>(*now.approvals.through)},
                                         {"digest", now.approvals_digest},
                                         {"cases", now.counted.cases},
                                         {"kw", now.counted.kw},
                                         {"unplaced", now.counted.unplaced}});
  return out;
}

std::string SupplyGrid::name_of(grid::Limit limit, Row element) const {
  if (element == none) return {};
  if (limit == grid::Limit::firm) return city_.around.substations[static_cast<std::size_t>(element)].name;
  if (limit == grid::Limit::overload || limit == grid::Limit::n_minus_1)
    return city_.network.branches.id.shown(element);
  return city_.network.nodes.id.shown(element);
}

json::Object SupplyGrid::why(grid::Limit limit, Row element) const {
  json::Object out{{"limit", limit_name(limit)}};
  if (element != none) out.emplace("element", name_of(limit, element));
  return out;
}

double SupplyGrid::open_kw(const Standing& now, Row n) const {
  return std::floor(now.capacity->nodes[n].power * city_.network.base_mva * 1000);
}

SupplyGrid::List SupplyGrid::list(std::string month) const {
  const auto now = standing();
  List out{{std::move(month), origin_.name, origin_.made_up, origin_.digest, standards_digest_, "", 0, 0, {}, ""}, ""};
  if (now->approvals.through) {
    out.edition.approved_through = static_cast<std::int64_t>(*now->approvals.through);
    out.edition.approved_digest = now->approvals_digest;
  }
  const auto& nodes = city_.network.nodes;
  grid::CsvWriter table("place,voltage,longitude,latitude,open_kw,limited_by,element,hour");
  for (Row n = 0; n < nodes.count(); ++n) {
    if (!is_place(n)) continue;
    const auto& node = now->capacity->nodes[n];
    const double kw = open_kw(*now, n);
    table.cell(nodes.id.shown(n))
        .cell(voltage_name(nodes.rated_kv[n]))
        .cell(nodes.longitude[n])
        .cell(nodes.latitude[n])
        .cell(kw)
        .cell(limit_name(node.limit))
        .cell(name_of(node.limit, node.element))
        .cell(double(node.hour))
        .end();
    ++out.edition.places;
    out.edition.limited += kw < 1;
  }
  out.csv = "\xEF\xBB\xBF" + table.text();  // for Excel, which takes it for the local code page without
  out.edition.list_digest = to_hex(sha256(out.csv));
  return out;
}

json::Object SupplyGrid::map() const {
  const auto now = standing();
  json::Object out = heading(*now);
  const bool computed = now->computed;
  out.emplace("computed", computed);
  json::Array cells;
  if (computed) {
    constexpr double a_degree = 111'320, side_m = 500;
    struct Cell {
      double lv = -1, mv = -1;  // the most at a place of it; negative: there is none
    };
    const auto& nodes = city_.network.nodes;
    double middle = 0;
    for (const auto& each : city_.around.substations) middle += each.latitude;
    if (!city_.around.substations.empty()) middle /= static_cast<double>(city_.around.substations.size());
    const double high = side_m / a_degree, wide = high / std::max(0.1, std::cos(middle * 3.14159265358979 / 180));
    std::map<std::pair<std::int64_t, std::int64_t>, Cell> gathered;
    for (Row n = 0; n < nodes.count(); ++n) {
      if (!is_place(n) || grid::level_of(nodes.rated_kv[n]) == grid::Level::high) continue;
      if (!std::isfinite(nodes.longitude[n]) || !std::isfinite(nodes.latitude[n])) continue;
      auto& cell = gathered[{static_cast<std::int64_t>(std::floor(nodes.latitude[n] / high)),
                             static_cast<std::int64_t>(std::floor(nodes.longitude[n] / wide))}];
      auto& most = nodes.rated_kv[n] < 1 ? cell.lv : cell.mv;
      most = std::max(most, open_kw(*now, n));
    }
    const auto kw_or_null = [](double kw) { return kw < 0 ? json::Value(nullptr) : json::Value(kw); };
    const auto rounded = [](double degrees) { return std::round(degrees * 1e5) / 1e5; };
    for (const auto& [at, cell] : gathered)
      cells.push_back(json::Object{{"longitude", rounded((static_cast<double>(at.second) + 0.5) * wide)},
                                   {"latitude", rounded((static_cast<double>(at.first) + 0.5) * high)},
                                   {"lv_kw", kw_or_null(cell.lv)},
                                   {"mv_kw", kw_or_null(cell.mv)}});
    out.emplace("cell", json::Object{{"longitude", wide}, {"latitude", high}});
  }
  out.emplace("cells", std::move(cells));
  return out;
}

/// Where a customer may be connected: at 66 kV and below, but not on a substation's own busbar, from which a line would be new.
bool SupplyGrid::is_place(Row n) const {
  const auto& nodes = city_.network.nodes;
  return grid::level_of(nodes.rated_kv[n]) && nodes.kind[n] != grid::NodeKind::internal &&
         (nodes.rated_kv[n] < 1 || nodes.kind[n] != grid::NodeKind::busbar);
}

json::Object SupplyGrid::open_capacity_at(std::optional<std::pair<double, double>> place) const {
  const auto now = standing();
  json::Object out = heading(*now);
  const bool computed = now->computed;
  out.emplace("computed", computed);
  json::Array places, substations;
  for (const auto& each : city_.around.substations)
    substations.push_back(
        json::Object{{"name", each.name}, {"longitude", each.longitude}, {"latitude", each.latitude}});
  out.emplace("substations", std::move(substations));
  if (computed && place) {
    const auto [longitude, latitude] = *place;
    const auto& nodes = city_.network.nodes;
    std::vector<std::pair<double, Row>> near;
    for (Row n = 0; n < nodes.count(); ++n) {
      if (!is_place(n)) continue;
      near.emplace_back(metres(longitude, latitude, nodes.longitude[n], nodes.latitude[n]), n);
    }
    const auto shown = std::min(shown_places, near.size());
    std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(shown), near.end());
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& [far, n] = near[i];
      const auto& node = now->capacity->nodes[n];
      json::Object one{{"node", nodes.id.shown(n)},
                       {"voltage", voltage_name(nodes.rated_kv[n])},
                       {"longitude", nodes.longitude[n]},
                       {"latitude", nodes.latitude[n]},
                       {"distance_m", std::round(far)},
                       {"kw", open_kw(*now, n)},
                       {"hour", node.hour}};
      for (auto& part : why(node.limit, node.element)) one.emplace(part.key(), part.value());
      places.push_back(std::move(one));
    }
  }
  out.emplace("places", std::move(places));
  return out;
}

namespace {

Problem not_offered() {
  return refusal("supply.not_offered",
                 {"所选接入点不在可行方案之内：电网计算未通过，或电源数与申请不符",
                  "what was chosen is none of the connection points that fit, or not one for each source"},
                 {"请从计算结果中选择；没有可行接入点时不填接入点，或按白名单办理",
                  "choose of those that fit; where none does, choose none, or propose the whitelist"});
}

/// The candidates that fit, or pairs of them, as names of nodes; the best first.
std::vector<std::vector<std::string>> offers(const json::Object& answer, bool two_sources) {
  std::vector<std::vector<std::string>> out;
  const auto& candidates = answer.at("candidates").get_array();
  const auto node = [&](const json::Value& row) { return std::string(row.at("node").as_string()); };
  if (two_sources) {
    for (const auto& pair : answer.at("pairs").get_array())
      out.push_back({node(candidates[pair.at(0).to_number<std::size_t>()]),
                     node(candidates[pair.at(1).to_number<std::size_t>()])});
  } else {
    for (const auto& each : candidates)
      if (each.at("fits").as_bool()) out.push_back({node(each)});
  }
  return out;
}

}  // namespace

Result<json::Object> SupplyGrid::draft_record(const Question& question, std::vector<std::string> chosen) const {
  json::Object out = draft(question);
  const auto offered = offers(out.at("answer").get_object(), question.sources == 2);
  if (chosen.empty()) {
    if (!offered.empty()) chosen = offered.front();
  } else {
    const auto same = [&](const auto& each) { return std::ranges::is_permutation(each, chosen); };
    if (std::ranges::none_of(offered, same)) return not_offered();
  }
  out.erase("answer");
  if (!chosen.empty()) out.emplace("chosen", json::write(chosen));
  return out;
}

json::Object SupplyGrid::finding_record(const Question& question) const {
  json::Object out = draft(question);
  const auto& answer = out.at("answer").get_object();
  const auto fitting = std::ranges::count_if(answer.at("candidates").get_array(),
                                             [](const json::Value& each) { return each.at("fits").as_bool(); });
  out.emplace("fits",
              question.sources == 2 ? static_cast<std::int64_t>(answer.at("pairs").get_array().size()) : fitting);
  if (const auto* kind = out.at("answer").get_object().if_contains("whitelist")) out.emplace("whitelist", *kind);
  out.erase("answer");
  return out;
}

bool SupplyGrid::has(std::string_view voltage) const {
  const auto level = grid::level_named(voltage);
  return level && standing()->points.has(*level);
}

json::Object SupplyGrid::draft(const Question& q) const { return draft(q, *standing()); }

json::Object SupplyGrid::draft(const Question& q, const Standing& now) const {
  const auto boundary = q.boundary == "meter"      ? grid::Boundary::meter
                        : q.boundary == "red_line" ? grid::Boundary::red_line
                                                   : grid::Boundary::ownership_point;
  const bool checked = now.computed;
  const grid::ConnectQuestion question{
      q.longitude, q.latitude,      q.kw,   *grid::level_named(q.voltage), static_cast<int>(q.sources), q.important,
      boundary,    q.to_red_line_m, checked};
  const auto answer = now.points.ask(question);
  json::Object inputs = heading(now);
  inputs.emplace("question", json::write(q));
  inputs.emplace("n_minus_1_checked", checked);
  json::Array candidates, pairs, cures;
  for (const auto& c : answer.candidates) {
    json::Object one{{"node", city_.network.nodes.id.shown(c.node)},
                     {"fits", c.fits},
                     {"public_line", c.public_line},
                     {"route_m", std::round(c.route_m)},
                     {"cost_utility_yuan", std::round(c.cost_utility)},
                     {"cost_user_yuan", std::round(c.cost_user)}};
    // Said where there are roads: what was drafted before keeps its digest.
    if (!city_.around.roads.empty()) one.emplace("route", c.by_road ? "road" : "straight");
    if (c.substation != none)
      one.emplace("substation", city_.around.substations[static_cast<std::size_t>(c.substation)].name);
    if (c.fits)
      one.emplace("lowest_pu", std::round(c.lowest_pu * 1e6) / 1e6);
    else
      one.emplace("breaks", why(c.broken, c.element));
    candidates.push_back(std::move(one));
  }
  for (const auto& [a, b] : answer.pairs) pairs.push_back(json::Array{a, b});
  constexpr std::string_view kinds[] = {"reinforce", "regulate_voltage", "enlarge_substation", "new_line", "new_tie"};
  for (const auto& cure : answer.cures)
    cures.push_back(json::Object{{"kind", kinds[static_cast<std::size_t>(cure.kind)]},
                                 {"need_mva", std::round(cure.need_mva * 1000) / 1000}});
  json::Object result{{"candidates", std::move(candidates)}, {"pairs", std::move(pairs)}, {"cures", std::move(cures)}};
  if (answer.outside_planned_grid) result.emplace("whitelist", "outside_planned_grid");
  if (answer.micro_beyond_capacity) result.emplace("whitelist", "micro_beyond_capacity");
  json::Object out;
  out.emplace("inputs_digest", to_hex(sha256(json::canonical(inputs))));
  out.emplace("answer_digest", to_hex(sha256(json::canonical(result))));
  out.emplace("inputs", std::move(inputs));
  out.emplace("answer", std::move(result));
  return out;
}

}  // namespace tongdian::supply
