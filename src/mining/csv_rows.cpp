#include "mining/csv_rows.hpp"

namespace tongdian::mining {
namespace {

const char* find(const char* from, const char* end, char c) {
  const auto* at = static_cast<const char*>(std::memchr(from, c, static_cast<std::size_t>(end - from)));
  return at ? at : end;
}

}  // namespace

bool CsvRows::next(std::vector<std::string_view>& fields, std::size_t most) {
  bool ended = false;
  for (;;) {
    const char* from = window_.at();
    if (from == window_.end()) {
      if (ended || !window_.more()) return false;
      continue;
    }
    fields.clear();
    unescaped_used_ = 0;
    switch (row(from, window_.end(), ended, fields, most)) {
      case Step::row: return true;
      case Step::blank: break;
      case Step::more: ended = !window_.more();
    }
  }
}

/// One row from `p` on. A row that the window's end cuts is read again with more, unless the text has ended.
CsvRows::Step CsvRows::row(const char* p, const char* end, bool ended, std::vector<std::string_view>& fields,
                           std::size_t most) {
  const char* begin = p;
  for (;;) {
    std::string_view field;
    if (p != end && *p == '"') {
      p = quoted(p, end, ended, field);
      if (p == nullptr) return Step::more;
    } else {
      const char* from = p;
      while (p != end && *p != separator_ && *p != newline_) ++p;
      field = {from, static_cast<std::size_t>(p - from)};
    }
    if (p == end && !ended) return Step::more;
    const bool last = p == end || *p == newline_;
    if (last && newline_ == '\n' && field.ends_with('\r')) field.remove_suffix(1);
    if (fields.size() < most) fields.push_back(field);
    if (last) {
      window_.advance(p == end ? p : p + 1);
      begin_ = begin;
      const bool blank = fields.size() == 1 && fields[0].empty() && (p == begin || *begin != '"');
      return blank ? Step::blank : Step::row;
    }
    ++p;
  }
}

/// A field in quotation marks, doubled ones within it; gives back the place of the separator behind it. What stands between
/// the closing mark and the separator is kept as it is.
const char* CsvRows::quoted(const char* p, const char* end, bool ended, std::string_view& field) {
  const char* from = p + 1;
  const char* close = from;
  bool doubled = false;
  for (;;) {
    close = find(close, end, '"');
    if (close == end) {
      if (!ended) return nullptr;
      const auto here = window_.position(p);
      throw ProblemError(bad_input("mine.broken_csv", std::to_string(here.line) + ":" + std::to_string(here.column),
                                   {"这里开始的引号没有结束", "the quotation that begins here does not end"},
                                   {"补上引号，或重新导出", "close it, or export the log again"}));
    }
    if (close + 1 == end && !ended) return nullptr;
    if (close + 1 == end || close[1] != '"') break;
    doubled = true;
    close += 2;
  }
  const char* behind = close + 1;
  const char* stop = behind;
  while (stop != end && *stop != separator_ && *stop != newline_) ++stop;
  if (stop == end && !ended) return nullptr;
  std::string_view tail(behind, static_cast<std::size_t>(stop - behind));
  if (tail == "\r") tail = {};
  field = {from, static_cast<std::size_t>(close - from)};
  if (!doubled && tail.empty()) return stop;
  if (unescaped_used_ == unescaped_.size()) unescaped_.emplace_back();
  auto& text = unescaped_[unescaped_used_++];
  text.clear();
  for (std::size_t i = 0; i < field.size(); ++i) {
    text += field[i];
    if (field[i] == '"') ++i;
  }
  text += tail;
  field = text;
  return stop;
}

}  // namespace tongdian::mining
