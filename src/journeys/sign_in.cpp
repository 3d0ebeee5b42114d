// Staff sign in and out; a session says who one is.
#include "identity/accounts.hpp"
#include "journeys/city.hpp"
#include "journeys/session_cookie.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

struct Credentials {
  std::string user, password;
};
BOOST_DESCRIBE_STRUCT(Credentials, (), (user, password))

json::Object session_json(const wire::Principal& who) {
  const bool customer = who.kind == wire::Principal::Kind::customer;
  return {{"user", who.user},
          {"name", who.name},
          {"roles", customer ? json::Value(json::Array{"customer"}) : json::write(who.roles)},
          {"areas", json::write(who.areas)},
          {"enterprises", json::write(who.enterprises)},
          {"case_number", customer ? json::Value(who.case_number) : json::Value(nullptr)},
          {"csrf", who.csrf}};
}

void sign_in(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto body = wire::read_body<Credentials>(*request);
  if (!body) return reply(body.error());
  if (auto problem = city.sign_ins_from.count(request->remote)) return reply(*problem);
  if (auto problem = city.sign_ins.count(body->user)) return reply(*problem);
  // Hashing takes 30 ms on purpose: not on the network's threads.
  city.workers.answer(reply, [&city, request, reply, body = *std::move(body)] {
    auto reader = city.database.reader();
    const auto account = identity::find_account(*reader, body.user);
    if (!identity::password_matches(account, body.password))
      return reply(refusal("identity.wrong_password", {"账号或密码不正确", "wrong account or password"},
                           {"请重试；忘记密码请联系管理员", "try again; if it is forgotten ask the administrator"}));
    city.sign_ins.forget(body.user);
    wire::Principal who;
    who.kind = wire::Principal::Kind::staff;
    who.user = account->id;
    who.name = account->name;
    who.roles = account->roles;
    who.areas = account->areas;
    who.enterprises = account->enterprises;
    const auto opened = city.sessions.open(std::move(who));
    wire::Response response = wire::json_response(session_json(opened.principal));
    set_session_cookie(response, opened.token, city.secure_cookies);
    reply(std::move(response));
  });
}

}  // namespace

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
