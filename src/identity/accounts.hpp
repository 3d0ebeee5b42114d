// Staff accounts: who they are, what they may do, where. Passwords are kept as Argon2id (libsodium), never in the clear.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"
#include "wire/access.hpp"

namespace tongdian::identity {

/// Migration 5: account, session.
extern const store::Migration migration;

struct Account {
  std::string id;    ///< what events carry: opaque, never a name
  std::string user;  ///< sign-in name
  std::string name;  ///< as others see it
  std::vector<wire::Role> roles;
  std::vector<std::string> areas;        ///< codes; empty is every area
  std::vector<std::string> enterprises;  ///< ids; empty is every one
  std::string password_hash;
};

/// `identity.bad_user` (3–40 of a–z 0–9 . _ -), `identity.short_password` (under 10 characters), `identity.user_exists`.
Result<void> add_account(store::Session& writer, const Account& account, const std::string& password, Instant now);
Result<void> set_password(store::Session& writer, const std::string& user, const std::string& password);
std::optional<Account> find_account(store::Session& session, std::string_view user);
std::optional<Account> find_account_by_id(store::Session& session, std::string_view id);

/// 30 ms of work on purpose; the same time is spent where there is no such account.
bool password_matches(const std::optional<Account>& account, const std::string& password);

}  // namespace tongdian::identity
