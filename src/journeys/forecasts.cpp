// GET /api/v1/cases/{number}/forecast: how likely the promised date is, and what becomes of the dates if the customer answers, or
// the running stage ends, on a day that the reader chooses.
#include "base/time_text.hpp"
#include "connection/events.hpp"
#include "journeys/city.hpp"
#include "supervision/watch.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

namespace ev = connection::events;

std::string_view end_of(const std::string& stage) {
  if (stage == "acceptance") return ev::accepted;
  if (stage == "plan_reply") return ev::plan_replied;
  if (stage == "design_review") return ev::design_reviewed;
  if (stage == "mid_inspection") return ev::midway_inspected;
  return ev::energised;
}

/// What would be recorded if whoever holds the case were done with it at that time.
journal::Event next_event(const connection::CaseState& s, Instant at) {
  journal::Event e;
  e.recorded_at = at;
  e.actor = {"system", "forecast"};
  e.payload = json::Object{{"documents", json::Array{}}};
  if (s.phase == connection::Phase::awaiting_works) {
    json::Array works;
    for (const auto& each : s.whitelist->works)
      if (!each.completed_at) works.emplace_back(each.id);
    e.type = ev::works_completed;
    e.payload = json::Object{{"works", std::move(works)}};
    return e;
  }
  const bool asked = s.stage() && s.stage()->hold && !s.stage()->hold->until;
  e.type =
      s.phase == connection::Phase::with_customer ? (asked ? ev::supplemented : ev::taken_back) : end_of(s.stage()->id);
  return e;
}

json::Value day(const std::optional<LocalDate>& d) { return d ? json::Value(format_date(*d)) : json::Value(nullptr); }

json::Object dates(const connection::CaseState& s, const connection::Days& days) {
  const auto spans = connection::grid_spans(s, days);
  return {{"state", name_of(s.phase)},
          {"stage", s.stage() ? json::Value(s.stage()->id) : json::Value(nullptr)},
          {"stage_due_on", s.stage() ? day(connection::stage_due(*s.stage(), days)) : json::Value(nullptr)},
          {"due_on", day(connection::due(spans, s.target_wd, days))},
          {"ceiling_on", day(connection::due(spans, s.ceiling_wd, days))}};
}

json::Value promise(const City& city, const supervision::Trail* trail, LocalDate today, const connection::Days& days) {
  // Of grid works under way nobody can promise an end by what other cases took.
  if (!trail || trail->awaiting_works) return nullptr;
  const auto f = city.watch.promises().forecast(*trail, today, days);
  if (!f) return nullptr;
  json::Array by;
  constexpr std::array shares{0.5, 0.8, 0.9};
  for (std::size_t i = 0; i < shares.size(); ++i)
    by.push_back(json::Object{{"share", shares[i]}, {"date", day(days.calendar->add(today, f->working_days[i]))}});
  return json::Object{{"on_time", f->on_time}, {"by", std::move(by)}, {"cases", f->cases}};
}

Result<wire::Response> forecast(City& city, const wire::Request& request) {
  if (auto problem = wire::unknown_query(request, {"on"})) return *std::move(problem);
  auto reader = city.database.reader();
  const auto found = find(*reader, request.parameter("number"));
  if (!found || !reach_of(city, *reader, request.principal, found->row)) return not_found();
  city.watch.refresh(*reader);
  const auto guard = city.watch.lock();
  const auto& s = found->folded.state;
  const auto calendar = city.connection.calendar(s.area);
  const connection::Days days{calendar.get(), city.pack().zone()};
  const LocalDate today = days.zone.date_of(city.clock.now());
  const auto* trail = city.watch.trail(s.number);
  json::Object out{{"now", dates(s, days)},
                   {"promise", promise(city, trail, today, days)},
                   {"calibration", to_json(city.watch.promises().calibration())},
                   {"on", nullptr},
                   {"then", nullptr},
                   {"then_promise", nullptr}};
  if (const auto word = request.query("on"); word && !word->empty()) {
    const auto on = parse_date(*word);
    if (!on || *on < today || !calendar->covers(*on))
      return bad_input("connection.bad_day", "?on",
                       {"请填写今天或以后、日历范围内的日期", "a date, today or later, that the calendar covers"},
                       {"请改正日期", "correct the date"});
    if (!s.open())
      return refusal("connection.not_now", {"案件已办结或已撤回", "the case has ended"},
                     {"只能推演在办案件", "only a case that is not over can be asked about"},
                     city.pack().citations("connection.not_now"));
    const auto event = next_event(s, days.zone.start_of(*on) + std::chrono::hours(12));
    auto then = s;
    connection::evolve(then, event);
    out["on"] = format_date(*on);
    out["then"] = dates(then, days);
    if (const auto moved = city.watch.trail_after(s.number, event))
      out["then_promise"] = promise(city, &*moved, *on, days);
  }
  return wire::json_response(std::move(out));
}

}  // namespace

void add_forecasts(wire::Router& router, City& city) {
  router.get("/api/v1/cases/{number}/forecast", wire::Access::any_staff().or_case_customer(),
             [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
               city.workers.answer(reply, [&city, request, reply] { reply(forecast(city, *request)); });
             });
}

}  // namespace tongdian::journeys
