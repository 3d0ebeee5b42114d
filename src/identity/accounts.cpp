#include "identity/accounts.hpp"

#include <sodium.h>

#include <algorithm>

#include "base/json.hpp"

namespace tongdian::identity {
namespace {

constexpr std::size_t shortest_password = 10;

Result<std::string> hashed(const std::string& password) {
  if (password.size() < shortest_password)
    return bad_input("identity.short_password", "", {"密码至少 10 个字符", "a password has at least 10 characters"},
                     {"请使用更长的口令短语", "use a longer phrase"});
  char out[crypto_pwhash_STRBYTES];
  if (sodium_init() < 0 ||
      crypto_pwhash_str_alg(out, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return failure("identity.no_memory", {"内存不足，无法处理密码", "not enough memory to hash a password"});
  return std::string(out);
}

bool valid_user(std::string_view user) {
  return user.size() >= 3 && user.size() <= 40 && std::ranges::all_of(user, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
         });
}

}  // namespace

const store::Migration migration{5, "identity", R"(
CREATE TABLE account (user_name TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, roles TEXT NOT NULL, areas TEXT NOT NULL, enterprises TEXT NOT NULL, password TEXT NOT NULL,
  created_at BIGINT NOT NULL);
-- Tokens are kept as their SHA-256: a copy of the database opens no session.
CREATE TABLE session (token_hash BYTES PRIMARY KEY, account TEXT NOT NULL, principal TEXT NOT NULL, expires_at BIGINT NOT NULL);
)"};

Result<void> add_account(store::Session& writer, const Account& a, const std::string& password, Instant now) {
  if (!valid_user(a.user))
    return bad_input("identity.bad_user", "",
                     {"账号应为 3–40 个小写字母、数字、点、下划线或连字符",
                      "an account name is 3–40 of a–z, 0–9, dot, underscore, hyphen"});
  if (a.roles.empty())
    return bad_input("identity.no_role", "", {"账号至少要有一个角色", "an account has at least one role"},
                     {"使用 --role", "give --role"});
  if (find_account(writer, a.user))
    return refusal("identity.user_exists", {"账号已存在", "the account exists"},
                   {"修改密码请用 user password", "to change its password: user password"});
  auto hash = hashed(password);
  if (!hash) return hash.error();
  const auto roles = json::canonical(json::write(a.roles));
  const auto areas = json::canonical(json::write(a.areas));
  const auto enterprises = json::canonical(json::write(a.enterprises));
  store::Transaction t(writer);
  writer.run(
      "INSERT INTO account (user_name, id, name, roles, areas, enterprises, password, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {std::string_view(a.user), std::string_view(a.id), std::string_view(a.name), std::string_view(roles),
       std::string_view(areas), std::string_view(enterprises), std::string_view(*hash), to_ms(now)});
  t.commit();
  return {};
}

Result<void> set_password(store::Session& writer, const std::string& user, const std::string& password) {
  const auto account = find_account(writer, user);
  if (!account) return refusal("identity.no_such_user", {"没有这个账号", "there is no such account"});
  auto hash = hashed(password);
  if (!hash) return hash.error();
  store::Transaction t(writer);
  writer.run("UPDATE account SET password = $2 WHERE user_name = $1",
             {std::string_view(user), std::string_view(*hash)});
  // Whoever knew the old password is signed out.
  writer.run("DELETE FROM session WHERE account = $1", {std::string_view(account->id)});
  t.commit();
  return {};
}

namespace {

std::optional<Account> read_account(store::Session& session, std::string_view where, std::string_view value) {
  std::optional<Account> out;
  session.query("SELECT id, user_name, name, roles, areas, enterprises, password FROM account WHERE " +
                    std::string(where) + " = $1",
                {value}, [&](const store::Row& row) {
                  Account a;
                  a.id = row.text(0);
                  a.user = row.text(1);
                  a.name = row.text(2);
                  a.roles = json::read_text<std::vector<wire::Role>>(row.text(3)).value();
                  a.areas = json::read_text<std::vector<std::string>>(row.text(4)).value();
                  a.enterprises = json::read_text<std::vector<std::string>>(row.text(5)).value();
                  a.password_hash = row.text(6);
                  out = std::move(a);
                });
  return out;
}

}  // namespace

std::optional<Account> find_account(store::Session& session, std::string_view user) {
  return read_account(session, "user_name", user);
}

std::optional<Account> find_account_by_id(store::Session& session, std::string_view id) {
  return read_account(session, "id", id);
}

bool password_matches(const std::optional<Account>& account, const std::string& password) {
  if (sodium_init() < 0) return false;
  if (account) return crypto_pwhash_str_verify(account->password_hash.c_str(), password.data(), password.size()) == 0;
  char spent[crypto_pwhash_STRBYTES];
  [[maybe_unused]] const int same_time =
      crypto_pwhash_str_alg(spent, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13);
  return false;
}

}  // namespace tongdian::identity
