#include "journeys/sheet.hpp"

#include <xlsxwriter.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/files.hpp"
#include "base/temporary_folder.hpp"

namespace tongdian::journeys {
namespace {

std::string text_of_number(double n) {
  char text[32];
  return {text, std::to_chars(std::begin(text), std::end(text), n).ptr};
}

/// What Excel, LibreOffice and WPS begin a formula with; a tab or line break before it does not stop them. A number that was
/// typed as text begins with a sign too and is none.
bool is_formula(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return false;
  if (std::string_view("=+-@").find(text[first]) != std::string_view::npos) return true;
  return text.substr(first).starts_with("＝") || text.substr(first).starts_with("＋") ||
         text.substr(first).starts_with("－") || text.substr(first).starts_with("＠");
}

std::string csv_cell(const Cell& cell) {
  if (const auto* n = std::get_if<double>(&cell)) return text_of_number(*n);
  std::string text = std::get<std::string>(cell);
  if (is_formula(text)) text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

void write_cell(lxw_worksheet* sheet, std::size_t row, std::size_t column, const Cell& cell, lxw_format* format) {
  const auto r = static_cast<lxw_row_t>(row);
  const auto c = static_cast<lxw_col_t>(column);
  if (const auto* n = std::get_if<double>(&cell))
    worksheet_write_number(sheet, r, c, *n, format);
  else
    worksheet_write_string(sheet, r, c, std::get<std::string>(cell).c_str(), format);
}

}  // namespace

std::string to_csv(const Sheet& sheet) {
  std::string out = "\xEF\xBB\xBF";
  const auto line = [&](const auto& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) out += (i ? "," : "") + csv_cell(Cell(cells[i]));
    out += "\r\n";
  };
  line(sheet.heads);
  for (const auto& row : sheet.rows) line(row);
  return out;
}

std::string to_xlsx(const Sheet& sheet) {
  const TemporaryFolder folder;
  const auto file = (folder.path / "sheet").string();
  const auto scratch = folder.path.string();
  lxw_workbook_options options{};
  options.tmpdir = const_cast<char*>(scratch.c_str());
  lxw_workbook* book = workbook_new_opt(file.c_str(), &options);
  if (!book) throw std::bad_alloc();
  lxw_format* head = workbook_add_format(book);
  format_set_bold(head);
  lxw_worksheet* page = workbook_add_worksheet(book, sheet.title.c_str());
  for (std::size_t c = 0; c < sheet.heads.size(); ++c) write_cell(page, 0, c, sheet.heads[c], head);
  for (std::size_t r = 0; r < sheet.rows.size(); ++r)
    for (std::size_t c = 0; c < sheet.rows[r].size(); ++c) write_cell(page, r + 1, c, sheet.rows[r][c], nullptr);
  worksheet_freeze_panes(page, 1, 1);
  worksheet_set_column(page, 0, static_cast<lxw_col_t>(sheet.heads.size() - 1), 16, nullptr);
  if (const auto error = workbook_close(book); error != LXW_NO_ERROR)
    throw std::runtime_error(std::string("the sheet was not written: ") + lxw_strerror(error));
  return read_file(file, 256u << 20).value();
}

}  // namespace tongdian::journeys
