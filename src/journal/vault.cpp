#include "journal/vault.hpp"

#include <sodium.h>

#include <algorithm>

#include "journal/person_search.hpp"
#include "journal/vault_files.hpp"

namespace tongdian::journal {
namespace {

constexpr std::string_view wrap_purpose = "tongdian vault wrap 1";
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
/// A person's key is overwritten by as many zeros: the row keeps its length, so that the database writes them where the key
/// stood and moves no neighbour.
bool is_erased(ByteView wrapped_key) {
  return std::ranges::all_of(wrapped_key, [](std::uint8_t b) { return b == 0; });
}

/// Names a vault key without telling anything of it.
std::string name_of_key(const Hash& vault_key) {
  return to_hex(hmac_sha256(vault_key, "tongdian vault name 1")).substr(0, 16);
}

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

const store::Migration erasure_migration{8, "erasure", R"(
CREATE INDEX vault_erased ON vault (erased_at) WHERE erased_at IS NOT NULL;
)"};

const store::Migration belongs_migration{14, "what belongs to a person", R"(
ALTER TABLE vault ADD COLUMN belongs_to BIGINT;
CREATE INDEX vault_belongs ON vault (belongs_to) WHERE belongs_to IS NOT NULL;
)"};

Vault::Vault(const Hash& vault_key, const Hash& tag_key, Random& random)
    : wrap_key_(hmac_sha256(vault_key, wrap_purpose)), tag_key_(tag_key), random_(random) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

std::optional<Instant> erased_at(store::Session& session, std::int64_t owner) {
  const auto at = session.integer("SELECT erased_at FROM vault WHERE owner = $1", {owner});
  return at ? std::optional(from_ms(*at)) : std::nullopt;
}

namespace {

/// Two steps: the first changes no length, so that it lands on the old bytes; the second may move the row.
void overwrite(store::Session& session, std::int64_t owner) {
  std::size_t key = 0, box = 0;
  session.query("SELECT wrapped_key, box FROM vault WHERE owner = $1", {owner}, [&](const store::Row& row) {
    key = row.bytes(0).size();
    box = row.bytes(1).size();
  });
  const Bytes key_zeros(key), box_zeros(box);
  session.run("UPDATE vault SET wrapped_key = $2, box = $3 WHERE owner = $1",
              {owner, ByteView(key_zeros), ByteView(box_zeros)});
}

}  // namespace

void erase(store::Session& session, std::int64_t owner, Instant now) {
  overwrite(session, owner);
  session.run(
      "UPDATE vault SET phone_tag = NULL, site_tag = NULL, erased_at = COALESCE(erased_at, $2) WHERE owner = $1",
      {owner, to_ms(now)});
  for (const auto each : belonging_to(session, owner)) overwrite(session, each);
  forget_files(session, owner);
  forget_tokens(session, owner);
}

std::optional<std::int64_t> belongs_to(store::Session& session, std::int64_t owner) {
  return session.integer("SELECT belongs_to FROM vault WHERE owner = $1 AND belongs_to IS NOT NULL", {owner});
}

std::vector<std::int64_t> belonging_to(store::Session& session, std::int64_t owner) {
  std::vector<std::int64_t> out;
  session.query("SELECT owner FROM vault WHERE belongs_to = $1 ORDER BY owner", {owner},
                [&](const store::Row& row) { out.push_back(row.integer(0)); });
  return out;
}

void note_read(store::Session& session, std::int64_t owner, std::string_view reader, LocalDate day, Instant now) {
  session.run("INSERT INTO vault_read (owner, reader, day, first_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
              {owner, reader, std::int64_t{day.time_since_epoch().count()}, to_ms(now)});
}

bool was_read(store::Session& session, std::int64_t owner, std::string_view reader, LocalDate day) {
  return session
      .integer("SELECT 1 FROM vault_read WHERE owner = $1 AND reader = $2 AND day = $3",
               {owner, reader, std::int64_t{day.time_since_epoch().count()}})
      .has_value();
}

std::vector<VaultRead> reads_of(store::Session& session, std::int64_t owner) {
  std::vector<VaultRead> out;
  session.query("SELECT reader, first_at FROM vault_read WHERE owner = $1 ORDER BY first_at, reader", {owner},
                [&](const store::Row& row) {
                  out.push_back({std::string(row.text(0)), from_ms(row.integer(1))});
                });
  return out;
}

std::optional<bool> wrapped_under(store::Session& session, const Hash& vault_key) {
  const auto name = session.text("SELECT value FROM journal_meta WHERE name = 'vault_wrap'");
  return name ? std::optional(*name == name_of_key(vault_key)) : std::nullopt;
}

void note_wrapped_under(store::Session& session, const Hash& vault_key) {
  session.run(
      "INSERT INTO journal_meta (name, value) VALUES ('vault_wrap', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      {std::string_view(name_of_key(vault_key))});
}

std::uint64_t rewrap(store::Session& session, const Hash& current, const Hash& next, Random& random) {
  constexpr std::int64_t page = 1000;
  const Hash from = hmac_sha256(current, wrap_purpose);
  const Hash to = hmac_sha256(next, wrap_purpose);
  std::uint64_t done = 0;
  store::Transaction transaction(session);
  for (std::int64_t last = 0, count = page; count == page;) {
    std::vector<std::pair<std::int64_t, Bytes>> rows;
    session.query("SELECT owner, wrapped_key FROM vault WHERE owner > $1 ORDER BY owner LIMIT $2", {last, page},
                  [&](const store::Row& row) {
                    rows.emplace_back(row.integer(0), Bytes(row.bytes(1).begin(), row.bytes(1).end()));
                  });
    for (auto& [owner, wrapped] : rows) {
      last = owner;
      if (is_erased(wrapped)) continue;
      const Bytes again = encrypt(to, decrypt(from, wrapped), random);
      session.run("UPDATE vault SET wrapped_key = $2 WHERE owner = $1", {owner, ByteView(again)});
      ++done;
    }
    count = static_cast<std::int64_t>(rows.size());
  }
  note_wrapped_under(session, next);
  transaction.commit();
  return done;
}

Hash Vault::tag(std::string_view purpose, std::string_view text) const {
  std::string both(purpose);
  both += '\0';
  both += text;
  return hmac_sha256(tag_key_, both);
}

Hash Vault::phone_tag(std::string_view phone) const { return tag("phone", phone); }
Hash Vault::site_tag(std::string_view site) const { return tag("site", site); }

Sealed Vault::seal(json::Object data, std::string_view phone, std::string_view site,
                   const std::optional<Hash>& kept) const {
  data["salt"] = random_.token(16);
  const std::string plain = json::canonical(data);
  const Hash key = kept ? *kept : random_.array<32>();
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
    if (is_erased(row.bytes(0))) return;
    const Bytes key = decrypt(wrap_key_, row.bytes(0));
    if (key.size() != 32) return;
    const Bytes plain = decrypt(key, row.bytes(1));
    out = json::parse(text_of(plain)).value().get_object();
  });
  return out;
}

std::optional<Hash> Vault::key_of(store::Session& session, std::int64_t owner) const {
  std::optional<Hash> out;
  session.query("SELECT wrapped_key FROM vault WHERE owner = $1", {owner}, [&](const store::Row& row) {
    if (is_erased(row.bytes(0))) return;
    const Bytes key = decrypt(wrap_key_, row.bytes(0));
    if (key.size() != 32) return;
    std::ranges::copy(key, out.emplace().begin());
  });
  return out;
}

std::vector<std::int64_t> Vault::owners_of_phone(store::Session& session, std::string_view phone) const {
  std::vector<std::int64_t> out;
  const Hash wanted = phone_tag(phone);
  session.query("SELECT owner FROM vault WHERE phone_tag = $1 ORDER BY owner", {ByteView(wanted)},
                [&](const store::Row& row) { out.push_back(row.integer(0)); });
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
  const bool own = !sealed.belongs_to;
  const auto tag = [&](const Hash& t) { return own ? store::Param{ByteView(t)} : store::Param{store::null}; };
  session.run(
      "INSERT INTO vault (owner, wrapped_key, phone_tag, site_tag, box, belongs_to) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (owner) DO UPDATE SET "
      "wrapped_key = excluded.wrapped_key, phone_tag = excluded.phone_tag, site_tag = excluded.site_tag, box = excluded.box",
      {owner, ByteView(sealed.wrapped_key), tag(sealed.phone_tag), tag(sealed.site_tag), ByteView(sealed.box),
       store::nullable(sealed.belongs_to)});
  if (own) return index_again(session, owner);
  // Said while the person was being erased: it goes with them all the same.
  if (erased_at(session, *sealed.belongs_to)) overwrite(session, owner);
}

}  // namespace tongdian::journal
