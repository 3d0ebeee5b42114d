// Bytes of a connection into a Request. The one place that knows Beast's parser; no socket here.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "wire/message.hpp"

namespace tongdian::http {

struct ReadLimits {
  std::size_t header = 16u << 10;  ///< bytes of request line and header fields together
  std::size_t body = 64u << 10;    ///< bytes of a body, as api/openapi.yaml says
};

/// Reads one request. Bytes may come in any pieces; those that are not consumed must be shown again, with more behind.
class RequestReader {
 public:
  explicit RequestReader(ReadLimits limits);
  ~RequestReader();
  RequestReader(RequestReader&&) noexcept;
  RequestReader& operator=(RequestReader&&) noexcept;

  /// How many of `bytes` it used. It stops when the header is complete, and when the body is. Problems, after which the
  /// connection cannot be understood any more: `http.bad_request`, `http.bad_header`, `http.bad_target`,
  /// `http.headers_too_large`, `http.too_large` (told by Content-Length before a byte of it is read),
  /// `http.version_not_supported`, `http.unknown_expectation`.
  Result<std::size_t> take(std::string_view bytes);

  [[nodiscard]] bool header_done() const;
  [[nodiscard]] bool done() const;
  /// Whether the client waits for "100 Continue" before it sends its body.
  [[nodiscard]] bool expects_continue() const;
  /// Whether the client is ready for another request on this connection.
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool is_http_1_0() const;
  /// Filled as far as read.
  [[nodiscard]] const std::shared_ptr<wire::Request>& request() const;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace tongdian::http
