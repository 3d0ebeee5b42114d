// A table to take away: CSV that Excel opens in Chinese, and a workbook.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace tongdian::journeys {

using Cell = std::variant<std::string, double>;

struct Sheet {
  std::string title;
  std::vector<std::string> heads;
  std::vector<std::vector<Cell>> rows;
};

/// RFC 4180 in UTF-8 with a byte order mark, without which Excel takes it for the system's code page. A text that a spreadsheet
/// would run as a formula gets an apostrophe before it.
std::string to_csv(const Sheet& sheet);
/// Office Open XML; every text is a text there, so none is a formula. Throws where the disk for temporary files fails.
std::string to_xlsx(const Sheet& sheet);

}  // namespace tongdian::journeys
