#include <algorithm>

#include "base/time_text.hpp"
#include "connection/case_state.hpp"
#include "connection/events.hpp"

namespace tongdian::connection {
namespace {

std::string text(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

std::vector<std::string> texts(const json::Object& o, std::string_view key) {
  std::vector<std::string> out;
  if (const auto* v = o.if_contains(key); v && v->is_array())
    for (const auto& each : v->get_array()) out.emplace_back(each.get_string());
  return out;
}

int number(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_int64() ? static_cast<int>(v->get_int64()) : 0;
}

void open(CaseState& s, const json::Object& opening, const engine::Event& event) {
  s.number = text(opening, "number");
  s.area = text(opening, "area");
  s.township = text(opening, "township");
  s.enterprise = text(opening, "enterprise");
  s.duplicates = texts(opening, "duplicates");
  s.held = texts(opening, "held");
  if (const auto* facts = opening.if_contains("facts"))
    if (auto read = json::read<policy::Facts>(*facts)) s.facts = *std::move(read);
  s.channel = event.channel;
  s.opened_at = event.recorded_at;
}

void decide_stages(CaseState& s, const json::Object& decision) {
  s.decision = decision;
  s.klass = text(decision, "class");
  s.target_wd = number(decision, "target_wd");
  s.ceiling_wd = number(decision, "ceiling_wd");
  s.stages.clear();
  for (const auto& each : decision.at("stages").as_array()) {
    StageRun run;
    run.id = text(each.get_object(), "id");
    run.limit_wd = number(each.get_object(), "limit_wd");
    s.stages.push_back(std::move(run));
  }
}

void add_documents(CaseState& s, const json::Object& payload) {
  for (auto& d : texts(payload, "documents"))
    if (std::ranges::find(s.have, d) == s.have.end()) s.have.push_back(std::move(d));
}

/// The next stage starts at once, or when the customer gives the case back.
void begin_stage(CaseState& s, const json::Object& payload, Instant at) {
  const std::string reason = text(payload, "hand_over");
  if (!reason.empty()) {
    s.phase = Phase::with_customer;
    s.hold = Hold{at, {}, reason};
  } else {
    s.phase = Phase::running;
    if (s.current < s.stages.size()) s.stages[s.current].started_at = at;
  }
}

/// A proposal that nobody confirmed is gone with the stage in which it was made, and an entry with its case.
void drop_entry(CaseState& s, Instant at) {
  using Stand = WhitelistEntry::Stand;
  if (s.whitelist_is(Stand::proposed) || s.whitelist_is(Stand::under_way)) s.whitelist->withdrawn_at = at;
}

GridWork work_of(const json::Object& payload) {
  const auto& w = payload.at("work").get_object();
  const auto day = parse_date(text(w, "expected_on"));
  return {text(w, "id"), text(w, "limit"), text(w, "cure"), text(w, "what"), text(w, "responsible"), day, day, {}};
}

/// What a case's way through the whitelist makes of it (三(三)1): the stage ends with the entry, the next one begins when the
/// works are done. An entry by mistake leaves the stage as if it had never ended: the days are the grid side's.
void through_whitelist(CaseState& s, const engine::Event& e, const json::Object& p) {
  namespace ev = events;
  if (e.type == ev::whitelist_proposed) {
    s.whitelist = WhitelistEntry{
        text(p, "kind"),    text(p, "connection_point"), {}, {work_of(p)}, e.actor, e.recorded_at, {}, {}, {},
        p.contains("draft")};
    return;
  }
  if (!s.whitelist) return;
  auto& entry = *s.whitelist;
  if (e.type == ev::whitelist_work_added) {
    entry.works.push_back(work_of(p));
  } else if (e.type == ev::whitelisted) {
    entry.entered_at = e.recorded_at;
    s.stages[s.current].ended_at = e.recorded_at;
    ++s.current;
    s.phase = Phase::awaiting_works;
  } else if (e.type == ev::whitelist_withdrawn) {
    if (entry.entered_at) {
      --s.current;
      s.stages[s.current].ended_at.reset();
      s.phase = Phase::running;
    }
    entry.withdrawn_at = e.recorded_at;
    entry.reason = text(p, "reason");
  } else if (e.type == ev::works_rescheduled) {
    for (auto& each : entry.works)
      if (each.id == text(p, "work")) each.expected_on = parse_date(text(p, "expected_on"));
  } else if (e.type == ev::works_completed) {
    const auto done = texts(p, "works");
    for (auto& each : entry.works)
      if (std::ranges::find(done, each.id) != done.end()) each.completed_at = e.recorded_at;
    if (!std::ranges::all_of(entry.works, [](const auto& each) { return each.completed_at.has_value(); })) return;
    entry.completed_at = e.recorded_at;
    begin_stage(s, p, e.recorded_at);
  }
}

/// Points that the plan's draft names are promised to the case.
void promise_points(CaseState& s, const json::Object& payload) {
  const auto* draft = payload.if_contains("draft");
  const auto* chosen = draft && draft->is_object() ? draft->get_object().if_contains("chosen") : nullptr;
  if (!chosen) return;
  const double kw = draft->at("inputs").at("question").at("kw").to_number<double>();
  s.supply_points.clear();
  for (const auto& node : chosen->as_array()) s.supply_points.push_back({std::string(node.as_string()), kw});
}

/// The running stage ends, and what was proposed within it.
void end_stage(CaseState& s, const json::Object& payload, Instant at) {
  drop_entry(s, at);
  s.stages[s.current].ended_at = at;
  ++s.current;
  begin_stage(s, payload, at);
}

/// A cover leaves the role to whom it belongs; anything else passes it on.
void change_team(CaseState& s, const json::Object& p) {
  const std::string role = text(p, "role");
  auto member = std::ranges::find(s.team, role, &Member::role);
  if (member == s.team.end()) member = s.team.insert(s.team.end(), Member{role, {}, {}, {}});
  if (const auto until = parse_date(text(p, "until"))) {
    member->cover = text(p, "account");
    member->cover_until = *until;
  } else {
    *member = Member{role, text(p, "account"), {}, {}};
  }
}

void escalate(CaseState& s, const json::Object& p, Instant at) {
  s.alarms.push_back("escalated:" + std::to_string(number(p, "level")));
  const auto answer_by = parse_date(text(p, "answer_by"));
  if (!answer_by || s.ordered_at) return;
  s.ordered_at = at;
  s.answer_by = *answer_by;
}

void close(CaseState& s, Phase phase, Instant at) {
  s.phase = phase;
  s.ended_at = at;
  drop_entry(s, at);
  if (s.hold && !s.hold->until) s.hold->until = at;
}

}  // namespace

void evolve(CaseState& s, const engine::Event& e) {
  namespace ev = events;
  const json::Object& p = e.payload.get_object();
  const auto at = e.recorded_at;
  if (e.type == ev::lead_recorded) {
    open(s, p.at("opening").as_object(), e);
    s.phase = Phase::lead;
    s.project_code = text(p, "project_code");
    s.lead_arrived_at = parse_instant(text(p, "arrived_at"));
  } else if (e.type == ev::submitted) {
    if (s.phase == Phase::none) open(s, p.at("opening").as_object(), e);
    s.opened_at = at;
    decide_stages(s, p.at("decision").as_object());
    s.phase = Phase::running;
    s.stages.front().started_at = at;
  } else if (e.type == ev::documents_asked) {
    s.asked = texts(p, "documents");
    // A file of it may have come before; it was none that the clerk could work with.
    std::erase_if(s.have, [&](const std::string& id) { return std::ranges::find(s.asked, id) != s.asked.end(); });
    s.asked_at = at;
    s.phase = Phase::with_customer;
    s.stages[s.current].hold = Hold{at, {}, "documents"};
  } else if (e.type == ev::supplemented) {
    add_documents(s, p);
    s.phase = Phase::running;
    s.stages[s.current].hold->until = at;
  } else if (e.type == ev::accepted || e.type == ev::plan_replied || e.type == ev::design_reviewed ||
             e.type == ev::midway_inspected) {
    promise_points(s, p);
    end_stage(s, p, at);
  } else if (e.type == ev::taken_back) {
    add_documents(s, p);
    s.phase = Phase::running;
    s.hold->until = at;
    s.stages[s.current].started_at = at;
  } else if (e.type == ev::energised) {
    s.stages[s.current].ended_at = at;
    close(s, Phase::energised, at);
  } else if (e.type == ev::rated) {
    s.score = number(p, "score");
    s.rated_at = at;
    s.phase = Phase::closed;
  } else if (e.type == ev::withdrawn) {
    close(s, Phase::withdrawn, at);
  } else if (e.type == ev::file_attached) {
    s.papers.push_back({text(p, "document"), text(p, "file"), text(p, "type"), p.at("size").to_number<std::int64_t>(),
                        text(p, "digest"), at});
    if (std::ranges::find(s.have, s.papers.back().document) == s.have.end()) s.have.push_back(s.papers.back().document);
  } else if (e.type == ev::person_erased) {
    s.erased_at = at;
  } else if (e.type == ev::warned || e.type == ev::overdue) {
    s.alarms.push_back(e.type.substr(5) + ":" + text(p, "scope"));
  } else if (e.type == ev::breached) {
    s.alarms.emplace_back("breached");
  } else if (e.type == ev::escalated) {
    escalate(s, p, at);
  } else if (e.type == ev::order_answered) {
    s.answered_at = at;
  } else if (e.type == ev::order_unanswered) {
    s.alarms.emplace_back("unanswered");
  } else if (e.type == ev::charged) {
    s.charges.push_back({std::to_string(s.charges.size() + 1), text(p, "item"), e.actor.id,
                         p.at("fen").to_number<std::int64_t>(),
                         e.version < 2 ? Charge::Stand::confirmed : Charge::Stand::noted});
  } else if (e.type == ev::charge_confirmed || e.type == ev::charge_dropped) {
    if (const auto charge = std::ranges::find(s.charges, text(p, "charge"), &Charge::id); charge != s.charges.end())
      charge->stand = e.type == ev::charge_confirmed ? Charge::Stand::confirmed : Charge::Stand::dropped;
  } else if (e.type == ev::team_changed) {
    change_team(s, p);
  } else {
    through_whitelist(s, e, p);
  }
}

}  // namespace tongdian::connection
