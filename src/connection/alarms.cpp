#include "connection/alarms.hpp"

#include <algorithm>
#include <cmath>

#include "base/time_text.hpp"
#include "connection/events.hpp"

namespace tongdian::connection {
namespace {

/// Collects alarms that were not given yet.
class Ahead {
 public:
  Ahead(const CaseState& state, const Days& days) : state_(state), days_(days) {}

  void at_start_of(std::optional<LocalDate> day, std::string key, std::string_view type, json::Object payload) {
    if (!day || std::ranges::find(state_.alarms, key) != state_.alarms.end()) return;
    out.push_back({days_.zone.start_of(*day), {std::string(type), std::move(payload)}});
  }

  /// The two alarms of a limit over its spans: near its end, and past it.
  void limit(const std::vector<Span>& spans, int limit_wd, double warn_share, const std::string& scope) {
    const auto last = due(spans, limit_wd, days_);
    if (!last) return;
    const json::Object payload{{"scope", scope}, {"due_on", format_date(*last)}};
    const int near = static_cast<int>(std::ceil(warn_share * limit_wd));
    if (limit_wd > 0) at_start_of(due(spans, near, days_), "warned:" + scope, events::warned, payload);
    at_start_of(*last + std::chrono::days(1), "overdue:" + scope, events::overdue, payload);
  }

  std::vector<Alarm> out;

 private:
  const CaseState& state_;
  const Days& days_;
};

}  // namespace

std::optional<Instant> lead_opens_at(const CaseState& s, const Days& days) {
  if (s.phase != Phase::lead) return {};
  const Instant arrived = std::min(s.lead_arrived_at.value_or(s.opened_at), s.opened_at);
  const auto day = days.calendar->add(days.zone.date_of(arrived), 1);
  return day ? std::optional(days.zone.start_of(*day)) : std::nullopt;
}

std::vector<Alarm> alarms_ahead(const CaseState& s, const policy::Supervision& supervision, const Days& days) {
  Ahead ahead(s, days);
  if (s.phase != Phase::running) return {};
  const StageRun& run = s.stages[s.current];
  ahead.limit(stage_spans(run, days), run.limit_wd, supervision.warn_share, run.id);

  const auto spans = grid_spans(s, days);
  ahead.limit(spans, s.target_wd, supervision.warn_share, "total");
  if (s.ceiling_wd > s.target_wd)
    if (const auto ceiling = due(spans, s.ceiling_wd, days))
      ahead.at_start_of(*ceiling + std::chrono::days(1), "breached", events::breached, {{"ceiling_on", format_date(*ceiling)}});
  if (const auto last = due(spans, s.target_wd, days)) {
    int level = 0;
    for (const int after : supervision.escalate_after_wd) {
      ++level;
      // Past so many working days: the alarm comes with the next day.
      if (const auto day = days.calendar->add(*last, after))
        ahead.at_start_of(*day + std::chrono::days(1), "escalated:" + std::to_string(level), events::escalated, {{"level", level}, {"due_on", format_date(*last)}});
    }
  }
  return std::move(ahead.out);
}

}  // namespace tongdian::connection
