#include "identity/gate.hpp"

namespace tongdian::identity {

Result<wire::Principal> SessionGate::admit(const wire::Request& request, const wire::Access& access) {
  wire::Principal who;
  if (const auto token = request.cookie(cookie_name))
    if (auto found = sessions_.find(*token)) who = *std::move(found);
  if (auto problem = wire::objection(access, who, request.parameter("number"))) return *std::move(problem);
  // A public route takes no harm from another site's form: it does nothing in the name of a session, except where its
  // handler looks at the principal (entry at the counter), and then the token is asked for there, by `csrf_holds`.
  const bool in_a_name = who.kind != wire::Principal::Kind::visitor && !access.open_to_public;
  if (in_a_name && !wire::is_safe(request.method) &&
      !equal_constant_time(bytes_of(request.headers.get("X-CSRF-Token")), bytes_of(who.csrf)))
    return refusal("identity.csrf", {"页面令牌缺失或已失效", "the page's token is missing or wrong"},
                   {"请刷新页面后重试", "reload the page and try again"});
  return who;
}

}  // namespace tongdian::identity
