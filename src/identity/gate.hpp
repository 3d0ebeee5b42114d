// The gate before every route: whose session it is, whether its CSRF token came along, whether the route admits them.
#pragma once

#include "identity/sessions.hpp"
#include "wire/message.hpp"

namespace tongdian::identity {

class SessionGate final : public wire::Gate {
 public:
  explicit SessionGate(const Sessions& sessions) : sessions_(sessions) {}
  Result<wire::Principal> admit(const wire::Request& request, const wire::Access& access) override;

 private:
  const Sessions& sessions_;
};

}  // namespace tongdian::identity
