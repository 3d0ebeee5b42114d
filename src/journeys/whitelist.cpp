// GET /api/v1/whitelist: the register of the whitelist 白名单 (三(三)1, #35), with its works and when they are due.
#include <algorithm>

#include "connection/page.hpp"
#include "journeys/city.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

Result<connection::RegisterQuery> query_of(const City& city, const wire::Request& request) {
  if (auto problem = wire::unknown_query(request, {"state", "area", "after", "limit"})) return *std::move(problem);
  connection::RegisterQuery q;
  const std::string state(request.query("state").value_or("all"));
  q.overdue = state == "overdue";
  if (enum_of<connection::WhitelistEntry::Stand>(state))
    q.stand = state;
  else if (state != "all" && !q.overdue)
    return bad_input("http.bad_query", "?state",
                     {"state 应为 all、overdue、proposed、under_way、completed 或 withdrawn",
                      "state is one of all, overdue, proposed, under_way, completed, withdrawn"});
  q.area = request.query("area").value_or("");
  q.after = request.query("after").value_or("");
  const auto limit = wire::query_integer(request, "limit", 1, 200, 50);
  if (!limit) return limit.error();
  q.limit = *limit;
  q.areas = request.principal.areas;
  q.enterprises = request.principal.enterprises;
  q.today = city.pack().zone().date_of(city.clock.now());
  return q;
}

Result<wire::Response> show(const City& city, const wire::Request& request) {
  auto query = query_of(city, request);
  if (!query) return query.error();
  auto reader = city.database.reader();
  const auto page = connection::whitelist(*reader, *query);
  Pages pages(city, *reader);
  json::Array rows;
  for (const auto& row : page.rows) {
    // Each district may have days of its own.
    const auto calendar = city.connection.calendar(row.of.area);
    pages.context.days.calendar = calendar.get();
    rows.push_back(connection::register_row(row, pages.context));
  }
  return wire::json_response(json::Object{{"rows", std::move(rows)},
                                          {"next", page.next.empty() ? json::Value(nullptr) : json::Value(page.next)},
                                          {"total", page.total},
                                          {"overdue", page.overdue}});
}

}  // namespace

void add_whitelist(wire::Router& router, City& city) {
  router.get("/api/v1/whitelist", wire::Access::any_staff().within(wire::Access::Reach::rows),
             [&city](const wire::Request& request) { return show(city, request); });
}

}  // namespace tongdian::journeys
