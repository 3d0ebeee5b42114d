#include "wire/problem.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"

using namespace tongdian;
using namespace tongdian::wire;

TEST_CASE("a problem's status") {
  const auto bad = [](std::string code) { return bad_input(std::move(code), "", {}); };
  const auto no = [](std::string code) { return refusal(std::move(code), {}); };
  const auto fail = [](std::string code) { return failure(std::move(code), {}); };
  struct Row {
    Problem problem;
    Status status;
  };
  const Row rows[] = {
      {bad("json.syntax"), Status::bad_request},
      {bad("json.missing"), Status::unprocessable},
      {bad("http.too_large"), Status::payload_too_large},
      {bad("http.unsupported_media_type"), Status::unsupported_media_type},
      {bad("connection.phone"), Status::bad_request},
      {no("connection.class_unknown"), Status::unprocessable},
      {no("connection.not_found"), Status::not_found},
      {no("engine.conflict"), Status::conflict},
      {no("identity.unauthenticated"), Status::unauthorized},
      {no("identity.forbidden"), Status::forbidden},
      {no("identity.csrf"), Status::forbidden},
      {no("identity.too_many"), Status::too_many_requests},
      {no("identity.wrong_password"), Status::unauthorized},
      {fail("store.full"), Status::unavailable},
      {fail("peer.not_found"), Status::unavailable},
      {internal_problem("x"), Status::internal_error},
  };
  for (const auto& row : rows) {
    CAPTURE(row.problem.code);
    CHECK(status_of(row.problem) == row.status);
  }
}

TEST_CASE("a problem says everything in the reader's language, and in both") {
  Problem problem = refusal("connection.not_on_list", {"不在清单上", "not on the list"},
                            {"请只要清单上的", "ask for what is listed"}, {"三(一)2"});
  problem.path = "/documents/0";
  const auto response = problem_response(problem, Language::en);
  CHECK(response.content_type == "application/problem+json");
  CHECK(response.headers.get("Content-Language") == "en");
  CHECK(
      json::canonical(*json::parse(response.body)) ==
      R"({"clauses":["三(一)2"],"code":"connection.not_on_list","detail":"not on the list","detail_en":"not on the list",)"
      R"("next":"ask for what is listed","next_en":"ask for what is listed",)"
      R"("path":"/documents/0","status":422,"title":"Unprocessable Content","type":"/errors/connection.not_on_list"})");
  const auto in_chinese = *json::parse(problem_response(problem, Language::zh).body);
  CHECK(in_chinese.at("detail") == "不在清单上");
  CHECK(in_chinese.at("detail_en") == "not on the list");
  CHECK(in_chinese.at("next") == "请只要清单上的");
}

TEST_CASE("who tries too often is told when to come back") {
  CHECK(problem_response(refusal("identity.too_many", {}), Language::zh).headers.get("Retry-After") == "60");
  CHECK_FALSE(problem_response(refusal("identity.csrf", {}), Language::zh).headers.has("Retry-After"));
}

TEST_CASE("the reader's language") {
  struct Row {
    std::string_view header;
    Language language;
  };
  const Row rows[] = {
      {"", Language::zh},
      {"zh-CN,zh;q=0.9,en;q=0.8", Language::zh},
      {"en-GB,en;q=0.9,zh;q=0.8", Language::en},
      {"en", Language::en},
      {"EN-us", Language::en},
      {"fr", Language::zh},
      {"en;q=0.5, zh;q=0.5", Language::zh},
      {"en;q=0, zh;q=0", Language::zh},
      {"en;q=nonsense", Language::zh},
      {"en;q=1.5", Language::zh},
      {",,;q=1", Language::zh},
  };
  for (const auto& row : rows) {
    CAPTURE(row.header);
    CHECK(language_of(row.header) == row.language);
  }
}
