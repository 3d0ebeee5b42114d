// The two suites of digest and signature that a journal may be made with; chosen once, for a tree has one hash.
//
//   sha256-ed25519   SHA-256, Ed25519 (RFC 8032). What browsers and most tools know; the default.
//   sm3-sm2          SM3 (GB/T 32905), SM2 (GB/T 32918.2) with the distinguished id "1234567812345678" (GB/T 35276).
//
// Both have digests of 32 bytes and signatures of 64: for SM2 r ‖ s, each 32 bytes, big-endian; not DER, which has several
// encodings of one signature. An SM2 public key is the point uncompressed, 04 ‖ x ‖ y.
#pragma once

#include <string_view>

#include "base/digest.hpp"
#include "base/json.hpp"

namespace tongdian::journal {

enum class Suite { standard, sm };

inline Hash digest(Suite suite, std::initializer_list<ByteView> parts) {
  return suite == Suite::sm ? sm3(parts) : sha256(parts);
}

}  // namespace tongdian::journal

namespace tongdian {
template <>
struct EnumNames<journal::Suite> {
  static constexpr std::array<std::string_view, 2> values{"sha256-ed25519", "sm3-sm2"};
};
}  // namespace tongdian
