#include "mining/csv_columns.hpp"

#include <algorithm>
#include <charconv>

#include "mining/csv_rows.hpp"

namespace tongdian::mining {
namespace {

constexpr std::array guessed_in_order{Role::case_id,   Role::activity, Role::time,     Role::resource,
                                      Role::lifecycle, Role::start,    Role::recorded, Role::deadline,
                                      Role::promised,  Role::finished, Role::customer};

/// The first rows of `head`, the last of which may be cut, as they read under a separator.
std::vector<std::vector<std::string>> first_rows(std::string_view head, char separator, std::size_t most) {
  std::vector<std::vector<std::string>> rows;
  TextStream text(bytes_of(head));
  Window window(text);
  CsvRows reader(window, separator, head.find('\n') == head.npos ? '\r' : '\n');
  std::vector<std::string_view> fields;
  try {
    while (rows.size() < most && reader.next(fields)) rows.emplace_back(fields.begin(), fields.end());
  } catch (const ProblemError&) {  // a quotation that the head's end cuts
  }
  return rows;
}

int score(std::string_view head, char separator) {
  const auto rows = first_rows(head, separator, 20);
  if (rows.empty() || rows[0].size() < 2) return 0;
  int known = 0, even = 0;
  for (const auto role : guessed_in_order)
    known += std::ranges::any_of(rows[0], [&](const auto& name) { return rank(role, name) >= 0; }) ? 1 : 0;
  for (const auto& row : rows) even += row.size() == rows[0].size() ? 1 : 0;
  const auto width = static_cast<int>(std::min<std::size_t>(rows[0].size(), 99));
  return known * 10'000 + even * 100 / static_cast<int>(rows.size()) * 100 + width;
}

std::string listed(const std::vector<std::string>& header) {
  std::string out;
  for (const auto& name : header) {
    if (out.size() > 400) return out + ", …";
    out += (out.empty() ? "" : ", ") + name.substr(0, 60);
  }
  return out;
}

}  // namespace

char guess_separator(std::string_view head) {
  char best = ',';
  int most = 0;
  for (const char each : {',', ';', '\t', '|'})
    if (const int points = score(head, each); points > most) {
      most = points;
      best = each;
    }
  return best;
}

Columns choose_columns(const std::vector<std::string>& header, const Mapping& mapping, Source& source) {
  Columns columns;
  columns.of_role.fill(Columns::none);
  std::vector<bool> taken(header.size(), false);
  const auto take = [&](Role role, std::size_t at, bool given) {
    columns.of_role[static_cast<std::size_t>(role)] = at;
    columns.most = std::max(columns.most, at + 1);
    taken[at] = true;
    source.columns.push_back({std::string(name_of(role)), header[at], given});
  };
  for (const auto role : guessed_in_order) {
    const auto& name = mapping.of(role);
    if (name.empty()) continue;
    const auto at = std::ranges::find(header, name);
    if (at == header.end())
      throw ProblemError(bad_input("mine.bad_map", "/" + std::string(name_of(role)),
                                   {"没有列 " + name + "；有：" + listed(header),
                                    "there is no column " + name + "; there are: " + listed(header)}));
    take(role, static_cast<std::size_t>(at - header.begin()), true);
  }
  for (const auto role : guessed_in_order) {
    if (columns.has(role)) continue;
    std::size_t best = Columns::none;
    int best_rank = 0;
    for (std::size_t i = 0; i < header.size(); ++i)
      if (const int r = taken[i] ? -1 : rank(role, header[i]); r >= 0 && (best == Columns::none || r < best_rank)) {
        best = i;
        best_rank = r;
      }
    if (best != Columns::none) take(role, best, false);
  }
  for (const auto role : {Role::case_id, Role::activity, Role::time})
    if (!columns.has(role))
      throw ProblemError(bad_input(
          "mine.columns_unknown", "/" + std::string(name_of(role)),
          {"看不出哪一列是 " + std::string(name_of(role)) + "；有：" + listed(header),
           "no column looks like the " + std::string(name_of(role)) + "; there are: " + listed(header)},
          {"用 --map 给出，如 {\"case\": \"列名\", \"activity\": \"列名\", \"time\": \"列名\"}",
           "name them with --map, as {\"case\": \"COLUMN\", \"activity\": \"COLUMN\", \"time\": \"COLUMN\"}"}));
  return columns;
}

DateStyle guess_dates(const std::vector<std::string>& values, bool& ambiguous) {
  DateStyle style;
  std::size_t serial = 0, filled = 0, slashed = 0;
  bool day_first = false, month_first = false;
  for (const auto& value : values) {
    if (value.empty()) continue;
    ++filled;
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    // The days of 1955 to 2118; a column of nothing else is none of codes or amounts.
    if (error == std::errc{} && end == value.data() + value.size() && number >= 20'000 && number < 80'000) ++serial;
    int first = 0, second = 0;
    const auto a = std::from_chars(value.data(), value.data() + value.size(), first);
    if (a.ec != std::errc{} || a.ptr - value.data() > 2 || a.ptr == value.data() + value.size() ||
        (*a.ptr != '/' && *a.ptr != '-'))
      continue;
    const auto b = std::from_chars(a.ptr + 1, value.data() + value.size(), second);
    if (b.ec != std::errc{} || b.ptr == value.data() + value.size() || *b.ptr != *a.ptr) continue;
    ++slashed;
    day_first = day_first || (first > 12 && second <= 12);
    month_first = month_first || second > 12;
  }
  style.excel = filled > 0 && serial == filled;
  style.day_first = day_first && !month_first;
  ambiguous = slashed > 0 && day_first == month_first;
  return style;
}

}  // namespace tongdian::mining
