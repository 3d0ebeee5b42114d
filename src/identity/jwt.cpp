#include "identity/jwt.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>

namespace tongdian::identity::jwt {
namespace {

constexpr std::size_t longest_token = 16U << 10;
constexpr int smallest_modulus_bits = 2048;

Problem bad_token(const char* why) {
  return refusal("identity.oidc_bad_token",
                 {"统一身份认证的令牌未通过检查", std::string("the single sign-on's token does not pass: ") + why},
                 {"请重新登录；仍不行请联系管理员", "sign in again; if it persists ask the administrator"});
}

std::string text_in(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

struct Free {
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(OSSL_PARAM_BLD* p) const { OSSL_PARAM_BLD_free(p); }
  void operator()(OSSL_PARAM* p) const { OSSL_PARAM_free(p); }
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(ECDSA_SIG* p) const { ECDSA_SIG_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

std::shared_ptr<void> key_from(const char* type, OSSL_PARAM_BLD* build) {
  const Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(build));
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return {};
  return {key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); }};
}

std::shared_ptr<void> rsa_key(const json::Object& jwk) {
  const auto n = from_base64url(text_in(jwk, "n")), e = from_base64url(text_in(jwk, "e"));
  if (!n || !e || n->empty() || e->empty() || n->size() > 1024 || e->size() > 8) return {};
  const Owned<BIGNUM> modulus(BN_bin2bn(n->data(), static_cast<int>(n->size()), nullptr)),
      exponent(BN_bin2bn(e->data(), static_cast<int>(e->size()), nullptr));
  if (BN_num_bits(modulus.get()) < smallest_modulus_bits) return {};
  const Owned<OSSL_PARAM_BLD> build(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  return key_from("RSA", build.get());
}

std::shared_ptr<void> p256_key(const json::Object& jwk) {
  const auto x = from_base64url(text_in(jwk, "x")), y = from_base64url(text_in(jwk, "y"));
  if (text_in(jwk, "crv") != "P-256" || !x || !y || x->size() != 32 || y->size() != 32) return {};
  Bytes point{4};
  point.insert(point.end(), x->begin(), x->end());
  point.insert(point.end(), y->begin(), y->end());
  const Owned<OSSL_PARAM_BLD> build(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return key_from("EC", build.get());  // a point beside the curve makes no key
}

/// r ‖ s, as JWS has it, in the DER that OpenSSL reads.
std::optional<Bytes> der_of(ByteView raw) {
  if (raw.size() != 64) return {};
  const Owned<ECDSA_SIG> signature(ECDSA_SIG_new());
  if (ECDSA_SIG_set0(signature.get(), BN_bin2bn(raw.data(), 32, nullptr), BN_bin2bn(raw.data() + 32, 32, nullptr)) != 1)
    return {};
  unsigned char* out = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &out);
  if (size <= 0) return {};
  Bytes der(out, out + size);
  OPENSSL_free(out);
  return der;
}

bool signed_by(void* key, const std::string& algorithm, std::string_view text, ByteView signature) {
  std::optional<Bytes> der;
  if (algorithm == "ES256") {
    der = der_of(signature);
    if (!der) return false;
    signature = *der;
  }
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, static_cast<EVP_PKEY*>(key)) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

struct Parts {
  json::Object header;
  std::string_view signed_text;
  std::string payload;
  Bytes signature;
};

std::optional<json::Object> object_of(std::string_view part) {
  const auto bytes = from_base64url(part);
  if (!bytes) return {};
  auto value = json::parse(text_of(*bytes));
  if (!value || !value->is_object()) return {};
  return std::move(value->get_object());
}

std::optional<Parts> parts_of(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (token.size() > longest_token || second == std::string_view::npos ||
      token.find('.', second + 1) != std::string_view::npos)
    return {};
  auto header = object_of(token.substr(0, first));
  const auto payload = from_base64url(token.substr(first + 1, second - first - 1));
  auto signature = from_base64url(token.substr(second + 1));
  if (!header || !payload || !signature) return {};
  return Parts{*std::move(header), token.substr(0, second), std::string(text_of(*payload)), *std::move(signature)};
}

}  // namespace

std::string base64url(ByteView bytes) {
  std::string out = to_base64(bytes);
  std::ranges::replace(out, '+', '-');
  std::ranges::replace(out, '/', '_');
  while (out.ends_with('=')) out.pop_back();
  return out;
}

std::optional<Bytes> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos || text.size() % 4 == 1) return {};
  std::string plain(text);
  std::ranges::replace(plain, '-', '+');
  std::ranges::replace(plain, '_', '/');
  plain.append((4 - plain.size() % 4) % 4, '=');
  if (plain.empty()) return Bytes{};
  return from_base64(plain);
}

Result<Keys> Keys::read(std::string_view text) {
  const auto value = json::parse(text);
  const auto* object = value ? value->if_object() : nullptr;
  const auto* list = object ? object->if_contains("keys") : nullptr;
  if (!list || !list->is_array())
    return failure("identity.oidc_bad_answer",
                   {"统一身份认证的公钥无法读取", "the single sign-on's keys are no JWK set"},
                   {"请检查 issuer 配置", "check the issuer in the configuration"});
  Keys out;
  for (const auto& each : list->get_array()) {
    if (!each.is_object() || text_in(each.get_object(), "use") == "enc") continue;
    const auto& jwk = each.get_object();
    const std::string type = text_in(jwk, "kty"), algorithm = type == "RSA" ? "RS256" : type == "EC" ? "ES256" : "";
    if (const auto named = text_in(jwk, "alg"); algorithm.empty() || (!named.empty() && named != algorithm)) continue;
    if (auto key = type == "RSA" ? rsa_key(jwk) : p256_key(jwk))
      out.keys_.push_back({text_in(jwk, "kid"), algorithm, std::move(key)});
  }
  return out;
}

Result<json::Object> Keys::verified(std::string_view token) const {
  const auto parts = parts_of(token);
  if (!parts) return bad_token("it is no signed token");
  const std::string algorithm = text_in(parts->header, "alg"), kid = text_in(parts->header, "kid");
  // An extension that has to be understood, and is not (RFC 7515 4.1.11).
  if (parts->header.contains("crit")) return bad_token("it asks for an extension");
  const bool good = std::ranges::any_of(keys_, [&](const Key& key) {
    return key.algorithm == algorithm && (kid.empty() || key.kid == kid) &&
           signed_by(key.key.get(), algorithm, parts->signed_text, parts->signature);
  });
  if (!good) return bad_token("no key of the provider has signed it");
  auto claims = json::parse(parts->payload);
  if (!claims || !claims->is_object()) return bad_token("its claims are no object");
  return std::move(claims->get_object());
}

}  // namespace tongdian::identity::jwt
