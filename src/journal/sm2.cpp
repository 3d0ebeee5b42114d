#include "journal/sm2.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <stdexcept>

namespace tongdian::journal::sm2 {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Number = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, Deleter<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Deleter<EC_POINT_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;

constexpr std::size_t point_size = 65;

[[noreturn]] void fail(const char* what) { throw std::runtime_error(std::string("SM2 failed in OpenSSL: ") + what); }

Number number_of(ByteView bytes) { return Number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)); }

Group curve() { return Group(EC_GROUP_new_by_curve_name(NID_sm2)); }

Bytes public_key_of(const BIGNUM* scalar) {
  const Group group = curve();
  const Point point(EC_POINT_new(group.get()));
  Bytes out(point_size);
  if (EC_POINT_mul(group.get(), point.get(), scalar, nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(), out.size(), nullptr) !=
          out.size())
    fail("public key");
  return out;
}

/// Nothing where the bytes are not a point of the curve.
std::shared_ptr<EVP_PKEY> key_of(ByteView public_key, const BIGNUM* scalar) {
  const Builder builder(OSSL_PARAM_BLD_new());
  bool ok = OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1 &&
            OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, public_key.data(),
                                             public_key.size()) == 1 &&
            (!scalar || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1);
  const Params params(ok ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr);
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
  EVP_PKEY* key = nullptr;
  ok = ok && params && EVP_PKEY_fromdata_init(context.get()) == 1 &&
       EVP_PKEY_fromdata(context.get(), &key, scalar ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params.get()) == 1;
  return ok ? std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free) : nullptr;
}

/// The id goes into the digest, so it is set before the digest begins.
struct Operation {
  explicit Operation(EVP_PKEY* key)
      : context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)), digest(EVP_MD_CTX_new()) {
    if (!context || !digest ||
        EVP_PKEY_CTX_set1_id(context.get(), distinguished_id.data(), static_cast<int>(distinguished_id.size())) != 1)
      fail("context");
    EVP_MD_CTX_set_pkey_ctx(digest.get(), context.get());
  }
  KeyContext context;
  Digest digest;
};

Bytes der_of(ByteView raw) {
  const Signature signature(ECDSA_SIG_new());
  // ECDSA_SIG_set0 takes the numbers over.
  if (ECDSA_SIG_set0(signature.get(), number_of(raw.first(32)).release(), number_of(raw.subspan(32)).release()) != 1)
    fail("signature");
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) fail("signature");
  const Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

}  // namespace

bool is_private_key(const Hash& scalar) {
  const Number d = number_of(scalar);
  const Group group = curve();
  const Number limit(BN_dup(EC_GROUP_get0_order(group.get())));
  BN_sub_word(limit.get(), 1);
  return !BN_is_zero(d.get()) && BN_cmp(d.get(), limit.get()) < 0;
}

PrivateKey::PrivateKey(const Hash& scalar) {
  const Number d = number_of(scalar);
  public_ = public_key_of(d.get());
  key_ = key_of(public_, d.get());
  if (!key_) fail("private key");
}

std::array<std::uint8_t, 64> PrivateKey::sign(std::string_view message) const {
  const Operation operation(key_.get());
  const auto in = bytes_of(message);
  std::array<std::uint8_t, 128> der{};
  std::size_t size = der.size();
  if (EVP_DigestSignInit(operation.digest.get(), nullptr, EVP_sm3(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(operation.digest.get(), der.data(), &size, in.data(), in.size()) != 1)
    fail("signing");
  const unsigned char* at = der.data();
  const Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  std::array<std::uint8_t, 64> out{};
  if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out.data(), 32) != 32 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out.data() + 32, 32) != 32)
    fail("signing");
  return out;
}

bool verify(ByteView public_key, std::string_view message, ByteView signature) {
  if (public_key.size() != point_size || public_key[0] != 4 || signature.size() != 64) return false;
  const auto key = key_of(public_key, nullptr);
  if (!key) return false;
  const Operation operation(key.get());
  const Bytes der = der_of(signature);
  const auto in = bytes_of(message);
  return EVP_DigestVerifyInit(operation.digest.get(), nullptr, EVP_sm3(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(operation.digest.get(), der.data(), der.size(), in.data(), in.size()) == 1;
}

}  // namespace tongdian::journal::sm2
