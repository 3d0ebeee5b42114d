// What staff do with their own account: the password, the second factor, where else they are signed in. And a new password by
// a code that an administrator handed over.
#include <algorithm>

#include "base/time_text.hpp"
#include "identity/one_time.hpp"
#include "journeys/city.hpp"
#include "journeys/session_cookie.hpp"
#include "policy/explain.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

struct NewPassword {
  std::string password, next, code;
};
struct Proof {
  std::string password, code;
};
struct Confirmation {
  std::string code;
};
struct Reset {
  std::string user, code, password;
};
BOOST_DESCRIBE_STRUCT(NewPassword, (), (password, next, code))
BOOST_DESCRIBE_STRUCT(Proof, (), (password, code))
BOOST_DESCRIBE_STRUCT(Confirmation, (), (code))
BOOST_DESCRIBE_STRUCT(Reset, (), (user, code, password))

/// A problem of a value, at its place in the body.
Problem at(Problem p, std::string path) {
  p.path = std::move(path);
  return p;
}

identity::Account account_of(const City& city, const wire::Request& request) {
  auto account = identity::find_account_by_id(*city.database.reader(), request.principal.user);
  // The session ends with its account; only a removal between two looks comes here.
  if (!account) throw ProblemError(refusal("identity.unauthenticated", {"请先登录", "sign in first"}));
  return *std::move(account);
}

json::Object account_json(const City& city, const wire::Request& request) {
  const auto account = account_of(city, request);
  const Zone zone = city.pack().zone();
  json::Array sessions;
  for (const auto& each : city.sessions.of(account.id))
    sessions.push_back(json::Object{{"id", each.id},
                                    {"opened_at", format_instant(each.opened_at, zone)},
                                    {"expires_at", format_instant(each.expires_at, zone)},
                                    {"address", each.address},
                                    {"agent", each.agent},
                                    {"current", each.id == request.principal.session}});
  auto reader = city.database.reader();
  return {{"user", account.user},
          {"name", account.name},
          {"roles", json::write(account.roles)},
          {"areas", json::write(account.areas)},
          {"enterprises", json::write(account.enterprises)},
          {"second_factor",
           json::Object{{"active", !account.totp.empty()},
                        {"required", city.rules.second_factor_required},
                        {"recovery_codes_left", identity::SecondFactor::recovery_codes_left(*reader, account.id)}}},
          {"sessions", std::move(sessions)}};
}

using Step = std::function<Result<wire::Response>(const identity::Account&)>;

/// The password once more (and the second factor, where there is one and it is asked for), then the step.
void after_proof(City& city, const wire::RequestPtr& request, const wire::Reply& reply, const Proof& proof,
                 bool factor_asked, const Step& step) {
  const auto outcome = city.sign_in.again(request->principal.user, proof.password, proof.code, factor_asked);
  if (!outcome.account) return answer_no(reply, outcome.problem);
  reply(step(*outcome.account));
}

Result<wire::Response> change_password(City& city, const wire::Request& request, const identity::Account& account,
                                       const std::string& next) {
  Result<void> done;
  city.engine.write([&](store::Session& writer) {
    done = identity::set_password(writer, account, next, city.rules.breached, request.principal.session);
  });
  city.sessions.look_again();
  if (!done) return at(done.error(), "/next");
  return wire::no_content();
}

Result<wire::Response> begin_factor(City& city, const identity::Account& account) {
  identity::Enrolment enrolment;
  city.engine.write([&](store::Session& writer) {
    enrolment = city.second_factor.begin(writer, account, city.pack().city().zh + "通电");
  });
  return wire::json_response(json::Object{{"secret", enrolment.secret}, {"uri", enrolment.uri}});
}

/// Confirmed: every other session ends, and this one goes on under a new token.
Result<wire::Response> confirm_factor(City& city, const wire::Request& request, const std::string& code) {
  Result<std::vector<std::string>> codes = std::vector<std::string>{};
  const auto account = account_of(city, request);
  city.engine.write(
      [&](store::Session& writer) { codes = city.second_factor.confirm(writer, account, code, city.clock.now()); });
  if (!codes) return at(codes.error(), "/code");
  city.sessions.close_others(account.id, "");
  const auto opened = city.sessions.open(identity::principal_of(account), from_of(request));
  auto response =
      wire::json_response(json::Object{{"recovery_codes", json::write(*codes)}, {"csrf", opened.principal.csrf}});
  set_session_cookie(response, opened.token, city.secure_cookies);
  return response;
}

Result<wire::Response> remove_factor(City& city, const identity::Account& account) {
  if (city.rules.second_factor_required)
    return refusal("identity.second_factor_required",
                   {"本市要求两步验证，不能关闭", "this city asks for a second factor: it stays"},
                   {"换手机请先用新手机重新设置", "for a new phone set it up again"});
  city.engine.write([&](store::Session& writer) { identity::SecondFactor::remove(writer, account.id); });
  return wire::no_content();
}

/// One answer for a wrong account and a wrong code. A new password also removes a lock.
Result<wire::Response> reset(City& city, const Reset& body) {
  const auto account = identity::find_account(*city.database.reader(), body.user);
  if (auto problem = identity::password_objection(body.password, body.user, city.rules.breached))
    return at(*problem, "/password");
  bool right = false;
  Result<void> done;
  city.engine.write([&](store::Session& writer) {
    const std::string subject = account ? account->id : "no account";
    right = identity::redeem(writer, city.vault, identity::reset_code, subject, body.code, city.clock.now()) &&
            account && !account->disabled;
    if (!right) return;
    done = identity::set_password(writer, *account, body.password, city.rules.breached);
    city.sign_in.unlock(writer, body.user);
  });
  if (!right)
    return refusal("identity.wrong_code",
                   {"账号或重置码不正确，或已过期", "wrong account or code, or the code is over"},
                   {"请向管理员索取新的重置码", "ask the administrator for a new code"});
  if (!done) return done.error();
  city.sign_ins.forget(body.user);
  city.sessions.look_again();
  return wire::no_content();
}

template <class Body, class Then>
auto with_body(City& city, Then then) {
  return [&city, then](const wire::RequestPtr& request, const wire::Reply& reply) {
    auto body = wire::read_body<Body>(*request);
    if (!body) return reply(body.error());
    city.workers.answer(reply, [request, reply, then, body = *std::move(body)] { then(request, reply, body); });
  };
}

void add_reset(wire::Router& router, City& city) {
  router.post("/api/v1/password-reset", wire::Access::everyone(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
                auto body = wire::read_body<Reset>(*request);
                if (!body) return reply(body.error());
                if (auto later = city.sign_ins_from.count(identity::network_of(request->remote))) return reply(*later);
                // Counted apart from tries of the password: whoever used those up, or another for them, gets in by the code.
                if (auto later = city.sign_ins.count("reset " + body->user)) return reply(*later);
                city.workers.answer(reply, [&city, reply, body = *std::move(body)] { reply(reset(city, body)); });
              });
}

void add_sessions_of_account(wire::Router& router, City& city) {
  const auto staff = wire::Access::any_staff().even_pending();
  router.del("/api/v1/account/sessions", staff, [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
    city.workers.answer(reply, [&city, request, reply] {
      city.sessions.close_others(request->principal.user, request->principal.session);
      reply(wire::no_content());
    });
  });
  router.del(
      "/api/v1/account/sessions/{id}", staff, [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
        city.workers.answer(reply, [&city, request, reply] {
          if (city.sessions.close_one(request->principal.user, std::string(request->parameter("id"))))
            return reply(wire::no_content());
          reply(refusal("identity.not_found", {"没有这个会话，或已结束", "there is no such session, or it is over"},
                        {"请刷新页面", "reload the page"}));
        });
      });
}

}  // namespace

void answer_no(const wire::Reply& reply, const wire::Later& no) {
  if (no.wait.count() > 0) return reply(no);
  reply(no.problem);
}

identity::Sessions::From from_of(const wire::Request& request) {
  std::string agent(request.headers.get("User-Agent").substr(0, 200));
  std::ranges::replace_if(
      agent, [](char c) { return c < ' ' || c > '~'; }, '?');
  return {request.remote, std::move(agent)};
}

void add_account(wire::Router& router, City& city) {
  using wire::Reply;
  using wire::RequestPtr;
  const auto staff = wire::Access::any_staff().even_pending();
  router.get("/api/v1/account", staff, [&city](const wire::Request& request) -> Result<wire::Response> {
    return wire::json_response(account_json(city, request));
  });
  router.post(
      "/api/v1/account/password", staff,
      with_body<NewPassword>(city, [&city](const RequestPtr& request, const Reply& reply, const NewPassword& b) {
        after_proof(city, request, reply, {b.password, b.code}, true,
                    [&](const identity::Account& account) { return change_password(city, *request, account, b.next); });
      }));
  router.post("/api/v1/account/second-factor", staff,
              with_body<Proof>(city, [&city](const RequestPtr& request, const Reply& reply, const Proof& proof) {
                after_proof(city, request, reply, proof, true,
                            [&](const identity::Account& account) { return begin_factor(city, account); });
              }));
  router.post(
      "/api/v1/account/second-factor/confirm", staff,
      with_body<Confirmation>(city, [&city](const RequestPtr& request, const Reply& reply, const Confirmation& b) {
        // A code is six digits: whoever sits at an open desk shall not try them all.
        if (auto later = city.sign_ins.count("confirm " + request->principal.user)) return reply(*later);
        reply(confirm_factor(city, *request, b.code));
      }));
  router.post("/api/v1/account/second-factor/remove", staff,
              with_body<Proof>(city, [&city](const RequestPtr& request, const Reply& reply, const Proof& proof) {
                after_proof(city, request, reply, proof, true,
                            [&](const identity::Account& account) { return remove_factor(city, account); });
              }));
  add_sessions_of_account(router, city);
  add_reset(router, city);
}

}  // namespace tongdian::journeys
