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
  /// Reads `date,name,kind` rows (kind `off` or `workday`) of whole calendar years. Overlays come later and win; the
  /// format is in calendars/README.md. Problems name FILE:LINE:COLUMN: `calendar.bad_row`, `calendar.duplicate`,
  /// `calendar.gap` (years not consecutive), `calendar.not_covered` (an overlay's row of a year that no file covers).
  static Result<Calendar> load(const std::vector<std::filesystem::path>& files);
  /// This calendar with further rows, which win (`tongdian calendar load`).
  [[nodiscard]] Result<Calendar> with(const std::filesystem::path& file) const;

  [[nodiscard]] LocalDate first_day() const { return first_; }
  [[nodiscard]] LocalDate last_day() const { return last_; }  ///< 31 December of the last loaded year
  [[nodiscard]] bool covers(LocalDate d) const { return d >= first_ && d <= last_; }
  [[nodiscard]] bool is_working_day(LocalDate d) const;  ///< asserts covers(d)

  /// The n-th working day after `date`, n ≥ 0; n = 0 is `date` itself. Nothing where that is outside the loaded years.
  [[nodiscard]] std::optional<LocalDate> add(LocalDate date, int n) const {
    const auto day = static_cast<std::size_t>((date - first_).count());
    // A date before the first day wraps round and is past the end too: one comparison checks both ends.
    if (day >= is_working_.size() || n < 0) return {};
    if (n == 0) return date;
    const auto k = static_cast<std::size_t>(before_[day + 1]) + static_cast<std::size_t>(n) - 1;
    if (k >= working_.size()) return {};
    return first_ + std::chrono::days{working_[k]};
  }
  /// Working days in (from, to], 0 where to ≤ from. Nothing outside the loaded years.
  [[nodiscard]] std::optional<int> between(LocalDate from, LocalDate to) const;
  /// `date` if it is a working day, else the next one.
  [[nodiscard]] std::optional<LocalDate> on_or_after(LocalDate date) const;

 private:
  friend class CalendarBuilder;
  LocalDate first_{}, last_{};
  std::vector<std::int32_t> before_;   ///< working days in [first_, first_ + i), for i up to the number of days
  std::vector<std::int32_t> working_;  ///< day index of the k-th working day
  std::vector<std::uint8_t> is_working_;
};

/// The calendar that decides: the pack's files, then DATA/calendars/*.csv in the order of their names. No data folder
/// (an empty path) and no such subfolder are both fine.
Result<Calendar> load_for(const std::vector<std::filesystem::path>& pack_files, const std::filesystem::path& data);

/// The files that `load_for` would read, in order. With a district, its own overlay last: DATA/calendars/AREA/*.csv.
std::vector<std::filesystem::path> files_for(const std::vector<std::filesystem::path>& pack_files,
                                             const std::filesystem::path& data, const std::string& area = {});
/// The districts that have an overlay of their own.
std::vector<std::string> areas_of(const std::filesystem::path& data);

/// The calendar as it would be with this file in DATA/calendars, checked together with all the others; nothing is written.
Result<Calendar> checked(const std::vector<std::filesystem::path>& pack_files, const std::filesystem::path& data,
                         const std::string& name, std::string_view bytes, const std::string& area = {});

/// Puts a calendar file into DATA/calendars, so that `load_for` finds it: checked together with all the others first, then
/// written whole and renamed. A file of the same name is replaced; the same bytes again change nothing. `name` is the name
/// it gets ("2027.csv"). Gives back the calendar as it now is; with a district, the district's.
Result<Calendar> install(const std::vector<std::filesystem::path>& pack_files, const std::filesystem::path& data,
                         const std::string& name, std::string_view bytes, const std::string& area = {});

}  // namespace tongdian::calendar
