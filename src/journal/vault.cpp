#include "journal/vault.hpp"

#include <sodium.h>

#include <algorithm>

namespace tongdian::journal {
namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t mac_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

/// nonce ‖ ciphertext ‖ mac
Bytes encrypt(ByteView key, ByteView plain, Random& random) {
  Bytes out(nonce_size + plain.size() + mac_size);
  random.fill(std::span(out).first(nonce_size));
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + nonce_size, nullptr, plain.data(), plain.size(), nullptr, 0,
                                             nullptr, out.data(), key.data());
  return out;
}

Bytes decrypt(ByteView key, ByteView sealed) {
  if (sealed.size() >= nonce_size + mac_size) {
    Bytes out(sealed.size() - nonce_size - mac_size);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, sealed.data() + nonce_size,
                                                   sealed.size() - nonce_size, nullptr, 0, sealed.data(),
                                                   key.data()) == 0)
      return out;
  }
  throw ProblemError(
      failure("vault.altered", {"保险库数据无法解开", "the vault's bytes do not open: altered, or not under this key"},
              {"请检查 keys/vault.key 是否属于这份数据", "check that keys/vault.key belongs to these data"}));
}

}  // namespace

const store::Migration vault_migration{2, "vault", R"(
-- wrapped_key is null once the person is erased. The tags are keyed digests and go with it.
CREATE TABLE vault (owner BIGINT_KEY, wrapped_key BYTES, phone_tag BYTES, site_tag BYTES, box BYTES);
CREATE INDEX vault_phone ON vault (phone_tag);
)"};

Vault::Vault(const Hash& vault_key, Random& random)
    : wrap_key_(hmac_sha256(vault_key, "tongdian vault wrap 1")),
      tag_key_(hmac_sha256(vault_key, "tongdian vault tag 1")),
      random_(random) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

Hash Vault::tag(std::string_view purpose, std::string_view text) const {
  std::string both(purpose);
  both += '\0';
  both += text;
  return hmac_sha256(tag_key_, both);
}

Hash Vault::phone_tag(std::string_view phone) const { return tag("phone", phone); }
Hash Vault::site_tag(std::string_view site) const { return tag("site", site); }

Sealed Vault::seal(json::Object data, std::string_view phone, std::string_view site) const {
  data["salt"] = random_.token(16);
  const std::string plain = json::canonical(data);
  const auto key = random_.array<32>();
  Sealed out;
  out.wrapped_key = encrypt(wrap_key_, key, random_);
  out.box = encrypt(key, bytes_of(plain), random_);
  out.phone_tag = phone_tag(phone);
  out.site_tag = site_tag(site);
  out.commitment = sha256(plain);
  return out;
}

std::optional<json::Object> Vault::open(store::Session& session, std::int64_t owner) const {
  std::optional<json::Object> out;
  session.query("SELECT wrapped_key, box FROM vault WHERE owner = $1", {owner}, [&](const store::Row& row) {
    if (row.is_null(0) || row.is_null(1)) return;
    const Bytes key = decrypt(wrap_key_, row.bytes(0));
    if (key.size() != 32) return;
    const Bytes plain = decrypt(key, row.bytes(1));
    out = json::parse(text_of(plain)).value().get_object();
  });
  return out;
}

bool Vault::phone_matches(store::Session& session, std::int64_t owner, std::string_view phone) const {
  bool same = false;
  const Hash wanted = phone_tag(phone);
  session.query("SELECT phone_tag FROM vault WHERE owner = $1", {owner},
                [&](const store::Row& row) { same = equal_constant_time(row.bytes(0), wanted); });
  return same;
}

void put(store::Session& session, std::int64_t owner, const Sealed& sealed) {
  session.run(
      "INSERT INTO vault (owner, wrapped_key, phone_tag, site_tag, box) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (owner) DO UPDATE SET "
      "wrapped_key = excluded.wrapped_key, phone_tag = excluded.phone_tag, site_tag = excluded.site_tag, box = excluded.box",
      {owner, ByteView(sealed.wrapped_key), ByteView(sealed.phone_tag), ByteView(sealed.site_tag),
       ByteView(sealed.box)});
}

}  // namespace tongdian::journal
