// What anyone may know of the city: that it runs, what it is, what its policy says.
#include <algorithm>

#include "base/time_text.hpp"
#include "identity/accounts.hpp"
#include "journal/journal.hpp"
#include "journeys/city.hpp"
#include "journeys/warnings.hpp"
#include "policy/explain.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

using policy::to_json;

json::Object pack_name(const policy::Pack& pack) {
  return {{"id", std::string(pack.id())}, {"version", std::string(pack.version())}, {"title", to_json(pack.title())}};
}

json::Value health(const City& city) {
  auto reader = city.database.reader();
  json::Array warnings = staff_warnings(city, *reader);
  const auto size = journal::latest_head(*reader).size;
  return json::Object{{"status", warnings.empty() ? "ok" : "degraded"},
                      {"version", TONGDIAN_VERSION},
                      {"journal_size", size},
                      {"calendar_until", format_date(city.connection.calendar()->last_day())},
                      {"warnings", std::move(warnings)}};
}

json::Value about(const City& city) {
  const auto& pack = city.pack();
  json::Array hotlines, areas, enterprises;
  for (const auto& h : pack.hotlines())
    hotlines.push_back(json::Object{{"number", h.number}, {"name", to_json(h.name)}});
  for (const auto& a : pack.areas()) {
    json::Array townships;
    for (const auto& t : a.townships) townships.push_back(json::Object{{"code", t.code}, {"name", t.name}});
    areas.push_back(json::Object{{"code", a.code}, {"name", to_json(a.name)}, {"townships", std::move(townships)}});
  }
  for (const auto& e : city.enterprises) enterprises.push_back(json::Object{{"id", e.id}, {"name", to_json(e.name)}});
  return json::Object{{"name", to_json(pack.city())},
                      {"demo", city.demo},
                      {"now", format_instant(city.clock.now(), pack.zone())},
                      {"hotlines", std::move(hotlines)},
                      {"pack", pack_name(pack)},
                      {"areas", std::move(areas)},
                      {"enterprises", std::move(enterprises)},
                      {"clauses_count", static_cast<std::int64_t>(pack.clauses().size())}};
}

json::Value all_clauses(const policy::Pack& pack) {
  json::Array clauses;
  for (const auto& c : pack.clauses()) clauses.push_back(json::Object{{"id", c.id}, {"text", c.text}});
  return json::Object{{"pack", pack_name(pack)}, {"clauses", std::move(clauses)}};
}

}  // namespace

json::Array staff_warnings(const City& city, store::Session& session) {
  json::Array out;
  const auto calendar = city.connection.calendar();
  const auto waiting = connection::waiting_for_calendar(session).size();
  const LocalDate today = city.pack().zone().date_of(city.clock.now());
  const std::string until = format_date(calendar->last_day());
  if (waiting > 0)
    out.push_back(to_json({std::to_string(waiting) + " 件的到期日超出已载入的日历（至 " + until +
                               "），请执行 tongdian calendar load 载入新一年",
                           std::to_string(waiting) + " cases are due beyond the loaded calendar (until " + until +
                               "); load the next year: tongdian calendar load FILE"}));
  else if (today + std::chrono::days(60) > calendar->last_day())
    out.push_back(
        to_json({"日历只到 " + until + "，请载入新一年的放假安排",
                 "the calendar ends on " + until + "; load the next year's days off: tongdian calendar load FILE"}));
  return out;
}

void add_information(wire::Router& router, City& city) {
  using wire::Access;
  router.get("/api/v1/health", Access::everyone(),
             [&city](const wire::Request&) -> Result<wire::Response> { return wire::json_response(health(city)); });
  router.get("/api/v1/city", Access::everyone(),
             [&city](const wire::Request&) -> Result<wire::Response> { return wire::json_response(about(city)); });
  router.get("/api/v1/clauses", Access::everyone(), [&city](const wire::Request& request) -> Result<wire::Response> {
    return wire::with_etag(request, wire::json_response(all_clauses(city.pack())));
  });
}

}  // namespace tongdian::journeys
