// Meeting about a case: staff offer times, the customer books one; the desk's calendar.
#include "visits/visit.hpp"

#include <algorithm>
#include <latch>

#include "base/time_text.hpp"
#include "identity/accounts.hpp"
#include "journeys/city.hpp"
#include "journeys/team.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

using visits::Status;
using visits::Visit;

constexpr auto ahead = std::chrono::days(21);  ///< how far a customer sees
constexpr std::size_t most_times = 100;        ///< of one offer

struct OfferRequest {
  std::vector<std::string> starts_at;
};
struct BookRequest {
  std::string visit;
};
BOOST_DESCRIBE_STRUCT(OfferRequest, (), (starts_at))
BOOST_DESCRIBE_STRUCT(BookRequest, (), (visit))

Problem no_visits() {
  return refusal("visits.not_here", {"这里不预约上门", "no visits are booked here"}, {"请拨打 95598", "call 95598"});
}

Problem no_visit() {
  return refusal("identity.not_found", {"没有这次预约，或不是您的", "there is no such visit, or it is not yours"},
                 {"请刷新页面", "reload the page"});
}

json::Object visit_json(const City& city, store::Session& session, const Visit& v, const wire::Principal& reader) {
  const auto account = identity::find_account_by_id(session, v.account);
  const Zone zone = city.pack().zone();
  return {{"id", v.id},
          {"state", name_of(v.state)},
          {"starts_at", format_instant(v.starts_at, zone)},
          {"ends_at", format_instant(v.starts_at + std::chrono::minutes(v.minutes), zone)},
          {"with", account ? account->name : v.account},
          {"mine", reader.kind == wire::Principal::Kind::staff && v.account == reader.user},
          {"number", v.number.empty() ? json::Value(nullptr) : json::Value(v.number)}};
}

/// When visits may begin on that day.
std::vector<Instant> times_of(const policy::Pack& pack, LocalDate day) {
  const auto& settings = pack.visits();
  std::vector<Instant> out;
  if (settings.minutes == 0) return out;
  for (int minute = settings.from_hour * 60; minute + settings.minutes <= settings.to_hour * 60;
       minute += settings.minutes)
    out.push_back(pack.zone().start_of(day) + std::chrono::minutes(minute));
  return out;
}

Result<wire::Response> calendar(const City& city, const wire::Request& request) {
  if (auto problem = wire::unknown_query(request, {"from", "days", "member"})) return *std::move(problem);
  const auto& pack = city.pack();
  const auto today = pack.zone().date_of(city.clock.now());
  const auto from = request.query("from") ? parse_date(*request.query("from")) : std::optional(today);
  if (!from)
    return bad_input("http.bad_query", "?from", {"from 应为日期", "from is a date"},
                     {"写 YYYY-MM-DD", "write YYYY-MM-DD"});
  const auto days = wire::query_integer(request, "days", 1, 31, 7);
  if (!days) return days.error();
  visits::Query query{.account = {},
                      .number = {},
                      .state = {},
                      .from = pack.zone().start_of(*from),
                      .until = pack.zone().start_of(*from + std::chrono::days(*days))};
  if (const auto member = request.query("member").value_or("me"); member != "all") {
    const auto account = member_of(city, request, member);
    if (!account) return account.error();
    query.account = *account;
  }
  auto reader = city.database.reader();
  json::Array rows, shown;
  const auto& who = request.principal;
  std::int64_t more = 0;
  const auto look = [&](const visits::Query& q) {
    const auto found = visits::list(*reader, q);
    more += visits::count(*reader, q) - static_cast<std::int64_t>(found.size());
    for (const auto& v : found)
      if (v.state != Status::withdrawn) rows.push_back(visit_json(city, *reader, v, who));
  };
  if (query.account.empty() || query.account == who.user) {
    auto own = query;
    own.account = who.user;
    look(own);
  }
  if (query.account != who.user) {
    // Of others only what is booked in one's own reach: whose free hours are whose is nobody's else business.
    query.not_account = who.user;
    query.state = Status::booked;
    query.areas = who.areas;
    query.enterprises = who.enterprises;
    look(query);
  }
  for (int i = 0; i < *days; ++i) {
    const auto day = *from + std::chrono::days(i);
    json::Array starts;
    for (const auto t : times_of(pack, day)) starts.push_back(json::Value(format_instant(t, pack.zone())));
    const auto working = city.connection.calendar();
    shown.push_back(json::Object{{"date", format_date(day)},
                                 {"working", working->covers(day) && working->is_working_day(day)},
                                 {"starts_at", std::move(starts)}});
  }
  return wire::json_response(json::Object{{"now", format_instant(city.clock.now(), pack.zone())},
                                          {"days", std::move(shown)},
                                          {"visits", std::move(rows)},
                                          {"more", more}});
}

engine::Command command_for(const engine::Actor& actor, std::string key, const std::string& id,
                            visits::Command::Any body, bool creates = false) {
  engine::Command c;
  c.id = std::move(key);
  c.stream = "visit/" + id;
  c.creates = creates;
  c.actor = actor;
  c.channel = actor.kind == "staff" ? "desk" : "online";
  c.body = std::make_shared<visits::Command>(std::move(body));
  return c;
}

/// All in the queue before the first is waited for. On a worker's thread.
Result<wire::Response> offer(City& city, const wire::Request& request, const std::string& key,
                             const std::vector<Instant>& times) {
  const std::string& account = request.principal.user;
  std::vector<std::optional<Problem>> refused(times.size());
  std::latch done(static_cast<std::ptrdiff_t>(times.size()));
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto id = visits::id_of(account, times[i]);
    const bool fresh = !visits::find(*city.database.reader(), id);
    city.engine.submit(command_for({"staff", account}, "visit:" + key + ":" + std::to_string(i), id,
                                   visits::Offer{account, times[i], city.pack().visits().minutes}, fresh),
                       [&refused, &done, i](const engine::Answer& answer) {
                         if (!answer) refused[i] = answer.error();
                         done.count_down();
                       });
  }
  done.wait();
  for (const auto& no : refused)
    if (no) return *no;
  auto reader = city.database.reader();
  json::Array rows;
  for (const auto t : times)
    if (const auto v = visits::find(*reader, visits::id_of(account, t)))
      rows.push_back(visit_json(city, *reader, *v, request.principal));
  return wire::json_response(json::Object{{"visits", std::move(rows)}});
}

void offer(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<OfferRequest>(*request);
  if (!body) return reply(body.error());
  if (city.pack().visits().minutes == 0) return reply(no_visits());
  std::vector<Instant> times;
  for (const auto& text : body->starts_at) {
    const auto t = parse_instant(text);
    const auto possible = t ? times_of(city.pack(), city.pack().zone().date_of(*t)) : std::vector<Instant>{};
    if (!t || std::ranges::find(possible, *t) == possible.end() || times.size() == most_times)
      return reply(bad_input("visits.bad_time", "/starts_at/" + std::to_string(times.size()),
                             {"不是可以预约的时刻", "visits do not begin at this time"},
                             {"从日历上选", "choose one of the calendar's"}));
    times.push_back(*t);
  }
  city.workers.answer(reply, [&city, request, reply, key = *key, times = std::move(times)] {
    reply(offer(city, *request, key, times));
  });
}

/// Whose times a case's customer is shown: the case's team's, and where it has none those of everybody who works there.
bool may_come(const City& city, store::Session& session, const Found& found, const std::string& account) {
  const auto today = city.pack().zone().date_of(city.clock.now());
  const auto& team = found.folded.state.team;
  if (!team.empty())
    return std::ranges::any_of(team, [&](const auto& m) {
      return m.account == account || (m.cover == account && m.cover_until && *m.cover_until >= today);
    });
  const auto a = identity::find_account_by_id(session, account);
  if (!a || a->disabled) return false;
  wire::Principal them;
  them.areas = a->areas;
  them.enterprises = a->enterprises;
  return within_district(them, found.row.area, found.row.enterprise);
}

json::Object visits_of(const City& city, store::Session& session, const Found& found, const wire::Principal& reader) {
  const auto now = city.clock.now();
  json::Array booked, open;
  for (const auto& v : visits::list(session, {.account = {},
                                             .number = found.row.number,
                                             .state = Status::booked,
                                             .from = now - std::chrono::hours(24),
                                             .until = now + std::chrono::days(366)}))
    booked.push_back(visit_json(city, session, v, reader));
  if (found.folded.state.open() && booked.empty())
    for (const auto& v : visits::list(
             session, {.account = {}, .number = {}, .state = Status::offered, .from = now, .until = now + ahead}))
      if (may_come(city, session, found, v.account)) open.push_back(visit_json(city, session, v, reader));
  return {{"booked", std::move(booked)},
          {"open", std::move(open)},
          {"cancel_hours", city.pack().visits().cancel_hours},
          {"offered_here", city.pack().visits().minutes > 0}};
}

/// The case, and by what right the reader has it.
struct Case {
  Found found;
  Reach reach;
};
std::optional<Case> case_of(const City& city, store::Session& session, const wire::Request& request) {
  auto found = find(session, request.parameter("number"));
  if (!found) return {};
  auto reach = reach_of(city, session, request.principal, found->row);
  if (!reach) return {};
  return Case{*std::move(found), *std::move(reach)};
}

Result<wire::Response> look(const City& city, const wire::Request& request) {
  auto reader = city.database.reader();
  const auto c = case_of(city, *reader, request);
  if (!c) return not_found();
  return wire::json_response(visits_of(city, *reader, c->found, request.principal));
}

void submit(City& city, const wire::RequestPtr& request, const wire::Reply& reply, engine::Command command) {
  city.engine.submit(std::move(command), [&city, request, reply](const engine::Answer& answer) {
    if (!answer) return reply(answer.error());
    city.workers.answer(reply, [&city, request, reply] { reply(look(city, *request)); });
  });
}

void book(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<BookRequest>(*request);
  if (!body) return reply(body.error());
  auto reader = city.database.reader();
  const auto c = case_of(city, *reader, *request);
  if (!c) return reply(not_found());
  const auto now = city.clock.now();
  const auto v = visits::find(*reader, body->visit);
  if (!v || !may_come(city, *reader, c->found, v->account)) return reply(no_visit());
  for (const auto& other : visits::list(*reader, {.account = {},
                                                 .number = c->found.row.number,
                                                 .state = Status::booked,
                                                 .from = now,
                                                 .until = now + std::chrono::days(366)}))
    if (other.id != v->id)
      return reply(refusal("visits.already", {"这件已经约了时间", "a time is booked for this case already"},
                           {"请先取消原来的时间", "cancel that one first"}));
  submit(city, request, reply,
         command_for(actor_of(request->principal, c->reach), "visit:" + *key, v->id,
                     visits::Book{c->found.row.number, c->found.row.area, c->found.row.enterprise}));
}

void cancel(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto reader = city.database.reader();
  const auto c = case_of(city, *reader, *request);
  if (!c) return reply(not_found());
  const auto v = visits::find(*reader, request->parameter("visit"));
  if (!v || v->number != c->found.row.number) return reply(no_visit());
  submit(city, request, reply,
         command_for(actor_of(request->principal, c->reach), "visit:" + *key, v->id,
                     visits::Cancel{v->number, request->principal.kind != wire::Principal::Kind::staff}));
}

void withdraw(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  const std::string id(request->parameter("visit"));
  const auto v = visits::find(*city.database.reader(), id);
  if (!v || v->account != request->principal.user) return reply(no_visit());
  city.engine.submit(command_for({"staff", request->principal.user}, "visit:" + *key, id, visits::Withdraw{}),
                     [reply](const engine::Answer& answer) {
                       if (!answer) return reply(answer.error());
                       reply(wire::no_content());
                     });
}

}  // namespace

void add_visits(wire::Router& router, City& city) {
  using wire::Access;
  using wire::Role;
  const auto those = Access::staff({Role::clerk, Role::manager});
  router.get("/api/v1/visits", those.within(Access::Reach::rows),
             [&city](const wire::Request& request) { return calendar(city, request); });
  router.post("/api/v1/visits", those,
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { offer(city, request, reply); });
  router.post("/api/v1/visits/{visit}/withdraw", those,
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { withdraw(city, request, reply); });
  router.get("/api/v1/cases/{number}/visits", those.or_case_customer(),
             [&city](const wire::Request& request) { return look(city, request); });
  router.post("/api/v1/cases/{number}/visits", those.or_case_customer(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { book(city, request, reply); });
  router.post("/api/v1/cases/{number}/visits/{visit}/cancel", those.or_case_customer(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { cancel(city, request, reply); });
}

}  // namespace tongdian::journeys
