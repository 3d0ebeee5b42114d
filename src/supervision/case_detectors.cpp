#include "supervision/case_detectors.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "connection/events.hpp"

namespace tongdian::supervision {
namespace {

namespace ev = connection::events;

double hours_between(Instant from, Instant to) {
  return std::chrono::duration<double, std::ratio<3600>>(to - from).count();
}

std::string_view text(const json::Value& payload, std::string_view key) {
  const auto* v = payload.is_object() ? payload.get_object().if_contains(key) : nullptr;
  return v && v->is_string() ? std::string_view(v->get_string()) : std::string_view();
}

std::string one_decimal(double value) {
  const auto tenths = static_cast<std::int64_t>(value * 10 + (value < 0 ? -0.5 : 0.5));
  return std::to_string(tenths / 10) + "." + std::to_string(std::abs(tenths % 10));
}

}  // namespace

std::optional<bool> on_last_day(const StageTrail& stage, LocalDate day, int min_limit_wd, const Days& days) {
  if (stage.limit_wd < min_limit_wd) return {};
  const auto used = used_wd(stage, day, days);
  if (!used) return {};
  return *used == stage.limit_wd;
}

CaseDetectors::CaseDetectors(const policy::Pack& pack, Names& names, Findings& findings)
    : pack_(pack),
      names_(names),
      findings_(findings),
      recorded_late_(pack.detector("recorded_late")),
      burst_(pack.detector("burst")),
      works_(pack.detector("works_before_acceptance")),
      contract_(pack.detector("contract_before_plan")),
      reopened_(pack.detector("stage_reopened")),
      last_day_(pack.detector("last_day_hand_over")),
      too_short_(pack.detector("too_short")),
      night_(pack.detector("at_night")),
      document_(pack.detector("document_beyond_list")),
      charge_(pack.detector("charge_without_item")) {}

Finding& CaseDetectors::raise(const policy::Detector& detector, const Seen& s, std::string value) {
  Finding& f = findings_.raise(detector.id, s.trail.number);
  f.number = s.trail.number;
  f.area = s.trail.area;
  f.enterprise = s.trail.enterprise;
  f.at = s.event.recorded_at;
  if (f.subject.empty() && s.event.actor.kind == "staff") f.subject = s.event.actor.id;
  Findings::add(f, {s.event.position, std::move(value)});
  return f;
}

void CaseDetectors::recorded_late(const Seen& s) {
  if (!s.event.occurred_at) return;
  const double hours = hours_between(*s.event.occurred_at, s.event.recorded_at);
  if (hours <= recorded_late_->limit("hours")) return;
  auto& f = raise(*recorded_late_, s, std::string(s.event.type) + " hours=" + one_decimal(hours));
  if (hours > recorded_late_->limit("strong_hours")) f.strength = Strength::strong;
}

/// Steps of one person within the window that ends now; the same heap is one finding, whatever its size becomes.
void CaseDetectors::burst(const Seen& s) {
  if (!s.moved.by_staff) return;
  const Name actor = names_.of(s.event.actor.id);
  const auto window = std::chrono::minutes(static_cast<int>(burst_->limit("minutes")));
  std::size_t steps = 0;
  for (std::size_t i = 0; i < std::min(s.trail.step_count, s.trail.steps.size()); ++i)
    steps += s.trail.steps[i].actor == actor && s.event.recorded_at - s.trail.steps[i].at <= window;
  if (static_cast<double>(steps) < burst_->limit("steps")) return;
  auto& f = raise(*burst_, s, "steps=" + std::to_string(steps));
  if (static_cast<double>(steps) >= burst_->limit("strong_steps")) f.strength = Strength::strong;
}

void CaseDetectors::before(const Seen& s, const policy::Detector& d, std::optional<Instant> bound, Instant taken,
                           std::string_view what) {
  // What should come first has not come at all: the evidence is before it by at least the time until now.
  const double hours = hours_between(taken, bound.value_or(s.event.recorded_at));
  if (hours <= d.limit("tolerance_hours")) return;
  auto& f = raise(d, s, std::string(what) + " hours_before=" + one_decimal(hours));
  if (hours > d.limit("strong_hours")) f.strength = Strength::strong;
}

void CaseDetectors::evidence_of_time(const Seen& s) {
  const auto taken = parse_instant(text(s.event.payload, "taken_at"));
  if (!taken) return;
  const auto kind = text(s.event.payload, "kind");
  const auto planned = std::ranges::any_of(
      s.trail.stages, [&](const StageTrail& stage) { return names_.text(stage.id) == "plan_reply"; });
  // A class without a plan stage has its plan with the acceptance.
  if (kind == "contract") {
    if (contract_) before(s, *contract_, planned ? s.trail.plan_at : s.trail.accepted_at, *taken, kind);
  } else if (works_) {
    before(s, *works_, s.trail.accepted_at, *taken, kind);
  }
}

/// Inside tongdian the state machine prevents it; a journal that was filled from elsewhere may still show it.
void CaseDetectors::stage_reopened(const Seen& s) {
  if (s.moved.ended < 0) return;
  const auto ended = static_cast<std::size_t>(s.moved.ended);
  for (std::size_t later = ended + 1; later < s.trail.stages.size(); ++later)
    if (s.trail.stages[later].ended_at) {
      raise(*reopened_, s, names_.text(s.trail.stages[ended].id)).strength = Strength::strong;
      return;
    }
}

void CaseDetectors::last_day_hand_over(const Seen& s) {
  if (!s.moved.handed_over || s.moved.ended < 0) return;
  const auto& stage = s.trail.stages[static_cast<std::size_t>(s.moved.ended)];
  const int least = static_cast<int>(last_day_->limit("min_limit_wd"));
  const auto last = on_last_day(stage, s.days.zone.date_of(s.event.recorded_at), least, s.days);
  if (last.value_or(false)) raise(*last_day_, s, names_.text(stage.id) + " limit_wd=" + std::to_string(stage.limit_wd));
}

void CaseDetectors::too_short(const Seen& s) {
  if (s.moved.ended < 0) return;
  const auto& stage = s.trail.stages[static_cast<std::size_t>(s.moved.ended)];
  if (!stage.started_at || stage.limit_wd < static_cast<int>(too_short_->limit("min_limit_wd"))) return;
  const auto minutes = std::chrono::duration<double, std::ratio<60>>(*stage.ended_at - *stage.started_at).count();
  if (minutes >= too_short_->limit("minutes")) return;
  raise(*too_short_, s, names_.text(stage.id) + " minutes=" + one_decimal(minutes));
}

void CaseDetectors::at_night(const Seen& s) {
  if (!s.moved.by_staff) return;
  const auto of_day = s.event.recorded_at - s.days.zone.start_of(s.days.zone.date_of(s.event.recorded_at));
  const double hour = std::chrono::duration<double, std::ratio<3600>>(of_day).count();
  const double from = night_->limit("from_hour"), to = night_->limit("to_hour");
  const bool night = from <= to ? hour >= from && hour < to : hour >= from || hour < to;
  if (!night) return;
  auto& f = raise(*night_, s, std::string(s.event.type) + " hour=" + one_decimal(hour));
  if (static_cast<double>(f.evidence_count) >= night_->limit("strong_steps")) f.strength = Strength::strong;
}

void CaseDetectors::document_beyond_list(const Seen& s) {
  auto& f = raise(*document_, s, std::string(text(s.event.payload, "code")));
  if (f.subject.empty()) f.subject = s.event.actor.id;
  if (static_cast<double>(f.evidence_count) >= document_->limit("strong_times")) f.strength = Strength::strong;
}

void CaseDetectors::charge_without_item(const Seen& s) {
  const std::string item(text(s.event.payload, "item"));
  if (std::ranges::find(pack_.priced_services(), item) != pack_.priced_services().end()) return;
  const auto* fen = s.event.payload.get_object().if_contains("fen");
  const auto amount = fen && fen->is_int64() ? fen->get_int64() : 0;
  auto& f = raise(*charge_, s, item + " fen=" + std::to_string(amount));
  if (static_cast<double>(amount) >= charge_->limit("strong_fen")) f.strength = Strength::strong;
}

void CaseDetectors::see(const Seen& s) {
  if (!s.trail.decided) return;
  if (recorded_late_) recorded_late(s);
  if (burst_) burst(s);
  if (night_) at_night(s);
  if (reopened_) stage_reopened(s);
  if (last_day_) last_day_hand_over(s);
  if (too_short_) too_short(s);
  if (s.event.type == ev::evidence_recorded) evidence_of_time(s);
  if (document_ && s.event.type == ev::request_refused) document_beyond_list(s);
  if (charge_ && s.event.type == ev::charged) charge_without_item(s);
}

}  // namespace tongdian::supervision
