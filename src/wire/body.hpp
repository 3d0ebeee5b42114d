// What nearly every handler does: read a JSON body, answer JSON, set a cookie, name a version.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "wire/message.hpp"

namespace tongdian::wire {

/// The body as JSON. `http.unsupported_media_type` unless Content-Type is application/json (charset absent or utf-8);
/// otherwise as json::parse.
Result<json::Value> json_body(const Request& request);

/// The body as a described struct; a problem's `path` is a JSON pointer into the body.
template <class T>
Result<T> read_body(const Request& request) {
  auto value = json_body(request);
  if (!value) return value.error();
  return json::read<T>(*value);
}

Response json_response(const json::Value& value, Status status = Status::ok);
/// A response without a body: 204.
Response no_content();

/// The header Idempotency-Key, 1–64 of [A-Za-z0-9_-]. `http.idempotency_key` when it is missing or malformed.
Result<std::string> idempotency_key(const Request& request);

/// A whole number in the query between `low` and `high`; `otherwise` when absent. `http.bad_query`, path "?name".
Result<std::int64_t> query_integer(const Request& request, std::string_view name, std::int64_t low, std::int64_t high,
                                   std::int64_t otherwise);
/// A problem when the query has a name beyond `known`: a misspelt filter must not pass as none.
std::optional<Problem> unknown_query(const Request& request, std::initializer_list<std::string_view> known);

struct Cookie {
  std::string name;
  std::string value;                              ///< RFC 6265 cookie octets: tokens here are hex
  std::optional<std::chrono::seconds> max_age{};  ///< absent: until the browser closes; 0 removes it
  bool secure = false;                            ///< only over TLS; on when a proxy in front ends TLS
};
/// Adds Set-Cookie: HttpOnly, SameSite=Strict, Path=/.
void set_cookie(Response& response, const Cookie& cookie);

/// A strong entity tag of these bytes, with its quotes.
std::string etag_of(std::string_view bytes);
/// Whether If-None-Match names this tag (weak comparison, RFC 9110 13.1.2) or is `*`.
bool none_match_names(std::string_view if_none_match, std::string_view etag);
/// Gives a 200 its ETag, and makes it 304 without a body when the reader has these bytes already.
Response with_etag(const Request& request, Response response);

}  // namespace tongdian::wire
