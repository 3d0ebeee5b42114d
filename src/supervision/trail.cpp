#include "supervision/trail.hpp"

#include <algorithm>

#include "connection/events.hpp"

namespace tongdian::supervision {
namespace {

namespace ev = connection::events;

std::string_view text(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_string() ? std::string_view(v->get_string()) : std::string_view();
}

const json::Object* object(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_object() ? &v->get_object() : nullptr;
}

int number(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_int64() ? static_cast<int>(v->get_int64()) : 0;
}

bool flag(const json::Object& o, std::string_view key, bool otherwise) {
  const auto* v = o.if_contains(key);
  return v && v->is_bool() ? v->get_bool() : otherwise;
}

void open(Trail& t, const json::Object& payload, const journal::Event& e, Names& names) {
  const auto* opening = object(payload, "opening");
  if (!opening) return;
  t.number = text(*opening, "number");
  t.area = names.of(text(*opening, "area"));
  t.enterprise = names.of(text(*opening, "enterprise"));
  t.channel = names.of(e.channel);
  t.first = e.position;
  if (const auto* facts = object(*opening, "facts")) {
    t.supply_kind = names.of(text(*facts, "supply_kind"));
    t.works = flag(*facts, "works_needed", false);
  }
}

void decide(Trail& t, const json::Object& payload, Instant at, Names& names) {
  const auto* decision = object(payload, "decision");
  if (!decision) return;
  t.decided = true;
  t.opened_at = at;
  t.klass = names.of(text(*decision, "class"));
  t.target_wd = number(*decision, "target_wd");
  t.ceiling_wd = number(*decision, "ceiling_wd");
  t.counts_in_longest = flag(*decision, "counts_in_longest_time", true);
  t.stages.clear();
  if (const auto* stages = decision->if_contains("stages"); stages && stages->is_array())
    for (const auto& each : stages->get_array())
      if (each.is_object()) {
        StageTrail stage;
        stage.id = names.of(text(each.get_object(), "id"));
        stage.limit_wd = number(each.get_object(), "limit_wd");
        t.stages.push_back(stage);
      }
  if (!t.stages.empty()) t.stages.front().started_at = at;
}

/// The position of the stage that an event of this type ends, in the trail; -1 where the type ends none.
int stage_ended_by(const Trail& t, std::string_view type, Names& names) {
  std::string_view id;
  if (type == ev::accepted) id = "acceptance";
  if (type == ev::plan_replied) id = "plan_reply";
  if (type == ev::design_reviewed) id = "design_review";
  if (type == ev::midway_inspected) id = "mid_inspection";
  if (type == ev::energised) id = "energisation";
  if (id.empty()) return -1;
  const auto found = std::ranges::find(t.stages, names.of(id), &StageTrail::id);
  return found == t.stages.end() ? -1 : static_cast<int>(found - t.stages.begin());
}

void end_stage(Trail& t, int index, const journal::Event& e, Moved& moved, Names& names) {
  auto& stage = t.stages[static_cast<std::size_t>(index)];
  stage.ended_at = e.recorded_at;
  stage.ended_by = names.of(e.actor.id);
  if (e.actor.kind == "staff" && !t.manager_assigned) t.manager = stage.ended_by;
  moved.ended = index;
  moved.handed_over = !text(e.payload.get_object(), "hand_over").empty();
  t.current = static_cast<std::size_t>(index) + 1;
  if (!moved.handed_over && t.current < t.stages.size()) t.stages[t.current].started_at = e.recorded_at;
  if (e.type == ev::accepted) t.accepted_at = e.recorded_at;
  if (e.type == ev::plan_replied) t.plan_at = e.recorded_at;
  if (e.type == ev::energised) {
    t.ended_at = e.recorded_at;
    moved.finished = true;
  }
}

void note_step(Trail& t, const journal::Event& e, Names& names) {
  t.steps[t.step_count % t.steps.size()] = {e.position, e.recorded_at, names.of(e.actor.id)};
  ++t.step_count;
}

}  // namespace

Moved take(Trail& t, const journal::Event& e, Names& names) {
  Moved moved;
  if (!e.payload.is_object()) return moved;
  const auto& p = e.payload.get_object();
  const bool running = t.current < t.stages.size();
  if (e.type == ev::lead_recorded) {
    open(t, p, e, names);
  } else if (e.type == ev::submitted) {
    open(t, p, e, names);
    decide(t, p, e.recorded_at, names);
    moved.opened = t.decided;
  } else if (e.type == ev::documents_asked) {
    t.asked = moved.asked = true;
    if (running) t.stages[t.current].hold_from = e.recorded_at;
  } else if (e.type == ev::supplemented) {
    if (running) t.stages[t.current].hold_until = e.recorded_at;
  } else if (e.type == ev::taken_back) {
    if (running) t.stages[t.current].started_at = e.recorded_at;
  } else if (e.type == ev::whitelist_proposed) {
    t.works_left = 1;
  } else if (e.type == ev::whitelist_work_added) {
    ++t.works_left;
  } else if (e.type == ev::whitelisted) {
    // The works are in no stage (A11): the next one starts when the last of them is done.
    if (running) end_stage(t, static_cast<int>(t.current), e, moved, names);
    if (t.current < t.stages.size()) t.stages[t.current].started_at.reset();
    t.awaiting_works = true;
  } else if (e.type == ev::whitelist_withdrawn) {
    // By mistake: the stage runs as if it had never ended.
    if (t.awaiting_works && t.current > 0) t.stages[--t.current].ended_at.reset();
    t.awaiting_works = false;
  } else if (e.type == ev::works_completed) {
    const auto* done = p.if_contains("works");
    t.works_left -= done && done->is_array() ? std::min<std::size_t>(done->get_array().size(), t.works_left) : 0;
    const bool all = t.works_left == 0 && t.awaiting_works;
    if (all) t.awaiting_works = false;
    if (all && running && text(p, "hand_over").empty()) t.stages[t.current].started_at = e.recorded_at;
  } else if (e.type == ev::withdrawn) {
    t.ended_at = e.recorded_at;
    t.withdrawn = moved.withdrawn = true;
  } else if (e.type == ev::team_changed && text(p, "role") == "customer_manager" && text(p, "until").empty()) {
    t.manager = names.of(text(p, "account"));
    t.manager_assigned = true;
  } else if (const int ended = stage_ended_by(t, e.type, names); ended >= 0) {
    end_stage(t, ended, e, moved, names);
  }
  moved.by_staff = e.actor.kind == "staff" && e.type != ev::request_refused;
  if (moved.by_staff) note_step(t, e, names);
  return moved;
}

std::optional<int> used_wd(const StageTrail& s, LocalDate today, const Days& days) {
  if (!s.started_at) return 0;
  const auto day = [&](Instant t) { return days.zone.date_of(t); };
  const auto until = std::min(s.ended_at ? day(*s.ended_at) : today, today);
  const auto all = days.calendar->between(day(*s.started_at), until);
  if (!all || !s.hold_from) return all;
  const auto back = std::min(s.hold_until ? day(*s.hold_until) : until, until);
  const auto held = days.calendar->between(day(*s.hold_from), back);
  return held ? std::optional(*all - *held) : std::nullopt;
}

std::optional<int> used_wd(const Trail& t, LocalDate today, const Days& days) {
  int sum = 0;
  for (const auto& stage : t.stages) {
    const auto n = used_wd(stage, today, days);
    if (!n) return {};
    sum += *n;
  }
  return sum;
}

}  // namespace tongdian::supervision
