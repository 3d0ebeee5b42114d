// The gate before every route: whose session or key it is, whether the session's CSRF token came along, whether the route
// admits them.
#pragma once

#include "identity/sessions.hpp"
#include "wire/message.hpp"

namespace tongdian::identity {

/// `identity.csrf` where the request does not repeat the token of the session that it acts in. The gate asks on every route
/// that needs a session; a public route that acts in the name of one (entry at the counter) asks for itself.
std::optional<Problem> csrf_objection(const wire::Request& request, const wire::Principal& who);

class SessionGate final : public wire::Gate {
 public:
  SessionGate(const Sessions& sessions, store::Database& database, const Clock& clock)
      : sessions_(sessions), database_(database), clock_(clock) {}
  Result<wire::Principal> admit(const wire::Request& request, const wire::Access& access) override;

 private:
  [[nodiscard]] Result<wire::Principal> recognised(const wire::Request& request) const;

  const Sessions& sessions_;
  store::Database& database_;
  const Clock& clock_;
};

}  // namespace tongdian::identity
