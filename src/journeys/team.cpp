// The roles that somebody has in open cases, and all of them handed to another at once: who leaves, is away or falls ill is no
// reason for a case to stand still (三(一)1, #12).
#include "journeys/team.hpp"

#include <algorithm>
#include <latch>

#include "base/time_text.hpp"
#include "connection/team_view.hpp"
#include "identity/accounts.hpp"
#include "policy/explain.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

using policy::to_json;

/// More at once would fill the engine's queue; what is left is told, and goes with the next request.
constexpr std::size_t most_at_once = 1000;

struct HandOver {
  std::string from, to, reason, until;
};
BOOST_DESCRIBE_STRUCT(HandOver, (), (from, to, reason, until))

Problem unknown_account(std::string path) {
  return bad_input("connection.unknown_account", std::move(path),
                   {"没有这个工作人员账号", "there is no such account of a member of staff"},
                   {"请填写用户名", "give a user name"});
}

/// The role's name in the pack in force; its id where an older pack had others.
json::Object named(const City& city, const std::string& id) {
  const auto& roles = city.pack().team().roles;
  const auto role = std::ranges::find(roles, id, &policy::Reason::id);
  return json::Object{{"id", id}, {"name", to_json(role == roles.end() ? Sentence{id, id} : role->name)}};
}

json::Object role_in(const City& city, store::Session& session, const connection::TeamRole& r, LocalDate today) {
  const bool covered = r.cover_until && *r.cover_until >= today;
  const auto cover = covered ? identity::find_account_by_id(session, r.cover) : std::nullopt;
  return {{"number", r.number},
          {"role", named(city, r.role)},
          {"due_on", r.due_on ? json::Value(format_date(*r.due_on)) : json::Value(nullptr)},
          {"cover_name", cover ? json::Value(cover->name) : json::Value(nullptr)},
          {"cover_until", covered ? json::Value(format_date(*r.cover_until)) : json::Value(nullptr)}};
}

Result<wire::Response> look(const City& city, const wire::Request& request) {
  if (auto problem = wire::unknown_query(request, {"member"})) return *std::move(problem);
  const auto account = member_of(city, request, request.query("member").value_or("me"));
  if (!account) return account.error();
  auto reader = city.database.reader();
  const auto today = city.pack().zone().date_of(city.clock.now());
  json::Array roles, reasons;
  for (const auto& each :
       connection::roles_of(*reader, *account, request.principal.areas, request.principal.enterprises))
    roles.push_back(role_in(city, *reader, each, today));
  for (const auto& reason : city.pack().team().reasons)
    reasons.push_back(
        json::Object{{"id", reason.id}, {"name", to_json(reason.name)}, {"for_a_time", reason.for_a_time}});
  const auto of = identity::find_account_by_id(*reader, *account);
  return wire::json_response(json::Object{
      {"user", of->user}, {"name", of->name}, {"roles", std::move(roles)}, {"reasons", std::move(reasons)}});
}

engine::Command command_of(const City& city, const wire::Request& request, const std::string& key,
                           const connection::TeamRole& role, const connection::Assign& body) {
  engine::Command c;
  c.id = "team:" + key + ":" + role.number + ":" + role.role;
  c.stream = "case/" + role.number;
  c.actor = {"staff", request.principal.user};
  c.channel = "desk";
  c.fingerprint = to_hex(city.vault.tag("command", json::canonical(json::write(body)))).substr(0, 16);
  c.body = std::make_shared<connection::Command>(body);
  return c;
}

/// Who already stands in until that day does not do so twice.
bool covered_so(const connection::TeamRole& r, const connection::Assign& body) {
  return !body.until.empty() && r.cover == body.account && r.cover_until == parse_date(body.until);
}

/// One command a role, all in the queue before the first is waited for: they share their flushes. On a worker's thread.
wire::Response hand_over(const City& city, const wire::Request& request, const std::string& key,
                         std::vector<connection::TeamRole> roles, const connection::Assign& body) {
  std::erase_if(roles, [&](const auto& r) { return covered_so(r, body); });
  const std::size_t left = roles.size() > most_at_once ? roles.size() - most_at_once : 0;
  roles.resize(roles.size() - left);
  std::vector<std::optional<Problem>> refused(roles.size());
  std::latch done(static_cast<std::ptrdiff_t>(roles.size()));
  for (std::size_t i = 0; i < roles.size(); ++i) {
    auto one = body;
    one.role = roles[i].role;
    city.engine.submit(command_of(city, request, key, roles[i], one),
                       [&refused, &done, i](const engine::Answer& answer) {
                         if (!answer) refused[i] = answer.error();
                         done.count_down();
                       });
  }
  done.wait();
  json::Array results;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const auto& no = refused[i];
    results.push_back(json::Object{{"number", roles[i].number},
                                   {"role", named(city, roles[i].role)},
                                   {"code", no ? json::Value(no->code) : json::Value(nullptr)},
                                   {"detail", no ? json::Value(to_json(no->detail)) : json::Value(nullptr)}});
  }
  return wire::json_response(json::Object{{"results", std::move(results)}, {"left", left}});
}

void hand_over(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<HandOver>(*request);
  if (!body) return reply(body.error());
  auto from = member_of(city, *request, body->from);
  if (!from) return reply(unknown_account("/from"));
  // Somebody's own work is theirs to pass on; another's is for who answers for all of it.
  if (*from != request->principal.user && !request->principal.has(wire::Role::manager))
    return reply(refusal("identity.forbidden", {"只能移交自己的办件", "only your own cases are yours to hand over"},
                         {"请联系管理人员", "ask a manager"}));
  auto reader = city.database.reader();
  const auto to = identity::find_account(*reader, body->to);
  if (!to || to->disabled || to->id == *from) return reply(unknown_account("/to"));
  auto roles = connection::roles_of(*reader, *from, request->principal.areas, request->principal.enterprises);
  const auto can = [&](const connection::TeamRole& r) {
    wire::Principal them;
    them.areas = to->areas;
    them.enterprises = to->enterprises;
    return within_district(them, r.area, r.enterprise);
  };
  if (!std::ranges::all_of(roles, can))
    return reply(refusal(
        "connection.out_of_reach",
        {"接手的人不在这些办件的区（市）或供电企业工作",
         "whoever takes over does not work in the districts or for the enterprises of all these cases"},
        {"请换一位接手的人，或由管理人员调整其权限", "name another, or have an administrator widen their reach"}));
  connection::Assign assign;
  assign.account = to->id;
  assign.reason = body->reason;
  assign.until = body->until;
  city.workers.answer(reply, [&city, request, reply, key = *key, roles = std::move(roles), assign] {
    reply(hand_over(city, *request, key, roles, assign));
  });
}

}  // namespace

Result<std::string> member_of(const City& city, const wire::Request& request, std::string_view name) {
  if (name == "me" && request.principal.kind == wire::Principal::Kind::staff) return request.principal.user;
  const auto account = identity::find_account(*city.database.reader(), name);
  if (!account) return unknown_account("?member");
  return account->id;
}

void add_team(wire::Router& router, City& city) {
  using wire::Access;
  using wire::Role;
  const auto those = Access::staff({Role::clerk, Role::manager});
  router.get("/api/v1/team", Access::any_staff().within(Access::Reach::rows),
             [&city](const wire::Request& request) { return look(city, request); });
  router.post("/api/v1/team/hand-over", those.within(Access::Reach::rows),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { hand_over(city, request, reply); });
}

}  // namespace tongdian::journeys
