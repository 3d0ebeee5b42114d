// The command queue and the writer's thread around the executor: many commands, one transaction, one flush.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/executor.hpp"

namespace tongdian::engine {

class Engine {
 public:
  explicit Engine(std::unique_ptr<Executor> executor);
  /// Stops as `stop` does.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// From any thread. `answer` is called on the writer's thread, after the flush, and must not wait for the engine. Where
  /// the queue is full (`engine.overloaded`) or the engine stops (`engine.stopping`) it is called at once.
  void submit(Command command, std::function<void(const Answer&)> answer);
  /// Submits and waits.
  Answer carry_out(Command command);
  /// Work for the writer, in a transaction of its own; returns when it is on disk. Not from the writer's thread. Throws
  /// what the work or the database throws, `engine.stopping` where the engine no longer takes any.
  void write(std::function<void(store::Session&)> work);
  /// Work for the writer's thread between two batches (draining the outbox, refreshing after a calendar was loaded).
  void post(std::function<void(Executor&)> work);
  /// Called on the writer's thread about once a second.
  void on_idle(std::function<void(Executor&)> work);

  void start();
  /// Carries out what is queued, then ends the thread.
  void stop();

  /// Counters as of the last batch.
  [[nodiscard]] Counters counters() const;
  /// Commands that wait for the next batch.
  [[nodiscard]] std::size_t queued() const;

 private:
  void run();
  void gather(std::unique_lock<std::mutex>& lock);
  std::vector<Pending> take();

  std::unique_ptr<Executor> executor_;
  mutable std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<Pending> queue_;
  std::deque<std::function<void(Executor&)>> work_;
  std::function<void(Executor&)> idle_;
  bool stopping_ = false;
  std::size_t last_size_ = 0;  ///< commands of the last batch
  std::thread thread_;
  Counters counters_;
};

}  // namespace tongdian::engine
