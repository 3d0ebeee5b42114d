// Digests and encodings. SHA-256, SM3 (GB/T 32905) and HMAC come from OpenSSL.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongdian {

using Hash = std::array<std::uint8_t, 32>;
using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// SHA-256 of the parts, one after another.
Hash sha256(std::initializer_list<ByteView> parts);
inline Hash sha256(std::string_view text) { return sha256({bytes_of(text)}); }
/// SM3 of the parts, one after another.
Hash sm3(std::initializer_list<ByteView> parts);
/// HMAC-SHA256.
Hash hmac_sha256(ByteView key, std::string_view text);
/// Equal, in a time that does not depend on where they differ.
bool equal_constant_time(ByteView a, ByteView b);

std::string to_hex(ByteView bytes);
std::optional<Bytes> from_hex(std::string_view text);
std::string to_base64(ByteView bytes);
std::optional<Bytes> from_base64(std::string_view text);

}  // namespace tongdian
