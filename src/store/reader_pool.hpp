// As many reading sessions as a database has, handed out and given back; whoever finds them all out waits.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "store/database.hpp"

namespace tongdian::store {

class ReaderPool {
 public:
  /// `make` opens another session; it is called while fewer than `size` are open.
  ReaderPool(int size, std::function<std::unique_ptr<Session>()> make) : size_(size), make_(std::move(make)) {}

  std::unique_ptr<Session> take() {
    std::unique_lock lock(mutex_);
    given_back_.wait(lock, [&] { return !free_.empty() || out_ < size_; });
    ++out_;
    if (!free_.empty()) {
      auto session = std::move(free_.back());
      free_.pop_back();
      return session;
    }
    lock.unlock();
    try {
      return make_();
    } catch (...) {
      give_back(nullptr);
      throw;
    }
  }

  /// Nothing where the session could not be opened.
  void give_back(std::unique_ptr<Session> session) noexcept {
    {
      const std::lock_guard lock(mutex_);
      if (session) free_.push_back(std::move(session));
      --out_;
    }
    given_back_.notify_one();
  }

 private:
  const int size_;
  const std::function<std::unique_ptr<Session>()> make_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<Session>> free_;
  int out_ = 0;
};

}  // namespace tongdian::store
