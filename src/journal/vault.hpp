// Personal data, apart from the journal. Each person of a case has a key of their own, wrapped by the city's vault key;
// the data are sealed under it (XChaCha20-Poly1305). Destroying the wrapped key erases the person: the journal, which holds
// a salted digest only, stays provable.
#pragma once

#include <optional>

#include "base/json.hpp"
#include "base/random.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"

namespace tongdian::journal {

/// Migration 2: vault.
extern const store::Migration vault_migration;

/// Sealed and ready to be written in the transaction of the event that speaks of it.
struct Sealed {
  Bytes wrapped_key;
  Bytes box;
  Hash phone_tag{};   ///< keyed digest: finds the cases of a phone number without storing it in the clear
  Hash site_tag{};    ///< keyed digest of area and address: finds a likely duplicate
  Hash commitment{};  ///< SHA-256(salt ‖ canonical data): what the event carries
};

class Vault {
 public:
  Vault(const Hash& vault_key, Random& random);

  /// `data` is an object of texts; a salt is added to it.
  [[nodiscard]] Sealed seal(json::Object data, std::string_view phone, std::string_view site) const;
  /// Nothing where nothing is kept or the person is erased; `vault.altered` is thrown where the bytes do not open.
  [[nodiscard]] std::optional<json::Object> open(store::Session& session, std::int64_t owner) const;

  [[nodiscard]] Hash phone_tag(std::string_view phone) const;
  [[nodiscard]] Hash site_tag(std::string_view site) const;
  /// Keyed digest for what must be compared and not read: fingerprints of commands.
  [[nodiscard]] Hash tag(std::string_view purpose, std::string_view text) const;
  [[nodiscard]] bool phone_matches(store::Session& session, std::int64_t owner, std::string_view phone) const;

 private:
  Hash wrap_key_{}, tag_key_{};
  Random& random_;
};

/// Writes the row of `owner` (the row number of the stream), replacing the one that is there.
void put(store::Session& session, std::int64_t owner, const Sealed& sealed);

}  // namespace tongdian::journal
