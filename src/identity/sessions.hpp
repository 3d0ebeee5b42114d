// Who is signed in. A session is a random token in a cookie; here it is known by the token's digest only. The table is the
// truth, so that any node of a city knows who is signed in; what memory holds is looked at again after a second.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

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
    wire::Principal principal;  ///< with its new csrf token
  };
  /// 12 hours for staff, 2 hours for a customer's look at their case. On disk when it returns: the next request may come to
  /// another node.
  Opened open(wire::Principal principal);
  [[nodiscard]] std::optional<wire::Principal> find(std::string_view token) const;
  void close(std::string_view token);

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
