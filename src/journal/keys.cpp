#include "journal/keys.hpp"

#include <sodium.h>

#include <optional>
#include <stdexcept>

#include "base/files.hpp"

namespace tongdian::journal {
namespace {

Result<Hash> read_key(const std::filesystem::path& file) {
  auto text = read_file(file, 4096);
  if (!text) return text.error();
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  const auto bytes = from_hex(*text);
  if (!bytes || bytes->size() != 32) {
    Problem p = failure("keys.bad", {"密钥文件损坏", "the key file is not 64 hex digits"},
                        {"请从备份恢复该文件", "restore the file from its backup"});
    p.path = file.string();
    return p;
  }
  Hash out{};
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

Result<void> write_key(const std::filesystem::path& file, const Hash& key) {
  return write_file_atomically(file, to_hex(key) + "\n", 0600);
}

std::filesystem::path path_of(const std::filesystem::path& data, KeyFile file) {
  return data / "keys" / (file == KeyFile::head ? "head.key" : "vault.key");
}

std::filesystem::path next_of(const std::filesystem::path& data, KeyFile file) {
  return path_of(data, file).string() + ".next";
}

/// What the tag key was before it had a file.
Hash derived_tag_key(const Hash& vault) { return hmac_sha256(vault, "tongdian vault tag 1"); }

void require_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

}  // namespace

SigningKey::SigningKey(Suite suite, const Hash& seed) : suite_(suite) {
  if (suite == Suite::sm) {
    sm2_ = std::make_shared<sm2::PrivateKey>(seed);
    public_ = sm2_->public_key();
    return;
  }
  require_sodium();
  public_.resize(crypto_sign_PUBLICKEYBYTES);
  crypto_sign_seed_keypair(public_.data(), ed25519_.data(), seed.data());
}

std::string SigningKey::id() const { return key_id_of(suite_, public_); }

std::array<std::uint8_t, 64> SigningKey::sign(std::string_view message) const {
  if (suite_ == Suite::sm) return sm2_->sign(message);
  std::array<std::uint8_t, 64> out{};
  const auto in = bytes_of(message);
  crypto_sign_detached(out.data(), nullptr, in.data(), in.size(), ed25519_.data());
  return out;
}

std::string key_id_of(Suite suite, ByteView public_key) { return to_hex(digest(suite, {public_key})).substr(0, 16); }

bool verify_signature(Suite suite, ByteView public_key, std::string_view message, ByteView signature) {
  if (suite == Suite::sm) return sm2::verify(public_key, message, signature);
  require_sodium();
  const auto in = bytes_of(message);
  return public_key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature.data(), in.data(), in.size(), public_key.data()) == 0;
}

Problem unknown_key(const std::string& id) {
  return failure("journal.unknown_key",
                 {"keys/head.key（" + id + "）不是本日志当前的签名密钥",
                  "keys/head.key (" + id + ") is not the key that this journal is signed with now"},
                 {"请放回属于这份数据的密钥；更换密钥请用 tongdian journal rotate-key",
                  "put back the key that belongs to these data; a key is changed by tongdian journal rotate-key"});
}

Hash new_seed(Random& random) {
  // One in 2^32 is no SM2 scalar; any 32 bytes are an Ed25519 seed.
  for (;;)
    if (const Hash seed = random.array<32>(); sm2::is_private_key(seed)) return seed;
}

Result<Keys> load_or_make_keys(const std::filesystem::path& data, Random& random) {
  const auto folder = data / "keys";
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder, error);
    if (error)
      return failure("keys.unreadable", {"无法建立密钥目录：" + error.message(),
                                         "cannot make " + folder.string() + ": " + error.message()});
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  // A key that is missing beside one that is there is a lost key, unless nothing was ever written with it: making a new
  // vault key would orphan the data, so both are made together or not at all.
  if (!std::filesystem::exists(folder / "head.key") && !std::filesystem::exists(folder / "vault.key")) {
    if (auto done = write_key(folder / "vault.key", random.array<32>()); !done) return done.error();
    if (auto done = write_key(folder / "tag.key", random.array<32>()); !done) return done.error();
    if (auto done = write_key(folder / "head.key", new_seed(random)); !done) return done.error();
  }
  auto head = read_key(folder / "head.key");
  if (!head) return head.error();
  auto vault = read_key(folder / "vault.key");
  if (!vault) return vault.error();
  if (!std::filesystem::exists(folder / "tag.key")) return Keys{*head, *vault, derived_tag_key(*vault)};
  auto tag = read_key(folder / "tag.key");
  if (!tag) return tag.error();
  return Keys{*head, *vault, *tag};
}

Result<Hash> stage_key(const std::filesystem::path& data, KeyFile file, Random& random) {
  if (file == KeyFile::vault && !std::filesystem::exists(data / "keys" / "tag.key")) {
    auto vault = read_key(path_of(data, file));
    if (!vault) return vault.error();
    if (auto done = write_key(data / "keys" / "tag.key", derived_tag_key(*vault)); !done) return done.error();
  }
  const Hash fresh = new_seed(random);
  if (auto done = write_key(next_of(data, file), fresh); !done) return done.error();
  return fresh;
}

Result<std::optional<Hash>> staged_key(const std::filesystem::path& data, KeyFile file) {
  if (!std::filesystem::exists(next_of(data, file))) return std::optional<Hash>{};
  auto key = read_key(next_of(data, file));
  if (!key) return key.error();
  return std::optional<Hash>(*key);
}

Result<void> settle(const std::filesystem::path& data, KeyFile file, bool take_over) {
  if (!take_over) {
    std::error_code ignored;
    std::filesystem::remove(next_of(data, file), ignored);
    return {};
  }
  const auto key = staged_key(data, file);
  if (!key) return key.error();
  if (!*key) return {};
  if (auto done = write_key(path_of(data, file), **key); !done) return done.error();
  std::error_code ignored;
  std::filesystem::remove(next_of(data, file), ignored);
  return {};
}

}  // namespace tongdian::journal
