// The same work for many things, on a few threads.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

namespace tongdian::grid {

/// `work(i)` for every i below `count`. The caller's thread is one of them.
template <class Work>
void side_by_side(int threads, std::size_t count, Work work) {
  std::atomic<std::size_t> next = 0;
  const auto loop = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(loop);
  loop();
}

}  // namespace tongdian::grid
