// How staff sign in: password, then the second factor where there is one; failures lock, and tell nothing.
#pragma once

#include "identity/second_factor.hpp"
#include "identity/sessions.hpp"
#include "wire/problem.hpp"

namespace tongdian::identity {

class SignIn {
 public:
  SignIn(store::Database& database, const journal::Vault& vault, Random& random, const Clock& clock,
         Sessions::Write write)
      : database_(database),
        vault_(vault),
        random_(random),
        factor_(vault, random),
        clock_(clock),
        write_(std::move(write)) {}

  /// Who they are; or why not, as an answer: `identity.too_many` with the wait, `identity.wrong_password` (also where there
  /// is no such account), `identity.disabled`, `identity.second_factor` (the password is right, a code is wanted),
  /// `identity.wrong_code`. 30 ms of work; on a worker's thread.
  struct Outcome {
    std::optional<Account> account;
    wire::Later problem{};  ///< `wait` is 0 where time is not the matter
  };
  /// `browser` is what `known_browser` gave: its failures lock that browser, and failures elsewhere do not lock it. So nobody is kept
  /// from their work by who knows their name.
  Outcome staff(const std::string& user, const std::string& password, const std::string& code,
                const std::string& browser = {}) const;

  /// Under what name, and what, a browser keeps in which this account has signed in. It opens nothing, and ends with the password.
  [[nodiscard]] std::string browser_cookie(std::string_view user) const;
  [[nodiscard]] std::string new_browser(const Account& account) const;
  /// The browser's id where what it keeps is good for this account; else empty.
  [[nodiscard]] std::string known_browser(const std::string& user, std::string_view kept) const;

  /// The password again, for what must not be done from a desk that was left open. Failures lock as above.
  Outcome again(const std::string& account, const std::string& password, const std::string& code,
                bool factor_asked) const;

  /// Failures of this name are forgotten. In the caller's transaction.
  void unlock(store::Session& writer, std::string_view user) const;

 private:
  [[nodiscard]] Outcome check(const std::optional<Account>& account, const Hash& subject, const std::string& password,
                              const std::string& code, bool factor_asked) const;
  [[nodiscard]] Outcome failed(const Hash& subject, Problem problem) const;
  [[nodiscard]] Hash subject_of(std::string_view user) const;
  [[nodiscard]] std::string mark_of(const Account& account, std::string_view browser) const;

  store::Database& database_;
  const journal::Vault& vault_;
  Random& random_;
  SecondFactor factor_;
  const Clock& clock_;
  Sessions::Write write_;
};

/// Staff as their account says.
wire::Principal principal_of(const Account& account);

}  // namespace tongdian::identity
