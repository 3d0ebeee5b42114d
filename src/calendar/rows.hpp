// The rows of a calendar file, read strictly. The format is described in calendars/README.md.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace tongdian::calendar {

struct Row {
  LocalDate date{};
  bool working = false;
  int line = 0;  ///< in its file, from 1
};

struct Rows {
  std::filesystem::path file;
  std::vector<Row> rows;   ///< in the order of their dates, no date twice
  std::vector<int> years;  ///< ascending; the years that this file covers
  bool overlay = false;
};

/// Reads the text of a file; `file` names it in problems. `calendar.bad_row`, `calendar.duplicate`.
Result<Rows> parse_rows(const std::filesystem::path& file, std::string_view text);

/// The year of a civil day.
int year_of(LocalDate date);

/// A problem at FILE:LINE:COLUMN.
Problem problem_at(const std::filesystem::path& file, int line, std::size_t column, const char* code, Sentence detail,
                   Sentence mend);

}  // namespace tongdian::calendar
