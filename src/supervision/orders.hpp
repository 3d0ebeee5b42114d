// The ladder 监测、预警、督办: numbered orders with a deadline and an answer, and the bulletin that names who went past them. About
// late cases, and about complaints that nobody answers: they are numbered together. An order's number is its place in the city's
// year, so that it follows from the journal alone.
#pragma once

#include <deque>
#include <unordered_map>

#include "supervision/trail.hpp"

namespace tongdian::supervision {

struct Order {
  int year = 0, number = 0;  ///< 督办〔2021〕3号
  std::string case_number;   ///< empty where a complaint is about no case
  std::string complaint;     ///< its id; empty where the order is about the case itself
  Name area = 0, enterprise = 0;
  std::uint64_t position = 0;
  Instant issued_at{};
  LocalDate due_on{}, answer_by{};
  std::optional<Instant> answered_at, closed_at;  ///< closed: the case ended, or the complaint was taken back
  std::string measure;
  std::optional<LocalDate> done_by;
  bool unanswered = false;  ///< the deadline passed without an answer
};

struct Named {
  std::string case_number, complaint;
  Name area = 0, enterprise = 0;
  std::uint64_t position = 0;
  Instant at{};
  LocalDate due_on{};
  bool for_silence = false;  ///< named because nobody answered the order, not for the days alone
};

/// A complaint as its first event tells of it.
struct Complained {
  std::string id, case_number;
  Name area = 0, enterprise = 0;
};

class Orders {
 public:
  void see(const Trail& trail, const Moved& moved, const journal::Event& event, const Days& days);
  void see(const Complained& complaint, const journal::Event& event, Zone zone);
  [[nodiscard]] const std::deque<Order>& all() const { return orders_; }
  [[nodiscard]] const std::deque<Named>& bulletin() const { return bulletin_; }

 private:
  Order& issue(Order order, Zone zone);

  std::deque<Order> orders_;
  std::deque<Named> bulletin_;
  std::unordered_map<std::string, std::size_t> by_case_, by_complaint_;
  std::unordered_map<int, int> numbers_;  ///< by year
};

}  // namespace tongdian::supervision
