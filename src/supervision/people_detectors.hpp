// Detectors that look at one person's cases beside everybody's: designated firms 三指定, hand-overs on the last day, times that
// are too regular. They count with every event and test when they are asked; many are tested at once, so p-values are adjusted.
#pragma once

#include <map>

#include "supervision/case_detectors.hpp"

namespace tongdian::supervision {

class PeopleDetectors {
 public:
  PeopleDetectors(const policy::Pack& pack, Names& names);
  void see(const Seen& seen);
  /// All findings about people, as of the last event.
  [[nodiscard]] std::vector<Finding> test() const;

 private:
  struct Mark {
    std::uint64_t position = 0;
    std::string number;
    Instant at{};
  };
  /// Marked cases of one among all of theirs.
  struct Count {
    std::uint32_t all = 0, marked = 0;
    std::vector<Mark> marks;  ///< at most Findings::most_evidence
    Name area = 0, enterprise = 0;
  };
  struct Regular {
    std::vector<float> minutes;
    Mark last;
    Name area = 0, enterprise = 0;
  };

  void count_firm(const Seen& seen);
  void count_last_day(const Seen& seen);
  void count_times(const Seen& seen);
  void test_firms(std::vector<Finding>& out) const;
  void test_last_days(std::vector<Finding>& out) const;
  void test_times(std::vector<Finding>& out) const;
  static void mark(Count& count, const Seen& seen);
  static Finding finding(const policy::Detector& detector, const std::string& key, std::string subject,
                         const Count& count, std::string first);

  Names& names_;
  const policy::Detector *designated_, *last_day_, *regular_;
  // Firms are compared within a district and a kind of firm: {area, role} → {manager, firm} → count, and the totals.
  using Place = std::pair<Name, Name>;
  struct Market {
    std::uint32_t cases = 0;
    std::map<Name, std::uint32_t> by_firm, by_manager;
    std::map<std::pair<Name, Name>, Count> cells;  ///< {manager, firm}; `all` is unused
  };
  std::map<Place, Market> markets_;
  std::map<Name, Count> last_days_;                 ///< by who handed over
  std::map<std::pair<Name, Name>, Regular> times_;  ///< {actor, stage}
};

}  // namespace tongdian::supervision
