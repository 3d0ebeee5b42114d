#include "identity/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

#include "wire/target.hpp"

namespace tongdian::identity::totp {
namespace {

constexpr std::int64_t step_seconds = 30;

std::string digits_only(std::string_view code) {
  std::string out;
  for (const char c : code)
    if (c != ' ') out += c;
  return out;
}

}  // namespace

std::int64_t step_of(Instant t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count() / step_seconds;
}

std::string code(ByteView secret, std::int64_t step, int digits) {
  std::array<std::uint8_t, 8> counter{};
  for (int i = 0; i < 8; ++i)
    counter[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  std::array<std::uint8_t, 20> mac{};
  unsigned size = 0;
  if (!HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), mac.data(),
            &size))
    throw std::runtime_error("HMAC-SHA-1 fails");
  // RFC 4226 5.3: the last nibble says where the 31 bits begin.
  const std::size_t at = mac.back() & 0x0FU;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = (number << 8) | mac[at + i];
  number &= 0x7FFFFFFFU;
  std::string out(static_cast<std::size_t>(digits), '0');
  for (auto c = out.rbegin(); c != out.rend(); ++c, number /= 10) *c = static_cast<char>('0' + number % 10);
  return out;
}

std::optional<std::int64_t> match(ByteView secret, std::string_view given, Instant now, std::int64_t last) {
  const std::string plain = digits_only(given);
  std::optional<std::int64_t> found;
  for (std::int64_t step = step_of(now) - 1; step <= step_of(now) + 1; ++step)
    if (equal_constant_time(bytes_of(code(secret, step)), bytes_of(plain)) && step > last) found = step;
  return found;
}

std::string base32(ByteView bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const auto byte : bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += alphabet[(held >> (bits - 5)) & 31U];
  }
  if (bits > 0) out += alphabet[(held << (5 - bits)) & 31U];
  return out;
}

std::string uri(std::string_view issuer, std::string_view user, ByteView secret) {
  const std::string who = wire::percent_encoded(issuer);
  return "otpauth://totp/" + who + ":" + wire::percent_encoded(user) + "?secret=" + base32(secret) + "&issuer=" + who +
         "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace tongdian::identity::totp
