#include "connection/clocks.hpp"

#include <algorithm>
#include <cmath>

namespace tongdian::connection {
namespace {

std::optional<LocalDate> day_of(const std::optional<Instant>& t, const Days& days) {
  return t ? std::optional(days.zone.date_of(*t)) : std::nullopt;
}

/// [from, until) without the hold.
void add_span(std::vector<Span>& out, Instant from, const std::optional<Instant>& until,
              const std::optional<Hold>& hold, const Days& days) {
  if (!hold) {
    out.push_back({days.zone.date_of(from), day_of(until, days)});
    return;
  }
  out.push_back({days.zone.date_of(from), days.zone.date_of(hold->from)});
  if (hold->until) out.push_back({days.zone.date_of(*hold->until), day_of(until, days)});
}

}  // namespace

std::optional<int> used(const std::vector<Span>& spans, LocalDate today, const Days& days) {
  int sum = 0;
  for (const Span& s : spans) {
    const auto n = days.calendar->between(s.from, std::min(s.until.value_or(today), today));
    if (!n) return {};
    sum += *n;
  }
  return sum;
}

std::optional<LocalDate> due(const std::vector<Span>& spans, int limit, const Days& days) {
  int left = limit;
  for (const Span& s : spans) {
    if (left == 0 && !s.until) return days.calendar->on_or_after(s.from);
    if (!s.until) return days.calendar->add(s.from, left);
    const auto n = days.calendar->between(s.from, *s.until);
    if (!n) return {};
    if (*n > left) return left == 0 ? days.calendar->on_or_after(s.from) : days.calendar->add(s.from, left);
    left -= *n;
  }
  return {};
}

std::vector<Span> stage_spans(const StageRun& run, const Days& days) {
  std::vector<Span> out;
  if (run.started_at) add_span(out, *run.started_at, run.ended_at, run.hold, days);
  return out;
}

std::optional<LocalDate> stage_due(const StageRun& run, const Days& days) {
  return run.limit_wd > 0 ? due(stage_spans(run, days), run.limit_wd, days) : std::nullopt;
}

std::vector<Span> grid_spans(const CaseState& s, const Days& days) {
  std::vector<Span> out;
  for (const StageRun& run : s.stages) {
    if (!run.started_at) break;
    // A stage that was running when the case was withdrawn ran until then.
    StageRun ended = run;
    if (!ended.ended_at && !s.open()) ended.ended_at = s.ended_at;
    for (const Span& span : stage_spans(ended, days)) {
      // Stages that follow each other without a hand-over are one span: a day is counted once.
      if (!out.empty() && out.back().until == span.from)
        out.back().until = span.until;
      else
        out.push_back(span);
    }
  }
  return out;
}

namespace {

/// The day by which the grid side is judged: today while it holds the case, else the day on which it last did.
LocalDate judged_on(const std::vector<Span>& spans, LocalDate today) {
  return spans.empty() ? today : std::min(spans.back().until.value_or(today), today);
}

ClockStatus status_of(const CaseState& s, const ClockA& a, const std::optional<LocalDate>& of_stage, LocalDate judged,
                      double warn_share) {
  if (a.ceiling_on && judged > *a.ceiling_on) return ClockStatus::breached;
  if (a.due_on && judged > *a.due_on) return s.ceiling_wd > s.target_wd ? ClockStatus::overdue : ClockStatus::breached;
  if (s.phase == Phase::with_customer || s.phase == Phase::awaiting_works) return ClockStatus::stopped;
  // Stage and total both bind (A29).
  if (of_stage && judged > *of_stage) return ClockStatus::overdue;
  if (s.open() && s.target_wd > 0 && a.used_wd >= static_cast<int>(std::ceil(warn_share * s.target_wd)))
    return ClockStatus::warned;
  return ClockStatus::on_time;
}

}  // namespace

ClockA clock_a(const CaseState& s, LocalDate today, double warn_share, const Days& days) {
  ClockA a;
  if (s.stages.empty()) return a;
  const auto spans = grid_spans(s, days);
  const auto n = used(spans, today, days);
  a.used_wd = n.value_or(0);
  // While no span runs (the customer holds the case, or it has ended) the dates are those that would have bound it had the
  // last span gone on: the case is judged by them, and shown them only when it has ended.
  auto bound = spans;
  if (!bound.empty()) bound.back().until.reset();
  a.due_on = due(bound, s.target_wd, days);
  a.ceiling_on = due(bound, s.ceiling_wd, days);
  a.calendar_loaded = n.has_value() && !beyond_calendar(s, days);
  const StageRun* stage = s.stage();
  a.status = status_of(s, a, stage ? stage_due(*stage, days) : std::nullopt, judged_on(spans, today), warn_share);
  if (s.phase == Phase::with_customer || s.phase == Phase::awaiting_works) {
    // A date that moves with the customer's return, or with the end of the works, is no date.
    a.due_on = due(spans, s.target_wd, days);
    a.ceiling_on = due(spans, s.ceiling_wd, days);
  }
  return a;
}

ClockB clock_b(const CaseState& s, LocalDate today, const Days& days) {
  if (s.phase == Phase::none || s.phase == Phase::lead) return {0, 0};
  const LocalDate from = days.zone.date_of(s.opened_at);
  const LocalDate to = day_of(s.ended_at, days).value_or(today);
  return {days.calendar->between(from, to), static_cast<int>((to - from).count())};
}

ClockC clock_c(const CaseState& s, LocalDate today, const Days& days) {
  ClockC c;
  if (s.phase == Phase::lead) {
    c.who = ClockC::Who::grid;
    c.since = s.opened_at;
  } else if (s.phase == Phase::with_customer) {
    const Hold& hold = s.hold && !s.hold->until ? *s.hold : *s.stages[s.current].hold;
    c.who = ClockC::Who::customer;
    c.since = hold.from;
    c.reason = hold.reason;
  } else if (s.phase == Phase::awaiting_works) {
    c.who = ClockC::Who::grid;
    c.since = s.whitelist->entered_at;
  } else if (s.phase == Phase::running) {
    const StageRun& run = s.stages[s.current];
    c.who = ClockC::Who::grid;
    c.since = run.hold && run.hold->until ? run.hold->until : run.started_at;
  } else {
    c.since = s.ended_at;
    return c;
  }
  c.working_days = days.calendar->between(days.zone.date_of(*c.since), today);
  return c;
}

std::optional<LocalDate> binding_due(const CaseState& s, const Days& days) {
  if (s.phase != Phase::running) return {};
  const auto stage = stage_due(s.stages[s.current], days);
  const auto total = due(grid_spans(s, days), s.target_wd, days);
  if (stage && total) return std::min(*stage, *total);
  return stage ? stage : total;
}

bool beyond_calendar(const CaseState& s, const Days& days) {
  if (s.phase != Phase::running) return false;
  return !due(stage_spans(s.stages[s.current], days), s.stages[s.current].limit_wd, days) ||
         !due(grid_spans(s, days), s.target_wd, days) || !due(grid_spans(s, days), s.ceiling_wd, days);
}

}  // namespace tongdian::connection
