#include "calendar/rows.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>

#include "base/time_text.hpp"

namespace tongdian::calendar {
namespace {

constexpr std::string_view header = "date,name,kind";

/// Takes the text up to `mark` (or its end) off the front.
std::string_view take(std::string_view& text, char mark) {
  const auto end = text.find(mark);
  const auto part = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return part;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<int> year_from(std::string_view text) {
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  if (error != std::errc{} || end != text.data() + text.size() || text.size() != 4) return {};
  return year;
}

/// One file on its way from text to rows; a line at a time.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) { out_.file = file; }

  std::optional<Problem> line(std::string_view text) {
    ++line_;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (trimmed(text).empty()) return {};
    if (text.front() == '#') return directive(trimmed(text.substr(1)));
    if (!header_seen_) {
      header_seen_ = true;
      if (text == header) return {};
      return bad(1, {"第一行应为 date,name,kind", "the first row must be date,name,kind"},
                 {"在文件开头加上这一行", "begin the file with that line"});
    }
    return row(text);
  }

  Result<Rows> finish() {
    if (!header_seen_)
      return *bad(1, {"文件中没有内容", "the file has no rows"},
                  {"以 date,name,kind 一行开头", "begin with the line date,name,kind"});
    std::stable_sort(out_.rows.begin(), out_.rows.end(), [](const Row& a, const Row& b) { return a.date < b.date; });
    for (std::size_t i = 1; i < out_.rows.size(); ++i) {
      const Row& again = out_.rows[i];
      if (again.date != out_.rows[i - 1].date) continue;
      const std::string day = format_date(again.date);
      const std::string first = std::to_string(out_.rows[i - 1].line);
      return problem_at(out_.file, again.line, 1, "calendar.duplicate",
                        {day + " 在第 " + first + " 行已经出现", day + " already stands in line " + first},
                        {"只保留一行", "keep one of the two rows"});
    }
    if (!out_.overlay)
      for (const Row& row : out_.rows) years_.insert(year_of(row.date));
    out_.years.assign(years_.begin(), years_.end());
    return std::move(out_);
  }

 private:
  std::optional<Problem> bad(std::size_t column, Sentence detail, Sentence mend) const {
    return problem_at(out_.file, std::max(line_, 1), column, "calendar.bad_row", std::move(detail), std::move(mend));
  }

  std::optional<Problem> row(std::string_view text) {
    std::string_view rest = text;
    const auto date_text = take(rest, ',');
    const auto name = take(rest, ',');
    const auto date = parse_date(date_text);
    if (!date)
      return bad(1, {"不是日期：" + std::string(date_text), "not a date: " + std::string(date_text)},
                 {"写成 2027-01-01 的样子", "write it like 2027-01-01"});
    if (trimmed(name).empty())
      return bad(date_text.size() + 2, {"缺少节日名称", "the holiday's name is missing"},
                 {"写成 日期,名称,off 或 workday", "write DATE,NAME,off or DATE,NAME,workday"});
    if (rest != "off" && rest != "workday")
      return bad(date_text.size() + name.size() + 3,
                 {"类型应为 off 或 workday，收到 " + std::string(rest),
                  "kind must be off or workday, got " + std::string(rest)},
                 {"放假写 off，补班写 workday", "write off for a day without work, workday for a make-up workday"});
    out_.rows.push_back({*date, rest == "workday", line_});
    return {};
  }

  std::optional<Problem> directive(std::string_view text) {
    if (text == "overlay") {
      out_.overlay = true;
      return {};
    }
    constexpr std::string_view years = "years ";
    if (!text.starts_with(years)) return {};  // a comment
    const auto range = trimmed(text.substr(years.size()));
    const auto dash = range.find('-');
    const auto low = year_from(range.substr(0, dash));
    const auto high = dash == range.npos ? low : year_from(range.substr(dash + 1));
    if (!low || !high || *low > *high)
      return bad(3 + years.size(), {"不是年份：" + std::string(range), "not years: " + std::string(range)},
                 {"写成 # years 2027 或 # years 2027-2028", "write # years 2027 or # years 2027-2028"});
    for (int year = *low; year <= *high; ++year) years_.insert(year);
    return {};
  }

  Rows out_;
  std::set<int> years_;
  int line_ = 0;
  bool header_seen_ = false;
};

}  // namespace

int year_of(LocalDate date) { return static_cast<int>(std::chrono::year_month_day{date}.year()); }

Problem problem_at(const std::filesystem::path& file, int line, std::size_t column, const char* code, Sentence detail,
                   Sentence mend) {
  return bad_input(code, file.string() + ":" + std::to_string(line) + ":" + std::to_string(column), std::move(detail),
                   std::move(mend));
}

Result<Rows> parse_rows(const std::filesystem::path& file, std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Reader reader(file);
  while (!text.empty())
    if (auto problem = reader.line(take(text, '\n'))) return *std::move(problem);
  return reader.finish();
}

}  // namespace tongdian::calendar
