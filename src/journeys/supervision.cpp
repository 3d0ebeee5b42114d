// Findings and their verdicts, supervised orders and the bulletin, the reports: what supervisors and auditors see of the city.
#include "supervision/page.hpp"

#include <algorithm>
#include <charconv>

#include "identity/accounts.hpp"
#include "journeys/city.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

struct VerdictRequest {
  supervision::Verdict verdict{};
  std::string note;
};
BOOST_DESCRIBE_STRUCT(VerdictRequest, (), (verdict, note))

/// The watch brought up to the journal, with what its pages need.
struct Look {
  Look(City& city, store::Session& session)
      : pages(city, session),
        context{city.pack(), city.watch, pages.context.staff_name, pages.context.enterprise_name} {
    city.watch.refresh(session);
  }
  Pages pages;
  supervision::PageContext context;
};

bool reaches(const wire::Principal& who, const supervision::Names& names, supervision::Name area,
             supervision::Name enterprise) {
  const std::string where(names.text(area)), whose(names.text(enterprise));
  // A finding about a channel is of no district.
  return where.empty() || within_district(who, where, whose);
}

struct FindingQuery {
  std::string kind, area;
  std::optional<supervision::Verdict> verdict;
  std::optional<supervision::Strength> strength;
  std::size_t after = 0, limit = 50;
};

Result<FindingQuery> query_of(const wire::Request& request) {
  if (auto problem = wire::unknown_query(request, {"kind", "area", "verdict", "strength", "after", "limit"}))
    return *std::move(problem);
  FindingQuery q;
  q.kind = request.query("kind").value_or("");
  q.area = request.query("area").value_or("");
  if (const auto word = request.query("verdict"); word && !word->empty()) {
    q.verdict = enum_of<supervision::Verdict>(*word);
    if (!q.verdict)
      return bad_input("http.bad_query", "?verdict",
                       {"应为 open、confirmed 或 dismissed", "open, confirmed or dismissed"});
  }
  if (const auto word = request.query("strength"); word && !word->empty()) {
    q.strength = enum_of<supervision::Strength>(*word);
    if (!q.strength) return bad_input("http.bad_query", "?strength", {"应为 weak 或 strong", "weak or strong"});
  }
  const auto limit = wire::query_integer(request, "limit", 1, 200, 50);
  if (!limit) return limit.error();
  const auto after = wire::query_integer(request, "after", 0, 1'000'000'000, 0);
  if (!after) return after.error();
  q.limit = static_cast<std::size_t>(*limit);
  q.after = static_cast<std::size_t>(*after);
  return q;
}

Result<wire::Response> show_findings(City& city, const wire::Request& request) {
  const auto query = query_of(request);
  if (!query) return query.error();
  auto reader = city.database.reader();
  const Look look(city, *reader);
  auto all = city.watch.findings();
  const auto guard = city.watch.lock();
  const auto& names = city.watch.names();
  std::erase_if(
      all, [&](const auto& j) { return !reaches(request.principal, names, j.finding.area, j.finding.enterprise); });
  json::Array kinds = supervision::kinds(all, look.context);
  std::erase_if(all, [&](const auto& j) {
    return (!query->kind.empty() && j.finding.kind != query->kind) ||
           (!query->area.empty() && names.text(j.finding.area) != query->area) ||
           (query->verdict && j.opinion.verdict != *query->verdict) ||
           (query->strength && j.finding.strength != *query->strength);
  });
  json::Array rows;
  for (std::size_t i = query->after; i < std::min(all.size(), query->after + query->limit); ++i)
    rows.push_back(to_json(all[i], look.context));
  const auto next = query->after + query->limit;
  return wire::json_response(json::Object{{"rows", std::move(rows)},
                                          {"next", next < all.size() ? json::Value(next) : json::Value(nullptr)},
                                          {"total", static_cast<std::int64_t>(all.size())},
                                          {"kinds", std::move(kinds)}});
}

Problem no_such_finding() {
  return refusal("supervision.not_found",
                 {"没有这条线索，或您无权查看", "there is no such finding, or it is not yours to see"},
                 {"请刷新列表", "reload the list"});
}

void judge(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<VerdictRequest>(*request);
  if (!body) return reply(body.error());
  city.workers.answer(reply, [&city, request, reply, key = *std::move(key), body = *std::move(body)] {
    auto reader = city.database.reader();
    const Look look(city, *reader);
    const std::string id(request->parameter("finding"));
    const auto all = city.watch.findings();
    const auto found = std::ranges::find_if(all, [&](const auto& j) { return j.finding.id == id; });
    const auto seen = [&] {
      const auto guard = city.watch.lock();
      return reaches(request->principal, city.watch.names(), found->finding.area, found->finding.enterprise);
    };
    if (found == all.end() || !seen()) return reply(no_such_finding());
    engine::Command c;
    c.id = "judge:" + key;
    c.stream = "finding/" + id;
    c.creates = !reader->integer("SELECT id FROM stream WHERE name = $1", {std::string_view(c.stream)});
    c.actor = {"staff", request->principal.user};
    c.channel = "desk";
    c.fingerprint = to_hex(city.vault.tag("command", json::canonical(json::write(body)))).substr(0, 16);
    auto judge = std::make_shared<supervision::Judge>();
    judge->finding = id;
    judge->kind = found->finding.kind;
    judge->number = found->finding.number;
    judge->verdict = body.verdict;
    judge->note = body.note;
    c.body = std::move(judge);
    city.engine.submit(std::move(c), [reply, id, verdict = body.verdict](const engine::Answer& answer) {
      if (!answer) return reply(answer.error());
      reply(wire::json_response(json::Object{{"id", id}, {"verdict", name_of(verdict)}}));
    });
  });
}

Result<wire::Response> show_orders(City& city, const wire::Request& request) {
  auto reader = city.database.reader();
  const Look look(city, *reader);
  const auto guard = city.watch.lock();
  const auto& names = city.watch.names();
  const LocalDate today = city.pack().zone().date_of(city.clock.now());
  json::Array orders, bulletin;
  constexpr std::size_t most = 500;
  const auto& all = city.watch.orders();
  for (auto o = all.all().rbegin(); o != all.all().rend() && orders.size() < most; ++o)
    if (reaches(request.principal, names, o->area, o->enterprise)) orders.push_back(to_json(*o, today, look.context));
  for (auto n = all.bulletin().rbegin(); n != all.bulletin().rend() && bulletin.size() < most; ++n)
    if (reaches(request.principal, names, n->area, n->enterprise)) bulletin.push_back(to_json(*n, look.context));
  return wire::json_response(json::Object{{"orders", std::move(orders)}, {"bulletin", std::move(bulletin)}});
}

Result<wire::Response> show_reports(City& city) {
  auto reader = city.database.reader();
  const Look look(city, *reader);
  return wire::json_response(supervision::reports(city.watch.findings(), look.context));
}

}  // namespace

void add_supervision(wire::Router& router, City& city) {
  using wire::Access;
  using wire::Role;
  const auto those = Access::staff({Role::manager, Role::supervisor, Role::admin});
  // The first look after a start reads the whole journal: never on a thread of the network.
  const auto at_work = [&city](auto show) {
    return [&city, show](const wire::RequestPtr& request, const wire::Reply& reply) {
      city.workers.answer(reply, [&city, request, reply, show] { reply(show(city, *request)); });
    };
  };
  router.get("/api/v1/findings", those.within(Access::Reach::rows), at_work(show_findings));
  router.post("/api/v1/findings/{finding}/verdict", Access::staff({Role::supervisor}).within(Access::Reach::rows),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { judge(city, request, reply); });
  router.get("/api/v1/orders", those.within(Access::Reach::rows), at_work(show_orders));
  router.get("/api/v1/reports", those, at_work([](City& c, const wire::Request&) { return show_reports(c); }));
}

}  // namespace tongdian::journeys
