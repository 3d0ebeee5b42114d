// A few threads for work that neither the network's threads nor the writer's should wait for: rendering after a commit,
// hashing passwords.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "wire/reply.hpp"

namespace tongdian::journeys {

class WorkerPool {
 public:
  explicit WorkerPool(int threads) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  }
  /// Does what is queued, then ends.
  ~WorkerPool() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wanted_.notify_all();
    for (auto& t : threads_) t.join();
  }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// What the work throws (the database is gone, say) is its answer.
  template <class Work>
  void answer(const wire::Reply& reply, Work work) {
    post([reply, work = std::move(work)] {
      try {
        work();
      } catch (const ProblemError& e) {
        reply(e.problem);
      } catch (const std::exception&) {
        reply.internal_error();
      }
    });
  }

 private:
  void post(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(work));
    }
    wanted_.notify_one();
  }

  void run() {
    for (;;) {
      std::function<void()> work;
      {
        std::unique_lock lock(mutex_);
        wanted_.wait(lock, [&] { return ending_ || !queue_.empty(); });
        if (queue_.empty()) return;
        work = std::move(queue_.front());
        queue_.pop_front();
      }
      work();
    }
  }

  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<std::function<void()>> queue_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tongdian::journeys
