#include "journal/keys.hpp"

#include <sodium.h>

#include <cstring>
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

void require_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

}  // namespace

SigningKey::SigningKey(const Hash& seed) {
  require_sodium();
  crypto_sign_seed_keypair(public_.data(), secret_.data(), seed.data());
}

std::string SigningKey::id() const { return to_hex(sha256({public_})).substr(0, 16); }

std::array<std::uint8_t, 64> SigningKey::sign(std::string_view message) const {
  std::array<std::uint8_t, 64> out{};
  const auto in = bytes_of(message);
  crypto_sign_detached(out.data(), nullptr, in.data(), in.size(), secret_.data());
  return out;
}

bool verify_signature(ByteView public_key, std::string_view message, ByteView signature) {
  require_sodium();
  const auto in = bytes_of(message);
  return public_key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature.data(), in.data(), in.size(), public_key.data()) == 0;
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
    if (auto done = write_key(folder / "head.key", random.array<32>()); !done) return done.error();
  }
  auto head = read_key(folder / "head.key");
  if (!head) return head.error();
  auto vault = read_key(folder / "vault.key");
  if (!vault) return vault.error();
  return Keys{*head, *vault};
}

Result<Keys> rotate_head_key(const std::filesystem::path& data, Random& random) {
  auto keys = load_or_make_keys(data, random);
  if (!keys) return keys;
  const auto folder = data / "keys";
  if (auto done = write_key(folder / ("head.key." + SigningKey(keys->head_seed).id()), keys->head_seed); !done)
    return done.error();
  keys->head_seed = random.array<32>();
  if (auto done = write_key(folder / "head.key", keys->head_seed); !done) return done.error();
  return keys;
}

}  // namespace tongdian::journal
