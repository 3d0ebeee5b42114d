// Staff sign in and out; a session says who one is.
#include "journeys/city.hpp"
#include "journeys/session_cookie.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

struct Credentials {
  std::string user, password, code;
};
BOOST_DESCRIBE_STRUCT(Credentials, (), (user, password, code))

void sign_in(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto body = wire::read_body<Credentials>(*request);
  if (!body) return reply(body.error());
  if (auto later = city.sign_ins_from.count(identity::network_of(request->remote))) return reply(*later);
  const auto kept = request->cookie(city.sign_in.browser_cookie(body->user));
  const std::string browser = kept ? city.sign_in.known_browser(body->user, *kept) : std::string();
  const std::string counted = browser.empty() ? body->user : "browser " + browser;
  if (auto later = city.sign_ins.count(counted)) return reply(*later);
  // Hashing takes 30 ms on purpose: not on the network's threads.
  city.workers.answer(reply, [&city, request, reply, body = *std::move(body), browser, counted] {
    const auto outcome = city.sign_in.staff(body.user, body.password, body.code, browser);
    if (!outcome.account) return answer_no(reply, outcome.problem);
    city.sign_ins.forget(counted);
    auto who = identity::principal_of(*outcome.account);
    who.pending = city.rules.second_factor_required && outcome.account->totp.empty();
    auto response = open_session(city, *request, std::move(who), outcome.account->password_hash);
    if (browser.empty())
      wire::set_cookie(response, {city.sign_in.browser_cookie(body.user), city.sign_in.new_browser(*outcome.account),
                                  std::chrono::days(180), city.secure_cookies});
    reply(std::move(response));
  });
}

}  // namespace

json::Object session_json(const wire::Principal& who) {
  const bool customer = who.kind == wire::Principal::Kind::customer;
  return {{"user", who.user},
          {"name", who.name},
          {"roles", customer ? json::Value(json::Array{"customer"}) : json::write(who.roles)},
          {"areas", json::write(who.areas)},
          {"enterprises", json::write(who.enterprises)},
          {"case_number", who.case_number.empty() ? json::Value(nullptr) : json::Value(who.case_number)},
          {"pending", who.pending},
          {"csrf", who.csrf}};
}

/// Under a new token always; the one that the request came with is over.
wire::Response open_session(City& city, const wire::Request& request, wire::Principal who,
                            const std::string& password_hash) {
  if (const auto old = request.cookie(identity::cookie_name)) city.sessions.close(*old);
  const auto opened = city.sessions.open(std::move(who), from_of(request), password_hash);
  wire::Response response = wire::json_response(session_json(opened.principal));
  set_session_cookie(response, opened.token, city.secure_cookies);
  return response;
}

void add_sessions(wire::Router& router, City& city) {
  using wire::Access;
  router.post("/api/v1/session", Access::everyone(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { sign_in(city, request, reply); });
  router.get("/api/v1/session", Access::any_session(), [](const wire::Request& request) -> Result<wire::Response> {
    return wire::json_response(session_json(request.principal));
  });
  router.del("/api/v1/session", Access::any_session(),
             [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
               city.workers.answer(reply, [&city, request, reply] {
                 if (const auto token = request->cookie(identity::cookie_name)) city.sessions.close(*token);
                 wire::Response response = wire::no_content();
                 wire::set_cookie(response, {std::string(identity::cookie_name), "", std::chrono::seconds(0)});
                 reply(std::move(response));
               });
             });
}

}  // namespace tongdian::journeys
