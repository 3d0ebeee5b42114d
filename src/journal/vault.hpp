// Personal data, apart from the journal. Each person of a case has a key of their own, wrapped by the city's vault key;
// the data are sealed under it (XChaCha20-Poly1305). Destroying the wrapped key erases the person: the journal, which holds
// a salted digest only, stays provable.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/random.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"

namespace tongdian::journal {

/// Migration 2: vault.
extern const store::Migration vault_migration;
/// Migration 8: finds those who were erased without looking at everyone.
extern const store::Migration erasure_migration;

/// Sealed and ready to be written in the transaction of the event that speaks of it.
struct Sealed {
  Bytes wrapped_key;
  Bytes box;
  Hash phone_tag{};   ///< keyed digest: finds the cases of a phone number without storing it in the clear
  Hash site_tag{};    ///< keyed digest of area and address: finds a likely duplicate
  Hash commitment{};  ///< SHA-256(salt ‖ canonical data): what the event carries
  /// What else a person said, a stream of its own: the case whose person it is, and with whom it goes. It has no tags.
  std::optional<std::int64_t> belongs_to;
};

/// Migration 14: belongs_to.
extern const store::Migration belongs_migration;

/// When the person of this case was erased; nothing where they were not, or where there never was one.
std::optional<Instant> erased_at(store::Session& session, std::int64_t owner);
/// Destroys the person's key, for good: it and the sealed data are overwritten in place by zeros, the search tags go, in the
/// caller's transaction; their files and whatever belongs to them go with it. What the database's files still hold of the old bytes is `store::scrub`'s to remove afterwards.
void erase(store::Session& session, std::int64_t owner, Instant now);

/// Who saw a person's data whole, and when first on that day.
struct VaultRead {
  std::string reader;
  Instant first_at{};
};
void note_read(store::Session& session, std::int64_t owner, std::string_view reader, LocalDate day, Instant now);
/// Whether that has been noted.
bool was_read(store::Session& session, std::int64_t owner, std::string_view reader, LocalDate day);
std::vector<VaultRead> reads_of(store::Session& session, std::int64_t owner);

class Vault {
 public:
  Vault(const Hash& vault_key, const Hash& tag_key, Random& random);

  /// `data` is an object of texts; a salt is added to it. Under a new key, or under `key` where the person has one already:
  /// their files are sealed under it too.
  [[nodiscard]] Sealed seal(json::Object data, std::string_view phone, std::string_view site,
                            const std::optional<Hash>& key = {}) const;
  /// The person's key; nothing where nothing is kept or the person is erased.
  [[nodiscard]] std::optional<Hash> key_of(store::Session& session, std::int64_t owner) const;
  /// Nothing where nothing is kept or the person is erased; `vault.altered` is thrown where the bytes do not open.
  [[nodiscard]] std::optional<json::Object> open(store::Session& session, std::int64_t owner) const;

  [[nodiscard]] Hash phone_tag(std::string_view phone) const;
  [[nodiscard]] Hash site_tag(std::string_view site) const;
  /// Keyed digest for what must be compared and not read: fingerprints of commands.
  [[nodiscard]] Hash tag(std::string_view purpose, std::string_view text) const;
  /// Cases of this phone whose person is not erased, by their row numbers.
  [[nodiscard]] std::vector<std::int64_t> owners_of_phone(store::Session& session, std::string_view phone) const;
  [[nodiscard]] bool phone_matches(store::Session& session, std::int64_t owner, std::string_view phone) const;

 private:
  Hash wrap_key_{}, tag_key_{};
  Random& random_;
};

/// Whether the keys of persons are wrapped under this vault key; nothing where the database was never told by which.
std::optional<bool> wrapped_under(store::Session& session, const Hash& vault_key);
/// Tells it, in the caller's transaction.
void note_wrapped_under(store::Session& session, const Hash& vault_key);
/// Wraps every person's key anew under `next`, in one transaction; the data stay as they are. How many there were.
std::uint64_t rewrap(store::Session& session, const Hash& current, const Hash& next, Random& random);

/// The rows that belong to this one.
std::vector<std::int64_t> belonging_to(store::Session& session, std::int64_t owner);
/// The row that this one belongs to, if any.
std::optional<std::int64_t> belongs_to(store::Session& session, std::int64_t owner);

/// Writes the row of `owner` (the row number of the stream), replacing the one that is there.
void put(store::Session& session, std::int64_t owner, const Sealed& sealed);

}  // namespace tongdian::journal
