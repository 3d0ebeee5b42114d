#include <algorithm>

#include "mining/findings_json.hpp"
#include "mining/json_writer.hpp"
#include "mining/limits.hpp"
#include "mining/mine.hpp"

namespace tongdian::mining {
namespace {

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

void lasting(JsonWriter& out, const Lasting& l, bool working_days) {
  const auto seconds = [](double ms) { return ms / 1000; };
  out.key("count").number(l.ms.count());
  out.key("mean_s").real(seconds(l.ms.mean()));
  out.key("median_s").real(seconds(l.ms.percentile(50)));
  out.key("p95_s").real(seconds(l.ms.percentile(95)));
  out.key("total_s").real(seconds(l.ms.sum()));
  if (!working_days || l.working_days.count() == 0) return;
  out.key("mean_wd").real(l.working_days.mean());
  out.key("median_wd").real(l.working_days.percentile(50));
  out.key("p95_wd").real(l.working_days.percentile(95));
}

void lasting(JsonWriter& out, std::string_view name, const Lasting& l, bool working_days) {
  out.key(name).open('{');
  lasting(out, l, working_days);
  out.close('}');
}

/// Up to each step: how long cases waited for it, and how long it was worked on where the log can tell.
void stages(JsonWriter& out, const Mined& mined) {
  const auto& stages = mined.times.stages();
  std::vector<Row> rows;
  for (std::size_t i = 0; i < stages.size(); ++i)
    if (stages[i].waiting.ms.count() + stages[i].working.ms.count() > 0)
      rows.emplace_back(static_cast<std::uint64_t>(stages[i].waiting.ms.sum() + stages[i].working.ms.sum()), i);
  std::ranges::sort(
      rows, [](const Row& a, const Row& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  out.key("stages").open('[');
  for (const auto& [sum, i] : rows) {
    out.open('{');
    out.key("activity").text(mined.labels.activities[static_cast<std::uint32_t>(i)]);
    lasting(out, "waiting", stages[i].waiting, mined.times.counts_working_days());
    lasting(out, "working", stages[i].working, mined.times.counts_working_days());
    out.close('}');
  }
  out.close(']');
}

/// For whom cases waited: the time up to each event, by who did it.
void holders(JsonWriter& out, const Mined& mined) {
  const auto& holders = mined.times.holders();
  std::vector<Row> rows;
  for (std::size_t i = 0; i < holders.size(); ++i)
    if (holders[i].ms.count() > 0) rows.emplace_back(static_cast<std::uint64_t>(holders[i].ms.sum()), i);
  std::ranges::sort(
      rows, [](const Row& a, const Row& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  out.key("holders").open('[');
  for (const auto& [sum, i] : rows) {
    out.open('{');
    out.key("resource").text(mined.labels.resources[static_cast<std::uint32_t>(i)]);
    lasting(out, holders[i], mined.times.counts_working_days());
    out.close('}');
  }
  out.close(']');
}

void variants(JsonWriter& out, const Mined& mined) {
  out.key("top_variants").open('[');
  for (const auto& variant : mined.figures.top_variants) {
    out.open('{');
    out.key("cases").number(variant.cases);
    out.key("steps").open('[');
    for (const auto step : variant.steps) out.text(mined.labels.activities[step]);
    out.close(']');
    out.close('}');
  }
  out.close(']');
}

void limits(JsonWriter& out, const Mined& mined) {
  out.key("limits").open('[');
  for (const auto& limit : limits_of(mined)) {
    out.open('{');
    out.key("id").text(limit.id);
    out.key("zh").text(limit.text.zh);
    out.key("en").text(limit.text.en);
    if (limit.count) out.key("count").number(*limit.count);
    out.close('}');
  }
  out.close(']');
}

void broken(JsonWriter& out, const Problem& p) {
  out.key("error").open('{');
  out.key("code").text(p.code);
  out.key("path").text(p.path);
  out.key("message").text(p.detail.en);
  out.key("message_zh").text(p.detail.zh);
  out.close('}');
}

void write_all(JsonWriter& out, const Mined& mined) {
  const auto& f = mined.figures;
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
  variants(out, mined);
  stages(out, mined);
  holders(out, mined);
  findings_to_json(out, mined);
  limits(out, mined);
  out.close('}');
}

}  // namespace

std::string to_json(const Mined& mined) {
  JsonWriter out;
  write_all(out, mined);
  return out.take();
}

void write_json(const Mined& mined, const std::function<void(std::string_view)>& to) {
  JsonWriter out(to);
  write_all(out, mined);
  out.flush();
}

}  // namespace tongdian::mining
