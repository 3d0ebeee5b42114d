#include "journeys/evidence_file.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/digest.hpp"
#include "base/time_text.hpp"
#include "mining/csv_columns.hpp"
#include "mining/csv_rows.hpp"

namespace tongdian::journeys {
namespace {

using Words = std::vector<std::string_view>;

/// What offices call the columns; the first is what a refusal asks for.
const std::array<Words, evidence_columns> column_words{
    Words{"案件编号", "办件编号", "编号", "case", "number", "case_id"},
    Words{"佐证种类", "种类", "类型", "kind", "type"},
    Words{"时间", "佐证时间", "发生时间", "taken_at", "time", "timestamp"},
    Words{"佐证编号", "凭证编号", "文件编号", "reference", "ref"}};

const std::array<Words, connection::evidence_kinds.size()> kind_words{
    Words{"电能表记录", "电能表", "电表", "计量"}, Words{"电网模型变更", "电网模型", "拓扑"}, Words{"文件时间", "文件"},
    Words{"照片时间", "照片"}, Words{"合同日期", "合同"}};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto from = text.find_first_not_of(blanks);
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// The kind's id where the file has its name; a word that is neither is left for the engine to refuse.
std::string kind_of(std::string_view text) {
  for (std::size_t i = 0; i < kind_words.size(); ++i)
    if (std::ranges::find(kind_words[i], text) != kind_words[i].end())
      return std::string(connection::evidence_kinds[i]);
  return lower(text);
}

void find_columns(const std::vector<std::string_view>& names, EvidenceFile& file) {
  for (std::size_t c = 0; c < evidence_columns; ++c) {
    const auto found = std::ranges::find_first_of(column_words[c], names,
                                                  [](auto word, auto name) { return word == lower(trimmed(name)); });
    if (found == column_words[c].end()) {
      const std::string word(column_words[c].front());
      throw ProblemError(bad_input("evidence.columns_unknown", word,
                                   {"文件里没有“" + word + "”这一列", "no column of the file is called " + word},
                                   {"第一行应为：案件编号,佐证种类,时间,佐证编号",
                                    "the first line is case,kind,taken_at,reference or its Chinese names"}));
    }
    const auto at = std::ranges::find_if(names, [&](auto name) { return lower(trimmed(name)) == *found; });
    file.position[c] = static_cast<std::size_t>(at - names.begin());
    file.header[c] = trimmed(*at);
  }
}

/// Written as a day alone. It would be read as its midnight, which is earlier than whatever happened on it.
bool day_alone(std::string_view text, mining::Moment moment) {
  const auto civil =
      moment.offset == mining::no_offset ? 0 : moment.offset * std::int64_t{60} * mining::ticks_per_second;
  if ((moment.at + civil) % mining::ticks_per_day != 0) return false;
  const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return text.find(':') == text.npos && text.find("时") == text.npos && digits < 12;
}

Instant instant_of(mining::Moment moment, Zone zone) {
  const Instant written = from_ms(moment.at / (mining::ticks_per_second / 1000));
  return moment.offset == mining::no_offset ? written - zone.utc_offset : written;
}

/// The time as the engine takes it, or what is wrong with it.
Result<std::string> time_of(std::string_view text, mining::DateStyle style, std::string_view kind, Zone zone) {
  const auto moment = mining::read_moment(text, style);
  if (!moment)
    return bad_input("evidence.bad_time", std::string(text), {"不是一个日期和时间", "not a date and a time"},
                     {"请写成 2021-11-15 09:00:00", "write it like 2021-11-15 09:00:00"});
  if (kind != "contract" && day_alone(text, moment))
    return bad_input("evidence.day_alone", std::string(text),
                     {"只有日期没有时刻；当作零点会显得比实际更早",
                      "a day without a time; as its midnight it would look earlier than it was"},
                     {"请补上时刻；合同可以只有日期", "add the time of day; a contract alone may have a day only"});
  return format_instant(instant_of(moment, zone), zone);
}

}  // namespace

EvidenceFile read_evidence(std::unique_ptr<mining::Bytes> from, Zone zone) {
  mining::TextStream text(mining::unpacked(std::move(from)));
  mining::Window window(text);
  constexpr std::size_t head_size = 64 << 10;
  while (static_cast<std::size_t>(window.end() - window.at()) < head_size && window.more()) {}
  const std::string_view head(window.at(), static_cast<std::size_t>(window.end() - window.at()));
  const char newline = head.find('\n') == head.npos ? '\r' : '\n';
  const std::string_view first = head.substr(0, head.find(newline));
  // The header has names of its own, none of which is quoted with a separator in it.
  const auto most = std::ranges::max(std::initializer_list<char>{',', ';', '\t', '|'}, {},
                                     [&](char c) { return std::ranges::count(first, c); });
  mining::CsvRows rows(window, most, newline);
  std::vector<std::string_view> fields;
  EvidenceFile file;
  if (rows.next(fields))
    find_columns(fields, file);
  else
    find_columns({}, file);

  std::vector<std::string> times;
  while (rows.next(fields)) {
    if (std::ranges::all_of(fields, [](auto each) { return trimmed(each).empty(); })) continue;
    const auto field = [&](EvidenceColumn column) {
      const auto at = file.position[static_cast<std::size_t>(column)];
      return std::string(at < fields.size() ? trimmed(fields[at]) : std::string_view{});
    };
    times.push_back(field(EvidenceColumn::taken_at));
    file.rows.push_back({rows.row_position().line,
                         field(EvidenceColumn::number),
                         {kind_of(field(EvidenceColumn::kind)), "", field(EvidenceColumn::reference)}});
  }
  if (text.broken()) throw ProblemError(*text.broken());

  bool ambiguous = false;
  const auto style = mining::guess_dates(times, ambiguous);
  if (ambiguous)
    throw ProblemError(bad_input("evidence.unclear_dates",
                                 file.header[static_cast<std::size_t>(EvidenceColumn::taken_at)],
                                 {"看不出日与月哪个在前", "day and month may be either way round"},
                                 {"请把日期写成 2021-11-15", "write dates like 2021-11-15"}));
  std::vector<EvidenceRow> good;
  for (std::size_t i = 0; i < file.rows.size(); ++i) {
    auto& row = file.rows[i];
    auto time = time_of(times[i], style, row.evidence.kind, zone);
    if (!time) {
      file.wrong.push_back({row.line, EvidenceColumn::taken_at, time.error()});
      continue;
    }
    row.evidence.taken_at = *std::move(time);
    good.push_back(std::move(row));
  }
  file.rows = std::move(good);
  return file;
}

engine::Command to_command(const EvidenceRow& row, const engine::Actor& actor) {
  const auto& e = row.evidence;
  engine::Command c;
  c.id =
      "evidence:" + to_hex(sha256(row.number + '\n' + e.kind + '\n' + e.taken_at + '\n' + e.reference)).substr(0, 32);
  c.stream = "case/" + row.number;
  c.actor = actor;
  c.channel = "desk";
  c.body = std::make_shared<connection::Command>(e);
  return c;
}

EvidenceColumn column_of(const Problem& problem) {
  if (problem.path == "/input/kind") return EvidenceColumn::kind;
  if (problem.path == "/input/taken_at") return EvidenceColumn::taken_at;
  if (problem.path == "/input/reference") return EvidenceColumn::reference;
  return EvidenceColumn::number;
}

}  // namespace tongdian::journeys
