// What a single sign-on's token has to be, as tables: each row is a token that somebody would like us to take.
#include "identity/oidc.hpp"

#include <doctest/doctest.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "identity/house_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::identity;

namespace {

/// A provider's key: signs, and shows its public half as a JWK.
class Signer {
 public:
  Signer(std::string kid, bool rsa, unsigned bits = 2048)
      : kid_(std::move(kid)), rsa_(rsa), key_(rsa ? EVP_RSA_gen(bits) : EVP_EC_gen("P-256")) {}
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  ~Signer() { EVP_PKEY_free(key_); }

  [[nodiscard]] std::string jwk(const std::string& more = "") const {
    const std::string key = rsa_ ? R"("kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
                                       number(OSSL_PKEY_PARAM_RSA_E) + "\""
                                 : R"("kty":"EC","crv":"P-256","x":")" + number(OSSL_PKEY_PARAM_EC_PUB_X, 32) +
                                       R"(","y":")" + number(OSSL_PKEY_PARAM_EC_PUB_Y, 32) + "\"";
    return "{" + key + R"(,"kid":")" + kid_ + "\"" + more + "}";
  }
  [[nodiscard]] std::string header() const {
    return std::string(R"({"alg":")") + (rsa_ ? "RS256" : "ES256") + R"(","kid":")" + kid_ + R"("})";
  }
  [[nodiscard]] std::string token(const std::string& claims, std::string header = "") const {
    if (header.empty()) header = this->header();
    const std::string text = jwt::base64url(bytes_of(header)) + "." + jwt::base64url(bytes_of(claims));
    return text + "." + jwt::base64url(sign(text));
  }

 private:
  [[nodiscard]] std::string number(const char* name, int size = 0) const {
    BIGNUM* n = nullptr;
    EVP_PKEY_get_bn_param(key_, name, &n);
    Bytes out(static_cast<std::size_t>(size > 0 ? size : BN_num_bytes(n)));
    BN_bn2binpad(n, out.data(), static_cast<int>(out.size()));
    BN_free(n);
    return jwt::base64url(out);
  }
  [[nodiscard]] Bytes sign(const std::string& text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t size = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_);
    EVP_DigestSign(context, nullptr, &size, data, text.size());
    Bytes out(size);
    EVP_DigestSign(context, out.data(), &size, data, text.size());
    EVP_MD_CTX_free(context);
    out.resize(size);
    if (rsa_) return out;
    const unsigned char* at = out.data();
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size));
    Bytes raw(64);
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw.data() + 32, 32);
    ECDSA_SIG_free(signature);
    return raw;
  }

  std::string kid_;
  bool rsa_;
  EVP_PKEY* key_;
};

std::string said(const Result<json::Object>& claims) {
  return claims ? std::string(claims->at("sub").as_string()) : claims.error().code;
}

OidcSettings settings() {
  OidcSettings s;
  s.issuer = "https://sso.example";
  s.client_id = "tongdian";
  s.redirect = "https://city.example/api/v1/oidc/return";
  s.accounts = {{"s-1", "li.na"}};
  s.claim = "groups";
  s.authorities = {{"power-clerks", {{wire::Role::clerk}, {"370602"}, {}}},
                   {"watchers", {{wire::Role::supervisor}, {}, {}}}};
  return s;
}

}  // namespace

TEST_CASE("a token is taken with the signature of a key that fits it, and with no other") {
  const Signer rsa("r1", true), ec("e1", false), stranger("r1", true), small("r0", true, 1024);
  const auto keys =
      jwt::Keys::read(R"({"keys":[)" + rsa.jwk() + "," + ec.jwk() + "," + small.jwk() + "," +
                      R"({"kty":"oct","k":"c2VjcmV0","kid":"h1"},{"kty":"RSA","kid":"broken","n":"","e":"AQAB"}]})")
          .value();
  CHECK(keys.size() == 2);  // 1,024 bits, shared secrets and broken keys are passed over
  const std::string claims = R"({"sub":"s-1"})";
  const auto good = rsa.token(claims), curve = ec.token(claims);
  const auto changed = [](std::string token, std::size_t part) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < part; ++i) at = token.find('.', at) + 1;
    token[at + 3] = token[at + 3] == 'A' ? 'B' : 'A';
    return token;
  };
  const std::string text = good.substr(0, good.rfind('.'));
  // HS256 under the public key's own bytes: what a library falls for that believes the header.
  const auto hmac = [&] {
    const std::string head = jwt::base64url(bytes_of(R"({"alg":"HS256","kid":"r1"})"));
    const std::string body = head + "." + jwt::base64url(bytes_of(claims));
    return body + "." + jwt::base64url(hmac_sha256(bytes_of(rsa.jwk()), body));
  }();
  const std::pair<std::string, const char*> rows[] = {
      {good, "s-1"},
      {curve, "s-1"},
      {rsa.token(claims, R"({"alg":"RS256"})"), "s-1"},  // names no key: any that fits
      {changed(good, 0), "identity.oidc_bad_token"},
      {changed(good, 1), "identity.oidc_bad_token"},
      {changed(good, 2), "identity.oidc_bad_token"},
      {changed(curve, 2), "identity.oidc_bad_token"},
      {stranger.token(claims), "identity.oidc_bad_token"},
      {small.token(claims), "identity.oidc_bad_token"},
      {text + ".", "identity.oidc_bad_token"},
      {rsa.token(claims, R"({"alg":"none","kid":"r1"})"), "identity.oidc_bad_token"},
      {rsa.token(claims, R"({"alg":"RS512","kid":"r1"})"), "identity.oidc_bad_token"},
      {rsa.token(claims, R"({"alg":"ES256","kid":"r1"})"), "identity.oidc_bad_token"},
      {ec.token(claims, R"({"alg":"RS256","kid":"e1"})"), "identity.oidc_bad_token"},
      {rsa.token(claims, R"({"alg":"RS256","kid":"e1"})"), "identity.oidc_bad_token"},
      {rsa.token(claims, R"({"alg":"RS256","kid":"r1","crit":["b64"],"b64":false})"), "identity.oidc_bad_token"},
      {hmac, "identity.oidc_bad_token"},
      {rsa.token("[]"), "identity.oidc_bad_token"},
      {good + ".x", "identity.oidc_bad_token"},
      {"", "identity.oidc_bad_token"},
      {"a.b.c", "identity.oidc_bad_token"},
      {std::string(20'000, 'a') + "." + good, "identity.oidc_bad_token"},
  };
  for (const auto& [token, expected] : rows) {
    CAPTURE(token.substr(0, 200));
    CHECK(said(keys.verified(token)) == expected);
  }
  CHECK(jwt::Keys::read("{}").error().code == "identity.oidc_bad_answer");
  CHECK(
      jwt::Keys::read(R"({"keys":[)" + rsa.jwk(R"(,"use":"enc")") + "," + ec.jwk(R"(,"alg":"ES384")") + "]}")->size() ==
      0);
}

TEST_CASE("whose token it is, for whom, until when, and of which sign-in") {
  const Instant now = from_ms(1'700'000'000'000);
  const auto claims = [](const std::string& change) {
    auto base =
        json::parse(
            R"({"iss":"https://sso.example","aud":"tongdian","sub":"s-1","nonce":"n1","iat":1700000000,"exp":1700000300})")
            .value()
            .get_object();
    const auto patch = json::parse(change).value();
    for (const auto& [key, value] : patch.get_object()) {
      if (value.is_null())
        base.erase(key);
      else
        base[key] = value;
    }
    return base;
  };
  const std::pair<const char*, bool> rows[] = {
      {"{}", true},
      {R"({"iss":"https://sso.example/"})", false},
      {R"({"iss":null})", false},
      {R"({"aud":"another"})", false},
      {R"({"aud":["tongdian"]})", true},
      {R"({"aud":["tongdian","another"]})", false},
      {R"({"aud":["tongdian","another"],"azp":"tongdian"})", true},
      {R"({"aud":["tongdian","another"],"azp":"another"})", false},
      {R"({"azp":"another"})", false},
      {R"({"aud":[]})", false},
      {R"({"exp":1700000000})", true},  // the provider's clock may differ by a minute
      {R"({"exp":1699999940})", false},
      {R"({"exp":null})", false},
      {R"({"exp":"1700000300"})", false},
      {R"({"iat":1700000060})", true},
      {R"({"iat":1700000061})", false},
      {R"({"iat":null})", false},
      {R"({"nonce":"n2"})", false},
      {R"({"nonce":null})", false},
      {R"({"sub":""})", false},
  };
  for (const auto& [change, good] : rows) {
    CAPTURE(change);
    CHECK(!Oidc::objection(claims(change), settings(), "n1", now).has_value() == good);
  }
  CHECK(Oidc::objection(claims(R"({"nonce":""})"), settings(), "", now).has_value());
}

TEST_CASE("after signing in one goes to a page of ours and nowhere else") {
  for (const char* ours : {"/", "/desk", "/desk/case/TD-1?x=1"}) CHECK(Oidc::safe_goal(ours) == ours);
  for (const char* theirs :
       {"", "desk", "//evil.example", "/\\evil.example", "/\\/evil.example", "https://evil.example",
        "javascript:alert(1)", "/a\\b", "/a\r\nSet-Cookie: x=1", "/\t/evil.example", " /desk", "/ä"})
    CHECK(Oidc::safe_goal(theirs) == "/desk");
}

TEST_CASE("what the configuration makes of somebody: their account, or the first of their groups that it knows") {
  const auto s = settings();
  CHECK(grant_of(s, {"s-1", "", {"watchers"}})->account == "li.na");
  CHECK_FALSE(grant_of(s, {"s-2", "", {"others"}}).has_value());
  CHECK_FALSE(grant_of(s, {"s-2", "", {}}).has_value());
  const auto both = grant_of(s, {"s-2", "", {"watchers", "power-clerks"}});
  // Never clerk everywhere: that is in none of the rows.
  CHECK(both->authority.roles == std::vector{wire::Role::clerk});
  CHECK(both->authority.areas == std::vector<std::string>{"370602"});
}

TEST_CASE("a ticket is of this house, of this browser, of these ten minutes") {
  House house;
  Oidc oidc(settings(), house.vault, house.random, house.clock);
  for (const char* ticket :
       {"", "00", "zz",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})
    CHECK(oidc.finish(ticket, "state", "code").error().code == "identity.oidc_stale");
}

namespace {

/// A provider without a network: discovery, keys, and a token for whoever has just begun to sign in.
struct Provider {
  House house;
  std::string keys;  ///< members of the JWK set
  std::string token;
  int asked_for_keys = 0;
  Oidc oidc{settings(), house.vault, house.random, house.clock, [this](const peer::Ask& ask) { return answer(ask); }};

  Result<peer::Answered> answer(const peer::Ask& ask) {
    if (ask.url.ends_with("openid-configuration"))
      return peer::Answered{200, R"({"issuer":"https://sso.example","authorization_endpoint":"https://sso.example/a",)"
                                 R"("token_endpoint":"https://sso.example/t","jwks_uri":"https://sso.example/k"})"};
    if (ask.url.ends_with("/t")) return peer::Answered{200, R"({"id_token":")" + token + "\"}"};
    ++asked_for_keys;
    return peer::Answered{200, R"({"keys":[)" + keys + "]}"};
  }
  /// Who comes back, under a token that this signer makes; or the code of a refusal.
  std::string signed_in_by(const Signer& signer, const std::string& header = "", const std::string& nonce = "") {
    const auto started = oidc.start("/desk").value();
    const auto part = [&](const std::string& name) {
      const auto at = started.location.find("&" + name + "=") + name.size() + 2;
      return started.location.substr(at, started.location.find('&', at) - at);
    };
    const auto now = to_ms(house.clock.now()) / 1000;
    token = signer.token(R"({"iss":"https://sso.example","aud":"tongdian","sub":"s-1","nonce":")" +
                             (nonce.empty() ? part("nonce") : nonce) + R"(","iat":)" + std::to_string(now) +
                             R"(,"exp":)" + std::to_string(now + 300) + "}",
                         header);
    const auto back = oidc.finish(started.ticket, part("state"), "code");
    return back ? back->identity.subject : back.error().code;
  }
};

}  // namespace

TEST_CASE(
    "the provider's keys: asked for once, again when it has others, and a withdrawn one is not believed for long") {
  const Signer first("k1", true), second("k2", true), nameless("", true);
  const std::string no_kid = R"({"alg":"RS256"})";
  Provider p;
  p.keys = first.jwk();
  CHECK(p.signed_in_by(first) == "s-1");
  CHECK(p.signed_in_by(first, "", "of another sign-in") == "identity.oidc_bad_token");
  CHECK(p.signed_in_by(first) == "s-1");
  CHECK(p.asked_for_keys == 1);

  p.keys = second.jwk();
  CHECK(p.signed_in_by(second) == "identity.oidc_bad_token");  // asked a moment ago
  p.house.clock.advance(std::chrono::minutes(1));
  CHECK(p.signed_in_by(second) == "s-1");
  CHECK(p.signed_in_by(first) == "identity.oidc_bad_token");

  // Keys without names change as well.
  p.keys = nameless.jwk();
  p.house.clock.advance(std::chrono::minutes(1));
  CHECK(p.signed_in_by(nameless, no_kid) == "s-1");

  // Withdrawn, and nobody comes with another: after an hour it opens nothing.
  p.keys = second.jwk();
  p.house.clock.advance(std::chrono::hours(1));
  CHECK(p.signed_in_by(nameless, no_kid) == "identity.oidc_bad_token");
}

TEST_CASE("base64url reads what it writes, and nothing with padding or other letters") {
  for (std::size_t n = 0; n < 40; ++n) {
    Bytes bytes(n);
    for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<std::uint8_t>(251 * i + n);
    CHECK(jwt::from_base64url(jwt::base64url(bytes)) == bytes);
  }
  for (const char* wrong : {"QQ==", "Q", "Q+A", "Q/A", "Q A", "é"}) CHECK_FALSE(jwt::from_base64url(wrong).has_value());
}
