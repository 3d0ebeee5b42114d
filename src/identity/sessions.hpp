// Who is signed in. A session is a random token in a cookie; here it is known by the token's digest only. The table is the
// truth, so that any node of a city knows who is signed in; what memory holds is looked at again after a second.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "store/database.hpp"
#include "wire/access.hpp"

namespace tongdian::identity {

inline constexpr std::string_view cookie_name = "tongdian_session";

class Sessions {
 public:
  /// Work for the thread that owns the writer: Sessions never writes by itself. Returns when it is on disk; throws where
  /// it could not be done.
  using Write = std::function<void(std::function<void(store::Session&)>)>;

  /// `write` is called from any thread but the writer's.
  Sessions(store::Database& database, const Clock& clock, Random& random, Write write);

  struct Opened {
    std::string token;
    wire::Principal principal;  ///< with its new csrf token and session id
  };
  /// Where a session was opened from, for its owner to recognise.
  struct From {
    std::string address, agent;
  };
  /// 12 hours for staff, 2 hours for a customer's look at their cases. On disk when it returns: the next request may come to
  /// another node. Always a new token: one that was there before signing in is worth nothing after it. `password_hash`: what
  /// the password was held against; throws `identity.wrong_password` where it was changed meanwhile.
  Opened open(wire::Principal principal, const From& from = {}, const std::string& password_hash = {});
  [[nodiscard]] std::optional<wire::Principal> find(std::string_view token) const;
  void close(std::string_view token);

  struct Listed {
    std::string id, address, agent;
    Instant opened_at{}, expires_at{};
  };
  /// Of one account, the newest first.
  [[nodiscard]] std::vector<Listed> of(const std::string& account) const;
  /// Ends one session of the account by its id; false where it has none of this id.
  bool close_one(const std::string& account, const std::string& id);
  /// Ends all of the account but `keep`.
  void close_others(const std::string& account, const std::string& keep);
  /// What memory holds is looked at again: the table was written by somebody else of this program.
  void look_again();

 private:
  struct Entry {
    wire::Principal principal;
    Instant expires;
    Instant looked;  ///< when the table last said so
  };
  [[nodiscard]] std::optional<Entry> read(const Hash& hash) const;
  void drop_expired() const;

  store::Database& database_;
  const Clock& clock_;
  Random& random_;
  Write write_;
  mutable std::mutex mutex_;
  mutable std::map<Hash, Entry> entries_;
};

}  // namespace tongdian::identity
