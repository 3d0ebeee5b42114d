// Small secrets at rest: sealed under a key that is derived for their purpose and owner (XSalsa20-Poly1305, libsodium).
#pragma once

#include <string>
#include <string_view>

#include "base/random.hpp"
#include "journal/vault.hpp"

namespace tongdian::identity {

Bytes seal(const journal::Vault& vault, Random& random, std::string_view purpose, std::string_view owner,
           ByteView plain);
/// Throws `vault.altered` where the bytes do not open.
Bytes unseal(const journal::Vault& vault, std::string_view purpose, std::string_view owner, ByteView sealed);

}  // namespace tongdian::identity
