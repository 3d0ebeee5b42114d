// Who is signed in. A session is a random token in a cookie; here it is known by the token's digest only.
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
  /// Work for the thread that owns the writer: Sessions never writes by itself.
  using Write = std::function<void(std::function<void(store::Session&)>)>;

  /// Reads the sessions that have not expired. `write` is called from any thread.
  Sessions(store::Session& session, const Clock& clock, Random& random, Write write);

  struct Opened {
    std::string token;
    wire::Principal principal;  ///< with its new csrf token
  };
  /// 12 hours for staff, 2 hours for a customer's look at their case.
  Opened open(wire::Principal principal);
  [[nodiscard]] std::optional<wire::Principal> find(std::string_view token) const;
  void close(std::string_view token);

 private:
  struct Entry {
    wire::Principal principal;
    Instant expires;
  };
  void drop_expired();

  const Clock& clock_;
  Random& random_;
  Write write_;
  mutable std::mutex mutex_;
  std::map<Hash, Entry> entries_;
};

}  // namespace tongdian::identity
