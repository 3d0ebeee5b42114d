// Counts cases as they go by: what is kept grows with the distinct cases, their variants and labels, not with the events.
#pragma once

#include <unordered_set>

#include "mining/mine.hpp"

namespace tongdian::mining {

class Tally final : public Cases {
 public:
  explicit Tally(Mined& mined) : mined_(mined), labels_(mined.labels), notes_(mined.notes) {}

  void add(std::uint32_t number, std::string_view id, const CaseFacts& facts, std::span<Event> events) override;
  /// Everything that was counted; call it once, at the end.
  [[nodiscard]] Figures figures();

 private:
  void note(std::string_view id, const CaseFacts& facts, std::span<const Event> events);
  std::uint32_t variant(std::span<const Event> events);
  [[nodiscard]] std::vector<Variant> top_variants() const;

  Mined& mined_;
  const Labels& labels_;
  Notes& notes_;
  std::uint64_t cases_ = 0, events_ = 0;
  Interner sequences_;  ///< variants as strings of varints
  struct Counts {
    std::uint64_t in_file = 0, in_time = 0;
  };
  std::vector<Counts> counts_;
  std::vector<Ticks> durations_;
  std::unordered_set<std::uint64_t> ids_;  ///< hashes of case ids, to count those that come twice
  std::string scratch_;
  std::vector<std::pair<Ticks, std::uint32_t>> order_;
  std::vector<Event> sorted_;
};

/// The events by their instant, those of one instant in the order of the file; one without a time stays behind the one before
/// it. True where that moved anything; `events` is then in the new order.
bool sort_by_time(std::span<Event> events, std::vector<std::pair<Ticks, std::uint32_t>>& keys,
                  std::vector<Event>& room);

/// A label with each run of digits and what joins a date (-/.:年月日时分秒 and a T between digits) made one '#'.
std::string masked(std::string_view label);

}  // namespace tongdian::mining
