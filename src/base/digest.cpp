#include "base/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <stdexcept>

namespace tongdian {
namespace {

/// One context a thread: making one costs more than hashing a tree node.
EVP_MD_CTX* context() {
  struct Owner {
    EVP_MD_CTX* ctx = EVP_MD_CTX_new();
    ~Owner() { EVP_MD_CTX_free(ctx); }
  };
  thread_local Owner owner;
  return owner.ctx;
}

Hash digest(const EVP_MD* method, std::initializer_list<ByteView> parts) {
  Hash out{};
  EVP_MD_CTX* ctx = context();
  bool ok = method != nullptr && EVP_DigestInit_ex2(ctx, method, nullptr) == 1;
  for (ByteView part : parts) ok = ok && EVP_DigestUpdate(ctx, part.data(), part.size()) == 1;
  unsigned size = 0;
  ok = ok && EVP_DigestFinal_ex(ctx, out.data(), &size) == 1;
  if (!ok || size != out.size()) throw std::runtime_error("a digest failed in OpenSSL");
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Hash sha256(std::initializer_list<ByteView> parts) {
  static const EVP_MD* method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return digest(method, parts);
}

Hash sm3(std::initializer_list<ByteView> parts) {
  static const EVP_MD* method = EVP_MD_fetch(nullptr, "SM3", nullptr);
  return digest(method, parts);
}

Hash hmac_sha256(ByteView key, std::string_view text) {
  Hash out{};
  unsigned size = 0;
  const auto in = bytes_of(text);
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), in.data(), in.size(), out.data(), &size) == nullptr)
    throw std::runtime_error("HMAC-SHA256 failed in OpenSSL");
  return out;
}

bool equal_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(ByteView bytes) {
  static constexpr char alphabet[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (auto b : bytes) {
    out += alphabet[b >> 4];
    out += alphabet[b & 15];
  }
  return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return {};
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int hi = hex_digit(text[i]);
    const int lo = hex_digit(text[i + 1]);
    if (hi < 0 || lo < 0) return {};
    out.push_back(static_cast<std::uint8_t>(hi * 16 + lo));
  }
  return out;
}

std::string to_base64(ByteView bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(), static_cast<int>(bytes.size()));
  return out;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return {};
  // OpenSSL decodes line breaks and blanks too; the interface takes the plain alphabet only.
  if (text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != text.npos)
    return {};
  Bytes out(text.size() / 4 * 3);
  const int n =
      EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (n < 0) return {};
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  out.resize(static_cast<std::size_t>(n) - padding);
  if (to_base64(out) != text) return {};
  return out;
}

}  // namespace tongdian
