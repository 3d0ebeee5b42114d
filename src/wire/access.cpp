#include "wire/access.hpp"

#include <algorithm>

namespace tongdian::wire {

bool Principal::has(Role role) const { return std::ranges::find(roles, role) != roles.end(); }

Access Access::everyone() { return {.open_to_public = true, .roles = {}}; }

Access Access::staff(std::vector<Role> roles) { return {.open_to_public = false, .roles = std::move(roles)}; }

Access Access::any_staff() { return staff({Role::admin, Role::clerk, Role::manager, Role::supervisor}); }

Access Access::any_session() {
  Access out = any_staff();
  out.customer = Customer::any;
  return out;
}

Access Access::or_case_customer() const {
  Access wider = *this;
  wider.customer = Customer::of_the_case;
  return wider;
}

std::vector<std::string> Access::words() const {
  std::vector<std::string> out;
  if (open_to_public) out.emplace_back("public");
  for (const Role role : roles) out.emplace_back(name_of(role));
  if (customer != Customer::none) out.emplace_back("customer");
  return out;
}

std::optional<Problem> objection(const Access& access, const Principal& who, std::string_view number) {
  if (access.open_to_public) return {};
  switch (who.kind) {
    case Principal::Kind::visitor:
      return refusal("identity.unauthenticated", {"请先登录", "sign in first"},
                     {"工作人员请登录；客户请用办件编号和手机号查询",
                      "staff sign in; customers enter their case number and phone"});
    case Principal::Kind::customer:
      if (access.customer == Access::Customer::any) return {};
      if (access.customer == Access::Customer::of_the_case && !number.empty() && who.case_number == number) return {};
      break;
    case Principal::Kind::staff:
      if (std::ranges::any_of(access.roles, [&](Role role) { return who.has(role); })) return {};
      break;
  }
  return refusal("identity.forbidden", {"您没有权限进行此操作", "you are not allowed to do this"},
                 {"如需办理，请联系管理员", "ask an administrator if you should be"});
}

}  // namespace tongdian::wire
