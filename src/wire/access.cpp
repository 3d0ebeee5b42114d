#include "wire/access.hpp"

#include <algorithm>

namespace tongdian::wire {

bool Principal::has(Role role) const { return std::ranges::find(roles, role) != roles.end(); }

Access Access::everyone() { return {.open_to_public = true, .roles = {}}; }

Access Access::staff(std::vector<Role> roles) { return {.open_to_public = false, .roles = std::move(roles)}; }

Access Access::any_staff() { return staff({Role::admin, Role::clerk, Role::manager, Role::supervisor}); }

Access Access::phone_customer() {
  Access out;
  out.customer = Customer::of_a_phone;
  return out;
}

Access Access::any_session() {
  Access out = any_staff();
  out.customer = Customer::any;
  out.while_pending = true;
  return out;
}

Access Access::or_case_customer() const {
  Access wider = *this;
  wider.customer = Customer::of_the_case;
  wider.reach = Reach::case_;
  return wider;
}

Access Access::or_program(std::string needed) const {
  Access wider = *this;
  wider.scope = std::move(needed);
  return wider;
}

Access Access::within(Reach far) const {
  Access narrower = *this;
  narrower.reach = far;
  return narrower;
}

Access Access::even_pending() const {
  Access wider = *this;
  wider.while_pending = true;
  return wider;
}

std::vector<std::string> Access::words() const {
  std::vector<std::string> out;
  if (open_to_public) out.emplace_back("public");
  for (const Role role : roles) out.emplace_back(name_of(role));
  if (customer != Customer::none) out.emplace_back("customer");
  if (!scope.empty()) out.emplace_back("program:" + scope);
  return out;
}

namespace {

bool admits_customer(const Access& access, const Principal& who, std::string_view number) {
  switch (access.customer) {
    case Access::Customer::any: return true;
    case Access::Customer::of_a_phone: return !who.phone_tag.empty();
    case Access::Customer::of_the_case: return !number.empty() && (who.case_number == number || !who.phone_tag.empty());
    case Access::Customer::none: return false;
  }
  return false;
}

bool admits(const Access& access, const Principal& who, std::string_view number) {
  switch (who.kind) {
    case Principal::Kind::visitor: return false;
    case Principal::Kind::customer: return admits_customer(access, who, number);
    case Principal::Kind::staff: return std::ranges::any_of(access.roles, [&](Role role) { return who.has(role); });
    case Principal::Kind::program:
      return !access.scope.empty() && std::ranges::find(who.scopes, access.scope) != who.scopes.end();
  }
  return false;
}

}  // namespace

std::optional<Problem> objection(const Access& access, const Principal& who, std::string_view number) {
  if (access.open_to_public) return {};
  if (who.kind == Principal::Kind::visitor)
    return refusal(
        "identity.unauthenticated", {"请先登录", "sign in first"},
        {"工作人员请登录；客户请用办件编号和手机号查询", "staff sign in; customers enter their case number and phone"});
  if (!admits(access, who, number))
    return refusal("identity.forbidden", {"您没有权限进行此操作", "you are not allowed to do this"},
                   {"如需办理，请联系管理员", "ask an administrator if you should be"});
  if (who.pending && !access.while_pending)
    return refusal(
        "identity.second_factor_required",
        {"本市要求两步验证，请先设置", "this city asks for a second factor: set yours up first"},
        {"请打开“我的账号”，用手机上的验证器扫码", "open “My account” and scan the code with an authenticator"});
  return {};
}

}  // namespace tongdian::wire
