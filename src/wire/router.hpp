// The route table: method and path pattern → handler, and who may call it.
//
//   router.get("/api/v1/cases/{number}", Access::any_staff().or_case_customer(), [&](const Request& request) -> Result<Response> {
//     auto found = cases.find(request.parameter("number"));
//     if (!found) return refusal("connection.not_found", …);
//     return json_response(write(*found));
//   });
//
// A handler that answers later takes (std::shared_ptr<const Request>, Reply) instead and keeps both as long as it needs.
#pragma once

#include <array>
#include <concepts>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wire/access.hpp"
#include "wire/message.hpp"
#include "wire/reply.hpp"

namespace tongdian::wire {

using RequestPtr = std::shared_ptr<const Request>;
using Handler = std::function<void(RequestPtr, Reply)>;

template <class F>
concept AnswersLater = std::invocable<F&, RequestPtr, Reply>;
template <class F>
concept AnswersAtOnce = std::is_invocable_r_v<Result<Response>, F&, const Request&> && !AnswersLater<F>;

struct Route {
  Method method;
  std::string pattern;  ///< literal segments and `{name}` segments
  Access access;
  Handler handler;
  std::vector<std::string> parameters;  ///< the names in the pattern, in their order
};

class Router {
 public:
  Router();
  Router(Router&&) noexcept = default;  // never copied: the tree points into the list of routes

  /// Throws std::logic_error, since it is a bug of the program that nothing can run with: a pattern that is malformed or
  /// taken, an access that admits nobody, a case customer without a `{number}` in the path.
  void add(Method method, std::string pattern, Access access, Handler handler);

  template <class F>
  void get(std::string pattern, Access access, F handler) {
    add(Method::get, std::move(pattern), std::move(access), handler_of(std::move(handler)));
  }
  template <class F>
  void post(std::string pattern, Access access, F handler) {
    add(Method::post, std::move(pattern), std::move(access), handler_of(std::move(handler)));
  }
  template <class F>
  void put(std::string pattern, Access access, F handler) {
    add(Method::put, std::move(pattern), std::move(access), handler_of(std::move(handler)));
  }
  template <class F>
  void del(std::string pattern, Access access, F handler) {
    add(Method::delete_, std::move(pattern), std::move(access), handler_of(std::move(handler)));
  }

  struct Match {
    const Route* route = nullptr;     ///< null: see `allowed`
    std::vector<std::string> values;  ///< of the route's parameters
    std::vector<Method> allowed;      ///< without a route: the methods that the path has; empty: no such path
  };
  /// Literal segments before parameters; HEAD finds the GET route. A parameter never matches an empty segment.
  [[nodiscard]] Match find(Method method, const std::vector<std::string>& segments) const;

  [[nodiscard]] bool knows(const std::vector<std::string>& segments) const;

  /// All of the way from a read request to its handler: route, gate, handler. Every outcome is an answer: 404, 405 with
  /// Allow, OPTIONS, the gate's refusal, a handler that throws.
  void serve(const std::shared_ptr<Request>& request, Gate& gate, const Reply& reply) const;

  /// In the order of their registration.
  [[nodiscard]] const std::deque<Route>& routes() const { return routes_; }
  /// [{"method","path","access":[words]}], for `tongdian routes --json` and the test that compares it with the contract.
  [[nodiscard]] json::Value table() const;

 private:
  struct Node;

  static Handler handler_of(Handler handler) { return handler; }
  template <AnswersLater F>
  static Handler handler_of(F handler) {
    return Handler(std::move(handler));
  }
  template <AnswersAtOnce F>
  static Handler handler_of(F handler) {
    return [f = std::move(handler)](const RequestPtr& request, const Reply& reply) mutable {
      reply(Result<Response>(f(*request)));
    };
  }

  std::deque<Route> routes_;  // a deque: nodes and requests point into it
  std::shared_ptr<Node> root_;
};

}  // namespace tongdian::wire
