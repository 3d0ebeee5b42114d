#include "supervision/reports.hpp"

#include <algorithm>

#include "supervision/statistics.hpp"

namespace tongdian::supervision {
namespace {

/// Two-sided by doubling the smaller tail.
double fisher(const Channels::Cell& a, const Channels::Cell& b) {
  const std::int64_t n = a.opened, N = n + b.opened, K = static_cast<std::int64_t>(a.asked) + b.asked;
  const double more = hypergeometric_tail(N, K, n, a.asked);
  const double less = hypergeometric_tail(N, K, N - n, b.asked);
  return std::min(1.0, 2 * std::min(more, less));
}

}  // namespace

bool Channels::in_office_hours(Instant at, const Days& days) const {
  const auto day = days.zone.date_of(at);
  if (!settings_ || !days.calendar->covers(day) || !days.calendar->is_working_day(day)) return false;
  const double hour = std::chrono::duration<double, std::ratio<3600>>(at - days.zone.start_of(day)).count();
  return hour >= settings_->limit("from_hour") && hour < settings_->limit("to_hour");
}

void Channels::see(const Trail& t, const Moved& moved, const Days& days) {
  if (!t.decided) return;
  const Class klass{t.klass, t.works};
  auto& cell = cells_[{klass, t.channel}];
  if (moved.opened) {
    ++cell.opened;
    limits_[{klass, days.zone.date_of(t.opened_at)}].emplace(t.channel, std::pair(t.target_wd, t.ceiling_wd));
  }
  cell.asked += moved.asked;
  if (!moved.finished) return;
  const auto used = used_wd(t, days.zone.date_of(*t.ended_at), days);
  if (!used) return;
  ++cell.finished;
  if (!in_office_hours(t.opened_at, days)) return;
  ++cell.compared;
  cell.days_sum += static_cast<std::uint64_t>(std::max(0, *used));
  ++cell.days[static_cast<std::size_t>(std::clamp(*used, 0, longest))];
}

std::vector<Channels::Comparison> Channels::compare() const {
  std::vector<Comparison> out;
  if (!settings_) return out;
  std::vector<double> days, asked;
  const double least = settings_->limit("min_cases");
  for (auto a = cells_.begin(); a != cells_.end(); ++a)
    for (auto b = std::next(a); b != cells_.end() && b->first.first == a->first.first; ++b) {
      if (a->second.opened < least || b->second.opened < least) continue;
      Comparison c{a->first.first.first, a->first.second, b->first.second, a->first.first.second};
      for (auto day = limits_.lower_bound({a->first.first, LocalDate::min()});
           day != limits_.end() && day->first.first == a->first.first; ++day) {
        const auto of_a = day->second.find(c.a), of_b = day->second.find(c.b);
        if (of_a != day->second.end() && of_b != day->second.end() && of_a->second != of_b->second) ++c.limits_differ;
      }
      days.push_back(a->second.compared >= least && b->second.compared >= least
                         ? mann_whitney(a->second.histogram(), b->second.histogram())
                         : 1);
      asked.push_back(fisher(a->second, b->second));
      out.push_back(c);
    }
  const auto adjusted_days = benjamini_hochberg(days), adjusted_asked = benjamini_hochberg(asked);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].p_days = adjusted_days[i];
    out[i].p_asked = adjusted_asked[i];
    const double alpha = settings_->limit("alpha");
    out[i].differs = out[i].limits_differ > 0 || out[i].p_days < alpha || out[i].p_asked < alpha;
  }
  return out;
}

void Longest::see(const Trail& t, const Moved& moved, const Days& days) {
  if (!moved.finished) return;
  const auto whole = days.calendar->between(days.zone.date_of(t.opened_at), days.zone.date_of(*t.ended_at));
  if (!whole) return;
  auto& record = t.counts_in_longest ? counted_[t.klass] : left_out_[t.supply_kind];
  ++record.cases;
  if (*whole <= record.working_days) return;
  record.working_days = *whole;
  record.number = t.number;
}

}  // namespace tongdian::supervision
