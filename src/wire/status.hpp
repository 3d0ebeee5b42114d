// HTTP statuses by name (RFC 9110). Nobody else in the house writes a number.
#pragma once

#include <cstdint>
#include <string_view>

namespace tongdian::wire {

enum class Status : std::uint16_t {
  ok = 200,
  created = 201,
  accepted = 202,
  no_content = 204,
  moved_permanently = 301,
  see_other = 303,
  not_modified = 304,
  bad_request = 400,
  unauthorized = 401,
  forbidden = 403,
  not_found = 404,
  method_not_allowed = 405,
  not_acceptable = 406,
  request_timeout = 408,
  conflict = 409,
  gone = 410,
  precondition_failed = 412,
  payload_too_large = 413,
  uri_too_long = 414,
  unsupported_media_type = 415,
  expectation_failed = 417,
  unprocessable = 422,
  too_many_requests = 429,
  headers_too_large = 431,
  internal_error = 500,
  not_implemented = 501,
  unavailable = 503,
  version_not_supported = 505,
};

constexpr unsigned code_of(Status status) { return static_cast<unsigned>(status); }

/// The reason phrase of the standard: "Not Found".
std::string_view phrase_of(Status status);

}  // namespace tongdian::wire
