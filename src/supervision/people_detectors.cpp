#include "supervision/people_detectors.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/digest.hpp"
#include "connection/events.hpp"
#include "supervision/statistics.hpp"

namespace tongdian::supervision {
namespace {

std::string_view text(const json::Value& payload, std::string_view key) {
  const auto* v = payload.is_object() ? payload.get_object().if_contains(key) : nullptr;
  return v && v->is_string() ? std::string_view(v->get_string()) : std::string_view();
}

double median(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return static_cast<double>(*middle);
}

/// The median, and the median of the distances from it: half of the values may be anything without moving either.
std::pair<double, double> median_and_deviation(const std::vector<float>& values) {
  const double middle = median(values);
  auto distances = values;
  for (auto& v : distances) v = std::abs(v - static_cast<float>(middle));
  return {middle, median(std::move(distances))};
}

std::string scientific(double p) {
  char out[32];
  std::snprintf(out, sizeof out, "%.2e", p);
  return out;
}

}  // namespace

PeopleDetectors::PeopleDetectors(const policy::Pack& pack, Names& names)
    : names_(names),
      designated_(pack.detector("three_designated")),
      last_day_(pack.detector("last_day_hand_over")),
      regular_(pack.detector("too_regular")) {}

void PeopleDetectors::mark(Count& c, const Seen& s) {
  ++c.marked;
  c.area = s.trail.area;
  c.enterprise = s.trail.enterprise;
  if (c.marks.size() < Findings::most_evidence)
    c.marks.push_back({s.event.position, s.trail.number, s.event.recorded_at});
}

void PeopleDetectors::count_firm(const Seen& s) {
  if (s.trail.manager == 0) return;
  auto& market = markets_[{s.trail.area, names_.of(text(s.event.payload, "role"))}];
  const Name firm = names_.of(text(s.event.payload, "firm"));
  ++market.cases;
  ++market.by_firm[firm];
  ++market.by_manager[s.trail.manager];
  mark(market.cells[{s.trail.manager, firm}], s);
}

void PeopleDetectors::count_last_day(const Seen& s) {
  if (!s.moved.handed_over || s.moved.ended < 0 || s.event.actor.kind != "staff") return;
  const auto& stage = s.trail.stages[static_cast<std::size_t>(s.moved.ended)];
  const auto last = on_last_day(stage, s.days.zone.date_of(s.event.recorded_at),
                                static_cast<int>(last_day_->limit("min_limit_wd")), s.days);
  if (!last) return;
  auto& count = last_days_[stage.ended_by];
  ++count.all;
  if (*last) mark(count, s);
}

void PeopleDetectors::count_times(const Seen& s) {
  if (s.moved.ended < 0 || s.event.actor.kind != "staff") return;
  const auto& stage = s.trail.stages[static_cast<std::size_t>(s.moved.ended)];
  if (!stage.started_at || stage.hold_from || stage.limit_wd == 0) return;
  auto& r = times_[{stage.ended_by, stage.id}];
  r.minutes.push_back(std::chrono::duration<float, std::ratio<60>>(*stage.ended_at - *stage.started_at).count());
  r.last = {s.event.position, s.trail.number, s.event.recorded_at};
  r.area = s.trail.area;
  r.enterprise = s.trail.enterprise;
}

void PeopleDetectors::see(const Seen& s) {
  if (!s.trail.decided) return;
  if (designated_ && s.event.type == connection::events::firm_named) count_firm(s);
  if (last_day_) count_last_day(s);
  if (regular_) count_times(s);
}

Finding PeopleDetectors::finding(const policy::Detector& d, const std::string& key, std::string subject,
                                 const Count& count, std::string first) {
  Finding f;
  f.id = to_hex(sha256(d.id + "//" + key)).substr(0, 16);
  f.kind = d.id;
  f.subject = std::move(subject);
  f.area = count.area;
  f.enterprise = count.enterprise;
  f.strength = Strength::strong;
  for (const auto& m : count.marks) {
    f.number = m.number;
    f.at = m.at;
    f.evidence.push_back({m.position, m.number});
  }
  f.evidence_count = count.marked;
  // The statistic first, then the cases.
  if (!f.evidence.empty()) f.evidence.front().value = std::move(first) + " " + f.evidence.front().value;
  return f;
}

void PeopleDetectors::test_firms(std::vector<Finding>& out) const {
  struct Cell {
    const Count* count;
    std::string key, subject, numbers;
  };
  std::vector<Cell> cells;
  std::vector<double> p;
  const double least = designated_->limit("min_cases");
  for (const auto& [place, market] : markets_)
    for (const auto& [who, count] : market.cells) {
      const auto n = market.by_manager.at(who.first), K = market.by_firm.at(who.second);
      // Where a manager is alone in the district there is nobody to compare with; where a firm is, nothing to choose.
      if (n < least || n == market.cases || K == market.cases) continue;
      p.push_back(hypergeometric_tail(market.cases, K, n, count.marked));
      const std::string manager = names_.text(who.first), firm = names_.text(who.second),
                        role = names_.text(place.second);
      cells.push_back({&count, names_.text(place.first) + "/" + role + "/" + manager + "/" + firm,
                       manager + " · " + role + " " + firm,
                       std::to_string(count.marked) + " of " + std::to_string(n) + ", district " + std::to_string(K) +
                           " of " + std::to_string(market.cases)});
    }
  const auto adjusted = benjamini_hochberg(p);
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (adjusted[i] < designated_->limit("alpha"))
      out.push_back(finding(*designated_, cells[i].key, cells[i].subject, *cells[i].count,
                            cells[i].numbers + ", p=" + scientific(p[i]) + " adjusted=" + scientific(adjusted[i])));
}

void PeopleDetectors::test_last_days(std::vector<Finding>& out) const {
  std::int64_t all = 0, marked = 0;
  for (const auto& [actor, c] : last_days_) all += c.all, marked += c.marked;
  std::vector<double> p;
  std::vector<std::pair<Name, const Count*>> tested;
  for (const auto& [actor, c] : last_days_) {
    if (c.all < last_day_->limit("min_cases") || c.all == all) continue;
    p.push_back(hypergeometric_tail(all, marked, c.all, c.marked));
    tested.emplace_back(actor, &c);
  }
  const auto adjusted = benjamini_hochberg(p);
  for (std::size_t i = 0; i < tested.size(); ++i)
    if (adjusted[i] < last_day_->limit("alpha")) {
      const auto& [actor, c] = tested[i];
      const std::string numbers = std::to_string(c->marked) + " of " + std::to_string(c->all) + ", all " +
                                  std::to_string(marked) + " of " + std::to_string(all) + ", p=" + scientific(p[i]) +
                                  " adjusted=" + scientific(adjusted[i]);
      out.push_back(finding(*last_day_, names_.text(actor), names_.text(actor), *c, numbers));
    }
}

void PeopleDetectors::test_times(std::vector<Finding>& out) const {
  for (const auto& [who, r] : times_) {
    const auto n = r.minutes.size();
    if (static_cast<double>(n) < regular_->limit("min_cases")) continue;
    const auto [middle, deviation] = median_and_deviation(r.minutes);
    if (middle <= 0 || deviation / middle > regular_->limit("max_variation")) continue;
    Count count;
    count.marked = static_cast<std::uint32_t>(n);
    count.marks = {r.last};
    count.area = r.area;
    count.enterprise = r.enterprise;
    const std::string actor = names_.text(who.first), stage = names_.text(who.second);
    char numbers[96];
    std::snprintf(numbers, sizeof numbers, "n=%zu median_minutes=%.1f deviation=%.4f", n, middle, deviation / middle);
    out.push_back(finding(*regular_, actor + "/" + stage, actor + " · " + stage, count, numbers));
  }
}

std::vector<Finding> PeopleDetectors::test() const {
  std::vector<Finding> out;
  if (designated_) test_firms(out);
  if (last_day_) test_last_days(out);
  if (regular_) test_times(out);
  return out;
}

}  // namespace tongdian::supervision
