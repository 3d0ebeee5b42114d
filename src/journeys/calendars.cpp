// The working days that the city counts by: a further year, or a correction, is proposed by one administrator and confirmed by
// another, for it moves dates that were promised. Each node then puts the file beside the others (`app/calendar_notes`).
#include <algorithm>

#include "base/digest.hpp"
#include "base/time_text.hpp"
#include "journeys/requests.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

constexpr std::size_t longest_file = 32'768;  // ten years of a notice's thirty days
constexpr std::size_t most_shown = 60;

struct CalendarRequest {
  std::string name, area, rows;
};
BOOST_DESCRIBE_STRUCT(CalendarRequest, (), (name, area, rows))

std::optional<Problem> defect_of(const CalendarRequest& asked, const City& city) {
  const bool plain = std::ranges::all_of(asked.name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
  if (!plain || asked.name.size() > 60 || asked.name.size() < 5 || asked.name.starts_with('.') ||
      !asked.name.ends_with(".csv"))
    return bad_input("calendar.bad_name", "/name",
                     {"文件名应为字母、数字和 . _ -，以 .csv 结尾，如 2027.csv",
                      "letters, digits and . _ -, ending in .csv: 2027.csv"},
                     {"请改文件名后重试；同名文件会被替换", "rename the file; one of the same name is replaced"});
  if (!asked.area.empty() &&
      std::ranges::find(city.pack().areas(), asked.area, &policy::Area::code) == city.pack().areas().end())
    return bad_input("connection.unknown_area", "/area", {"没有这个区（市）", "there is no such area"});
  if (asked.rows.empty() || asked.rows.size() > longest_file)
    return bad_input("json.out_of_range", "/rows", {"文件应在 1 字节到 32 KB 之间", "a file has from 1 byte to 32 KB"});
  return {};
}

/// What whoever confirms it has to know beside the rows: how far it reaches, and which days of today's calendar it turns.
json::Object consequences(const calendar::Calendar& now, const calendar::Calendar& then) {
  json::Array turned;
  std::int64_t count = 0;
  const auto until = std::min(now.last_day(), then.last_day());
  for (auto day = std::max(now.first_day(), then.first_day()); day <= until; day += std::chrono::days{1}) {
    if (now.is_working_day(day) == then.is_working_day(day)) continue;
    if (++count <= static_cast<std::int64_t>(most_shown))
      turned.push_back(json::Object{{"date", format_date(day)}, {"working", then.is_working_day(day)}});
  }
  return {{"last_day", format_date(then.last_day())},
          {"last_day_now", format_date(now.last_day())},
          {"turned", std::move(turned)},
          {"turned_days", count}};
}

void propose(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<CalendarRequest>(*request);
  if (!body) return reply(body.error());
  if (auto problem = defect_of(*body, city)) return reply(*std::move(problem));
  if (!may_change_calendar(request->principal, body->area))
    return reply(refusal(
        "calendar.beyond_reach",
        {"日历适用的范围超出您的区（市）或供电企业", "the calendar counts beyond your areas or supply enterprises"},
        {"请由范围更大的管理员提请", "let an administrator who reaches further propose it"}));
  const auto then = city.calendar_with(body->name, body->rows, body->area);
  if (!then) return reply(then.error());
  auto content = consequences(*city.connection.calendar(body->area), *then);
  content.emplace("name", body->name);
  content.emplace("area", body->area);
  content.emplace("rows", body->rows);
  content.emplace("digest", to_hex(sha256(body->rows)));
  make_request(city, request, reply, *key, {"staff", request->principal.user},
               {requests::Kind::calendar, std::string(requests::of_calendar), body->area, "", std::move(content)});
}

Result<wire::Response> show(const City& city, const wire::Request& request) {
  auto reader = city.database.reader();
  json::Array rows;
  requests::Query query;
  query.subject = requests::of_calendar;
  query.open_only = false;
  for (const auto& each : requests::list(*reader, query))
    rows.push_back(request_json(city, *reader, each, request.principal));
  const auto now = city.connection.calendar("");
  return wire::json_response(json::Object{{"first_day", format_date(now->first_day())},
                                          {"last_day", format_date(now->last_day())},
                                          {"requests", std::move(rows)}});
}

}  // namespace

bool may_change_calendar(const wire::Principal& who, const std::string& area) {
  identity::Account all;  // whoever the calendar is for
  if (!area.empty()) all.areas = {area};
  return who.has(wire::Role::admin) && within_authority(who, all);
}

void add_calendars(wire::Router& router, City& city) {
  using wire::Access;
  router.get("/api/v1/calendars", Access::any_staff(),
             [&city](const wire::Request& request) { return show(city, request); });
  router.post("/api/v1/calendars", Access::staff({wire::Role::admin}).within(Access::Reach::rows),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { propose(city, request, reply); });
}

}  // namespace tongdian::journeys
