// GET /api/v1/inbox: what is to be done, by due time.
#include <algorithm>

#include "journeys/application.hpp"
#include "journeys/city.hpp"
#include "journeys/warnings.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

bool looks_like_a_phone(std::string_view q) {
  return q.size() >= 7 &&
         std::ranges::all_of(q, [](char c) { return (c >= '0' && c <= '9') || c == '+' || c == ' ' || c == '-'; });
}

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return text;
}

Result<connection::InboxQuery> query_of(const City& city, const wire::Request& request) {
  if (auto problem = wire::unknown_query(request, {"state", "area", "stage", "q", "after", "limit"}))
    return *std::move(problem);
  connection::InboxQuery q;
  const auto state = enum_of<connection::InboxState>(request.query("state").value_or("open"));
  if (!state)
    return bad_input(
        "http.bad_query", "?state",
        {"state 应为 open、customer、late、done 或 all", "state is one of open, customer, late, done, all"});
  q.state = *state;
  q.area = request.query("area").value_or("");
  q.stage = request.query("stage").value_or("");
  q.after = request.query("after").value_or("");
  const auto limit = wire::query_integer(request, "limit", 1, 200, 50);
  if (!limit) return limit.error();
  q.limit = *limit;
  const std::string words(request.query("q").value_or(""));
  if (looks_like_a_phone(words))
    q.phone_tag = city.vault.phone_tag(plain_phone(words));
  else
    q.number_prefix = upper(words);
  q.areas = request.principal.areas;
  q.enterprises = request.principal.enterprises;
  q.today = city.pack().zone().date_of(city.clock.now());
  return q;
}

json::Object row_of(const City& city, store::Session& session, const connection::CaseRow& row, const Pages& pages) {
  const auto kept = city.vault.open(session, row.stream);
  const auto* name = kept ? kept->if_contains("name") : nullptr;
  auto out = connection::inbox_row(row, pages.context,
                                   name && name->is_string() ? masked(name->get_string(), 1, 0) : std::string());
  out["person_erased"] = !kept && journal::erased_at(session, row.stream).has_value();
  return out;
}

Result<wire::Response> show(const City& city, const wire::Request& request) {
  const auto query = query_of(city, request);
  if (!query) return query.error();
  auto reader = city.database.reader();
  const auto page = connection::inbox(*reader, *query);
  Pages pages(city, *reader);
  json::Array rows;
  for (const auto& row : page.rows) {
    // Each district may have days of its own.
    const auto calendar = city.connection.calendar(row.area);
    pages.context.days.calendar = calendar.get();
    rows.push_back(row_of(city, *reader, row, pages));
  }
  return wire::json_response(json::Object{{"rows", std::move(rows)},
                                          {"next", page.next.empty() ? json::Value(nullptr) : json::Value(page.next)},
                                          {"total", page.total},
                                          {"warnings", staff_warnings(city, *reader)}});
}

}  // namespace

void add_inbox(wire::Router& router, City& city) {
  router.get("/api/v1/inbox", wire::Access::any_staff().or_program("cases").within(wire::Access::Reach::rows),
             [&city](const wire::Request& request) { return show(city, request); });
  router.get("/api/v1/inbox/events", wire::Access::any_staff().within(wire::Access::Reach::rows),
             [&city](const wire::Request& request) {
               return live_response(request,
                                    [&](auto after) { return city.live.follow_inbox(request.principal, after); });
             });
}

}  // namespace tongdian::journeys
