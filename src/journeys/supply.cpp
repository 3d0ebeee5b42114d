// What can be connected where: for anyone to look up, and for staff to draft a supply plan from.
#include <charconv>

#include "base/time_text.hpp"
#include "connection/approved_loads.hpp"
#include "journeys/city.hpp"
#include "supply/supply_grid.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

std::optional<double> number(std::optional<std::string_view> text) {
  double value = 0;
  if (!text) return {};
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return {};
  return value;
}

Problem no_network() {
  return refusal("supply.no_network", {"本市尚未载入电网", "no network is loaded for this city"},
                 {"请拨打 95598 咨询", "ask the supply enterprise on 95598"});
}

Result<wire::Response> look_up(const City& city, const wire::Request& request) {
  if (!city.grid) return no_network();
  const auto asked_longitude = request.query("longitude"), asked_latitude = request.query("latitude");
  if (!asked_longitude && !asked_latitude) return wire::json_response(city.grid->open_capacity_at({}));
  const auto longitude = number(asked_longitude), latitude = number(asked_latitude);
  // "nan" is read as a number, and is neither below nor above.
  if (!longitude || !(*longitude >= -180 && *longitude <= 180))
    return bad_input("json.out_of_range", "/longitude", {"请给出经度", "give a longitude"});
  if (!latitude || !(*latitude >= -90 && *latitude <= 90))
    return bad_input("json.out_of_range", "/latitude", {"请给出纬度", "give a latitude"});
  return wire::json_response(city.grid->open_capacity_at(std::pair(*longitude, *latitude)));
}

Result<wire::Response> show_editions(const City& city) {
  json::Array rows;
  for (const auto& [edition, version, at] : supply::editions(*city.database.reader())) {
    auto row = json::write(edition).as_object();
    row.emplace("version", version);
    row.emplace("published_at", format_instant(at, city.pack().zone()));
    row.emplace("list_url", "/api/v1/capacity-lists/" + edition.list_digest);
    rows.push_back(std::move(row));
  }
  return wire::json_response(json::Object{{"editions", std::move(rows)}});
}

/// Bytes by their digest: they are the same for ever.
Result<wire::Response> show_list(const City& city, const wire::Request& request) {
  const std::string digest(request.parameter("digest"));
  auto list = supply::find_list(*city.database.reader(), digest);
  if (!list)
    return refusal("supply.not_found", {"没有这份清单", "there is no such list"},
                   {"请从可开放容量页面下载", "download it from the page of open capacity"});
  wire::Response out{.content_type = "text/csv; charset=utf-8", .body = *std::move(list)};
  out.headers.set("Content-Disposition", "attachment; filename=\"open-capacity-" + digest.substr(0, 8) + ".csv\"");
  out.headers.set("Cache-Control", "public, max-age=31536000, immutable");
  return out;
}

Result<wire::Response> show_feeder(const City& city, const wire::Request& request) {
  if (!city.grid) return no_network();
  const auto node = request.query("node");
  const auto kw = request.query("kw") ? number(request.query("kw")) : 0.0;
  if (!kw || *kw < 0 || *kw > supply::most_kw)
    return bad_input("json.out_of_range", "/kw", {"应在 0 到 100000 千瓦之间", "between 0 and 100,000 kW"});
  auto shown = city.grid->feeder(request.parameter("feeder"), node.value_or(""), *kw);
  if (!shown)
    return refusal("supply.not_found", {"没有这条线路或节点", "there is no such feeder or node"},
                   {"请从线路列表中选择", "choose one of the list of feeders"});
  return wire::json_response(*std::move(shown));
}

Problem at_chosen(Problem problem) {
  problem.path = "/chosen" + problem.path;
  return problem;
}

}  // namespace

Result<json::Object> draft_record(const City& city, const json::Value& asked, bool finding) {
  auto body = asked;
  std::vector<std::string> chosen;
  if (auto* object = body.if_object(); object && !finding)
    if (const auto found = object->find("chosen"); found != object->end()) {
      auto read = json::read<std::vector<std::string>>(found->value());
      if (!read) return at_chosen(read.error());
      chosen = *std::move(read);
      object->erase(found);
    }
  auto question = json::read<supply::Question>(body);
  if (!question) return question.error();
  if (auto problem = supply::defect(*question)) return *std::move(problem);
  if (!city.grid) return no_network();
  if (!city.grid->has(question->voltage)) return supply::no_such_voltage();
  if (finding) return city.grid->finding_record(*question);
  return city.grid->draft_record(*question, std::move(chosen));
}

supply::Approvals approvals(store::Session& session, const connection::Connection& connection,
                            const supply::SupplyGrid& grid, std::optional<std::uint64_t> through) {
  std::optional<Instant> lit_since;
  if (const auto day = grid.as_of()) lit_since = connection.policy_pack().zone().start_of(*day);
  auto found = through ? connection::approved_loads_at(session, *through, lit_since, connection)
                       : connection::approved_loads(session, lit_since);
  supply::Approvals out{found.through, {}};
  for (auto& each : found.loads) out.loads.push_back({std::move(each.number), std::move(each.node), each.kw});
  return out;
}

void add_supply(wire::Router& router, City& city) {
  using wire::Access;
  using wire::Role;
  router.get("/api/v1/open-capacity", Access::everyone(),
             [&city](const wire::Request& request) { return look_up(city, request); });
  router.get("/api/v1/open-capacity/map", Access::everyone(),
             [&city](const wire::Request& request) -> Result<wire::Response> {
               if (!city.grid) return no_network();
               return wire::with_etag(request, wire::json_response(city.grid->map()));
             });
  router.get("/api/v1/capacity-editions", Access::everyone(),
             [&city](const wire::Request&) { return show_editions(city); });
  router.get("/api/v1/capacity-lists/{digest}", Access::everyone(),
             [&city](const wire::Request& request) { return show_list(city, request); });
  router.get("/api/v1/supply/feeders", Access::any_staff(), [&city](const wire::Request&) -> Result<wire::Response> {
    if (!city.grid) return no_network();
    return wire::json_response(city.grid->feeders());
  });
  router.get("/api/v1/supply/weak-spots", Access::any_staff(), [&city](const wire::Request&) -> Result<wire::Response> {
    if (!city.grid) return no_network();
    return wire::json_response(city.grid->weak_spots());
  });
  router.get("/api/v1/supply/feeders/{feeder}", Access::any_staff(),
             [&city](const wire::Request& request) { return show_feeder(city, request); });
  router.post("/api/v1/supply/drafts", Access::staff({Role::clerk, Role::manager}),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
                auto question = wire::read_body<supply::Question>(*request);
                if (!question) return reply(question.error());
                if (auto problem = supply::defect(*question)) return reply(*std::move(problem));
                if (!city.grid) return reply(no_network());
                if (!city.grid->has(question->voltage)) return reply(supply::no_such_voltage());
                city.workers.answer(reply, [&city, reply, question = *std::move(question)] {
                  reply(wire::json_response(city.grid->draft(question)));
                });
              });
}

}  // namespace tongdian::journeys
