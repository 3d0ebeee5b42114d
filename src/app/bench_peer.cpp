#include "app/bench_peer.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "store/open.hpp"

namespace tongdian::app {

PostgresPeer::PostgresPeer(const std::string& url, int connections) {
  for (int i = 0; i < connections; ++i) connections_.push_back(store::open_store({url, false, 1}));
  connections_.front()->writer().script(
      "CREATE TABLE bench_row (position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT NOT NULL)");
}

PostgresPeer::~PostgresPeer() {
  try {
    connections_.front()->writer().script("DROP TABLE bench_row");
  } catch (const std::exception&) {
    // The database is gone; so is the table, or whoever looks after it will see it.
  }
}

void PostgresPeer::measure(double seconds) {
  using Time = std::chrono::steady_clock;
  static const std::string body(300, 'x');
  const auto begin = Time::now();
  const auto until = begin + std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds));
  std::atomic<std::uint64_t> rows = 0;
  std::mutex mutex;
  std::exception_ptr failed;
  std::vector<std::thread> threads;
  for (auto& connection : connections_)
    threads.emplace_back([&, &session = connection->writer()] {
      try {
        for (; Time::now() < until; ++rows)
          session.run("INSERT INTO bench_row (body) VALUES ($1)", {std::string_view(body)});
      } catch (...) {
        const std::lock_guard lock(mutex);
        failed = std::current_exception();
      }
    });
  for (auto& t : threads) t.join();
  if (failed) std::rethrow_exception(failed);
  rows_ += rows;
  seconds_ += std::chrono::duration<double>(Time::now() - begin).count();
}

json::Object PostgresPeer::figures() const {
  return {{"postgresql_1_per_commit", static_cast<double>(rows_) / seconds_}};
}

}  // namespace tongdian::app
