// A Problem on the wire: RFC 9457, application/problem+json.
//
//   {"type":"/errors/connection.not_found", "title":"Not Found", "status":404, "code":"connection.not_found",
//    "detail": in the reader's language, "detail_en", "clauses":[], "next": in the reader's language, "next_en",
//    "path": JSON pointer of the offending value}
//
// `code` is the stable name that programs act on. `type` is the address of its page (docs/errors), which the server has too.
#pragma once

#include <chrono>

#include "wire/message.hpp"

namespace tongdian::wire {

/// The one place where a problem becomes a status.
Status status_of(const Problem& problem);

Response problem_response(const Problem& problem, Language language);

/// A refusal of too many tries, and how long until one may pass again.
struct Later {
  Problem problem;
  std::chrono::milliseconds wait;
};
/// With the wait as Retry-After, in whole seconds.
Response problem_response(const Later& later, Language language);

/// What a handler that threw, or never answered, leaves for the caller: `http.internal`, naming the request for the log.
Problem internal_problem(std::string_view request_id);

}  // namespace tongdian::wire
