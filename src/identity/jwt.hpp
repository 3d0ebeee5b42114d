// Signed tokens of a single sign-on: JWS compact serialisation (RFC 7515), keys as JWK (RFC 7517), RS256 and ES256. The
// algorithm is the key's, never the token's word alone: "none" and an HMAC under a public key open nothing.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace tongdian::identity::jwt {

std::string base64url(ByteView bytes);
/// Without padding; nothing for anything else.
std::optional<Bytes> from_base64url(std::string_view text);

/// A set of public keys. Those that we cannot use are passed over: a provider may have others for other clients.
class Keys {
 public:
  /// `identity.oidc_bad_answer` where it is no JWK set.
  static Result<Keys> read(std::string_view json);
  [[nodiscard]] std::size_t size() const { return keys_.size(); }

  /// The claims of a token with a good signature of one of these keys; `identity.oidc_bad_token` otherwise.
  [[nodiscard]] Result<json::Object> verified(std::string_view token) const;

 private:
  struct Key {
    std::string kid, algorithm;
    std::shared_ptr<void> key;  ///< EVP_PKEY
  };
  std::vector<Key> keys_;
};

}  // namespace tongdian::identity::jwt
