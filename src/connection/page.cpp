#include "connection/page.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "connection/events.hpp"
#include "connection/papers.hpp"
#include "connection/titles.hpp"
#include "connection/whitelist.hpp"
#include "policy/explain.hpp"

namespace tongdian::connection {
namespace {

using policy::to_json;

json::Value date_or_null(const std::optional<LocalDate>& d) {
  return d ? json::Value(format_date(*d)) : json::Value(nullptr);
}

class Page {
 public:
  Page(const Folded& folded, const PageContext& context)
      : s_(folded.state), events_(folded.events), c_(context), today_(context.days.zone.date_of(context.now)) {}

  json::Object common() const {
    json::Object out{{"number", s_.number},
                     {"sequence", events_.size()},
                     {"kind", s_.facts.new_installation ? "new" : "increase"},
                     {"class", text_or_null(s_.klass)},
                     {"programme", of_decision("programme")},
                     {"voltage", of_decision("voltage")},
                     {"customer", name_of(s_.facts.customer)},
                     {"requested_kw", s_.facts.requested_kw}};
    place(out, s_.area, s_.township, s_.enterprise, c_);
    out["channel"] = s_.channel;
    out["opened_at"] = instant(s_.opened_at);
    out["state"] = name_of(s_.phase);
    out["stage"] = s_.stage() ? json::Value(s_.stage()->id) : json::Value(nullptr);
    out["stages"] = stages();
    out["clocks"] = clocks();
    out["proof_url"] = "/api/v1/cases/" + s_.number + "/proof";
    return out;
  }

  static void place(json::Object& out, const std::string& area, const std::string& township,
                    const std::string& enterprise, const PageContext& c) {
    const auto found = std::ranges::find(c.pack.areas(), area, &policy::Area::code);
    const bool known = found != c.pack.areas().end();
    out["area"] = json::Object{{"code", area}, {"name", to_json(known ? found->name : Sentence{area, area})}};
    std::string name = township;
    if (known)
      if (const auto t = std::ranges::find(found->townships, township, &policy::Township::code);
          t != found->townships.end())
        name = t->name;
    out["township"] = json::Object{{"code", township}, {"name", name}};
    out["enterprise"] = json::Object{{"id", enterprise}, {"name", to_json(c.enterprise_name(enterprise))}};
  }

  json::Array documents() const {
    json::Array out;
    const std::string now_at = s_.stage() ? s_.stage()->id : std::string();
    for (const auto& run : s_.stages)
      for (const auto& id : documents_of(s_, run.id)) {
        const auto* d = c_.pack.document(id);
        if (!d) continue;
        const bool have = std::ranges::find(s_.have, id) != s_.have.end();
        const bool asked =
            std::ranges::find(s_.asked, id) != s_.asked.end() || (s_.phase == Phase::with_customer && run.id == now_at);
        out.push_back(json::Object{{"id", id},
                                   {"name", to_json(d->name)},
                                   {"stage", run.id},
                                   {"status", have                                             ? "have"
                                              : asked                                          ? "asked"
                                              : run.id == now_at && s_.phase == Phase::running ? "may_be_asked"
                                                                                               : "not_needed_now"},
                                   {"clause", d->clause}});
      }
    for (const auto& run : s_.stages)
      for (const auto& id : held_of(s_, run.id))
        if (const auto* d = c_.pack.document(id))
          out.push_back(json::Object{
              {"id", id}, {"name", to_json(d->name)}, {"stage", run.id}, {"status", "held"}, {"clause", d->clause}});
    return out;
  }

  /// What was handed in as files. The bytes are the vault's to give out.
  json::Array files() const {
    json::Array out;
    for (const auto& each : s_.papers) {
      const auto* d = c_.pack.document(each.document);
      out.push_back(json::Object{{"id", each.file},
                                 {"document", each.document},
                                 {"name", to_json(d ? d->name : Sentence{each.document, each.document})},
                                 {"type", each.type},
                                 {"size", each.size},
                                 {"digest", each.digest},
                                 {"at", instant(each.at)}});
    }
    return out;
  }

  /// Who has had the case when: each time that the customer held it, with who gave it and who took it back (A10, A44).
  json::Array hand_overs() const {
    json::Array out;
    for (const auto& e : events_) {
      const auto& p = e.payload.get_object();
      const auto* given = p.if_contains("hand_over");
      const bool notice = e.type == events::documents_asked;
      if (notice || (given && given->is_string() && !given->get_string().empty())) {
        const std::string reason = notice ? "documents" : std::string(given->get_string());
        out.push_back(json::Object{{"reason", reason},
                                   {"name", to_json(hand_over_name(reason, c_.pack))},
                                   {"from", instant(e.recorded_at)},
                                   {"given_by", who(e)},
                                   {"until", nullptr},
                                   {"taken_by", nullptr},
                                   {"working_days", days_between(e.recorded_at, c_.now)}});
      } else if ((e.type == events::taken_back || e.type == events::supplemented || e.type == events::withdrawn) &&
                 !out.empty() && out.back().at("until").is_null()) {
        auto& open = out.back().as_object();
        open["until"] = instant(e.recorded_at);
        open["taken_by"] = who(e);
        open["working_days"] = days_between(*parse_instant(open.at("from").as_string()), e.recorded_at);
      }
    }
    return out;
  }

  json::Array team() const {
    json::Array out;
    for (const auto& role : c_.pack.team().roles) {
      const auto m = std::ranges::find(s_.team, role.id, &Member::role);
      if (m == s_.team.end()) continue;
      const bool covered = m->cover_until && *m->cover_until >= today_;
      out.push_back(json::Object{{"role", role.id},
                                 {"name", to_json(role.name)},
                                 {"account", m->account},
                                 {"account_name", c_.staff_name(m->account)},
                                 {"cover_name", covered ? json::Value(c_.staff_name(m->cover)) : json::Value(nullptr)},
                                 {"cover_until", covered ? date_or_null(m->cover_until) : json::Value(nullptr)}});
    }
    return out;
  }

  /// What the customer was charged, and what became of each: it counts once another person has confirmed it (四眼原则).
  json::Array charges() const {
    json::Array out;
    const auto& priced = c_.pack.priced_services();
    for (const auto& e : events_) {
      const auto& p = e.payload.get_object();
      if (e.type == events::charged) {
        const std::string item(p.at("item").as_string());
        out.push_back(json::Object{{"id", std::to_string(out.size() + 1)},
                                   {"item", item},
                                   {"in_catalogue", std::ranges::find(priced, item) != priced.end()},
                                   {"fen", p.at("fen")},
                                   {"state", e.version < 2 ? "confirmed" : "noted"},
                                   {"account", e.actor.id},
                                   {"account_name", c_.staff_name(e.actor.id)},
                                   {"noted_at", instant(e.recorded_at)},
                                   {"settled_name", nullptr},
                                   {"settled_at", nullptr},
                                   {"reason", ""}});
      } else if (e.type == events::charge_confirmed || e.type == events::charge_dropped) {
        const auto found = std::ranges::find_if(out, [&](const auto& each) { return each.at("id") == p.at("charge"); });
        if (found == out.end()) continue;
        auto& charge = found->as_object();
        const bool dropped = e.type == events::charge_dropped;
        charge["state"] = dropped ? "dropped" : "confirmed";
        charge["settled_name"] = c_.staff_name(e.actor.id);
        charge["settled_at"] = instant(e.recorded_at);
        if (dropped) charge["reason"] = p.at("reason");
      }
    }
    return out;
  }

  json::Value whitelist() const {
    return s_.whitelist ? json::Value(whitelist_json(*s_.whitelist, c_, today_)) : json::Value(nullptr);
  }

  json::Value order() const {
    if (!s_.ordered_at) return nullptr;
    return json::Object{{"ordered_at", instant(*s_.ordered_at)},
                        {"answer_by", date_or_null(s_.answer_by)},
                        {"answered_at", s_.answered_at ? json::Value(instant(*s_.answered_at)) : json::Value(nullptr)},
                        {"overdue", !s_.answered_at && s_.open() && s_.answer_by && today_ > *s_.answer_by}};
  }

  json::Value asked() const {
    if (!s_.asked_at) return nullptr;
    json::Array items;
    std::string clause;
    for (const auto& id : s_.asked)
      if (const auto* d = c_.pack.document(id)) {
        items.push_back(json::Object{{"id", id}, {"name", to_json(d->name)}});
        clause = d->clause;
      }
    return json::Object{{"at", instant(*s_.asked_at)}, {"items", std::move(items)}, {"clause", clause}};
  }

  json::Array timeline() const {
    json::Array out;
    for (const auto& e : events_) {
      json::Array clauses;
      if (const auto* decision = e.payload.get_object().if_contains("decision"))
        clauses = decision->at("clauses").as_array();
      else
        for (const auto& id : c_.pack.citations(e.type)) clauses.emplace_back(id);
      out.push_back(
          json::Object{{"position", e.position},
                       {"type", e.type},
                       {"title", to_json(title_of(e, c_.pack))},
                       {"recorded_at", instant(e.recorded_at)},
                       {"occurred_at", e.occurred_at ? json::Value(instant(*e.occurred_at)) : json::Value(nullptr)},
                       {"actor", json::Object{{"kind", e.actor.kind}, {"name", actor_name(e.actor)}}},
                       {"channel", e.channel},
                       {"clauses", std::move(clauses)},
                       {"note", note_of(e)}});
    }
    return out;
  }

 private:
  std::string actor_name(const engine::Actor& actor) const {
    if (actor.kind == "staff") return c_.staff_name(actor.id);
    const bool other = actor.kind == "agent" || actor.kind == "program";
    return other && c_.other_name ? c_.other_name(actor.kind, actor.id) : std::string();
  }
  std::string instant(Instant t) const { return format_instant(t, c_.days.zone); }
  static json::Value text_or_null(const std::string& text) {
    return text.empty() ? json::Value(nullptr) : json::Value(text);
  }
  json::Value who(const engine::Event& e) const {
    return json::Object{{"kind", e.actor.kind},
                        {"name", e.actor.kind == "staff" ? c_.staff_name(e.actor.id) : std::string()}};
  }
  int days_between(Instant from, Instant to) const {
    return c_.days.calendar->between(c_.days.zone.date_of(from), c_.days.zone.date_of(to)).value_or(0);
  }
  json::Value of_decision(std::string_view key) const {
    const auto* v = s_.decision.if_contains(key);
    return v ? *v : json::Value(nullptr);
  }

  json::Array stages() const {
    json::Array out;
    for (std::size_t i = 0; i < s_.stages.size(); ++i) {
      const StageRun& run = s_.stages[i];
      const auto* stage = c_.pack.stage(run.id);
      const auto spans = stage_spans(run, c_.days);
      const int used_wd = used(spans, today_, c_.days).value_or(0);
      auto bound = spans;
      if (run.ended_at && !bound.empty()) bound.back().until.reset();
      const auto due_on = due(bound, run.limit_wd, c_.days);
      const LocalDate last = run.ended_at ? c_.days.zone.date_of(*run.ended_at) : today_;
      const char* status = run.ended_at ? "done" : run.started_at && s_.open() ? "running" : "waiting";
      out.push_back(
          json::Object{{"id", run.id},
                       {"name", to_json(stage ? stage->name : Sentence{run.id, run.id})},
                       {"limit_wd", run.limit_wd},
                       {"status", status},
                       {"started_at", run.started_at ? json::Value(instant(*run.started_at)) : json::Value(nullptr)},
                       {"ended_at", run.ended_at ? json::Value(instant(*run.ended_at)) : json::Value(nullptr)},
                       {"due_on", date_or_null(due_on)},
                       {"used_wd", used_wd},
                       {"late", due_on && (run.ended_at || s_.phase == Phase::running) ? last > *due_on : false}});
    }
    return out;
  }

  json::Object clocks() const {
    const ClockA a = clock_a(s_, today_, c_.pack.supervision().warn_share, c_.days);
    const ClockB b = clock_b(s_, today_, c_.days);
    const ClockC c = clock_c(s_, today_, c_.days);
    return {
        {"a", json::Object{{"used_wd", a.used_wd},
                           {"target_wd", s_.target_wd},
                           {"ceiling_wd", s_.ceiling_wd},
                           {"due_on", date_or_null(a.due_on)},
                           {"ceiling_on", date_or_null(a.ceiling_on)},
                           {"status", name_of(a.status)},
                           {"calendar_loaded", a.calendar_loaded}}},
        {"b", json::Object{{"working_days", b.working_days.value_or(0)}, {"calendar_days", b.calendar_days}}},
        {"c", json::Object{{"who", name_of(c.who)},
                           {"since", c.since ? json::Value(instant(*c.since)) : json::Value(nullptr)},
                           {"working_days", c.working_days.value_or(0)},
                           {"reason", c.reason.empty() ? json::Value(nullptr)
                                                       : json::Value(to_json(hand_over_name(c.reason, c_.pack)))}}}};
  }

  const CaseState& s_;
  const std::vector<engine::Event>& events_;
  const PageContext& c_;
  LocalDate today_;
};

/// Enough to recognise one's own, too little to open somebody else's: the number is what opens a case.
std::string masked_number(const std::string& number) {
  const auto dash = number.rfind('-');
  return number.substr(0, dash == std::string::npos ? 0 : dash + 1) + "*****";
}

std::string_view row_status(const CaseRow& row, LocalDate today) {
  if (row.holder == "customer") return "stopped";
  if (row.ceiling_on && today > *row.ceiling_on) return "breached";
  if (row.due_on && today > *row.due_on) return row.alarm == "breached" ? "breached" : "overdue";
  return row.alarm.empty() ? std::string_view("on_time") : std::string_view(row.alarm);
}

}  // namespace

json::Object whitelist_json(const WhitelistEntry& entry, const PageContext& c, LocalDate today) {
  const auto at = [&](const std::optional<Instant>& t) {
    return t ? json::Value(format_instant(*t, c.days.zone)) : json::Value(nullptr);
  };
  json::Array works;
  for (const auto& each : entry.works)
    works.push_back(json::Object{{"id", each.id},
                                 {"limit", each.limit},
                                 {"limit_name", to_json(works_limit_name(each.limit))},
                                 {"cure", each.cure},
                                 {"cure_name", to_json(works_cure_name(each.cure))},
                                 {"what", each.what},
                                 {"expected_on", date_or_null(each.expected_on)},
                                 {"first_expected_on", date_or_null(each.first_expected_on)},
                                 {"completed_at", at(each.completed_at)},
                                 {"overdue", entry.stand() == WhitelistEntry::Stand::under_way && !each.completed_at &&
                                                 each.expected_on && *each.expected_on < today},
                                 {"responsible", c.staff_name(each.responsible)}});
  const auto kind = std::ranges::find(c.pack.whitelist(), entry.kind, &policy::WhitelistKind::id);
  json::Value working_days;
  if (entry.entered_at) {
    const auto ended = works_ended_at(entry);
    if (const auto n = c.days.calendar->between(c.days.zone.date_of(*entry.entered_at),
                                                ended ? c.days.zone.date_of(*ended) : today))
      working_days = *n;
  }
  return {{"kind", entry.kind},
          {"kind_name", to_json(kind == c.pack.whitelist().end() ? Sentence{entry.kind, entry.kind} : kind->name)},
          {"state", name_of(entry.stand())},
          {"computed", entry.computed},
          {"connection_point", entry.connection_point},
          {"proposed_at", at(entry.proposed_at)},
          {"entered_at", at(entry.entered_at)},
          {"completed_at", at(entry.completed_at)},
          {"withdrawn_at", at(entry.withdrawn_at)},
          {"reason", entry.reason},
          {"expected_on", date_or_null(works_expected_on(entry))},
          {"overdue", works_overdue(entry, today)},
          {"working_days", working_days},
          {"works", std::move(works)},
          {"clauses", json::write(c.pack.citations(events::whitelisted))}};
}

json::Object register_row(const RegisterRow& row, const PageContext& context) {
  const LocalDate today = context.days.zone.date_of(context.now);
  json::Object out = whitelist_json(row.entry, context, today);
  out.emplace("number", row.of.number);
  out.emplace("case_state", row.of.phase);
  out.emplace("requested_kw", row.of.requested_kw);
  Page::place(out, row.of.area, row.of.township, row.of.enterprise, context);
  return out;
}

json::Object public_case(const Folded& folded, const PageContext& context) {
  json::Object out = Page(folded, context).common();
  json::Array duplicates;
  for (const auto& number : folded.state.duplicates) duplicates.emplace_back(masked_number(number));
  out["duplicates"] = std::move(duplicates);
  return out;
}

json::Object whole_case(const Folded& folded, const PageContext& context, Side side, bool may_act) {
  const CaseState& s = folded.state;
  const Page page(folded, context);
  json::Object out = side == Side::customer ? public_case(folded, context) : page.common();
  if (side != Side::customer) out["duplicates"] = json::write(s.duplicates);
  out["decision"] =
      s.decision.empty() ? json::Value(nullptr) : json::Value(policy::explained(context.pack, s.decision));
  out["documents"] = page.documents();
  out["asked"] = page.asked();
  out["files"] = page.files();
  out["papers_wanted"] = may_act ? json::write(papers_wanted(s)) : json::Value(json::Array{});
  out["timeline"] = page.timeline();
  out["hand_overs"] = page.hand_overs();
  out["team"] = page.team();
  out["order"] = page.order();
  out["charges"] = page.charges();
  out["whitelist"] = page.whitelist();
  out["actions"] = may_act ? available(s, side, context.pack) : json::Array{};
  out["rating"] = s.score ? json::Value(json::Object{{"score", *s.score},
                                                     {"recorded_at", format_instant(*s.rated_at, context.days.zone)}})
                          : json::Value(nullptr);
  return out;
}

json::Object inbox_row(const CaseRow& row, const PageContext& context, const std::string& masked_name) {
  const LocalDate today = context.days.zone.date_of(context.now);
  json::Value days_left;
  if (row.due_on) {
    const auto ahead = context.days.calendar->between(today, *row.due_on);
    const auto past = context.days.calendar->between(*row.due_on, today);
    if (ahead && past) days_left = *row.due_on >= today ? *ahead : -*past;
  }
  const auto* stage = context.pack.stage(row.stage);
  json::Object out{
      {"number", row.number},
      {"class", row.klass.empty() ? json::Value(nullptr) : json::Value(row.klass)},
      {"class_name", row.klass.empty() ? json::Value(nullptr) : json::Value(to_json(context.pack.name_of(row.klass)))},
      {"state", row.phase},
      {"stage", row.stage.empty() ? json::Value(nullptr) : json::Value(row.stage)},
      {"stage_name", stage ? json::Value(to_json(stage->name)) : json::Value(nullptr)},
      {"requested_kw", row.requested_kw},
      {"holder", row.holder},
      {"due_on", date_or_null(row.due_on)},
      {"calendar_loaded", !row.beyond_calendar},
      {"days_left", days_left},
      {"status", row_status(row, today)},
      {"opened_at", format_instant(row.opened_at, context.days.zone)},
      {"customer_name_masked", masked_name}};
  Page::place(out, row.area, row.township, row.enterprise, context);
  return out;
}

}  // namespace tongdian::connection
