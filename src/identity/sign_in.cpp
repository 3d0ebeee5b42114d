#include "identity/sign_in.hpp"

#include "identity/lockout.hpp"

namespace tongdian::identity {
namespace {

Problem wrong_password() {
  return refusal("identity.wrong_password", {"账号或密码不正确", "wrong account or password"},
                 {"请重试；忘记密码请联系管理员", "try again; if it is forgotten ask the administrator"});
}

constexpr std::size_t browser_length = 32;  ///< hexadecimal digits, of the id and of the mark that makes it known

/// Of whoever is signed in as that: only they get as far, so guesses from outside do not lock it.
Hash subject_within(const journal::Vault& vault, std::string_view user) {
  return vault.tag("lockout", "signed in " + std::string(user));
}

SignIn::Outcome no(Problem problem) { return {std::nullopt, {std::move(problem), {}}}; }

}  // namespace

Hash SignIn::subject_of(std::string_view user) const { return vault_.tag("lockout", "staff " + std::string(user)); }

std::string SignIn::mark_of(const Account& account, std::string_view browser) const {
  return to_hex(vault_.tag("known browser", account.id + " " + std::string(browser) + " " + account.password_hash))
      .substr(0, browser_length);
}

std::string SignIn::browser_cookie(std::string_view user) const {
  return "tongdian_known_" + to_hex(vault_.tag("known browser's name", user)).substr(0, 12);
}

std::string SignIn::new_browser(const Account& account) const {
  const std::string browser = to_hex(random_.array<browser_length / 2>());
  return browser + mark_of(account, browser);
}

std::string SignIn::known_browser(const std::string& user, std::string_view kept) const {
  if (kept.size() != 2 * browser_length) return {};
  const auto account = find_account(*database_.reader(), user);
  const std::string browser(kept.substr(0, browser_length));
  return account && equal_constant_time(bytes_of(kept.substr(browser_length)), bytes_of(mark_of(*account, browser)))
             ? browser
             : std::string();
}

void SignIn::unlock(store::Session& writer, std::string_view user) const {
  lockout::forget(writer, subject_of(user));
  lockout::forget(writer, subject_within(vault_, user));
}

SignIn::Outcome SignIn::failed(const Hash& subject, Problem problem) const {
  write_([&, now = clock_.now()](store::Session& writer) { lockout::failed(writer, subject, now); });
  return no(std::move(problem));
}

SignIn::Outcome SignIn::staff(const std::string& user, const std::string& password, const std::string& code,
                              const std::string& browser) const {
  std::optional<Account> account;
  {
    auto reader = database_.reader();
    account = find_account(*reader, user);
  }
  const bool has_factor = account && !account->totp.empty();
  const Hash subject = browser.empty() ? subject_of(user) : vault_.tag("lockout", "browser " + browser);
  return check(account, subject, password, code, has_factor);
}

SignIn::Outcome SignIn::again(const std::string& id, const std::string& password, const std::string& code,
                              bool factor_asked) const {
  std::optional<Account> account;
  {
    auto reader = database_.reader();
    account = find_account_by_id(*reader, id);
  }
  const bool has_factor = account && !account->totp.empty();
  return check(account, subject_within(vault_, account ? account->user : id), password, code,
               factor_asked && has_factor);
}

SignIn::Outcome SignIn::check(const std::optional<Account>& account, const Hash& subject, const std::string& password,
                              const std::string& code, bool factor_asked) const {
  const Instant now = clock_.now();
  bool failed_before = false;
  {
    auto reader = database_.reader();
    if (auto locked = lockout::objection(*reader, subject, now)) return {std::nullopt, *std::move(locked)};
    failed_before = lockout::remembers(*reader, subject);
  }
  if (!password_matches(account, password)) return failed(subject, wrong_password());
  if (account->disabled)
    return no(refusal("identity.disabled", {"账号已停用", "the account is disabled"},
                      {"如需恢复请联系管理员", "ask the administrator if it should not be"}));
  if (factor_asked) {
    if (code.empty())
      return no(refusal("identity.second_factor",
                        {"请输入验证器上的六位验证码", "enter the six digits of your authenticator"},
                        {"手机不在身边时可用恢复码", "without the phone use a recovery code"}));
    bool taken = false;
    write_([&](store::Session& writer) { taken = factor_.take(writer, *account, code, now); });
    if (!taken)
      return failed(subject, refusal("identity.wrong_code", {"验证码不正确或已用过", "the code is wrong, or was used"},
                                     {"请等验证器显示下一个验证码后再试",
                                      "wait for the authenticator's next code and try again"}));
  }
  if (failed_before) write_([&](store::Session& writer) { lockout::forget(writer, subject); });
  return {account, {}};
}

wire::Principal principal_of(const Account& account) {
  wire::Principal who;
  who.kind = wire::Principal::Kind::staff;
  who.user = account.id;
  who.name = account.name;
  who.roles = account.roles;
  who.areas = account.areas;
  who.enterprises = account.enterprises;
  return who;
}

}  // namespace tongdian::identity
