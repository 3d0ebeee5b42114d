#include "identity/sealing.hpp"

#include <sodium.h>

#include <algorithm>

namespace tongdian::identity {
namespace {

Hash key_of(const journal::Vault& vault, std::string_view purpose, std::string_view owner) {
  return vault.tag("seal " + std::string(purpose), owner);
}

}  // namespace

Bytes seal(const journal::Vault& vault, Random& random, std::string_view purpose, std::string_view owner,
           ByteView plain) {
  const Hash key = key_of(vault, purpose, owner);
  Bytes out(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size());
  random.fill(std::span(out).first(crypto_secretbox_NONCEBYTES));
  crypto_secretbox_easy(out.data() + crypto_secretbox_NONCEBYTES, plain.data(), plain.size(), out.data(), key.data());
  return out;
}

Bytes unseal(const journal::Vault& vault, std::string_view purpose, std::string_view owner, ByteView sealed) {
  constexpr std::size_t extra = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (sealed.size() >= extra) {
    const Hash key = key_of(vault, purpose, owner);
    Bytes out(sealed.size() - extra);
    if (crypto_secretbox_open_easy(out.data(), sealed.data() + crypto_secretbox_NONCEBYTES,
                                   sealed.size() - crypto_secretbox_NONCEBYTES, sealed.data(), key.data()) == 0)
      return out;
  }
  throw ProblemError(
      failure("vault.altered", {"密封的数据无法解开", "sealed bytes do not open: altered, or not under this key"},
              {"请检查 keys/tag.key 是否属于这份数据", "check that keys/tag.key belongs to these data"}));
}

}  // namespace tongdian::identity
