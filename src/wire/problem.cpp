#include "wire/problem.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace tongdian::wire {
namespace {

// A code is "room.word". A row speaks of the whole code or of the word alone, so that a new room's `not_found` needs no
// new row; the first row that fits decides. What no row names gets its kind's status, below.
struct Row {
  std::string_view code;
  Status status;
};
constexpr Row rows[] = {
    // Protocol.
    {"http.bad_header", Status::bad_request},
    {"http.bad_target", Status::bad_request},
    {"http.internal", Status::internal_error},
    {"method_not_allowed", Status::method_not_allowed},
    {"timed_out", Status::request_timeout},
    {"too_large", Status::payload_too_large},
    {"target_too_long", Status::uri_too_long},
    {"headers_too_large", Status::headers_too_large},
    {"unsupported_media_type", Status::unsupported_media_type},
    {"unknown_expectation", Status::expectation_failed},
    {"version_not_supported", Status::version_not_supported},
    // Bodies: JSON that is none is 400, JSON that does not mean anything here is 422.
    {"json.syntax", Status::bad_request},
    {"json.wrong_type", Status::unprocessable},
    {"json.missing", Status::unprocessable},
    {"json.unknown_key", Status::unprocessable},
    {"json.unknown_value", Status::unprocessable},
    {"json.out_of_range", Status::unprocessable},
    // Who asks, and for what.
    {"unauthenticated", Status::unauthorized},
    {"wrong_password", Status::unauthorized},
    {"forbidden", Status::forbidden},
    {"csrf", Status::forbidden},
    {"second_factor", Status::unauthorized},
    {"wrong_code", Status::unauthorized},
    {"second_factor_required", Status::forbidden},
    {"disabled", Status::forbidden},
    {"not_found", Status::not_found},
    {"no_such_stream", Status::not_found},
    {"conflict", Status::conflict},
    {"key_reused", Status::conflict},
    {"precondition_failed", Status::precondition_failed},
    {"too_many", Status::too_many_requests},
};

std::string_view word_of(std::string_view code) {
  const auto dot = code.rfind('.');
  return dot == std::string_view::npos ? code : code.substr(dot + 1);
}

}  // namespace

Status status_of(const Problem& problem) {
  // A failure keeps its kind: that a peer said "not found" is no answer to the caller's question.
  if (problem.kind != Problem::Kind::failure || problem.code == "http.internal")
    for (const auto& row : rows)
      if (row.code == problem.code || row.code == word_of(problem.code)) return row.status;
  switch (problem.kind) {
    case Problem::Kind::bad_input: return Status::bad_request;
    case Problem::Kind::refusal: return Status::unprocessable;
    case Problem::Kind::failure: return Status::unavailable;
  }
  return Status::internal_error;
}

namespace {

/// What to do next, where the problem itself does not say.
Sentence next_of(const Problem& problem) {
  if (!problem.next.zh.empty()) return problem.next;
  switch (problem.kind) {
    case Problem::Kind::bad_input: return {"请改正所指之处后重新提交", "correct what `path` names and send again"};
    case Problem::Kind::refusal:
      return {"请核对后再试；需要帮助请拨打客服热线", "check and try again, or call the hotline"};
    case Problem::Kind::failure: return {"请稍后重试", "try again later"};
  }
  return {};
}

}  // namespace

Response problem_response(const Problem& problem, Language language) {
  const Status status = status_of(problem);
  json::Object out;
  out["type"] = "/errors/" + problem.code;
  out["title"] = phrase_of(status);
  out["status"] = code_of(status);
  out["code"] = problem.code;
  out["detail"] = in(language, problem.detail);
  out["detail_en"] = problem.detail.en;
  out["clauses"] = json::write(problem.clauses);
  const Sentence next = next_of(problem);
  out["next"] = in(language, next);
  out["next_en"] = next.en;
  out["path"] = problem.path;
  Response response{
      .status = status, .content_type = "application/problem+json", .body = json::text(out), .code = problem.code};
  response.headers.add("Content-Language", std::string(tag_of(language)));
  response.headers.add("Cache-Control", "no-store");
  // Whoever knows when a try may pass again says so with a Later; where nobody does, a minute is what we ask of programs.
  if (status == Status::too_many_requests) response.headers.add("Retry-After", "60");
  return response;
}

Response problem_response(const Later& later, Language language) {
  Response response = problem_response(later.problem, language);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(later.wait).count();
  response.headers.set("Retry-After", std::to_string(std::max<std::int64_t>(1, seconds)));
  return response;
}

Problem internal_problem(std::string_view request_id) {
  const std::string id(request_id);
  return failure("http.internal", {"程序出错，本次请求编号 " + id, "the program failed on request " + id},
                 {"请稍后再试；仍不行请拨打 95598 并报出请求编号",
                  "try again later; if it persists, call 95598 and give the request's number"});
}

}  // namespace tongdian::wire
