#include "identity/accounts.hpp"

#include <sodium.h>

#include <algorithm>

#include "base/json.hpp"
#include "store/where.hpp"

namespace tongdian::identity {
namespace {

Result<std::string> hashed(const std::string& password, const std::string& user, const BreachList& breached) {
  if (auto problem = password_objection(password, user, breached)) return *std::move(problem);
  char out[crypto_pwhash_STRBYTES];
  if (sodium_init() < 0 ||
      crypto_pwhash_str_alg(out, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return failure("identity.no_memory", {"内存不足，无法处理密码", "not enough memory to hash a password"});
  return std::string(out);
}

constexpr std::string_view single_sign_on = "sso.";

bool valid_user(std::string_view user) {
  return user.size() >= 3 && user.size() <= 40 && !user.starts_with(single_sign_on) &&
         std::ranges::all_of(user, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
         });
}

std::optional<Problem> user_objection(const std::string& user) {
  if (valid_user(user)) return {};
  return bad_input("identity.bad_user", "",
                   {"账号应为 3–40 个小写字母、数字、点、下划线或连字符，且不以 sso. 开头",
                    "an account name is 3–40 of a–z, 0–9, dot, underscore, hyphen, and does not begin with sso."});
}

Problem user_exists() {
  return refusal("identity.user_exists", {"账号已存在", "the account exists"},
                 {"修改密码请用 user password", "to change its password: user password"});
}

}  // namespace

const store::Migration migration{5, "identity", R"(
CREATE TABLE account (user_name TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, roles TEXT NOT NULL, areas TEXT NOT NULL, enterprises TEXT NOT NULL, password TEXT NOT NULL,
  created_at BIGINT NOT NULL);
-- Tokens are kept as their SHA-256: a copy of the database opens no session.
CREATE TABLE session (token_hash BYTES PRIMARY KEY, account TEXT NOT NULL, principal TEXT NOT NULL, expires_at BIGINT NOT NULL);
)"};

Result<void> add_account(store::Session& writer, const Account& a, const std::string& password, Instant now,
                         const BreachList& breached) {
  if (auto problem = user_objection(a.user)) return *std::move(problem);
  if (a.roles.empty())
    return bad_input("identity.no_role", "", {"账号至少要有一个角色", "an account has at least one role"},
                     {"使用 --role", "give --role"});
  if (find_account(writer, a.user)) return user_exists();
  auto hash = hashed(password, a.user, breached);
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

Result<void> reserve_account(store::Session& writer, const Account& a, Instant now) {
  if (auto problem = user_objection(a.user)) return *std::move(problem);
  const auto there = find_account(writer, a.user);
  if (there && there->id == a.id) return {};
  if (there) return user_exists();
  writer.run(
      "INSERT INTO account (user_name, id, name, roles, areas, enterprises, password, created_at, disabled_at) VALUES ($1, "
      "$2, $3, '[]', $4, $5, '', $6, $6)",
      {std::string_view(a.user), std::string_view(a.id), std::string_view(a.name),
       std::string_view(json::canonical(json::write(a.areas))),
       std::string_view(json::canonical(json::write(a.enterprises))), to_ms(now)});
  return {};
}

Result<void> set_password(store::Session& writer, const Account& account, const std::string& password,
                          const BreachList& breached, std::string_view keep) {
  auto hash = hashed(password, account.user, breached);
  if (!hash) return hash.error();
  writer.run("UPDATE account SET password = $2 WHERE id = $1", {std::string_view(account.id), std::string_view(*hash)});
  // Whoever knew the old password is signed out.
  writer.run("DELETE FROM session WHERE account = $1 AND id <> $2", {std::string_view(account.id), keep});
  return {};
}

void set_authority(store::Session& writer, const Account& a) {
  const auto roles = json::canonical(json::write(a.roles));
  const auto areas = json::canonical(json::write(a.areas));
  const auto enterprises = json::canonical(json::write(a.enterprises));
  writer.run("UPDATE account SET roles = $2, areas = $3, enterprises = $4 WHERE id = $1",
             {std::string_view(a.id), std::string_view(roles), std::string_view(areas), std::string_view(enterprises)});
  writer.run("DELETE FROM session WHERE account = $1", {std::string_view(a.id)});
}

void set_disabled(store::Session& writer, const std::string& id, bool disabled, Instant now) {
  writer.run("UPDATE account SET disabled_at = $2 WHERE id = $1",
             {std::string_view(id), disabled ? store::Param{to_ms(now)} : store::Param{store::null}});
  if (disabled) writer.run("DELETE FROM session WHERE account = $1", {std::string_view(id)});
}

namespace {

constexpr std::string_view columns =
    "id, user_name, name, roles, areas, enterprises, password, disabled_at, totp, totp_pending, totp_step";

Bytes bytes_at(const store::Row& row, int column) {
  if (row.is_null(column)) return {};
  const auto view = row.bytes(column);
  return {view.begin(), view.end()};
}

Account account_of(const store::Row& row) {
  Account a;
  a.id = row.text(0);
  a.user = row.text(1);
  a.name = row.text(2);
  a.roles = json::read_text<std::vector<wire::Role>>(row.text(3)).value();
  a.areas = json::read_text<std::vector<std::string>>(row.text(4)).value();
  a.enterprises = json::read_text<std::vector<std::string>>(row.text(5)).value();
  a.password_hash = row.text(6);
  a.disabled = !row.is_null(7);
  a.totp = bytes_at(row, 8);
  a.totp_pending = bytes_at(row, 9);
  a.totp_step = row.integer(10);
  return a;
}

std::optional<Account> read_account(store::Session& session, std::string_view where, std::string_view value) {
  std::optional<Account> out;
  session.query("SELECT " + std::string(columns) + " FROM account WHERE " + std::string(where) + " = $1", {value},
                [&](const store::Row& row) { out = account_of(row); });
  return out;
}

}  // namespace

Account account_of_subject(store::Session& writer, std::string_view issuer, std::string_view subject, Account told,
                           Instant now) {
  const std::string name = to_hex(sha256(std::string(issuer) + "\n" + std::string(subject))).substr(0, 16);
  told.id = "o" + name;
  told.user = std::string(single_sign_on) + name;
  if (told.name.empty()) told.name = told.user;
  const auto roles = json::canonical(json::write(told.roles));
  const auto areas = json::canonical(json::write(told.areas));
  const auto enterprises = json::canonical(json::write(told.enterprises));
  writer.run(
      "INSERT INTO account (user_name, id, name, roles, areas, enterprises, password, created_at) VALUES ($1, $2, $3, $4, "
      "$5, $6, '', $7) ON CONFLICT (user_name) DO UPDATE SET name = $3, roles = $4, areas = $5, enterprises = $6",
      {std::string_view(told.user), std::string_view(told.id), std::string_view(told.name), std::string_view(roles),
       std::string_view(areas), std::string_view(enterprises), to_ms(now)});
  return find_account_by_id(writer, told.id).value();
}

bool is_single_sign_on(const Account& account) { return account.user.starts_with(single_sign_on); }

Result<Account> require_account(store::Session& session, std::string_view user) {
  if (auto account = find_account(session, user)) return *std::move(account);
  return refusal("identity.no_such_user", {"没有这个账号", "there is no such account"},
                 {"请核对账号名", "check the account's name: tongdian user list"});
}

std::vector<Account> all_accounts(store::Session& session) {
  std::vector<Account> out;
  session.query("SELECT " + std::string(columns) + " FROM account ORDER BY user_name", {},
                [&](const store::Row& row) { out.push_back(account_of(row)); });
  return out;
}

std::optional<Account> find_account(store::Session& session, std::string_view user) {
  return read_account(session, "user_name", user);
}

std::optional<Account> find_account_by_id(store::Session& session, std::string_view id) {
  return read_account(session, "id", id);
}

bool have_names(store::Session& session, const std::map<std::string, std::string>& names) {
  if (names.empty()) return true;
  std::vector<std::string> ids;
  for (const auto& [id, name] : names) ids.push_back(id);
  store::Where where;
  where.one_of("id", ids);
  bool same = true;
  std::size_t accounts = 0;
  session.query("SELECT id, name FROM account " + where.sql(), where.params(), [&](const store::Row& row) {
    ++accounts;
    const auto found = names.find(std::string(row.text(0)));
    same = same && found != names.end() && found->second == row.text(1);
  });
  const auto nobodys = std::ranges::count_if(names, [](const auto& each) { return each.first == each.second; });
  return same && accounts + static_cast<std::size_t>(nobodys) == names.size();
}

bool password_matches(const std::optional<Account>& account, const std::string& password) {
  if (sodium_init() < 0) return false;
  // One without a password (of the single sign-on, or not yet set) takes as long as one that is not there.
  if (account && !account->password_hash.empty())
    return crypto_pwhash_str_verify(account->password_hash.c_str(), password.data(), password.size()) == 0;
  char spent[crypto_pwhash_STRBYTES];
  [[maybe_unused]] const int same_time =
      crypto_pwhash_str_alg(spent, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13);
  return false;
}

}  // namespace tongdian::identity
