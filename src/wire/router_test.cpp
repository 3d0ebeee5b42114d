#include "wire/router.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <stdexcept>
#include <thread>

#include "wire/body.hpp"

using namespace tongdian;
using namespace tongdian::wire;

namespace {

Result<Response> echo(const Request& request) {
  json::Object out{{"pattern", request.pattern}};
  for (const auto& [name, value] : request.parameters) out[name] = value;
  return json_response(out);
}

Router sample() {
  Router router;
  router.get("/", Access::everyone(), echo);
  router.get("/cases", Access::any_staff(), echo);
  router.post("/cases", Access::everyone(), echo);
  router.get("/cases/{number}", Access::any_staff().or_case_customer(), echo);
  router.get("/cases/new", Access::staff({Role::clerk}), echo);
  router.post("/cases/{number}/actions/{action}", Access::staff({Role::clerk, Role::manager}).or_case_customer(), echo);
  router.get("/cases/new/actions", Access::everyone(), echo);
  router.get("/session", Access::any_session(), echo);
  router.get("/mine", Access::phone_customer(), echo);
  router.get("/read", Access::staff({Role::manager}).or_program("cases"), echo);
  return router;
}

/// Recognises everybody as `who`.
struct FixedGate final : Gate {
  Principal who;
  Result<Principal> admit(const Request& request, const Access& access) override {
    if (auto problem = objection(access, who, request.parameter("number"))) return *std::move(problem);
    return who;
  }
};

std::shared_ptr<Request> request_for(Method method, std::string_view target) {
  auto request = std::make_shared<Request>();
  request->method = method;
  request->target = read_target(target).value();
  request->id = "r1";
  return request;
}

Response served(const Router& router, Method method, std::string_view target, Principal who = {}) {
  FixedGate gate;
  gate.who = std::move(who);
  const auto request = request_for(method, target);
  std::optional<Response> answer;
  router.serve(request, gate, Reply(request, [&](Response response) { answer = std::move(response); }));
  REQUIRE(answer.has_value());
  return *std::move(answer);
}

std::string code_in(const Response& response) {
  return std::string(json::parse(response.bytes())->at("code").as_string());
}

}  // namespace

TEST_CASE("paths find their routes") {
  struct Row {
    Method method;
    std::string_view target;
    std::string_view pattern;  ///< empty: none
    std::string_view allow;    ///< without a pattern: the methods named; empty: no such path
  };
  const Row rows[] = {
      {Method::get, "/", "/", ""},
      {Method::get, "/cases", "/cases", ""},
      {Method::head, "/cases", "/cases", ""},
      {Method::post, "/cases", "/cases", ""},
      {Method::get, "/cases/new", "/cases/new", ""},
      {Method::get, "/cases/7", "/cases/{number}", ""},
      {Method::post, "/cases/7/actions/accept", "/cases/{number}/actions/{action}", ""},
      {Method::get, "/cases/new/actions", "/cases/new/actions", ""},
      // "new" leads to a dead end here, so it is a number after all.
      {Method::post, "/cases/new/actions/accept", "/cases/{number}/actions/{action}", ""},
      {Method::delete_, "/cases", "", "GET, HEAD, POST, OPTIONS"},
      {Method::other, "/cases", "", "GET, HEAD, POST, OPTIONS"},
      {Method::head, "/cases/7/actions/accept", "", "POST, OPTIONS"},
      {Method::get, "/cases/", "", ""},
      {Method::get, "/Cases", "", ""},
      {Method::get, "/cases/7/actions", "", ""},
      {Method::get, "/cases/7/8/9/10", "", ""},
  };
  const Router router = sample();
  for (const auto& row : rows) {
    CAPTURE(row.target);
    const auto match = router.find(row.method, read_target(row.target)->segments);
    REQUIRE((match.route != nullptr) == !row.pattern.empty());
    if (match.route) {
      CHECK(match.route->pattern == row.pattern);
      continue;
    }
    const auto response = served(router, row.method, row.target);
    CHECK(response.status == (row.allow.empty() ? Status::not_found : Status::method_not_allowed));
    CHECK(response.headers.get("Allow") == row.allow);
  }
}

TEST_CASE("parameters arrive decoded and under their names") {
  Principal supervisor;
  supervisor.kind = Principal::Kind::staff;
  supervisor.roles = {Role::supervisor};
  const auto response = served(sample(), Method::get, "/cases/%E7%94%B5%201", supervisor);
  CHECK(json::parse(response.body)->at("number") == "电 1");
}

TEST_CASE("OPTIONS names the methods") {
  const auto response = served(sample(), Method::options, "/cases");
  CHECK(response.status == Status::no_content);
  CHECK(response.headers.get("Allow") == "GET, HEAD, POST, OPTIONS");
}

TEST_CASE("who may call what") {
  Principal visitor;
  Principal clerk;
  clerk.kind = Principal::Kind::staff;
  clerk.roles = {Role::clerk};
  Principal supervisor = clerk;
  supervisor.roles = {Role::supervisor};
  Principal customer;
  customer.kind = Principal::Kind::customer;
  customer.case_number = "7";
  Principal of_a_phone = customer;
  of_a_phone.case_number.clear();
  of_a_phone.phone_tag = "00";
  Principal program;
  program.kind = Principal::Kind::program;
  program.scopes = {"cases"};
  Principal pending = clerk;
  pending.pending = true;

  struct Row {
    const Principal& who;
    Method method;
    std::string_view target;
    Status status;
  };
  const Row rows[] = {
      {visitor, Method::post, "/cases", Status::ok},
      {clerk, Method::post, "/cases", Status::ok},
      {visitor, Method::get, "/cases", Status::unauthorized},
      {customer, Method::get, "/cases", Status::forbidden},
      {clerk, Method::get, "/cases", Status::ok},
      {supervisor, Method::get, "/cases/new", Status::forbidden},
      {clerk, Method::get, "/cases/new", Status::ok},
      {customer, Method::get, "/cases/7", Status::ok},
      {customer, Method::get, "/cases/8", Status::forbidden},
      {visitor, Method::get, "/cases/7", Status::unauthorized},
      {supervisor, Method::get, "/cases/7", Status::ok},
      {customer, Method::post, "/cases/7/actions/rate", Status::ok},
      {visitor, Method::get, "/session", Status::unauthorized},
      {customer, Method::get, "/session", Status::ok},
      {supervisor, Method::get, "/session", Status::ok},
      {supervisor, Method::post, "/cases/7/actions/accept", Status::forbidden},
      {of_a_phone, Method::get, "/cases/8", Status::ok},  // whose it is the handler asks
      {of_a_phone, Method::get, "/mine", Status::ok},
      {customer, Method::get, "/mine", Status::forbidden},
      {clerk, Method::get, "/mine", Status::forbidden},
      {program, Method::get, "/read", Status::ok},
      {program, Method::get, "/cases", Status::forbidden},
      {clerk, Method::get, "/read", Status::forbidden},
      {pending, Method::get, "/cases", Status::forbidden},
      {pending, Method::get, "/session", Status::ok},
  };
  for (const auto& row : rows) {
    CAPTURE(row.target);
    CHECK(served(sample(), row.method, row.target, row.who).status == row.status);
  }
}

TEST_CASE("a table that cannot be right does not start") {
  Router router = sample();
  CHECK_THROWS_AS(router.get("/cases", Access::everyone(), echo), std::logic_error);
  CHECK_THROWS_AS(router.get("/cases/{other}", Access::everyone(), echo),
                  std::logic_error);  // the same path by another name
  CHECK_THROWS_AS(router.get("/x", Access{}, echo), std::logic_error);
  CHECK_THROWS_AS(router.get("/x", Access::any_staff().or_case_customer(), echo), std::logic_error);
  CHECK_THROWS_AS(router.get("/y/{number}", Access::any_staff(), echo), std::logic_error);  // a case, and no reach
  CHECK_THROWS_AS(router.get("x", Access::everyone(), echo), std::logic_error);
  CHECK_THROWS_AS(router.get("/x{y}", Access::everyone(), echo), std::logic_error);
  CHECK_THROWS_AS(router.get("/x?y=1", Access::everyone(), echo), std::logic_error);
  CHECK_THROWS_AS(router.add(Method::head, "/x", Access::everyone(), {}), std::logic_error);
}

TEST_CASE("the table lists every route with its rule") {
  const auto table = sample().table().as_array();
  REQUIRE(table.size() == 10);
  CHECK(
      json::canonical(table[3]) ==
      R"({"access":["admin","clerk","manager","supervisor","customer"],"method":"GET","path":"/cases/{number}","reach":"case"})");
  CHECK(json::canonical(table[2]) == R"({"access":["public"],"method":"POST","path":"/cases","reach":"city"})");
}

TEST_CASE("whatever a handler does, there is one answer") {
  Router router;
  router.get("/refuses", Access::everyone(), [](const Request&) -> Result<Response> {
    return refusal("case.conflict", {"冲突", "conflict"});
  });
  router.get("/throws", Access::everyone(),
             [](const Request&) -> Result<Response> { throw std::runtime_error("secret"); });
  router.get("/throws-problem", Access::everyone(), [](const Request&) -> Result<Response> {
    throw ProblemError(failure("store.full", {"满", "full"}));
  });
  router.get("/throws-seven", Access::everyone(), [](const Request&) -> Result<Response> { throw 7; });
  router.get("/forgets", Access::everyone(), [](const RequestPtr&, const Reply&) {});
  router.get("/twice", Access::everyone(), [](const RequestPtr&, const Reply& reply) {
    reply(json_response("first"));
    reply(json_response("second"));
  });
  router.get("/answers-then-throws", Access::everyone(), [](const RequestPtr&, const Reply& reply) {
    reply(json_response("answered"));
    throw std::runtime_error("late");
  });
  router.get("/elsewhere", Access::everyone(), [](RequestPtr request, Reply reply) {
    std::thread([request = std::move(request), reply = std::move(reply)] {
      reply(json_response(json::Value(request->pattern)));
    }).join();
  });
  CHECK(served(router, Method::get, "/refuses").status == Status::conflict);
  const auto thrown = served(router, Method::get, "/throws");
  CHECK(thrown.status == Status::internal_error);
  CHECK(code_in(thrown) == "http.internal");
  CHECK(thrown.body.find("r1") != std::string::npos);
  CHECK(thrown.body.find("secret") == std::string::npos);
  CHECK(served(router, Method::get, "/throws-problem").status == Status::unavailable);
  CHECK(served(router, Method::get, "/throws-seven").status == Status::internal_error);
  CHECK(code_in(served(router, Method::get, "/forgets")) == "http.internal");
  CHECK(served(router, Method::get, "/twice").body == "\"first\"");
  CHECK(served(router, Method::get, "/answers-then-throws").body == "\"answered\"");
  CHECK(served(router, Method::get, "/elsewhere").body == "\"/elsewhere\"");
}
