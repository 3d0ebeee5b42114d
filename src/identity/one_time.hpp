// Codes that are good once, for a while and for few tries: they reach a phone, or an administrator hands them over. The
// database holds keyed digests: without the key nobody can try a million codes against them.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "journal/vault.hpp"
#include "store/database.hpp"

namespace tongdian::identity {

struct OneTimeKind {
  std::string_view purpose;
  std::string_view alphabet;
  std::size_t length;
  std::chrono::minutes lifetime;
  int tries;
};
/// To a customer's phone: six digits, five tries: one chance in 200,000.
inline constexpr OneTimeKind phone_code{"phone", "0123456789", 6, std::chrono::minutes(5), 5};
/// From an administrator, for a new password; without letters that look alike.
inline constexpr OneTimeKind reset_code{"reset", "ABCDEFGHJKMNPQRSTVWXYZ23456789", 16, std::chrono::hours(24), 10};

/// Uniformly from the alphabet.
std::string random_text(Random& random, std::string_view alphabet, std::size_t length);
/// Upper case, without blanks and hyphens: codes are read as people type them.
std::string plain_code(std::string_view typed);

/// A new code for the subject; the one before is good no longer.
std::string issue(store::Session& writer, const journal::Vault& vault, Random& random, const OneTimeKind& kind,
                  std::string_view subject, Instant now);
/// Whether this is the code: it then is good no longer. A wrong one costs a try. In the caller's transaction.
bool redeem(store::Session& writer, const journal::Vault& vault, const OneTimeKind& kind, std::string_view subject,
            std::string_view code, Instant now);

}  // namespace tongdian::identity
