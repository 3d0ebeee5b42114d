// Request and response, as every room above sees them: plain values, no network.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/access.hpp"
#include "wire/event_stream.hpp"
#include "wire/language.hpp"
#include "wire/status.hpp"
#include "wire/target.hpp"

namespace tongdian::wire {

/// `other` is any method that no route can carry.
enum class Method { get, head, post, put, patch, delete_, options, other };

std::string_view name_of(Method method);
/// GET, HEAD, OPTIONS: what a crawler may call and a CSRF token does not guard.
constexpr bool is_safe(Method m) { return m == Method::get || m == Method::head || m == Method::options; }

/// Header fields in their order; names compare without regard to case.
class Headers {
 public:
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// In the place of all fields of this name.
  void set(std::string_view name, std::string value);
  /// The first field of this name; empty when there is none.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  [[nodiscard]] std::size_t count(std::string_view name) const;

  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }
  void reserve(std::size_t n) { fields_.reserve(n); }

 private:
  [[nodiscard]] const std::string* find(std::string_view name) const;
  Pairs fields_;
};

struct Request {
  Method method = Method::get;
  Target target;
  Headers headers;
  std::string body;
  std::string remote;  ///< the peer's address, without port
  std::string id;      ///< in the answer's X-Request-Id and in the log

  // Filled in on the way to the handler:
  std::string_view pattern;  ///< of the route, "/api/v1/cases/{number}"; it may be logged, the path may not
  Pairs parameters;          ///< of the route, in its order
  Principal principal;       ///< as the gate recognised it
  std::string fault;         ///< what a handler threw, for the log

  /// A path parameter; empty when the pattern has none of this name.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  /// A query parameter; nothing when absent, "" for `?name` and `?name=`.
  [[nodiscard]] std::optional<std::string_view> query(std::string_view name) const;
  /// A cookie's value; nothing when absent.
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
  [[nodiscard]] Language language() const { return language_of(headers.get("Accept-Language")); }
};

struct Response {
  Status status = Status::ok;
  std::string content_type{};  ///< empty: no Content-Type header
  std::string body{};
  std::shared_ptr<const std::string> shared_body{};  ///< instead of `body`: bytes that several answers share
  std::string code{};                                ///< of the problem that this answer is; for the log
  std::shared_ptr<EventStream> stream{};             ///< instead of a body: an answer that goes on, `text/event-stream`
  Headers headers{};  ///< the server adds Content-Length, Date, Connection and the security headers

  [[nodiscard]] std::string_view bytes() const { return shared_body ? std::string_view{*shared_body} : body; }
};

}  // namespace tongdian::wire
