// Administrators and accounts: who there is, and changes of what they may do, each asked by one and granted by another. Nobody
// gives what they do not have: an administrator of some areas and enterprises has to do with accounts within these alone.
#include <algorithm>

#include "identity/accounts.hpp"
#include "identity/second_factor.hpp"
#include "journeys/requests.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

using requests::Kind;

struct Authority {
  std::vector<wire::Role> roles;
  std::vector<std::string> areas, enterprises;
};
struct NewAccount {
  std::string user, name;
  std::vector<wire::Role> roles;
  std::vector<std::string> areas, enterprises;
};
struct Change {
  std::string kind;
  std::vector<wire::Role> roles;
  std::vector<std::string> areas, enterprises;
  bool second_factor = false;
};
BOOST_DESCRIBE_STRUCT(Authority, (), (roles, areas, enterprises))
BOOST_DESCRIBE_STRUCT(NewAccount, (), (user, name, roles, areas, enterprises))
BOOST_DESCRIBE_STRUCT(Change, (), (kind, roles, areas, enterprises, second_factor))

/// Empty is everywhere, and only who is everywhere gives that.
bool covers(const std::vector<std::string>& own, const std::vector<std::string>& given) {
  if (own.empty()) return true;
  return !given.empty() &&
         std::ranges::all_of(given, [&](const std::string& each) { return std::ranges::find(own, each) != own.end(); });
}

Problem beyond() {
  return refusal("identity.forbidden",
                 {"超出您自己的区（市）或供电企业范围", "beyond your own areas or supply enterprises"},
                 {"请由范围更大的管理员办理", "ask an administrator who reaches further"});
}

Problem no_account() {
  return refusal("identity.not_found",
                 {"没有这个账号，或不在您的范围内", "there is no such account, or it is beyond your reach"},
                 {"请刷新页面", "reload the page"});
}

std::optional<Problem> authority_defect(const City& city, const wire::Principal& admin, const identity::Account& told) {
  if (told.roles.empty())
    return bad_input("identity.no_role", "/roles", {"账号至少要有一个角色", "an account has at least one role"});
  for (const auto& area : told.areas)
    if (std::ranges::find(city.pack().areas(), area, &policy::Area::code) == city.pack().areas().end())
      return bad_input("connection.unknown_area", "/areas", {"没有这个区（市）", "there is no such area"});
  for (const auto& id : told.enterprises)
    if (std::ranges::find(city.enterprises, id, &policy::SupplyEnterprise::id) == city.enterprises.end())
      return bad_input("connection.unknown_enterprise", "/enterprises",
                       {"没有这个供电企业", "there is no such supply enterprise"});
  if (!within_authority(admin, told)) return beyond();
  return {};
}

json::Object content_of(const identity::Account& told) {
  return {{"roles", json::write(told.roles)},
          {"areas", json::write(told.areas)},
          {"enterprises", json::write(told.enterprises)}};
}

Result<wire::Response> list(const City& city, const wire::Request& request) {
  auto reader = city.database.reader();
  json::Array rows;
  for (const auto& a : identity::all_accounts(*reader))
    if (within_authority(request.principal, a))
      rows.push_back(json::Object{{"id", a.id},
                                  {"user", a.user},
                                  {"name", a.name},
                                  {"roles", json::write(a.roles)},
                                  {"areas", json::write(a.areas)},
                                  {"enterprises", json::write(a.enterprises)},
                                  {"second_factor", !a.totp.empty()},
                                  {"disabled", a.disabled}});
  return wire::json_response(json::Object{{"accounts", std::move(rows)}});
}

/// The account is there at once, disabled, without a password and with no rights; the request gives them.
void make(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<NewAccount>(*request);
  if (!body) return reply(body.error());
  identity::Account told;
  told.user = body->user;
  told.name = body->name.empty() ? body->user : body->name;
  told.roles = body->roles;
  told.areas = body->areas;
  told.enterprises = body->enterprises;
  if (auto problem = authority_defect(city, request->principal, told)) return reply(*problem);
  // The key makes the id: sent twice it is one account.
  told.id = "u" + to_hex(city.vault.tag("account id", request->principal.user + *key)).substr(0, 12);
  city.workers.answer(reply, [&city, request, reply, told, key = *key] {
    Result<void> done;
    city.engine.write(
        [&](store::Session& writer) { done = identity::reserve_account(writer, told, city.clock.now()); });
    if (!done) return reply(done.error());
    make_request(city, request, reply, key, {"staff", request->principal.user},
                 {Kind::authority, told.id, "", "", content_of(told)});
  });
}

void change(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<Change>(*request);
  if (!body) return reply(body.error());
  const auto kind = enum_of<Kind>(body->kind);
  if (!kind || !requests::of_account(*kind))
    return reply(bad_input("json.unknown_value", "/kind",
                           {"应为 authority、enable、disable 或 reset", "authority, enable, disable or reset"}));
  const auto account = identity::find_account_by_id(*city.database.reader(), request->parameter("id"));
  if (!account || !within_authority(request->principal, *account)) return reply(no_account());
  // The city's own sign-on says it again at the next sign-in: what two people granted here would be gone without a word.
  if ((*kind == Kind::authority || *kind == Kind::reset) && identity::is_single_sign_on(*account))
    return reply(refusal("identity.from_single_sign_on",
                         {"该账号来自统一身份认证，权限和密码由那里决定",
                          "the account comes from the single sign-on, which decides its rights and its password"},
                         {"请在统一身份认证中调整其所在的组；要立即收回权限，可停用账号",
                          "change its groups there; to take its rights away at once, disable the account"}));
  json::Object content;
  if (*kind == Kind::authority) {
    identity::Account told = *account;
    told.roles = body->roles;
    told.areas = body->areas;
    told.enterprises = body->enterprises;
    if (auto problem = authority_defect(city, request->principal, told)) return reply(*problem);
    content = content_of(told);
  }
  if (*kind == Kind::reset) content["second_factor"] = body->second_factor;
  make_request(city, request, reply, *key, {"staff", request->principal.user},
               {*kind, account->id, "", "", std::move(content)});
}

}  // namespace

bool within_authority(const wire::Principal& admin, const identity::Account& account) {
  return covers(admin.areas, account.areas) && covers(admin.enterprises, account.enterprises);
}

void carry_out_granted(City& city, store::Session& session, const std::string& payload) {
  const auto value = json::parse(payload).value();
  const auto kind = enum_of<Kind>(value.at("kind").as_string());
  auto account = identity::find_account_by_id(session, value.at("subject").as_string());
  if (!kind || !account) return;
  const auto& content = value.at("content");
  switch (*kind) {
    case Kind::authority: {
      const auto told = json::read<Authority>(content).value();
      // One that was only reserved is let in by its first rights; one that somebody disabled is not, by further ones.
      const bool reserved = account->password_hash.empty() && account->roles.empty();
      account->roles = told.roles;
      account->areas = told.areas;
      account->enterprises = told.enterprises;
      identity::set_authority(session, *account);
      if (reserved) identity::set_disabled(session, account->id, false, city.clock.now());
      break;
    }
    case Kind::enable: identity::set_disabled(session, account->id, false, city.clock.now()); break;
    case Kind::disable: identity::set_disabled(session, account->id, true, city.clock.now()); break;
    case Kind::reset:
      if (content.at("second_factor").as_bool()) identity::SecondFactor::remove(session, account->id);
      break;
    case Kind::review:
    case Kind::calendar:
    case Kind::complaint: break;
  }
  city.sessions.look_again();
}

void add_accounts(wire::Router& router, City& city) {
  using wire::Access;
  const auto admins = Access::staff({wire::Role::admin}).within(Access::Reach::rows);
  router.get("/api/v1/accounts", admins, [&city](const wire::Request& request) { return list(city, request); });
  router.post("/api/v1/accounts", admins.within(Access::Reach::body),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { make(city, request, reply); });
  router.post("/api/v1/accounts/{id}/changes", admins,
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { change(city, request, reply); });
}

}  // namespace tongdian::journeys
