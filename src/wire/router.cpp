#include "wire/router.hpp"

#include <algorithm>
#include <stdexcept>

#include "wire/problem.hpp"

namespace tongdian::wire {

// A tree by segment. Where a literal and a parameter stand side by side the literal is tried first, and the search comes
// back for the parameter when the literal's branch leads nowhere.
struct Router::Node {
  std::map<std::string, std::shared_ptr<Node>, std::less<>> literals;
  std::shared_ptr<Node> parameter;
  std::array<const Route*, static_cast<std::size_t>(Method::other)> by_method{};

  [[nodiscard]] bool has_route() const {
    return std::ranges::any_of(by_method, [](const Route* route) { return route != nullptr; });
  }

  const Node* descend(const std::vector<std::string>& segments, std::size_t at,
                      std::vector<std::string>& values) const {
    if (at == segments.size()) return has_route() ? this : nullptr;
    if (const auto literal = literals.find(segments[at]); literal != literals.end())
      if (const Node* found = literal->second->descend(segments, at + 1, values)) return found;
    if (!parameter || segments[at].empty()) return nullptr;
    values.push_back(segments[at]);
    if (const Node* found = parameter->descend(segments, at + 1, values)) return found;
    values.pop_back();
    return nullptr;
  }
};

namespace {

std::size_t slot(Method method) { return static_cast<std::size_t>(method); }

[[noreturn]] void refuse_route(const Route& route, std::string_view why) {
  throw std::logic_error("route " + std::string(name_of(route.method)) + " " + route.pattern + ": " + std::string(why));
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

std::vector<std::string> pattern_segments(const Route& route) {
  auto target = read_target(route.pattern);
  if (!target || !target->query.empty()) refuse_route(route, "malformed pattern");
  for (const auto& segment : target->segments)
    if (!is_parameter(segment) && segment.find_first_of("{}") != std::string::npos)
      refuse_route(route, "malformed pattern");
  return std::move(target->segments);
}

std::string allow_list(const std::vector<Method>& methods) {
  std::string out;
  for (const Method method : methods) out.append(out.empty() ? "" : ", ").append(name_of(method));
  return out;
}

Response without_route(const Router::Match& match, const Request& request) {
  if (match.allowed.empty())
    return problem_response(refusal("http.not_found", {"没有这个网址", "there is nothing at this address"}),
                            request.language());
  Response response{.status = Status::no_content};
  if (request.method != Method::options)
    response = problem_response(
        refusal("http.method_not_allowed", {"此网址不支持这种请求方法", "this address does not take this method"}),
        request.language());
  response.headers.add("Allow", allow_list(match.allowed));
  return response;
}

}  // namespace

Router::Router() : root_(std::make_shared<Node>()) {}

void Router::add(Method method, std::string pattern, Access access, Handler handler) {
  Route route{method, std::move(pattern), std::move(access), std::move(handler), {}};
  if (route.access.admits_nobody()) refuse_route(route, "nobody may call it");
  if (method == Method::other || method == Method::head || method == Method::options)
    refuse_route(route, "HEAD and OPTIONS answer by themselves");
  Node* node = root_.get();
  for (const auto& segment : pattern_segments(route)) {
    if (is_parameter(segment)) route.parameters.push_back(segment.substr(1, segment.size() - 2));
    auto& child = is_parameter(segment) ? node->parameter : node->literals[segment];
    if (!child) child = std::make_shared<Node>();
    node = child.get();
  }
  const bool names_a_case = std::ranges::find(route.parameters, "number") != route.parameters.end();
  if (route.access.customer == Access::Customer::of_the_case && !names_a_case)
    refuse_route(route, "a case customer without {number}");
  if (names_a_case && !route.access.open_to_public && route.access.reach != Access::Reach::case_)
    refuse_route(route, "a case that is within everybody's reach");
  if (node->by_method[slot(method)]) refuse_route(route, "registered twice");
  node->by_method[slot(method)] = &routes_.emplace_back(std::move(route));
}

Router::Match Router::find(Method method, const std::vector<std::string>& segments) const {
  Match match;
  const Node* node = root_->descend(segments, 0, match.values);
  if (!node) return match;
  if (method == Method::head) method = Method::get;
  if (method != Method::other) match.route = node->by_method[slot(method)];
  if (match.route) return match;
  for (const Route* route : node->by_method) {
    if (!route) continue;
    match.allowed.push_back(route->method);
    if (route->method == Method::get) match.allowed.push_back(Method::head);
  }
  match.allowed.push_back(Method::options);
  return match;
}

bool Router::knows(const std::vector<std::string>& segments) const {
  std::vector<std::string> values;
  return root_->descend(segments, 0, values) != nullptr;
}

void Router::serve(const std::shared_ptr<Request>& request, Gate& gate, const Reply& reply) const try {
  auto match = find(request->method, request->target.segments);
  if (!match.route) return reply(without_route(match, *request));
  const Route& route = *match.route;
  request->pattern = route.pattern;
  for (std::size_t i = 0; i < match.values.size(); ++i)
    request->parameters.emplace_back(route.parameters[i], std::move(match.values[i]));
  auto principal = gate.admit(*request, route.access);
  if (!principal) return reply(principal.error());
  request->principal = *std::move(principal);
  route.handler(request, reply);
} catch (const ProblemError& error) {
  reply(error.problem);
} catch (const std::exception& error) {
  request->fault = error.what();
  reply.internal_error();
} catch (...) {
  request->fault = "an exception of no known type";
  reply.internal_error();
}

json::Value Router::table() const {
  json::Array out;
  for (const auto& route : routes_)
    out.push_back(json::Object{{"method", name_of(route.method)},
                               {"path", route.pattern},
                               {"access", json::write(route.access.words())},
                               {"reach", tongdian::name_of(route.access.reach)}});
  return out;
}

}  // namespace tongdian::wire
