// Staff accounts: who they are, what they may do, where. Passwords are kept as Argon2id (libsodium), never in the clear.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "identity/passwords.hpp"
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
  std::string password_hash{};
  bool disabled = false;
  Bytes totp{};                ///< sealed secret of the authenticator; empty: no second factor
  Bytes totp_pending{};        ///< shown, not yet confirmed
  std::int64_t totp_step = 0;  ///< of the last code that was taken
};

/// `identity.bad_user` (3–40 of a–z 0–9 . _ -), `identity.no_role`, `identity.user_exists`, and what `password_objection`
/// says.
Result<void> add_account(store::Session& writer, const Account& account, const std::string& password, Instant now,
                         const BreachList& breached = {});
/// The name and the id alone: disabled, without password and rights, until somebody grants them. The same id twice is one.
/// `identity.bad_user`, `identity.user_exists`. In the caller's transaction.
Result<void> reserve_account(store::Session& writer, const Account& account, Instant now);
/// Ends every session of the account but `keep` (an id). In the caller's transaction.
Result<void> set_password(store::Session& writer, const Account& account, const std::string& password,
                          const BreachList& breached = {}, std::string_view keep = {});

/// What an account may do and where; its sessions end, for they carry the old authority. In the caller's transaction.
void set_authority(store::Session& writer, const Account& account);
/// A disabled account signs in no more, and is signed out; it stays, for events name it. In the caller's transaction.
void set_disabled(store::Session& writer, const std::string& id, bool disabled, Instant now);

/// The account of somebody whom the single sign-on knows: made when they first come, its name and authority as they are told
/// now. It has no password. In the caller's transaction.
Account account_of_subject(store::Session& writer, std::string_view issuer, std::string_view subject, Account told,
                           Instant now);
/// Whether it was made so: nobody else's name begins as theirs do.
bool is_single_sign_on(const Account& account);

std::optional<Account> find_account(store::Session& session, std::string_view user);
std::optional<Account> find_account_by_id(store::Session& session, std::string_view id);
/// Whether each of these ids still has this name; one that is no account's has its own id for a name.
bool have_names(store::Session& session, const std::map<std::string, std::string>& names);
/// `identity.no_such_user`.
Result<Account> require_account(store::Session& session, std::string_view user);
/// By sign-in name.
std::vector<Account> all_accounts(store::Session& session);

/// 30 ms of work on purpose; the same time is spent where there is no such account.
bool password_matches(const std::optional<Account>& account, const std::string& password);

}  // namespace tongdian::identity
