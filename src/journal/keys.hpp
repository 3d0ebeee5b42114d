// The keys of a city: one that signs tree heads, one that wraps the vault's keys.
//
// They live in DATA/keys, outside the database, readable by the program's user only (0600): a copy of the database alone
// neither opens personal data nor signs heads. head.key is the Ed25519 seed, vault.key the 32 bytes that wrap; both as
// hex. Changing the signing key: `tongdian journal rotate-key`, see docs/decisions/0001-journal-and-engine.md.
#pragma once

#include <filesystem>
#include <string>

#include "base/digest.hpp"
#include "base/random.hpp"
#include "base/result.hpp"

namespace tongdian::journal {

/// An Ed25519 key pair (RFC 8032).
class SigningKey {
 public:
  explicit SigningKey(const Hash& seed);
  [[nodiscard]] const Hash& public_key() const { return public_; }
  /// The first 16 hex digits of SHA-256 of the public key.
  [[nodiscard]] std::string id() const;
  [[nodiscard]] std::array<std::uint8_t, 64> sign(std::string_view message) const;

 private:
  Hash public_{};
  std::array<std::uint8_t, 64> secret_{};
};

bool verify_signature(ByteView public_key, std::string_view message, ByteView signature);

struct Keys {
  Hash head_seed{};
  Hash vault{};
};

/// Reads DATA/keys, or makes them from `random` where the folder does not exist. `keys.unreadable`, `keys.bad`.
Result<Keys> load_or_make_keys(const std::filesystem::path& data, Random& random);
/// Writes a new head.key; the old one stays beside it as head.key.ID for the record.
Result<Keys> rotate_head_key(const std::filesystem::path& data, Random& random);

}  // namespace tongdian::journal
