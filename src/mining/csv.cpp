#include "mining/csv.hpp"

#include <algorithm>

#include "mining/case_store.hpp"
#include "mining/csv_columns.hpp"
#include "mining/csv_rows.hpp"

namespace tongdian::mining {
namespace {

constexpr std::size_t head_size = 128 << 10;

/// The text's beginning, left in the window.
std::string head_of(Window& window) {
  while (static_cast<std::size_t>(window.end() - window.at()) < head_size && window.more()) {}
  const auto n = std::min(head_size, static_cast<std::size_t>(window.end() - window.at()));
  return {window.at(), n};
}

class CsvReader {
 public:
  CsvReader(CsvRows rows, const Columns& columns, DateStyle dates, Labels& labels, Notes& notes)
      : rows_(std::move(rows)), columns_(columns), dates_(dates), labels_(labels), notes_(notes) {
    for (const auto role : {Role::deadline, Role::promised, Role::finished, Role::customer})
      has_facts_ = has_facts_ || columns.has(role);
  }

  /// What came before a broken place is put together all the same.
  void read(Cases& cases) {
    try {
      while (rows_.next(fields_, columns_.most)) row();
    } catch (const ProblemError&) {
      give(cases);
      throw;
    }
    give(cases);
  }

 private:
  void give(Cases& cases) {
    const CaseFacts nothing;
    store_.each([&](std::uint32_t number, std::span<Event> events) {
      cases.add(number, ids_[number], has_facts_ ? facts_[number] : nothing, events);
    });
  }

  [[nodiscard]] std::string_view field(Role role) const {
    const auto at = columns_.of(role);
    return at < fields_.size() ? fields_[at] : std::string_view{};
  }
  [[nodiscard]] Moment moment(Role role) const {
    const auto text = field(role);
    return text.empty() ? Moment{} : read_moment(text, dates_);
  }

  void row() {
    const auto id = field(Role::case_id);
    if (id.empty()) {
      if (std::ranges::any_of(fields_, [](auto each) { return !each.empty(); })) ++notes_.rows_without_case;
      return;
    }
    if (fields_.size() < columns_.most) ++notes_.short_rows;
    // Rows of one case often follow each other.
    if (ids_.size() == 0 || ids_[number_] != id) number_ = ids_.add(id);
    Event event;
    event.case_number = number_;
    const auto activity = field(Role::activity);
    if (activity.empty()) ++notes_.events_without_activity;
    event.activity = labels_.activities.add(activity);
    const auto time = moment(Role::time);
    event.time = time.at;
    event.offset = time.offset;
    if (!time) {
      ++notes_.events_without_time;
      if (!field(Role::time).empty()) ++notes_.unreadable_times;
    }
    if (const auto who = field(Role::resource); !who.empty()) event.resource = labels_.resources.add(who);
    if (const auto what = field(Role::lifecycle); !what.empty())
      event.lifecycle = static_cast<std::uint16_t>(std::min<std::uint32_t>(labels_.lifecycles.add(what), 0xFFFF));
    if (columns_.has(Role::start)) event.start = moment(Role::start).at;
    if (columns_.has(Role::recorded)) event.recorded = moment(Role::recorded).at;
    if (has_facts_) note_facts();
    store_.add(event);
  }

  /// Of what is said once a case, the last that says something counts.
  void note_facts() {
    if (number_ >= facts_.size()) facts_.resize(number_ + 1);
    auto& facts = facts_[number_];
    if (const auto each = moment(Role::deadline)) facts.deadline = each;
    if (const auto each = moment(Role::promised)) facts.promised = each;
    if (const auto each = moment(Role::finished)) facts.finished = each;
    if (const auto who = field(Role::customer); !who.empty()) facts.customer = labels_.customers.add(who);
  }

  CsvRows rows_;
  Columns columns_;
  DateStyle dates_;
  Labels& labels_;
  Notes& notes_;
  std::vector<std::string_view> fields_;
  Interner ids_;
  std::uint32_t number_ = 0;
  bool has_facts_ = false;
  std::vector<CaseFacts> facts_;
  CaseStore store_;
};

/// The first values of the column of times, below the header.
std::vector<std::string> first_times(const std::string& head, char separator, char newline, std::size_t column) {
  std::vector<std::string> out;
  TextStream text(bytes_of(head));
  Window window(text);
  CsvRows rows(window, separator, newline);
  std::vector<std::string_view> fields;
  try {
    rows.next(fields);
    while (out.size() < 1000 && rows.next(fields))
      if (column < fields.size()) out.emplace_back(fields[column]);
  } catch (const ProblemError&) {  // a quotation that the head's end cuts
  }
  // The last row of the head may be cut.
  if (head.size() == head_size && !out.empty()) out.pop_back();
  return out;
}

}  // namespace

void read_csv(Window& window, const Mapping& mapping, Labels& labels, Notes& notes, Source& source, Cases& cases) {
  auto head = head_of(window);
  const char newline = head.find('\n') == head.npos ? '\r' : '\n';
  char separator = 0;
  // Excel's own way to say it: a first line "sep=;".
  if (head.size() > 5 && head.starts_with("sep=") && (head[5] == newline || head[5] == '\r')) {
    separator = head[4];
    const auto line = head.find(newline);
    window.advance(window.at() + line + 1);
    head.erase(0, line + 1);
  } else {
    separator = guess_separator(head);
  }
  source.separator = separator;
  CsvRows rows(window, separator, newline);
  std::vector<std::string_view> fields;
  if (!rows.next(fields))
    throw ProblemError(bad_input("mine.not_a_log", "1:1", {"文件是空的", "the file is empty"},
                                 {"请提供 XES 或 CSV 日志", "give an XES or a CSV log"}));
  const std::vector<std::string> header(fields.begin(), fields.end());
  const auto columns = choose_columns(header, mapping, source);
  const auto dates = guess_dates(first_times(head, separator, newline, columns.of(Role::time)), notes.dates_ambiguous);
  source.dates = dates.excel             ? "excel_serial"
                 : dates.day_first       ? "day_first"
                 : notes.dates_ambiguous ? "month_first"
                                         : "";
  CsvReader(std::move(rows), columns, dates, labels, notes).read(cases);
}

}  // namespace tongdian::mining
