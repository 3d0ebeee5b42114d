// A customer lets an agent act for them, sees who may, and takes it back; the agent sees for whom they may act.
#include <algorithm>

#include "base/time_text.hpp"
#include "journal/people.hpp"
#include "journeys/application.hpp"
#include "journeys/city.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

constexpr std::int64_t longest_days = 730;
constexpr std::size_t longest_name = 60;

struct GrantRequest {
  std::string agent_name, agent_phone, case_number;
  std::int64_t days = 0;
};
BOOST_DESCRIBE_STRUCT(GrantRequest, (), (agent_name, agent_phone, case_number, days))

std::optional<Problem> defect_of(const GrantRequest& g) {
  if (g.agent_name.empty())
    return bad_input("connection.required", "/agent_name", {"请填写代理人姓名", "please give the agent's name"});
  if (g.agent_name.size() > longest_name)
    return bad_input("connection.too_long", "/agent_name", {"姓名过长", "the name is too long"});
  const auto phone = plain_phone(g.agent_phone);
  if (phone.size() < 5 || phone.size() > 20)
    return bad_input("connection.bad_phone", "/agent_phone",
                     {"请填写代理人的电话号码", "please give the agent's phone number"});
  if (g.days < 1 || g.days > longest_days)
    return bad_input("json.out_of_range", "/days", {"期限为 1 至 730 天", "a grant lasts 1 to 730 days"});
  return {};
}

/// The cases that the grant is for; empty where the number is not one of theirs.
std::vector<connection::CaseRow> covered(store::Session& session, const Hash& grantor, const std::string& number) {
  auto rows = connection::cases_of(session, journal::owners_of_tag(session, grantor));
  std::erase_if(rows, [&](const auto& row) { return !number.empty() && row.number != number; });
  return rows;
}

std::string name_of_person(const City& city, store::Session& session, std::int64_t stream) {
  const auto kept = city.vault.open(session, stream);
  const auto* name = kept ? kept->if_contains("name") : nullptr;
  return name && name->is_string() ? std::string(name->get_string()) : std::string();
}

json::Object grant_json(const City& city, const identity::Grant& g, bool given) {
  const Zone zone = city.pack().zone();
  const auto text = [](const std::string& value) { return value.empty() ? json::Value(nullptr) : json::Value(value); };
  return {{"id", g.id},
          {"given", given},
          {"case_number", text(g.case_number)},
          {"grantor_name", given ? g.grantor_name : masked(g.grantor_name, 1, 0)},
          {"agent_name", g.agent_name},
          {"agent_phone", masked(g.agent_phone, 3, 4)},
          {"granted_at", format_instant(g.granted_at, zone)},
          {"until", format_instant(g.until, zone)},
          {"revoked_at", g.revoked_at ? json::Value(format_instant(*g.revoked_at, zone)) : json::Value(nullptr)},
          {"in_force", g.in_force(city.clock.now())}};
}

Hash own_tag(const wire::Request& request) {
  const auto tag = tag_of(request.principal.phone_tag);
  if (!tag) throw ProblemError(not_found());
  return *tag;
}

Result<wire::Response> give(City& city, const wire::Request& request, const GrantRequest& body,
                            const std::string& key) {
  identity::Grant grant;
  grant.grantor = own_tag(request);
  // The key makes the id: sent twice it is one grant.
  grant.id = "g" + to_hex(city.vault.tag("grant id", to_hex(grant.grantor) + key)).substr(0, 16);
  grant.agent = city.vault.phone_tag(plain_phone(body.agent_phone));
  grant.case_number = body.case_number;
  grant.agent_name = body.agent_name;
  grant.agent_phone = plain_phone(body.agent_phone);
  grant.granted_at = city.clock.now();
  grant.until = grant.granted_at + std::chrono::days(body.days);
  {
    auto reader = city.database.reader();
    const auto rows = covered(*reader, grant.grantor, body.case_number);
    if (rows.empty()) return not_found();
    grant.grantor_name = name_of_person(city, *reader, rows.front().stream);
  }
  Result<void> done;
  city.engine.write([&](store::Session& writer) { done = city.grants.give(writer, grant); });
  if (!done) return done.error();
  const auto kept = city.grants.find(*city.database.reader(), grant.id);
  return wire::json_response(grant_json(city, kept.value_or(grant), true), wire::Status::created);
}

Result<wire::Response> list(const City& city, const wire::Request& request) {
  const Hash own = own_tag(request);
  auto reader = city.database.reader();
  json::Array out;
  for (const auto& grant : city.grants.given_by(*reader, own)) out.push_back(grant_json(city, grant, true));
  for (const auto& grant : city.grants.held_by(*reader, own)) out.push_back(grant_json(city, grant, false));
  return wire::json_response(json::Object{{"grants", std::move(out)}});
}

Result<wire::Response> revoke(City& city, const wire::Request& request) {
  const Hash own = own_tag(request);
  bool done = false;
  city.engine.write([&](store::Session& writer) {
    done = identity::Grants::revoke(writer, std::string(request.parameter("id")), own, city.clock.now());
  });
  if (done) return wire::no_content();
  return refusal("identity.not_found", {"没有这个委托，或已撤回", "there is no such grant, or it is taken back"},
                 {"请刷新页面", "reload the page"});
}

}  // namespace

void add_grants(wire::Router& router, City& city) {
  using wire::Access;
  router.get("/api/v1/my/grants", Access::phone_customer(),
             [&city](const wire::Request& request) { return list(city, request); });
  router.post("/api/v1/my/grants", Access::phone_customer(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
                auto key = wire::idempotency_key(*request);
                if (!key) return reply(key.error());
                auto body = wire::read_body<GrantRequest>(*request);
                if (!body) return reply(body.error());
                if (auto problem = defect_of(*body)) return reply(*problem);
                city.workers.answer(reply, [&city, request, reply, body = *std::move(body), key = *std::move(key)] {
                  reply(give(city, *request, body, key));
                });
              });
  router.del("/api/v1/my/grants/{id}", Access::phone_customer(),
             [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
               city.workers.answer(reply, [&city, request, reply] { reply(revoke(city, *request)); });
             });
}

}  // namespace tongdian::journeys
