// An event of somebody's log, and what a case says of itself; labels by their numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "mining/interner.hpp"
#include "mining/moment.hpp"

namespace tongdian::mining {

struct Event {
  Ticks time = no_time;
  Ticks start = no_time;     ///< when work on it began, where the log says so
  Ticks recorded = no_time;  ///< when it was put into the system, where the log says so
  std::uint32_t activity = no_text;
  std::uint32_t resource = no_text;
  std::uint32_t case_number = 0;  ///< dense from 0, in order of first appearance
  std::uint16_t lifecycle = 0;    ///< number in Labels::lifecycles, 0 without one
  std::int16_t offset = no_offset;
};

/// What is said once a case.
struct CaseFacts {
  Moment deadline, promised, finished;
  std::uint32_t customer = no_text;
};

/// The texts of a log. The empty activity stands for events without one.
struct Labels {
  Interner activities, resources, lifecycles, customers;

  Labels() { lifecycles.add(""); }
};

/// Takes cases, each once and whole; events in the order of the file.
class Cases {
 public:
  virtual ~Cases() = default;
  /// `id` is empty where the log has none. The events may be reordered.
  virtual void add(std::uint32_t number, std::string_view id, const CaseFacts& facts, std::span<Event> events) = 0;
};

}  // namespace tongdian::mining
