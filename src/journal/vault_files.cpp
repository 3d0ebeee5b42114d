#include "journal/vault_files.hpp"

#include <sodium.h>

#include <algorithm>

namespace tongdian::journal {
namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t mac_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

std::string place_of(std::int64_t offset) { return "part " + std::to_string(offset); }

[[noreturn]] void altered() {
  throw ProblemError(failure(
      "vault.altered", {"保险库中的文件无法解开", "a file of the vault does not open: altered, or not under this key"},
      {"请检查 keys/vault.key 是否属于这份数据", "check that keys/vault.key belongs to these data"}));
}

/// Appends what was sealed at `offset`.
void open_part(const Hash& key, std::int64_t offset, ByteView sealed, Bytes& out) {
  if (sealed.size() < nonce_size + mac_size) altered();
  const std::size_t before = out.size();
  out.resize(before + sealed.size() - nonce_size - mac_size);
  const std::string place = place_of(offset);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(out.data() + before, nullptr, nullptr, sealed.data() + nonce_size,
                                                 sealed.size() - nonce_size, bytes_of(place).data(), place.size(),
                                                 sealed.data(), key.data()) != 0)
    altered();
}

VaultFile file_of(const store::Row& row) {
  return {std::string(row.text(0)), row.integer(1), std::string(row.text(2)), std::string(row.text(3)),
          row.integer(4),           row.integer(5), from_ms(row.integer(6))};
}

constexpr std::string_view select = "SELECT id, owner, document, type, size, received, touched_at FROM vault_file ";

}  // namespace

const store::Migration files_migration{11, "files of a person", R"(
CREATE TABLE vault_file (id TEXT NOT NULL PRIMARY KEY, owner BIGINT NOT NULL, document TEXT NOT NULL, type TEXT NOT NULL, size BIGINT NOT NULL,
  received BIGINT NOT NULL, touched_at BIGINT NOT NULL);
CREATE INDEX vault_file_owner ON vault_file (owner);
CREATE TABLE vault_file_part (file TEXT NOT NULL, part BIGINT NOT NULL, box BYTES NOT NULL, PRIMARY KEY (file, part));
)"};

void begin_file(store::Session& session, const VaultFile& file) {
  session.run(
      "INSERT INTO vault_file (id, owner, document, type, size, received, touched_at) VALUES ($1, $2, $3, $4, $5, 0, $6) "
      "ON CONFLICT DO NOTHING",
      {std::string_view(file.id), file.owner, std::string_view(file.document), std::string_view(file.type), file.size,
       to_ms(file.touched_at)});
}

std::optional<VaultFile> find_file(store::Session& session, std::int64_t owner, std::string_view id) {
  std::optional<VaultFile> out;
  session.query(std::string(select) + "WHERE id = $1 AND owner = $2", {id, owner},
                [&](const store::Row& row) { out = file_of(row); });
  return out;
}

std::vector<VaultFile> files_of(store::Session& session, std::int64_t owner) {
  std::vector<VaultFile> out;
  session.query(std::string(select) + "WHERE owner = $1 ORDER BY touched_at, id", {owner},
                [&](const store::Row& row) { out.push_back(file_of(row)); });
  return out;
}

void add_part(store::Session& session, const VaultFile& file, ByteView sealed, std::int64_t size, Instant now) {
  session.run("INSERT INTO vault_file_part (file, part, box) VALUES ($1, $2, $3)",
              {std::string_view(file.id), file.received, sealed});
  session.run("UPDATE vault_file SET received = $2, touched_at = $3 WHERE id = $1",
              {std::string_view(file.id), file.received + size, to_ms(now)});
}

void touch_file(store::Session& session, std::string_view id, Instant now) {
  session.run("UPDATE vault_file SET touched_at = $2 WHERE id = $1", {id, to_ms(now)});
}

void forget_file(store::Session& session, std::string_view id) {
  session.run("DELETE FROM vault_file_part WHERE file = $1", {id});
  session.run("DELETE FROM vault_file WHERE id = $1", {id});
}

void forget_files(store::Session& session, std::int64_t owner) {
  session.run("DELETE FROM vault_file_part WHERE file IN (SELECT id FROM vault_file WHERE owner = $1)", {owner});
  session.run("DELETE FROM vault_file WHERE owner = $1", {owner});
}

std::optional<Hash> file_key(const Vault& vault, store::Session& session, std::int64_t owner, std::string_view id) {
  const auto key = vault.key_of(session, owner);
  if (!key) return {};
  return hmac_sha256(*key, "tongdian vault file 1 " + std::string(id));
}

Bytes seal_part(const Hash& key, std::int64_t offset, ByteView part, Random& random) {
  const std::string place = place_of(offset);
  Bytes out(nonce_size + part.size() + mac_size);
  random.fill(std::span(out).first(nonce_size));
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + nonce_size, nullptr, part.data(), part.size(),
                                             bytes_of(place).data(), place.size(), nullptr, out.data(), key.data());
  return out;
}

Bytes open_file(store::Session& session, const VaultFile& file, const Hash& key) {
  Bytes out;
  session.query("SELECT part, box FROM vault_file_part WHERE file = $1 ORDER BY part", {std::string_view(file.id)},
                [&](const store::Row& row) {
                  if (row.integer(0) != static_cast<std::int64_t>(out.size())) altered();
                  open_part(key, row.integer(0), row.bytes(1), out);
                });
  if (static_cast<std::int64_t>(out.size()) != file.received) altered();
  return out;
}

Hash file_salt(const Hash& key) { return hmac_sha256(key, "tongdian vault file salt 1"); }

}  // namespace tongdian::journal
