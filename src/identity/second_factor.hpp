// The second factor of staff: an authenticator's six digits, each taken once, and recovery codes for the day the phone is
// lost. Secrets lie sealed under a key of their account, recovery codes as keyed digests.
#pragma once

#include <string>
#include <vector>

#include "identity/accounts.hpp"
#include "journal/vault.hpp"

namespace tongdian::identity {

struct Enrolment {
  std::string secret;  ///< base32, for those who type it
  std::string uri;     ///< for a QR code
};

class SecondFactor {
 public:
  SecondFactor(const journal::Vault& vault, Random& random) : vault_(vault), random_(random) {}

  /// A new secret, shown once; it counts when a code confirms it. In the caller's transaction, as all that follow.
  Enrolment begin(store::Session& writer, const Account& account, std::string_view issuer) const;
  /// Recovery codes, shown once; `identity.wrong_code`, `identity.no_enrolment` where none was begun.
  Result<std::vector<std::string>> confirm(store::Session& writer, const Account& account, std::string_view code,
                                           Instant now) const;
  /// Takes a code of the authenticator or a recovery code, whichever it looks like; none is taken twice.
  bool take(store::Session& writer, const Account& account, std::string_view code, Instant now) const;
  static void remove(store::Session& writer, const std::string& account);
  static std::int64_t recovery_codes_left(store::Session& session, const std::string& account);

 private:
  [[nodiscard]] Bytes seal(const std::string& account, ByteView secret) const;
  [[nodiscard]] Bytes unseal(const std::string& account, ByteView sealed) const;
  [[nodiscard]] Hash digest(const std::string& account, std::string_view recovery_code) const;
  [[nodiscard]] std::vector<std::string> new_recovery_codes(store::Session& writer, const std::string& account) const;

  const journal::Vault& vault_;
  Random& random_;
};

}  // namespace tongdian::identity
