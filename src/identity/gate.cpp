#include "identity/gate.hpp"

namespace tongdian::identity {

std::optional<Problem> csrf_objection(const wire::Request& request, const wire::Principal& who) {
  if (equal_constant_time(bytes_of(request.headers.get("X-CSRF-Token")), bytes_of(who.csrf))) return {};
  return refusal("identity.csrf", {"页面令牌缺失或已失效", "the page's token is missing or wrong"},
                 {"请刷新页面后重试", "reload the page and try again"});
}

Result<wire::Principal> SessionGate::admit(const wire::Request& request, const wire::Access& access) {
  wire::Principal who;
  if (const auto token = request.cookie(cookie_name))
    if (auto found = sessions_.find(*token)) who = *std::move(found);
  if (auto problem = wire::objection(access, who, request.parameter("number"))) return *std::move(problem);
  // A public route does nothing in the name of a session, unless its handler says so and asks for the token itself.
  const bool in_a_name = who.kind != wire::Principal::Kind::visitor && !access.open_to_public;
  if (in_a_name && !wire::is_safe(request.method))
    if (auto problem = csrf_objection(request, who)) return *std::move(problem);
  return who;
}

}  // namespace tongdian::identity
