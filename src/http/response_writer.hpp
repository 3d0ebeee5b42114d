// A Response into the bytes of HTTP/1.1.
#pragma once

#include <string>
#include <string_view>

#include "wire/message.hpp"

namespace tongdian::http {

struct Framing {
  bool keep_alive = true;
  bool http_1_0 = false;
  std::string_view date;  ///< RFC 9110 5.6.7
  std::string_view request_id;
};

/// Status line and header with the blank line, ready for the body. Adds Content-Length, Date, Connection, X-Request-Id
/// and the security headers; answers that set no Cache-Control are not to be kept.
std::string head_of(const wire::Response& response, const Framing& framing);

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t unix_ms);

}  // namespace tongdian::http
