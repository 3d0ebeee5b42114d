// The keys of a city: one that signs tree heads, two for the vault.
//
// They live in DATA/keys, outside the database, readable by the program's user only (0600): a copy of the database alone
// neither opens personal data nor signs heads. Each file is 32 bytes as hex:
//
//   head.key    the Ed25519 seed, or the SM2 scalar, that signs heads; changed by `tongdian journal rotate-key`
//   vault.key   wraps the keys of persons; changed by `tongdian person rotate-key`
//   tag.key     keyed digests (search by phone, fingerprints of commands); never changed, for events carry such digests.
//               Derived from vault.key in data of before there was one, and written down at the first change of vault.key
//
// A change writes NAME.next, then the database in one transaction, then renames: `settle` finishes or drops what a crash
// left between these steps. The old key is gone afterwards: a key that is nowhere cannot be stolen.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/random.hpp"
#include "base/result.hpp"
#include "journal/sm2.hpp"
#include "journal/suite.hpp"

namespace tongdian::journal {

/// A key pair of the suite.
class SigningKey {
 public:
  SigningKey(Suite suite, const Hash& seed);
  [[nodiscard]] Suite suite() const { return suite_; }
  [[nodiscard]] const Bytes& public_key() const { return public_; }
  [[nodiscard]] std::string id() const;
  [[nodiscard]] std::array<std::uint8_t, 64> sign(std::string_view message) const;

 private:
  Suite suite_;
  Bytes public_;
  std::array<std::uint8_t, 64> ed25519_{};
  std::shared_ptr<const sm2::PrivateKey> sm2_;
};

/// The first 16 hex digits of the suite's digest of the public key.
std::string key_id_of(Suite suite, ByteView public_key);
bool verify_signature(Suite suite, ByteView public_key, std::string_view message, ByteView signature);
/// `journal.unknown_key`: head.key is not the one that the journal is signed with.
Problem unknown_key(const std::string& id);

struct Keys {
  Hash head_seed{};
  Hash vault{};
  Hash tag{};
};

/// A seed that is a private key in both suites.
Hash new_seed(Random& random);
/// Reads DATA/keys, or makes them from `random` where the folder does not exist. `keys.unreadable`, `keys.bad`.
Result<Keys> load_or_make_keys(const std::filesystem::path& data, Random& random);

enum class KeyFile { head, vault };
/// The key that is to take over, in NAME.next: before the database hears of it. For the vault, tag.key is written first.
Result<Hash> stage_key(const std::filesystem::path& data, KeyFile file, Random& random);
/// The staged key, if there is one.
Result<std::optional<Hash>> staged_key(const std::filesystem::path& data, KeyFile file);
/// After the database: the staged key takes over, or is dropped where the database never heard of it.
Result<void> settle(const std::filesystem::path& data, KeyFile file, bool take_over);

}  // namespace tongdian::journal
