#include "engine/engine.hpp"

#include <pthread.h>

#include <future>

namespace tongdian::engine {
namespace {

constexpr std::size_t queue_limit = 20'000;
constexpr std::size_t batch_limit = 1'000;
/// How often the writer looks whether a deadline is due.
constexpr auto pulse = std::chrono::milliseconds(200);

Problem stopping() {
  return failure("engine.stopping", {"系统正在停止，请稍后重试", "the system is stopping"},
                 {"请稍后重试", "try again shortly"});
}

}  // namespace

Engine::Engine(std::unique_ptr<Executor> executor) : executor_(std::move(executor)) {}
Engine::~Engine() { stop(); }

void Engine::start() {
  thread_ = std::thread([this] { run(); });
}

void Engine::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Engine::submit(Command command, std::function<void(const Answer&)> answer) {
  std::optional<Problem> refused;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_)
      refused = stopping();
    else if (queue_.size() >= queue_limit)
      refused = failure("engine.overloaded", {"请求过多，请稍后重试", "too many requests are waiting"},
                        {"请稍后重试", "try again shortly"});
    else
      queue_.push_back({std::move(command), std::move(answer)});
  }
  if (refused)
    answer(*refused);
  else
    wanted_.notify_one();
}

Answer Engine::carry_out(Command command) {
  std::promise<Answer> promise;
  auto future = promise.get_future();
  submit(std::move(command), [&](const Answer& answer) { promise.set_value(answer); });
  return future.get();
}

void Engine::write(std::function<void(store::Session&)> work) {
  const auto done = std::make_shared<std::promise<void>>();
  auto future = done->get_future();
  post([done = std::move(done), work = std::move(work)](Executor& executor) {
    try {
      executor.in_transaction(work);
      done->set_value();
    } catch (...) {
      done->set_exception(std::current_exception());
    }
  });
  try {
    future.get();
  } catch (const std::future_error&) {
    throw ProblemError(stopping());
  }
}

void Engine::post(std::function<void(Executor&)> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    work_.push_back(std::move(work));
  }
  wanted_.notify_one();
}

void Engine::on_idle(std::function<void(Executor&)> work) { idle_ = std::move(work); }

Counters Engine::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

std::size_t Engine::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

/// Whoever was answered by the last flush is about to send again. A short wait, an eighth of what a flush takes on this
/// disk, lets them share the next one where flushes are dear; where they are cheap it is not worth a wait, and a lone
/// client waits for nobody.
void Engine::gather(std::unique_lock<std::mutex>& lock) {
  if (queue_.empty() || queue_.size() >= last_size_) return;
  wanted_.wait_for(lock, std::min<std::chrono::nanoseconds>(counters_.last_flush / 8, std::chrono::milliseconds(1)),
                   [&] { return stopping_ || queue_.size() >= last_size_; });
}

std::vector<Pending> Engine::take() {
  std::vector<Pending> batch;
  while (!queue_.empty() && batch.size() < batch_limit) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return batch;
}

void Engine::run() {
  pthread_setname_np(pthread_self(), "engine");
  auto next_idle = std::chrono::steady_clock::now();
  for (;;) {
    std::vector<Pending> batch;
    std::deque<std::function<void(Executor&)>> work;
    bool last = false;
    {
      std::unique_lock lock(mutex_);
      counters_ = executor_->counters();
      wanted_.wait_for(lock, pulse, [&] { return stopping_ || !queue_.empty() || !work_.empty(); });
      gather(lock);
      batch = take();
      work.swap(work_);
      last = stopping_ && queue_.empty();
    }
    if (!batch.empty()) {
      last_size_ = batch.size();
      executor_->execute(batch);
    }
    for (auto& each : work) try {
        each(*executor_);
      } catch (const std::exception&) {
        // Whoever wants to know hears of it in the work itself.
      }
    try {
      if (auto due = executor_->due(batch_limit); !due.empty()) executor_->execute(due);
      if (idle_ && std::chrono::steady_clock::now() >= next_idle) {
        idle_(*executor_);
        next_idle = std::chrono::steady_clock::now() + std::chrono::seconds(1);
      }
    } catch (const std::exception&) {
      // The database does not answer: deadlines and the outbox stay where they are, and are tried again at the next pulse.
    }
    if (last) return;
  }
}

}  // namespace tongdian::engine
