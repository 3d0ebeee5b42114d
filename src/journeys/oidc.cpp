// Staff sign in by the city's single sign-on: the browser goes there and comes back. Both ways are navigations, so that a
// refusal, too, is an address: the sign-in page, with the code to explain.
#include "identity/oidc.hpp"

#include <memory>

#include "journeys/city.hpp"
#include "journeys/session_cookie.hpp"
#include "policy/explain.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

constexpr std::string_view ticket_cookie = "tongdian_oidc";

wire::Response go_to(std::string address) {
  wire::Response response;
  response.status = wire::Status::see_other;
  response.headers.add("Location", std::move(address));
  return response;
}

wire::Response refused(const Problem& problem) {
  auto response = go_to("/login?refused=" + wire::percent_encoded(problem.code));
  response.code = problem.code;  // for the log
  return response;
}

/// Lax, not Strict as a session's: it has to come along when the provider sends the browser back to us.
void set_ticket(wire::Response& response, const std::string& ticket, bool secure) {
  const bool gone = ticket.empty();
  response.headers.add("Set-Cookie", std::string(ticket_cookie) + "=" + ticket +
                                         "; HttpOnly; SameSite=Lax; Path=/api/v1/oidc; Max-Age=" +
                                         (gone ? "0" : "600") + (secure ? "; Secure" : ""));
}

Problem off() {
  return refusal("identity.oidc_off", {"本市没有统一身份认证登录", "this city has no single sign-on"},
                 {"请用账号密码登录", "sign in by account and password"});
}

/// The account that the configuration makes of them.
Result<identity::Account> account_for(City& city, const identity::OidcIdentity& who) {
  const auto& settings = city.oidc->settings();
  const auto grant = identity::grant_of(settings, who);
  if (!grant)
    return refusal("identity.oidc_unknown",
                   {"统一身份认证认识您，本系统没有给您权限", "the single sign-on knows you; here you have no rights"},
                   {"请联系管理员", "ask the administrator"});
  std::optional<identity::Account> account;
  if (!grant->account.empty()) {
    account = identity::find_account(*city.database.reader(), grant->account);
  } else {
    identity::Account told;
    told.name = who.name;
    told.roles = grant->authority.roles;
    told.areas = grant->authority.areas;
    told.enterprises = grant->authority.enterprises;
    city.engine.write([&](store::Session& writer) {
      account = identity::account_of_subject(writer, settings.issuer, who.subject, told, city.clock.now());
    });
  }
  if (!account || account->disabled)
    return refusal("identity.disabled", {"账号已停用", "the account is disabled"},
                   {"如需恢复请联系管理员", "ask the administrator if it should not be"});
  return *std::move(account);
}

wire::Response start(City& city, const wire::Request& request) {
  const auto started = city.oidc->start(request.query("to").value_or("/desk"));
  if (!started) return refused(started.error());
  auto response = go_to(started->location);
  set_ticket(response, started->ticket, city.secure_cookies);
  return response;
}

wire::Response finish(City& city, const wire::Request& request) {
  const auto back = city.oidc->finish(request.cookie(ticket_cookie).value_or(""), request.query("state").value_or(""),
                                      request.query("code").value_or(""));
  auto response = [&] {
    if (!back) return refused(back.error());
    const auto account = account_for(city, back->identity);
    if (!account) return refused(account.error());
    auto opened = open_session(city, request, identity::principal_of(*account));
    auto answer = go_to(back->goal);
    for (const auto& [name, value] : opened.headers)
      if (name == "Set-Cookie") answer.headers.add(name, value);
    return answer;
  }();
  set_ticket(response, "", city.secure_cookies);  // a ticket is good for one way there and back
  return response;
}

}  // namespace

void add_oidc(wire::Router& router, City& city) {
  using wire::Access;
  // Threads of its own: whoever waits for a slow provider does not keep others from signing in by password.
  const auto waiting = std::make_shared<WorkerPool>(2);
  const auto answered_by = [&city, waiting](wire::Response (*work)(City&, const wire::Request&)) {
    return [&city, waiting, work](const wire::RequestPtr& request, const wire::Reply& reply) {
      if (!city.oidc) return reply(refused(off()));
      if (auto later = city.sign_ins_from.count(identity::network_of(request->remote))) return reply(*later);
      waiting->answer(reply, [&city, request, reply, work] { reply(work(city, *request)); });
    };
  };
  router.get("/api/v1/oidc", Access::everyone(), [&city](const wire::Request&) -> Result<wire::Response> {
    return wire::json_response(json::Object{
        {"name", city.oidc ? json::Value(policy::to_json(city.oidc->settings().name)) : json::Value(nullptr)}});
  });
  router.get("/api/v1/oidc/start", Access::everyone(), answered_by(&start));
  router.get("/api/v1/oidc/return", Access::everyone(), answered_by(&finish));
}

}  // namespace tongdian::journeys
