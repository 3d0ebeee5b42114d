// How a handler answers: once, from any thread, now or later.
#pragma once

#include <functional>
#include <memory>

#include "wire/message.hpp"
#include "wire/problem.hpp"

namespace tongdian::wire {

/// A copyable handle on one answer. The first call answers, later ones are ignored; when the last copy goes without a
/// call, the caller gets `http.internal`: a forgotten answer is never a connection that hangs.
class Reply {
 public:
  /// `deliver` is called exactly once, on whatever thread answers, and does not throw.
  Reply(std::shared_ptr<const Request> request, std::function<void(Response)> deliver);

  void operator()(Response response) const;
  /// The problem in the reader's language.
  void operator()(const Problem& problem) const;
  void operator()(const Later& later) const;
  void operator()(Result<Response> result) const;
  /// `http.internal` with the request's id.
  void internal_error() const;

  [[nodiscard]] bool answered() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tongdian::wire
