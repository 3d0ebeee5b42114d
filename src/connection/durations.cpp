#include "connection/durations.hpp"

#include <algorithm>
#include <cassert>

namespace tongdian::connection {
namespace {

json::Value to_json(const std::vector<int>& values) {
  if (values.empty()) return nullptr;
  const Spread s = spread_of(values);
  return json::Object{{"median", s.median}, {"p90", s.p90}};
}

bool counts(const CaseState& s) {
  const auto* counted = s.decision.if_contains("counts_in_longest_time");
  return !counted || !counted->is_bool() || counted->get_bool();
}

}  // namespace

std::optional<Taken> taken(const CaseState& s, const Days& days) {
  if ((s.phase != Phase::energised && s.phase != Phase::closed) || !s.ended_at || !counts(s)) return {};
  const LocalDate end = days.zone.date_of(*s.ended_at);
  const auto grid = used(grid_spans(s, days), end, days);
  if (!grid) return {};
  const ClockB b = clock_b(s, end, days);
  return Taken{s.klass, s.area, *grid, b.working_days, b.calendar_days};
}

Spread spread_of(std::vector<int> values) {
  assert(!values.empty());
  std::ranges::sort(values);
  const std::size_t n = values.size();
  const double middle = values[n / 2];
  return {n % 2 == 1 ? middle : (middle + values[n / 2 - 1]) / 2, values[(n * 9 + 9) / 10 - 1]};
}

void Durations::add(const Taken& t) {
  ++cases_;
  for (const auto& area : {std::string(), t.area}) {
    Group& g = groups_[{area, t.klass}];
    g.grid_wd.push_back(t.grid_wd);
    if (t.process_wd) g.process_wd.push_back(*t.process_wd);
    g.process_days.push_back(t.process_days);
  }
}

json::Array Durations::rows() const {
  json::Array out;
  for (const auto& [key, g] : groups_)
    out.push_back(json::Object{{"class", key.second},
                               {"area", key.first.empty() ? json::Value(nullptr) : json::Value(key.first)},
                               {"cases", g.grid_wd.size()},
                               {"grid_wd", to_json(g.grid_wd)},
                               {"process_wd", to_json(g.process_wd)},
                               {"process_days", to_json(g.process_days)}});
  return out;
}

}  // namespace tongdian::connection
