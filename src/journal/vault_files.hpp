// Files of a person, in the vault beside their data: in parts, as they came, each sealed under a key that is made of the person's.
// Destroying that key closes them for good; a change of the vault's key leaves them as they are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "journal/vault.hpp"

namespace tongdian::journal {

/// Migration 11: vault_file, vault_file_part.
extern const store::Migration files_migration;

/// What is known of a file without opening it; its name on the sender's machine is not kept.
struct VaultFile {
  std::string id;
  std::int64_t owner = 0;
  std::string document;  ///< the pack's id of the paper that it answers
  std::string type;      ///< as the sender said, "application/pdf"
  std::int64_t size = 0, received = 0;
  Instant touched_at{};

  [[nodiscard]] bool complete() const { return received == size; }
};

/// Where it is not there yet.
void begin_file(store::Session& session, const VaultFile& file);
/// Nothing where there is none, or it is another person's.
std::optional<VaultFile> find_file(store::Session& session, std::int64_t owner, std::string_view id);
std::vector<VaultFile> files_of(store::Session& session, std::int64_t owner);
/// The part that begins where the file ends so far.
void add_part(store::Session& session, const VaultFile& file, ByteView sealed, std::int64_t size, Instant now);
void touch_file(store::Session& session, std::string_view id, Instant now);
void forget_file(store::Session& session, std::string_view id);
void forget_files(store::Session& session, std::int64_t owner);

/// The key of one file, made of its person's; nothing where there is no person, or they are erased.
std::optional<Hash> file_key(const Vault& vault, store::Session& session, std::int64_t owner, std::string_view id);
/// Bound to its place: parts that change places do not open.
Bytes seal_part(const Hash& key, std::int64_t offset, ByteView part, Random& random);
/// The whole file; `vault.altered` is thrown where the bytes do not open, or are not as many.
Bytes open_file(store::Session& session, const VaultFile& file, const Hash& key);
/// Salt of the digest that the event carries: SHA-256(salt ‖ content). Who has the file, and not this, cannot tell whether it is
/// the one; it goes with the key.
Hash file_salt(const Hash& key);

}  // namespace tongdian::journal
