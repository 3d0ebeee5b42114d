// Figures over all cases: whether channels are treated alike (三(二)2, #27), the longest whole process as 附件1·注3 counts it.
// Each is kept up to date with every event and costs nothing to read.
#pragma once

#include <map>
#include <vector>

#include "policy/pack.hpp"
#include "supervision/finding.hpp"
#include "supervision/trail.hpp"

namespace tongdian::supervision {

/// Limits, documents asked for and days, by class and channel. Cases with works and without are different classes here: their
/// limits differ by the text.
class Channels {
 public:
  static constexpr int longest = 64;

  /// The pack's detector, or nothing; it outlives this.
  explicit Channels(const policy::Detector* settings) : settings_(settings) {}

  void see(const Trail& trail, const Moved& moved, const Days& days);

  struct Cell {
    std::uint32_t opened = 0, finished = 0, asked = 0;
    /// Of the finished ones those that came in office hours: at a counter nobody can apply by night or on a Sunday, and a
    /// night or a Sunday costs an online application a day that no clerk could have saved it.
    std::uint32_t compared = 0;
    std::uint64_t days_sum = 0;                     ///< theirs: clock A at the end, in working days
    std::array<std::uint32_t, longest + 1> days{};  ///< how many took so many
    std::vector<std::uint32_t> histogram() const { return {days.begin(), days.end()}; }
  };
  /// Two channels of one class: equal limits for applications of one day, equal shares that were asked for documents, equal days.
  struct Comparison {
    Name klass = 0, a = 0, b = 0;
    bool works = false;
    std::uint32_t limits_differ = 0;  ///< days on which they had other limits: exact, never by chance
    double p_days = 1, p_asked = 1;   ///< adjusted over all comparisons
    bool differs = false;
  };
  using Class = std::pair<Name, bool>;  ///< class, with works
  [[nodiscard]] const std::map<std::pair<Class, Name>, Cell>& cells() const { return cells_; }
  /// Nothing where the pack has no such detector.
  [[nodiscard]] std::vector<Comparison> compare() const;

 private:
  [[nodiscard]] bool in_office_hours(Instant at, const Days& days) const;

  const policy::Detector* settings_;
  std::map<std::pair<Class, Name>, Cell> cells_;
  /// Limits of a class on a day by channel: {class, day} → channel → {target, ceiling}, as first seen.
  std::map<std::pair<Class, LocalDate>, std::map<Name, std::pair<int, int>>> limits_;
};

/// 附件1·注3: unified estates, chargers and photovoltaics do not count in the longest whole process, but they stay inside audit:
/// every detector sees them, and they are shown beside it.
class Longest {
 public:
  void see(const Trail& trail, const Moved& moved, const Days& days);

  struct Record {
    std::uint32_t cases = 0;
    int working_days = -1;  ///< clock B of the longest
    std::string number;
  };
  [[nodiscard]] const std::map<Name, Record>& counted() const { return counted_; }    ///< by class
  [[nodiscard]] const std::map<Name, Record>& left_out() const { return left_out_; }  ///< by kind of supply

 private:
  std::map<Name, Record> counted_, left_out_;
};

}  // namespace tongdian::supervision
