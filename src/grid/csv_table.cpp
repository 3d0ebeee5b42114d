#include "grid/csv_table.hpp"

#include <charconv>
#include <cmath>

#include "grid/record.hpp"

namespace tongdian::grid {
namespace {

/// Cuts the next record off `rest`, counting lines; false where a quote does not end.
bool next_record(std::string_view& rest, std::size_t& line, std::vector<std::string>& cells) {
  cells.assign(1, {});
  bool quoted = false;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"')
        cells.back() += c;
      else if (at + 1 < rest.size() && rest[at + 1] == '"')
        cells.back() += rest[++at];
      else
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  rest.remove_prefix(at);
  return !quoted;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

CsvTable::CsvTable(std::string file, std::string_view bytes) : file_(std::move(file)) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  std::vector<std::string> cells;
  std::size_t line = 1;
  while (!bytes.empty()) {
    const std::size_t begun = line;
    const std::string place = file_ + ':' + std::to_string(begun);
    if (!next_record(bytes, line, cells)) bad_value(place, "引号没有结束", "a quote does not end");
    for (auto& cell : cells) cell = trimmed(cell);
    if (cells.size() == 1 && cells[0].empty()) continue;
    if (columns_.empty()) {
      columns_ = cells;
      for (std::size_t i = 0; i < cells.size(); ++i)
        if (!index_.emplace(cells[i], i).second)
          bad_value(place, "列 " + cells[i] + " 出现两次", "the column " + cells[i] + " stands here twice");
      continue;
    }
    if (cells.size() != columns_.size())
      bad_value(place,
                "该行有 " + std::to_string(cells.size()) + " 格，表头有 " + std::to_string(columns_.size()) + " 列",
                "the row has " + std::to_string(cells.size()) + " cells, the header " + std::to_string(columns_.size()),
                {"补齐或删去多余的逗号", "add or remove commas"});
    lines_.push_back(begun);
    cells_.insert(cells_.end(), cells.begin(), cells.end());
  }
}

std::string_view CsvTable::Cells::text(std::string_view column) const {
  const auto it = table_.index_.find(column);
  if (it == table_.index_.end()) return {};
  return table_.cells_[row_ * table_.columns_.size() + it->second];
}

std::string CsvTable::Cells::place(std::string_view column) const {
  return table_.file_ + ':' + std::to_string(table_.lines_[row_]) + ':' + std::string(column);
}

std::string_view CsvTable::Cells::required(std::string_view column) const {
  const auto cell = text(column);
  if (cell.empty())
    bad_value(place(column), "缺少 " + std::string(column), std::string(column) + " is missing",
              {"补上该值", "add its value"});
  return cell;
}

double CsvTable::Cells::number(std::string_view column) const {
  const auto cell = required(column);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size() || !std::isfinite(value))
    bad_value(place(column), "不是有限的数：" + std::string(cell), "not a finite number: " + std::string(cell));
  return value;
}

double CsvTable::Cells::number_or(std::string_view column, double otherwise) const {
  return has(column) ? number(column) : otherwise;
}

double CsvTable::Cells::positive(std::string_view column) const {
  const double value = number(column);
  if (!(value > 0)) bad_value(place(column), "应为正数", "a positive number belongs here");
  return value;
}

bool CsvTable::Cells::flag_or(std::string_view column, bool otherwise) const {
  const auto cell = text(column);
  if (cell.empty()) return otherwise;
  if (cell == "1" || cell == "true") return true;
  if (cell != "0" && cell != "false")
    bad_value(place(column), "应为 0 或 1", "0 or 1 belongs here", {"0 断开，1 闭合", "0 is open, 1 is closed"});
  return false;
}

CsvWriter& CsvWriter::cell(std::string_view text) {
  if (!begins_) out_ += ',';
  begins_ = false;
  if (text.find_first_of(",\"\n\r") == text.npos && text == trimmed(std::string(text))) {
    out_ += text;
    return *this;
  }
  out_ += '"';
  for (const char c : text) {
    if (c == '"') out_ += '"';
    out_ += c;
  }
  out_ += '"';
  return *this;
}

CsvWriter& CsvWriter::cell(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
  return cell(std::isfinite(value) ? std::string_view(buffer, static_cast<std::size_t>(end.ptr - buffer))
                                   : std::string_view{});
}

}  // namespace tongdian::grid
