// What stands out in a log, case by case. A finding is a reason to look, never a verdict: each kind says what else could
// explain it.
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "mining/figures.hpp"
#include "mining/options.hpp"
#include "mining/stage_limits.hpp"

namespace tongdian::mining {

enum class Kind : std::uint8_t {
  overdue,           ///< finished after its own deadline
  missed_promise,    ///< finished after the day that was promised
  over_limit,        ///< more working days than the pack allows
  stage_over_limit,  ///< … a stage
  back_dated,        ///< recorded long after it is said to have happened, or with a whole day among precise times
  out_of_order,      ///< a step stands in the file behind a later one
  tie,               ///< steps of one case at one instant
  repeat,            ///< a step that the case had already
  rewalked,          ///< several steps walked again in the same order
  reopened,          ///< a further case for the same customer soon after
};
inline constexpr std::size_t kind_count = 10;

struct KindText {
  std::string_view id;
  Sentence title, innocent;
};
const KindText& text_of(Kind kind);

struct Finding {
  Kind kind{};
  bool strong = false;
  std::uint32_t case_number = 0, case_name = 0;
  std::uint32_t activity = no_text;  ///< the step that shows it, or the first of several
  std::uint32_t other =
      no_text;              ///< a second step; of `reopened` the earlier case's name; of `stage_over_limit` the stage
  std::uint32_t count = 0;  ///< how often, or how many steps
  std::uint32_t position =
      0;                   ///< of the step in its case, from 1: in the file, or by time where the kind is about times
  Moment expected, found;  ///< what was said, and what was
  double amount = 0;       ///< seconds late, back, between; working days of the limits
};

class Findings {
 public:
  /// `activities` outlives it.
  Findings(const Options& options, const Interner& activities)
      : t_(options.thresholds),
        time_(options.working_time),
        limit_(options.limit),
        stages_(options),
        activities_(activities) {}

  /// Events in the order of the file.
  void look_in_file_order(std::uint32_t number, std::string_view id, const CaseFacts& facts,
                          std::span<const Event> events);
  /// The same case by time.
  void look_by_time(std::span<const Event> events, const CaseFacts& facts);
  /// What only the whole log can tell. Once, at the end; sorts by case.
  void conclude(const Notes& notes, std::uint64_t events);

  [[nodiscard]] const std::vector<Finding>& all() const { return all_; }
  [[nodiscard]] std::string_view case_name(const Finding& finding) const { return names_[finding.case_name]; }
  [[nodiscard]] std::string_view other_case(const Finding& finding) const { return names_[finding.other]; }

 private:
  struct Visit {
    std::uint32_t customer, case_number;
    Ticks first, last;
    std::uint32_t name;
  };
  Finding& add(Kind kind, bool strong);
  std::uint32_t name();
  void deadlines(const CaseFacts& facts, const Event& last);
  void over_limit(const Event& first, const Event& last);
  void stage_over_limit(std::span<const Event> events);
  void ties(std::span<const Event> events);
  void repeats(std::span<const Event> events);
  void back_dated(std::span<const Event> events);
  void out_of_order(std::span<const Event> events);
  void reopened();

  Thresholds t_;
  WorkingTime time_;
  std::optional<CaseLimit> limit_;
  StageLimits stages_;
  const Interner& activities_;
  std::vector<Finding> all_;
  std::vector<Visit> visits_;
  Interner names_;
  std::uint32_t number_ = 0;
  std::string id_;
  std::uint32_t name_ = no_text;
  /// A step is an activity with its lifecycle: that a start and an end follow each other is no repeat.
  struct Step {
    std::uint32_t seen_in = 0;  ///< the case, counted from 1
    std::uint32_t rank = 0;     ///< its place among the case's different steps
  };
  std::unordered_map<std::uint64_t, Step> steps_;
  std::uint32_t cases_seen_ = 0;
};

}  // namespace tongdian::mining
