// Rows of a CSV text (RFC 4180 and what spreadsheets make of it), out of a window.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "mining/window.hpp"

namespace tongdian::mining {

class CsvRows {
 public:
  CsvRows(Window& window, char separator, char newline) : window_(window), separator_(separator), newline_(newline) {}

  /// The next row's fields, the first `most` of them at most; they last until the next call. False at the end. Empty lines are
  /// passed over. Throws `mine.broken_csv` with LINE:COLUMN.
  bool next(std::vector<std::string_view>& fields, std::size_t most = static_cast<std::size_t>(-1));
  [[nodiscard]] Position position() const { return window_.position(window_.at()); }
  /// Where the row begins that `next` gave last.
  [[nodiscard]] Position row_position() const { return window_.position(begin_); }

 private:
  enum class Step { row, blank, more };
  Step row(const char* p, const char* end, bool ended, std::vector<std::string_view>& fields, std::size_t most);
  const char* quoted(const char* p, const char* end, bool ended, std::string_view& field);

  Window& window_;
  char separator_, newline_;
  const char* begin_ = nullptr;
  std::deque<std::string> unescaped_;  ///< fields with doubled quotes in them; they stay where they are
  std::size_t unescaped_used_ = 0;
};

}  // namespace tongdian::mining
