// POST /api/v1/cases and /api/v1/leads: an application, online or entered at the counter, and a lead of another authority.
#include <algorithm>

#include "identity/gate.hpp"
#include "journeys/application.hpp"
#include "journeys/city.hpp"
#include "policy/explain.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

std::optional<Problem> unknown_enterprise(const City& city, const std::string& id) {
  if (std::ranges::find(city.enterprises, id, &policy::SupplyEnterprise::id) != city.enterprises.end()) return {};
  return bad_input("connection.unknown_enterprise", "/enterprise",
                   {"没有这个供电企业", "there is no such supply enterprise"},
                   {"请从列表中选择", "choose one of the list"});
}

/// Entry at the counter is a clerk's, in the clerk's name; online is anyone's.
std::optional<Problem> wrong_channel(const wire::Request& request, const Submission& s) {
  if (s.channel != "counter") return {};
  const auto& who = request.principal;
  if (who.kind != wire::Principal::Kind::staff)
    return refusal("identity.unauthenticated", {"柜台录入需先登录", "entry at the counter needs a clerk's session"},
                   {"请登录", "sign in"});
  if (!who.has(wire::Role::clerk) && !who.has(wire::Role::manager))
    return refusal("identity.forbidden", {"您的角色不能录入申请", "your role does not enter applications"},
                   {"请由受理人员录入", "let a clerk enter it"});
  // The route is everybody's, so that the gate has not asked whether a second factor is still to be set up.
  if (auto problem = wire::objection(wire::Access::any_staff(), who, "")) return problem;
  return identity::csrf_objection(request, who);
}

/// The clock starts when the server says so; nobody fills in an earlier time.
std::optional<Problem> backdated(const City& city, const policy::Facts& facts) {
  if (facts.applied_at.empty()) return {};
  return refusal(
      "connection.not_backdated", {"申请时间由服务器记录，不能填报", "the time of the submission is the server's"},
      {"请去掉 facts.applied_at", "leave facts.applied_at out"}, city.pack().citations("connection.not_backdated"));
}

/// Staff open cases where they work, and for their enterprise.
std::optional<Problem> out_of_reach(const wire::Principal& who, const std::string& area,
                                    const std::string& enterprise) {
  using Kind = wire::Principal::Kind;
  const bool bound = who.kind == Kind::staff || who.kind == Kind::program;
  if (!bound || within_district(who, area, enterprise)) return {};
  return refusal("identity.forbidden",
                 {"该区（市）或供电企业不在您的范围内", "the area or the enterprise is not within your reach"},
                 {"请由相应人员录入", "let the staff who work there enter it"});
}

engine::Actor applicant_or_clerk(const wire::Request& request, const std::string& channel) {
  if (channel == "counter") return {"staff", request.principal.user};
  return {"customer", "applicant"};
}

engine::Actor leads_actor(const wire::Principal& who) {
  return {who.kind == wire::Principal::Kind::program ? "program" : "staff", who.user};
}

/// Answers with the receipt once the case is on disk; rendered away from the writer.
void answer_with_receipt(City& city, const wire::Reply& reply, const engine::Answer& answer, bool lead) {
  if (!answer) return reply(answer.error());
  city.workers.answer(reply, [&city, reply, stream = answer->stream, lead] {
    auto reader = city.database.reader();
    const auto found = find(*reader, std::string_view(stream).substr(5));
    if (!found) return reply.internal_error();
    const std::string& number = found->row.number;
    if (lead) return reply(wire::json_response(json::Object{{"number", number}}, wire::Status::created));
    const Pages pages(city, *reader, found->row.area);
    reply(wire::json_response(json::Object{{"number", number},
                                           {"sequence", found->folded.events.size()},
                                           {"decision", policy::explained(city.pack(), found->folded.state.decision)},
                                           {"case", connection::public_case(found->folded, pages.context)}},
                              wire::Status::created));
  });
}

void submit(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<Submission>(*request);
  if (!body) return reply(body.error());
  if (auto problem = wrong_channel(*request, *body)) return reply(*problem);
  if (body->channel == "online")
    if (auto later = city.submissions_from.count(identity::network_of(request->remote))) return reply(*later);
  if (auto problem = defect(*body)) return reply(*problem);
  if (auto problem = unknown_enterprise(city, body->enterprise)) return reply(*problem);
  if (auto problem = backdated(city, body->facts)) return reply(*problem);
  if (body->channel == "counter")
    if (auto problem = out_of_reach(request->principal, body->site.area, body->enterprise)) return reply(*problem);
  auto reader = city.database.reader();
  auto command = to_command(*body, "apply:" + *key, applicant_or_clerk(*request, body->channel), city.vault, *reader,
                            city.random, city.pack().zone().date_of(city.clock.now()));
  city.engine.submit(std::move(command),
                     [&city, reply](const engine::Answer& answer) { answer_with_receipt(city, reply, answer, false); });
}

void record_lead(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<Lead>(*request);
  if (!body) return reply(body.error());
  body->facts.requested_kw = body->requested_kw;
  if (auto problem = defect(as_submission(*body))) return reply(*problem);
  if (auto problem = unknown_enterprise(city, body->enterprise)) return reply(*problem);
  if (auto problem = backdated(city, body->facts)) return reply(*problem);
  if (auto problem = out_of_reach(request->principal, body->area, body->enterprise)) return reply(*problem);
  auto reader = city.database.reader();
  auto command = to_command(*body, "lead:" + *key, leads_actor(request->principal), city.vault, *reader, city.random,
                            city.pack().zone().date_of(city.clock.now()));
  city.engine.submit(std::move(command),
                     [&city, reply](const engine::Answer& answer) { answer_with_receipt(city, reply, answer, true); });
}

}  // namespace

void add_applications(wire::Router& router, City& city) {
  using wire::Access;
  using wire::Role;
  router.post("/api/v1/cases", Access::everyone(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { submit(city, request, reply); });
  router.post(
      "/api/v1/leads", Access::staff({Role::clerk, Role::manager}).or_program("leads").within(Access::Reach::body),
      [&city](const wire::RequestPtr& request, const wire::Reply& reply) { record_lead(city, request, reply); });
}

}  // namespace tongdian::journeys
