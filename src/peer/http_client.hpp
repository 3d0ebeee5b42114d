// Asks another system over HTTPS, with limits: whoever answers slowly, endlessly or from elsewhere costs us nothing but a wait.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace tongdian::peer {

struct Ask {
  std::string url;
  std::vector<std::pair<std::string, std::string>> form{};  ///< with any: POST, application/x-www-form-urlencoded
  std::string user{}, password{};                           ///< with a user: HTTP Basic, as RFC 6749 2.3.1 has it
};

struct Answered {
  long status = 0;
  std::string body;
};

class HttpClient {
 public:
  struct Limits {
    std::chrono::milliseconds connect{5'000}, whole{10'000};
    std::size_t bytes = 1U << 20;
  };
  HttpClient() : HttpClient(Limits{}) {}
  explicit HttpClient(Limits limits);

  /// Follows no redirect. TLS is verified against the system's authorities; http:// alone is for this machine (127.0.0.1,
  /// [::1], localhost). `peer.not_secure`, `peer.unreachable`, `peer.too_large`; any status is an answer. Blocks: on a thread
  /// that may wait.
  [[nodiscard]] Result<Answered> ask(const Ask& ask) const;

 private:
  Limits limits_;
};

}  // namespace tongdian::peer
