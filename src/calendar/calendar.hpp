// Statutory working days: data, not code. The weekdays, corrected by the State Council's days off and make-up workdays
// and by a province's overlay; prefix sums answer in constant time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace tongdian::calendar {

class Calendar {
 public:
  /// Reads `date,name,kind` rows (kind `off` or `workday`) of whole calendar years. Overlays come later and win.
  /// Problems name FILE:LINE:COLUMN: `calendar.bad_row`, `calendar.duplicate`, `calendar.gap` (years not consecutive).
  static Result<Calendar> load(const std::vector<std::filesystem::path>& files);
  /// This calendar with further rows, which win (`tongdian calendar load`).
  [[nodiscard]] Result<Calendar> with(const std::filesystem::path& file) const;

  [[nodiscard]] LocalDate first_day() const { return first_; }
  [[nodiscard]] LocalDate last_day() const { return last_; }  ///< 31 December of the last loaded year
  [[nodiscard]] bool covers(LocalDate d) const { return d >= first_ && d <= last_; }
  [[nodiscard]] bool is_working_day(LocalDate d) const;  ///< asserts covers(d)

  /// The n-th working day after `date`, n ≥ 0; n = 0 is `date` itself. Nothing where that is outside the loaded years.
  [[nodiscard]] std::optional<LocalDate> add(LocalDate date, int n) const;
  /// Working days in (from, to], 0 where to ≤ from. Nothing outside the loaded years.
  [[nodiscard]] std::optional<int> between(LocalDate from, LocalDate to) const;
  /// `date` if it is a working day, else the next one.
  [[nodiscard]] std::optional<LocalDate> on_or_after(LocalDate date) const;

 private:
  LocalDate first_{}, last_{};
  std::vector<std::int32_t> before_;     ///< working days in [first_, first_ + i)
  std::vector<std::int32_t> working_;    ///< day index of the k-th working day
  std::vector<std::uint8_t> is_working_;
};

}  // namespace tongdian::calendar
