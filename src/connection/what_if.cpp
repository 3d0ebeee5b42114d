#include "connection/what_if.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "connection/actions.hpp"
#include "connection/events.hpp"

namespace tongdian::connection {
namespace {

std::string text(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

std::string day(const std::optional<LocalDate>& d) { return d ? format_date(*d) : std::string(); }

std::string cost(const json::Object& decision) {
  const auto& fen = decision.at("investment").at("user_cost_fen");
  return fen.is_int64() ? std::to_string(fen.get_int64()) : "by_works";
}

std::string joined(std::string out, std::string_view word) {
  if (!out.empty()) out += ' ';
  return out += word;
}

std::string stage_words(const json::Object& decision) {
  std::string out;
  for (const auto& s : decision.at("stages").as_array())
    out =
        joined(std::move(out), std::string(s.at("id").as_string()) + " " + std::to_string(s.at("limit_wd").as_int64()));
  return out;
}

std::string stage_words(const policy::Decision& decision) {
  std::string out;
  for (const auto& s : decision.stages)
    out = joined(std::move(out), std::string(s.id) + " " + std::to_string(s.limit_wd));
  return out;
}

/// In the order of their names: canonical JSON has the stages so, a fresh decision has them in the order of the plan.
std::string in_order(std::vector<std::string> words) {
  std::ranges::sort(words);
  std::string out;
  for (const auto& word : words) out = joined(std::move(out), word);
  return out;
}

std::string document_words(const json::Object& decision) {
  std::vector<std::string> out;
  for (const auto& [stage, ids] : decision.at("documents").as_object())
    for (const auto& id : ids.as_array()) out.emplace_back(id.as_string());
  return in_order(std::move(out));
}

std::string document_words(const policy::Decision& decision) {
  std::vector<std::string> out;
  for (const auto& stage : decision.documents)
    for (const auto id : stage.documents) out.emplace_back(id);
  return in_order(std::move(out));
}

/// How late the case is under these limits, given when things happened: its end, or today.
Outcome outcome(const CaseState& s, const std::vector<policy::StageLimit>& limits, int target, int ceiling,
                LocalDate today, const Days& days) {
  auto spans = grid_spans(s, days);
  if (spans.empty()) return Outcome::on_time;
  const LocalDate judged = std::min(spans.back().until.value_or(today), today);
  spans.back().until.reset();
  const auto past = [&](const std::optional<LocalDate>& limit, LocalDate on) { return limit && on > *limit; };
  if (past(due(spans, ceiling, days), judged)) return Outcome::beyond_ceiling;
  if (past(due(spans, target, days), judged)) return Outcome::late;
  for (const auto& run : s.stages) {
    const auto limit = std::ranges::find(limits, run.id, &policy::StageLimit::id);
    if (!run.started_at || limit == limits.end() || limit->limit_wd == 0) continue;
    auto of_stage = stage_spans(run, days);
    const LocalDate until = std::min(of_stage.back().until.value_or(judged), today);
    of_stage.back().until.reset();
    if (past(due(of_stage, limit->limit_wd, days), until)) return Outcome::late;
  }
  return Outcome::on_time;
}

}  // namespace

WhatIf::WhatIf(const policy::Pack& pack, Days now, Days then, std::function<bool(const CaseState&)> wanted)
    : pack_(pack), now_(now), then_(then), wanted_(std::move(wanted)) {}

void WhatIf::note(WhatIfReport::Case& out, std::string_view field, std::string before, std::string after) {
  if (before != after) out.changes.push_back({field, std::move(before), std::move(after)});
}

void WhatIf::compare(WhatIfReport::Case& out, const CaseState& s, const json::Object& before) {
  const auto opened = now_.zone.date_of(s.opened_at);
  note(out, "class", text(before, "class"), std::string(decision_.klass));
  note(out, "programme", text(before, "programme"), std::string(decision_.programme));
  note(out, "voltage", text(before, "voltage"), std::string(decision_.voltage));
  note(out, "permit", text(before, "permit"), std::string(decision_.permit));
  note(out, "boundary", text(before.at("investment").as_object(), "boundary"), std::string(decision_.boundary));
  note(out, "user_cost_fen", cost(before),
       decision_.user_cost_fen ? std::to_string(*decision_.user_cost_fen) : "by_works");
  note(out, "stages", stage_words(before), stage_words(decision_));
  note(out, "documents", document_words(before), document_words(decision_));
  // Of a case from before a calendar was loaded the event has no date; it has one now.
  const auto due_before = now_.calendar->add(opened, s.target_wd);
  note(out, "due_on", day(due_before), day(decision_.due_on));
  note(out, "ceiling_on", day(now_.calendar->add(opened, s.ceiling_wd)), day(decision_.ceiling_on));
  if (due_before && decision_.due_on)
    report_.working_days += then_.calendar->between(*due_before, *decision_.due_on).value_or(0) -
                            then_.calendar->between(*decision_.due_on, *due_before).value_or(0);
}

void WhatIf::decide(Open& open, const json::Object& before) {
  const CaseState& s = open.state;
  open.wanted = !wanted_ || wanted_(s);
  if (!open.wanted) return;
  ++report_.cases;
  open.decided = true;
  open.place = all_.size();
  auto& out = all_.emplace_back(WhatIfReport::Case{s.number, s.area, s.klass, {}});
  policy::Facts facts = s.facts;
  facts.applied_at = format_instant(s.opened_at, now_.zone);
  if (const auto problem = pack_.decide(facts, *then_.calendar, decision_)) {
    note(out, "refusal", "", problem->code);
    for (const auto& run : s.stages) open.after.stages.push_back({run.id, run.limit_wd});
    open.after.target_wd = s.target_wd;
    open.after.ceiling_wd = s.ceiling_wd;
    open.may_ask = documents_of(s, "acceptance");
    return;
  }
  open.after = {decision_.stages, decision_.target_wd, decision_.ceiling_wd};
  for (const auto& stage : decision_.documents)
    if (stage.stage == "acceptance")
      for (const auto id : stage.documents) open.may_ask.emplace_back(id);
  compare(out, s, before);
}

/// What a past step would have met: a document that is no longer on the list, a reason that is not.
void WhatIf::refuse(const Open& open, const engine::Event& e) {
  const auto& payload = e.payload.get_object();
  if (e.type == events::documents_asked) {
    for (const auto& id : payload.at("documents").as_array())
      if (std::ranges::find(open.may_ask, std::string(id.as_string())) == open.may_ask.end())
        note(all_[open.place], "refusal", "", "connection.document_not_on_list");
    return;
  }
  const std::string reason = text(payload, "hand_over");
  if (reason.empty()) return;
  const auto& s = open.state;
  const std::string after = s.stages[s.current - 1].id;
  const std::string next = s.current < s.stages.size() ? s.stages[s.current].id : std::string();
  const bool listed = std::ranges::any_of(pack_.hand_overs(), [&](const policy::HandOver& h) {
    return h.reason == reason && h.after == after && std::ranges::find(h.before, next) != h.before.end();
  });
  if (!listed) note(all_[open.place], "refusal", "", "connection.hand_over_not_listed");
}

void WhatIf::settle(const Open& open) {
  const CaseState& s = open.state;
  std::vector<policy::StageLimit> limits;
  for (const auto& run : s.stages) limits.push_back({run.id, run.limit_wd});
  const auto before = outcome(s, limits, s.target_wd, s.ceiling_wd, today_, now_);
  const auto after = outcome(s, open.after.stages, open.after.target_wd, open.after.ceiling_wd, today_, then_);
  ++report_.outcomes_before[static_cast<std::size_t>(before)];
  ++report_.outcomes_after[static_cast<std::size_t>(after)];
  note(all_[open.place], "outcome", std::string(name_of(before)), std::string(name_of(after)));
}

void WhatIf::take(const engine::Event& e) {
  ++report_.events;
  today_ = std::max(today_, now_.zone.date_of(e.recorded_at));
  if (!e.type.starts_with("case.")) return;
  Open& open = open_[e.stream];
  if (!open.wanted) return;
  // A rating comes after the end, when the case is settled and gone.
  if (e.type == events::rated) {
    open_.erase(e.stream);
    return;
  }
  evolve(open.state, e);
  if (e.type == events::submitted) {
    decide(open, e.payload.at("decision").as_object());
    // From here on only times are needed; of a hundred thousand cases the rest would fill the memory.
    open.state.decision = {};
    open.state.facts = {};
  }
  if (!open.decided) return;
  refuse(open, e);
  if (open.state.phase == Phase::energised || open.state.phase == Phase::withdrawn) {
    settle(open);
    open_.erase(e.stream);
  }
}

void WhatIf::sum_up() {
  for (auto& each : all_) {
    if (each.changes.empty()) continue;
    for (const auto& c : each.changes) {
      if (c.field != "due_on" && c.field != "ceiling_on")
        ++report_.sums[{std::string(c.field), c.before, c.after}];
      else if (c.before.empty() || c.after.empty())
        ++report_.sums[{std::string(c.field), c.before.empty() ? "none" : "date", c.after.empty() ? "none" : "date"}];
      else
        ++report_.sums[{std::string(c.field), "", c.after > c.before ? "later" : "earlier"}];
    }
    report_.changed.push_back(std::move(each));
  }
}

WhatIfReport WhatIf::finish() {
  for (const auto& [stream, open] : open_)
    if (open.decided) settle(open);
  sum_up();
  return std::move(report_);
}

json::Object to_json(const WhatIfReport& report, std::size_t most_cases) {
  const auto by_outcome = [](const std::array<std::uint64_t, 3>& counts) {
    json::Object out;
    for (std::size_t i = 0; i < counts.size(); ++i) out.emplace(EnumNames<Outcome>::values[i], counts[i]);
    return out;
  };
  json::Array sums, cases;
  for (const auto& [key, count] : report.sums)
    sums.push_back(json::Object{{"field", key[0]}, {"before", key[1]}, {"after", key[2]}, {"cases", count}});
  for (const auto& each : report.changed) {
    if (cases.size() == most_cases) break;
    json::Array changes;
    for (const auto& c : each.changes)
      changes.push_back(json::Object{{"field", c.field}, {"before", c.before}, {"after", c.after}});
    cases.push_back(json::Object{
        {"number", each.number}, {"area", each.area}, {"class", each.klass}, {"changes", std::move(changes)}});
  }
  return {{"cases", report.cases},
          {"events", report.events},
          {"changed", static_cast<std::int64_t>(report.changed.size())},
          {"sums", std::move(sums)},
          {"working_days", report.working_days},
          {"outcomes",
           json::Object{{"before", by_outcome(report.outcomes_before)}, {"after", by_outcome(report.outcomes_after)}}},
          {"changes", std::move(cases)}};
}

}  // namespace tongdian::connection
