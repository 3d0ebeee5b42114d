// GET /api/v1/durations: how long things take really, for anyone.
#include "journeys/durations.hpp"

#include <algorithm>

#include "connection/case_view.hpp"
#include "journal/journal.hpp"
#include "journeys/city.hpp"
#include "policy/explain.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

connection::CaseState folded(store::Session& session, std::int64_t last) {
  connection::CaseState state;
  journal::read_stream(session, static_cast<std::uint64_t>(last),
                       [&](journal::Event&& event, std::string_view) { connection::evolve(state, event); });
  return state;
}

/// Names beside the ids: of the class, and of the area where there is one.
void add_names(json::Object& row, const policy::Pack& pack) {
  row["class_name"] = policy::to_json(pack.name_of(row.at("class").as_string()));
  row["area_name"] = nullptr;
  if (!row.at("area").is_string()) return;
  const auto area = std::ranges::find(pack.areas(), std::string_view(row.at("area").get_string()), &policy::Area::code);
  if (area != pack.areas().end()) row["area_name"] = policy::to_json(area->name);
}

}  // namespace

void DurationBoard::take_in(store::Session& session, const connection::Days& days) {
  std::vector<std::pair<std::int64_t, std::int64_t>> fresh;
  session.query(
      "SELECT s.id, s.last FROM case_view c JOIN stream s ON s.id = c.stream WHERE c.phase = 'energised' OR c.phase = 'closed' ORDER BY s.id",
      {}, [&](const store::Row& row) {
        if (!seen_.contains(row.integer(0))) fresh.emplace_back(row.integer(0), row.integer(1));
      });
  for (const auto& [id, last] : fresh) {
    seen_.insert(id);
    if (const auto t = connection::taken(folded(session, last), days)) durations_.add(*t);
  }
}

json::Object DurationBoard::show(store::Session& session, const policy::Pack& pack, const connection::Days& days) {
  const std::lock_guard lock(mutex_);
  take_in(session, days);
  json::Array rows = durations_.rows();
  for (auto& row : rows) add_names(row.get_object(), pack);
  return {{"cases", durations_.cases()}, {"rows", std::move(rows)}};
}

void add_durations(wire::Router& router, City& city) {
  router.get("/api/v1/durations", wire::Access::everyone(),
             [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
               city.workers.answer(reply, [&city, request, reply] {
                 auto reader = city.database.reader();
                 const auto calendar = city.connection.calendar();
                 reply(wire::with_etag(*request, wire::json_response(city.durations.show(
                                                     *reader, city.pack(), {calendar.get(), city.pack().zone()}))));
               });
             });
}

}  // namespace tongdian::journeys
