// How long things take really: what ended cases took, by class and by area. Pure; the states are folded from the journal.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "connection/clocks.hpp"

namespace tongdian::connection {

/// What one case took until the light.
struct Taken {
  std::string klass, area;
  int grid_wd = 0;                ///< clock A: working days with the grid side
  std::optional<int> process_wd;  ///< clock B; nothing beyond the calendar
  int process_days = 0;           ///< clock B in calendar days
};

/// Nothing unless the power came on. 统建小区, charging posts and photovoltaics do not count in the longest time (附件1) and
/// are left out here as well.
std::optional<Taken> taken(const CaseState& state, const Days& days);

/// The middle (of an even count the mean of the middle two) and the 90th percentile by nearest rank.
struct Spread {
  double median = 0;
  int p90 = 0;
};
/// `values` is not empty.
Spread spread_of(std::vector<int> values);

class Durations {
 public:
  void add(const Taken& taken);
  [[nodiscard]] std::size_t cases() const { return cases_; }
  /// A row a class for the whole city (area null), then a row a class and area; [{class, area, cases, grid_wd, process_wd,
  /// process_days: each {median, p90} or null}].
  [[nodiscard]] json::Array rows() const;

 private:
  struct Group {
    std::vector<int> grid_wd, process_wd, process_days;
  };
  std::map<std::pair<std::string, std::string>, Group> groups_;  ///< area (empty: the city), class
  std::size_t cases_ = 0;
};

}  // namespace tongdian::connection
