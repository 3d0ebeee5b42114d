#include "wire/reply.hpp"

#include <atomic>

namespace tongdian::wire {

struct Reply::State {
  std::shared_ptr<const Request> request;
  std::function<void(Response)> deliver;
  std::atomic<bool> answered{false};

  void answer(Response&& response) {
    if (!answered.exchange(true)) deliver(std::move(response));
  }
  [[nodiscard]] Response internal_response() const {
    return problem_response(internal_problem(request->id), request->language());
  }
  ~State() {
    if (!answered) answer(internal_response());
  }
};

Reply::Reply(std::shared_ptr<const Request> request, std::function<void(Response)> deliver)
    : state_(std::make_shared<State>()) {
  state_->request = std::move(request);
  state_->deliver = std::move(deliver);
}

void Reply::operator()(Response response) const { state_->answer(std::move(response)); }

void Reply::operator()(const Problem& problem) const {
  state_->answer(problem_response(problem, state_->request->language()));
}

void Reply::operator()(const Later& later) const {
  state_->answer(problem_response(later, state_->request->language()));
}

void Reply::operator()(Result<Response> result) const {
  if (result)
    state_->answer(*std::move(result));
  else
    (*this)(result.error());
}

void Reply::internal_error() const { state_->answer(state_->internal_response()); }

bool Reply::answered() const { return state_->answered; }

}  // namespace tongdian::wire
