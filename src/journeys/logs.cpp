// /api/v1/logs: another system's log is handed in piece by piece, read while the page shows how far, and answered with the
// report that `tongdian mine --html` writes. Each sees their own logs alone.
#include "journeys/city.hpp"
#include "journeys/log_shelf.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {

struct NewLog {
  std::string name;
  std::int64_t size = 0;
  json::Value map;  ///< as `mine --map` takes it; null: columns are guessed
};
BOOST_DESCRIBE_STRUCT(NewLog, (), (name, size, map))

namespace {

wire::Response page_of(std::string html) {
  wire::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(html);
  return response;
}

Result<wire::Response> answer_of(const Result<json::Object>& state, wire::Status status = wire::Status::ok) {
  if (!state) return state.error();
  return wire::json_response(*state, status);
}

Result<wire::Response> open(LogShelf& shelf, const wire::Request& request) {
  const auto body = wire::read_body<NewLog>(request);
  if (!body) return body.error();
  const auto size = static_cast<std::uint64_t>(std::max<std::int64_t>(body->size, 0));
  return answer_of(shelf.open(request.principal.user, body->name, size,
                              body->map.is_null() ? std::string() : json::canonical(body->map)),
                   wire::Status::created);
}

Result<wire::Response> add(LogShelf& shelf, const wire::Request& request) {
  constexpr std::int64_t most = std::int64_t{1} << 40;
  const auto offset = wire::query_integer(request, "offset", 0, most, 0);
  if (!offset) return offset.error();
  return answer_of(
      shelf.add(request.principal.user, request.parameter("log"), static_cast<std::uint64_t>(*offset), request.body));
}

}  // namespace

void add_logs(wire::Router& router, City& city) {
  using wire::Request;
  using wire::Response;
  using wire::Role;
  const auto access = wire::Access::staff({Role::manager, Role::supervisor, Role::admin});
  auto& shelf = city.logs;
  router.get("/api/v1/logs", access, [&](const Request& request) -> Result<Response> {
    return wire::json_response(json::Object{{"logs", shelf.all(request.principal.user)}});
  });
  router.post("/api/v1/logs", access, [&](const Request& request) { return open(shelf, request); });
  router.get("/api/v1/logs/{log}", access, [&](const Request& request) {
    return answer_of(shelf.state(request.principal.user, request.parameter("log")));
  });
  // Pieces go to the disk, reports are drawn anew for each look: neither is the network threads' work.
  router.put("/api/v1/logs/{log}/bytes", access, [&](const wire::RequestPtr& request, const wire::Reply& reply) {
    city.workers.answer(reply, [&shelf, request, reply] { reply(add(shelf, *request)); });
  });
  router.get("/api/v1/logs/{log}/report", access, [&](const wire::RequestPtr& request, const wire::Reply& reply) {
    city.workers.answer(reply, [&shelf, request, reply] {
      auto html = shelf.report(request->principal.user, request->parameter("log"));
      reply(html ? Result<Response>(page_of(*std::move(html))) : Result<Response>(html.error()));
    });
  });
  router.get("/api/v1/logs/{log}/figures", access, [&](const wire::RequestPtr& request, const wire::Reply& reply) {
    city.workers.answer(reply, [&shelf, request, reply] {
      auto figures = shelf.figures(request->principal.user, request->parameter("log"));
      if (!figures) return reply(figures.error());
      Response response;
      response.content_type = "application/json";
      response.body = *std::move(figures);
      reply(Result<Response>(std::move(response)));
    });
  });
  router.del("/api/v1/logs/{log}", access, [&](const Request& request) -> Result<Response> {
    if (auto removed = shelf.remove(request.principal.user, request.parameter("log")); !removed) return removed.error();
    return wire::no_content();
  });
}

}  // namespace tongdian::journeys
