#include <algorithm>
#include <array>
#include <charconv>

#include "base/json.hpp"
#include "mining/mine.hpp"

namespace tongdian::mining {
namespace {

/// Writes JSON as it goes: a log may have more arcs and findings than a tree of values should.
class JsonWriter {
 public:
  JsonWriter& key(std::string_view name) {
    comma();
    json::append_string(out_, name);
    out_ += ':';
    after_key_ = true;
    return *this;
  }
  void open(char bracket) {
    comma();
    out_ += bracket;
    first_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    first_ = false;
  }
  void text(std::string_view value) {
    comma();
    json::append_string(out_, value);
  }
  void number(std::uint64_t value) {
    comma();
    out_ += std::to_string(value);
  }
  void real(double value) {
    comma();
    std::array<char, 40> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out_.append(digits.data(), end);
  }
  void word(std::string_view value) {
    comma();
    out_ += value;
  }
  std::string take() { return std::move(out_); }

 private:
  void comma() {
    if (!first_ && !after_key_) out_ += ',';
    first_ = after_key_ = false;
  }
  std::string out_;
  bool first_ = true, after_key_ = false;
};

using Row = std::pair<std::uint64_t, std::uint64_t>;  ///< count, label or arc

void activities(JsonWriter& out, const Labels& labels, std::vector<Row> rows) {
  std::ranges::sort(rows, [&](const Row& a, const Row& b) {
    if (a.first != b.first) return a.first > b.first;
    return labels.activities[static_cast<std::uint32_t>(a.second)] <
           labels.activities[static_cast<std::uint32_t>(b.second)];
  });
  out.open('{');
  for (const auto& [count, label] : rows) out.key(labels.activities[static_cast<std::uint32_t>(label)]).number(count);
  out.close('}');
}

std::vector<Row> rows_of(const std::unordered_map<std::uint32_t, std::uint64_t>& counts) {
  std::vector<Row> rows;
  for (const auto& [label, count] : counts) rows.emplace_back(count, label);
  return rows;
}

void arcs(JsonWriter& out, const Labels& labels, const Arcs& counts) {
  std::vector<Row> rows;
  for (const auto& [arc, count] : counts) rows.emplace_back(count, arc);
  const auto from = [&](const Row& row) { return labels.activities[static_cast<std::uint32_t>(row.second >> 32)]; };
  const auto to = [&](const Row& row) { return labels.activities[static_cast<std::uint32_t>(row.second)]; };
  std::ranges::sort(rows, [&](const Row& a, const Row& b) {
    if (a.first != b.first) return a.first > b.first;
    return std::pair(from(a), to(a)) < std::pair(from(b), to(b));
  });
  out.open('[');
  for (const auto& row : rows) {
    out.open('[');
    out.text(from(row));
    out.text(to(row));
    out.number(row.first);
    out.close(']');
  }
  out.close(']');
}

void durations(JsonWriter& out, const std::optional<Durations>& d) {
  out.key("case_duration_s").open('{');
  const auto one = [&](std::string_view name, double Durations::*field) {
    out.key(name);
    if (d)
      out.real((*d).*field);
    else
      out.word("null");
  };
  one("mean", &Durations::mean);
  one("median", &Durations::median);
  one("p95", &Durations::p95);
  one("min", &Durations::min);
  one("max", &Durations::max);
  out.close('}');
}

void source(JsonWriter& out, const Source& s) {
  out.key("source").open('{');
  out.key("format").text(s.format);
  out.key("encoding").text(s.encoding);
  if (!s.declared_encoding.empty()) out.key("declared_encoding").text(s.declared_encoding);
  if (!s.separator.empty()) out.key("separator").text(s.separator);
  if (!s.dates.empty()) out.key("dates").text(s.dates);
  out.key("columns").open('[');
  for (const auto& column : s.columns) {
    out.open('{');
    out.key("role").text(column.role);
    out.key("name").text(column.name);
    out.key("given").word(column.given ? "true" : "false");
    out.close('}');
  }
  out.close(']');
  out.close('}');
}

void broken(JsonWriter& out, const Problem& p) {
  out.key("error").open('{');
  out.key("code").text(p.code);
  out.key("path").text(p.path);
  out.key("message").text(p.detail.en);
  out.key("message_zh").text(p.detail.zh);
  out.close('}');
}

}  // namespace

std::string to_json(const Mined& mined) {
  const auto& f = mined.figures;
  JsonWriter out;
  out.open('{');
  if (mined.broken) broken(out, *mined.broken);
  source(out, mined.source);
  out.key("cases").number(f.cases);
  out.key("events").number(f.events);
  std::vector<Row> all;
  for (std::size_t i = 0; i < f.activities.size(); ++i) all.emplace_back(f.activities[i], i);
  activities(out.key("activities"), mined.labels, std::move(all));
  activities(out.key("start_activities"), mined.labels, rows_of(f.by_file.starts));
  activities(out.key("end_activities"), mined.labels, rows_of(f.by_file.ends));
  activities(out.key("start_activities_by_time"), mined.labels, rows_of(f.by_time.starts));
  activities(out.key("end_activities_by_time"), mined.labels, rows_of(f.by_time.ends));
  arcs(out.key("directly_follows"), mined.labels, f.by_file.arcs);
  arcs(out.key("directly_follows_by_time"), mined.labels, f.by_time.arcs);
  out.key("variants").number(f.variants);
  out.key("variants_normalised").number(f.variants_normalised);
  durations(out, f.durations);
  out.close('}');
  return out.take();
}

}  // namespace tongdian::mining
