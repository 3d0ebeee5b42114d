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
  Ahead(const CaseState& state, const Days& days) : state_(state), days_(days) { out.reserve(8); }

  void at_start_of(const std::optional<LocalDate>& day, Alarm alarm) {
    if (!day || (!state_.alarms.empty() && std::ranges::find(state_.alarms, alarm.key()) != state_.alarms.end()))
      return;
    alarm.at = days_.zone.start_of(*day);
    out.push_back(alarm);
  }

  /// The two alarms of a limit over its spans: near its end, and past it. Returns the limit's last day.
  std::optional<LocalDate> limit(const std::vector<Span>& spans, int limit_wd, double warn_share,
                                 std::string_view scope) {
    const auto last = due(spans, limit_wd, days_);
    if (!last) return {};
    const int near = static_cast<int>(std::ceil(warn_share * limit_wd));
    if (limit_wd > 0)
      at_start_of(due(spans, near, days_), {.kind = AlarmKind::warned, .scope = scope, .limit_on = *last});
    at_start_of(*last + std::chrono::days(1), {.kind = AlarmKind::overdue, .scope = scope, .limit_on = *last});
    return last;
  }

  std::vector<Alarm> out;

 private:
  const CaseState& state_;
  const Days& days_;
};

std::string_view step_at(const policy::Supervision& s, int level) {
  if (s.bulletin_at_level > 0 && level >= s.bulletin_at_level) return "named";
  return s.order_at_level > 0 && level >= s.order_at_level ? "supervised" : "reminded";
}

}  // namespace

std::string Alarm::key() const {
  switch (kind) {
    case AlarmKind::warned: return "warned:" + std::string(scope);
    case AlarmKind::overdue: return "overdue:" + std::string(scope);
    case AlarmKind::breached: return "breached";
    case AlarmKind::escalated: return "escalated:" + std::to_string(level);
    case AlarmKind::unanswered: return "unanswered";
  }
  return {};
}

engine::NewEvent Alarm::event() const {
  const std::string day = format_date(limit_on);
  switch (kind) {
    case AlarmKind::warned: return {std::string(events::warned), json::Object{{"scope", scope}, {"due_on", day}}};
    case AlarmKind::overdue: return {std::string(events::overdue), json::Object{{"scope", scope}, {"due_on", day}}};
    case AlarmKind::breached: return {std::string(events::breached), json::Object{{"ceiling_on", day}}};
    case AlarmKind::unanswered: return {std::string(events::order_unanswered), json::Object{{"answer_by", day}}};
    case AlarmKind::escalated: {
      json::Object payload{{"level", level}, {"due_on", day}, {"step", step}};
      if (answer_by) payload.emplace("answer_by", format_date(*answer_by));
      return {std::string(events::escalated), std::move(payload)};
    }
  }
  return {};
}

std::optional<Instant> lead_opens_at(const CaseState& s, const Days& days) {
  if (s.phase != Phase::lead) return {};
  const Instant arrived = std::min(s.lead_arrived_at.value_or(s.opened_at), s.opened_at);
  const auto day = days.calendar->add(days.zone.date_of(arrived), 1);
  return day ? std::optional(days.zone.start_of(*day)) : std::nullopt;
}

std::vector<Alarm> alarms_ahead(const CaseState& s, const policy::Supervision& supervision, const Days& days) {
  Ahead ahead(s, days);
  // An order is to be answered whoever holds the case.
  if (s.open() && s.answer_by && !s.answered_at)
    ahead.at_start_of(*s.answer_by + std::chrono::days(1), {.kind = AlarmKind::unanswered, .limit_on = *s.answer_by});
  if (s.phase != Phase::running) return std::move(ahead.out);
  const StageRun& run = s.stages[s.current];
  if (run.limit_wd > 0) ahead.limit(stage_spans(run, days), run.limit_wd, supervision.warn_share, run.id);

  const auto spans = grid_spans(s, days);
  const auto last = ahead.limit(spans, s.target_wd, supervision.warn_share, "total");
  if (s.ceiling_wd > s.target_wd)
    if (const auto ceiling = due(spans, s.ceiling_wd, days))
      ahead.at_start_of(*ceiling + std::chrono::days(1), {.kind = AlarmKind::breached, .limit_on = *ceiling});
  if (!last) return std::move(ahead.out);
  int level = 0;
  for (const int after : supervision.escalate_after_wd) {
    ++level;
    // Past so many working days: the alarm comes with the next day.
    const auto day = days.calendar->add(*last, after);
    if (!day) continue;
    Alarm alarm{.kind = AlarmKind::escalated, .limit_on = *last, .level = level, .step = step_at(supervision, level)};
    // One order a case: what comes after it is the bulletin, not a second order.
    if (level == supervision.order_at_level)
      alarm.answer_by = days.calendar->add(*day + std::chrono::days(1), supervision.answer_within_wd);
    ahead.at_start_of(*day + std::chrono::days(1), alarm);
  }
  return std::move(ahead.out);
}

}  // namespace tongdian::connection
