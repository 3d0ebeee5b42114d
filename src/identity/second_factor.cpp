#include "identity/second_factor.hpp"

#include <algorithm>

#include "identity/one_time.hpp"
#include "identity/sealing.hpp"
#include "identity/totp.hpp"

namespace tongdian::identity {
namespace {

constexpr int recovery_codes = 10;
/// 50 bits each: nobody guesses one within the tries that are left to them.
constexpr std::size_t recovery_length = 10;
constexpr std::string_view purpose = "totp";

/// "ABCDE-23456": people copy it by hand.
std::string readable(const std::string& code) { return code.substr(0, 5) + "-" + code.substr(5); }

bool is_authenticators(std::string_view plain) {
  return plain.size() == 6 && std::ranges::all_of(plain, [](char c) { return c >= '0' && c <= '9'; });
}

Problem wrong_code() {
  return refusal("identity.wrong_code", {"验证码不正确或已用过", "the code is wrong, or was used"},
                 {"请等验证器显示下一个验证码后再试", "wait for the authenticator's next code and try again"});
}

Problem no_enrolment() {
  return refusal("identity.no_enrolment", {"还没有开始设置两步验证", "no second factor is being set up"},
                 {"请重新开始设置", "begin again"});
}

}  // namespace

Bytes SecondFactor::seal(const std::string& account, ByteView secret) const {
  return identity::seal(vault_, random_, purpose, account, secret);
}

Bytes SecondFactor::unseal(const std::string& account, ByteView sealed) const {
  return identity::unseal(vault_, purpose, account, sealed);
}

Hash SecondFactor::digest(const std::string& account, std::string_view code) const {
  return vault_.tag("recovery code", account + "\n" + std::string(code));
}

Enrolment SecondFactor::begin(store::Session& writer, const Account& account, std::string_view issuer) const {
  const auto secret = random_.array<totp::secret_size>();
  const Bytes sealed = seal(account.id, secret);
  writer.run("UPDATE account SET totp_pending = $2 WHERE id = $1", {std::string_view(account.id), ByteView(sealed)});
  return {totp::base32(secret), totp::uri(issuer, account.user, secret)};
}

Result<std::vector<std::string>> SecondFactor::confirm(store::Session& writer, const Account& account,
                                                       std::string_view code, Instant now) const {
  if (account.totp_pending.empty()) return no_enrolment();
  const auto step = totp::match(unseal(account.id, account.totp_pending), code, now, account.totp_step);
  if (!step) return wrong_code();
  // The secret that the code was held against, or none: confirmed twice at once, the second would set what the first took.
  bool taken = false;
  writer.query(
      "UPDATE account SET totp = totp_pending, totp_pending = NULL, totp_step = $2 WHERE id = $1 AND totp_pending = $3 "
      "RETURNING id",
      {std::string_view(account.id), *step, ByteView(account.totp_pending)}, [&](const store::Row&) { taken = true; });
  if (!taken) return no_enrolment();
  return new_recovery_codes(writer, account.id);
}

std::vector<std::string> SecondFactor::new_recovery_codes(store::Session& writer, const std::string& account) const {
  writer.run("DELETE FROM recovery_code WHERE account = $1", {std::string_view(account)});
  std::vector<std::string> out;
  for (int i = 0; i < recovery_codes; ++i) {
    const std::string code = random_text(random_, reset_code.alphabet, recovery_length);
    const Hash hash = digest(account, code);
    writer.run("INSERT INTO recovery_code (account, code) VALUES ($1, $2)",
               {std::string_view(account), ByteView(hash)});
    out.push_back(readable(code));
  }
  return out;
}

bool SecondFactor::take(store::Session& writer, const Account& account, std::string_view code, Instant now) const {
  if (account.totp.empty()) return false;
  const std::string plain = plain_code(code);
  bool taken = false;
  if (is_authenticators(plain)) {
    const auto step = totp::match(unseal(account.id, account.totp), plain, now, account.totp_step);
    // The condition holds against the row, not against what was read before: of two at once one is taken.
    if (step)
      writer.query("UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2 RETURNING id",
                   {std::string_view(account.id), *step}, [&](const store::Row&) { taken = true; });
    return taken;
  }
  const Hash hash = digest(account.id, plain);
  writer.query(
      "UPDATE recovery_code SET used_at = $3 WHERE account = $1 AND code = $2 AND used_at IS NULL RETURNING account",
      {std::string_view(account.id), ByteView(hash), to_ms(now)}, [&](const store::Row&) { taken = true; });
  return taken;
}

void SecondFactor::remove(store::Session& writer, const std::string& account) {
  writer.run("UPDATE account SET totp = NULL, totp_pending = NULL WHERE id = $1", {std::string_view(account)});
  writer.run("DELETE FROM recovery_code WHERE account = $1", {std::string_view(account)});
}

std::int64_t SecondFactor::recovery_codes_left(store::Session& session, const std::string& account) {
  return session
      .integer("SELECT count(*) FROM recovery_code WHERE account = $1 AND used_at IS NULL", {std::string_view(account)})
      .value_or(0);
}

}  // namespace tongdian::identity
