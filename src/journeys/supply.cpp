// What can be connected where: for anyone to look up, and for staff to draft a supply plan from.
#include <charconv>

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

}  // namespace

Result<json::Object> draft_record(const City& city, const json::Value& asked) {
  auto question = json::read<supply::Question>(asked);
  if (!question) return question.error();
  if (auto problem = supply::defect(*question)) return *std::move(problem);
  if (!city.grid) return no_network();
  return city.grid->draft_record(*question);
}

void add_supply(wire::Router& router, City& city) {
  using wire::Access;
  using wire::Role;
  router.get("/api/v1/open-capacity", Access::everyone(),
             [&city](const wire::Request& request) { return look_up(city, request); });
  router.get("/api/v1/supply/feeders", Access::any_staff(), [&city](const wire::Request&) -> Result<wire::Response> {
    if (!city.grid) return no_network();
    return wire::json_response(city.grid->feeders());
  });
  router.get("/api/v1/supply/feeders/{feeder}", Access::any_staff(),
             [&city](const wire::Request& request) { return show_feeder(city, request); });
  router.post("/api/v1/supply/drafts", Access::staff({Role::clerk, Role::manager}),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
                auto question = wire::read_body<supply::Question>(*request);
                if (!question) return reply(question.error());
                if (auto problem = supply::defect(*question)) return reply(*std::move(problem));
                if (!city.grid) return reply(no_network());
                city.workers.answer(reply, [&city, reply, question = *std::move(question)] {
                  reply(wire::json_response(city.grid->draft(question)));
                });
              });
}

}  // namespace tongdian::journeys
