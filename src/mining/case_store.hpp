// Events that come in any order of cases, put together by case: in memory while they fit, in temporary files beyond that.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

#include "mining/event.hpp"

namespace tongdian::mining {

/// Memory is `events_in_memory` events and, at the end, one part of the cases at a time. The files have no name and vanish
/// with the program; they lie in $TMPDIR, else /tmp.
class CaseStore {
 public:
  explicit CaseStore(std::size_t events_in_memory = 1 << 20) : most_(events_in_memory) {}

  /// Throws `mine.no_space` where the disk is full.
  void add(const Event& event) {
    events_.push_back(event);
    if (events_.size() >= most_) spill();
  }
  /// Calls `take` once a case that has events, with these in the order in which they came. Without temporary files the cases
  /// come in order of their numbers.
  void each(const std::function<void(std::uint32_t, std::span<Event>)>& take);

 private:
  static constexpr std::uint32_t parts = 64;
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void spill();
  void group(std::vector<Event>& events, std::uint32_t stride,
             const std::function<void(std::uint32_t, std::span<Event>)>& take);

  std::size_t most_;
  std::vector<Event> events_;
  std::vector<std::unique_ptr<std::FILE, Close>> files_;
};

}  // namespace tongdian::mining
