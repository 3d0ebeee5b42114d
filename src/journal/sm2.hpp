// SM2 signatures (GB/T 32918.2) by OpenSSL: scalar and point in, r ‖ s out.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "base/digest.hpp"

struct evp_pkey_st;

namespace tongdian::journal::sm2 {

/// Who signs, as GB/T 35276 says where nothing else is agreed; hashed into every signature.
inline constexpr std::string_view distinguished_id = "1234567812345678";

/// Between 1 and n - 2: anything else is no private key.
bool is_private_key(const Hash& scalar);

class PrivateKey {
 public:
  /// `scalar` is a private key.
  explicit PrivateKey(const Hash& scalar);
  /// 04 ‖ x ‖ y.
  [[nodiscard]] const Bytes& public_key() const { return public_; }
  /// r ‖ s; another one each time, for SM2 takes a random number.
  [[nodiscard]] std::array<std::uint8_t, 64> sign(std::string_view message) const;

 private:
  Bytes public_;
  std::shared_ptr<evp_pkey_st> key_;
};

bool verify(ByteView public_key, std::string_view message, ByteView signature);

}  // namespace tongdian::journal::sm2
