#include "identity/gate.hpp"

#include "identity/service_keys.hpp"

namespace tongdian::identity {

std::optional<Problem> csrf_objection(const wire::Request& request, const wire::Principal& who) {
  if (equal_constant_time(bytes_of(request.headers.get("X-CSRF-Token")), bytes_of(who.csrf))) return {};
  return refusal("identity.csrf", {"页面令牌缺失或已失效", "the page's token is missing or wrong"},
                 {"请刷新页面后重试", "reload the page and try again"});
}

/// A key stands for itself: where one is sent no cookie is looked at, and a wrong one is no visitor.
Result<wire::Principal> SessionGate::recognised(const wire::Request& request) const {
  constexpr std::string_view scheme = "Bearer ";
  if (const auto credentials = request.headers.get("Authorization"); credentials.starts_with(scheme)) {
    if (auto program = program_of(*database_.reader(), credentials.substr(scheme.size()), clock_.now()))
      return *std::move(program);
    return refusal("identity.unauthenticated", {"密钥无效、已撤销或已过期", "the key is wrong, revoked or over"},
                   {"请向管理员索取新的密钥", "ask the administrator for a new key"});
  }
  if (const auto token = request.cookie(cookie_name))
    if (auto found = sessions_.find(*token)) return *std::move(found);
  return wire::Principal{};
}

Result<wire::Principal> SessionGate::admit(const wire::Request& request, const wire::Access& access) {
  auto who = recognised(request);
  if (!who) return who.error();
  if (auto problem = wire::objection(access, *who, request.parameter("number"))) return *std::move(problem);
  // A public route does nothing in the name of a session, unless its handler says so and asks for the token itself. A key is
  // sent on purpose, by a program: no other site can make a browser send it.
  const bool in_a_name = (who->kind == wire::Principal::Kind::customer || who->kind == wire::Principal::Kind::staff) &&
                         !access.open_to_public;
  if (in_a_name && !wire::is_safe(request.method))
    if (auto problem = csrf_objection(request, *who)) return *std::move(problem);
  return who;
}

}  // namespace tongdian::identity
