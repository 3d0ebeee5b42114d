#include "connection/decide.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "connection/actions.hpp"
#include "connection/alarms.hpp"
#include "connection/events.hpp"
#include "connection/free_text.hpp"
#include "connection/papers.hpp"
#include "connection/records.hpp"
#include "connection/whitelist.hpp"

namespace tongdian::connection {
namespace {

using Events = std::vector<engine::NewEvent>;

Events one(std::string_view type, json::Object payload) {
  Events out;
  out.push_back({std::string(type), std::move(payload)});
  return out;
}

/// The events of `make`, unless the case is not where the action belongs.
template <class Make>
Result<Events> where_allowed(const CaseState& s, Action action, const Rules& rules, Make make) {
  if (auto problem = objection(s, action, rules.pack)) return *std::move(problem);
  return make();
}

std::optional<Problem> unknown_place(const Opening& o, const policy::Pack& pack) {
  const auto area = std::ranges::find(pack.areas(), o.area, &policy::Area::code);
  if (area == pack.areas().end())
    return bad_input("connection.unknown_area", "/site/area", {"没有这个区（市）", "there is no such area"},
                     {"请从列表中选择", "choose one of the list"});
  if (std::ranges::find(area->townships, o.township, &policy::Township::code) == area->townships.end())
    return bad_input("connection.unknown_township", "/site/township",
                     {"该区（市）没有这个镇街", "the area has no such township"},
                     {"请从列表中选择", "choose one of the list"});
  return {};
}

json::Object opening_json(const Opening& o) {
  policy::Facts facts = o.facts;
  // Free text may name a person: the journal keeps only that a reason was given; the vault has the words.
  if (!facts.site_reason.empty()) facts.site_reason = "given";
  facts.id.clear();
  json::Object out{{"number", o.number},
                   {"area", o.area},
                   {"township", o.township},
                   {"enterprise", o.enterprise},
                   {"applicant_digest", o.applicant_digest},
                   {"duplicates", json::write(o.duplicates)},
                   {"facts", json::write(facts)}};
  if (!o.held.empty()) out.emplace("held", json::write(o.held));
  return out;
}

/// The application is decided by the pack in force on the day that the clock starts.
Result<json::Object> decided(policy::Facts facts, Instant now, const Rules& rules) {
  facts.applied_at = format_instant(now, rules.days.zone);
  policy::Decision decision;
  if (auto problem = rules.pack.decide(facts, *rules.days.calendar, decision)) {
    if (problem->kind == Problem::Kind::bad_input) problem->path = "/facts" + problem->path;
    return *std::move(problem);
  }
  return policy::to_record(rules.pack, decision);
}

Result<Events> submit(const CaseState& s, const Opening& opening, Instant now, const Rules& rules) {
  if (s.phase != Phase::none)
    return refusal("connection.number_taken", {"该编号已被使用", "the number is taken"},
                   {"请重新提交", "submit again"});
  if (auto problem = unknown_place(opening, rules.pack)) return *std::move(problem);
  auto decision = decided(opening.facts, now, rules);
  if (!decision) return decision.error();
  return one(events::submitted, {{"opening", opening_json(opening)}, {"decision", *std::move(decision)}});
}

Result<Events> record_lead(const CaseState& s, const RecordLead& c, Instant now, const Rules& rules) {
  if (s.phase != Phase::none)
    return refusal("connection.number_taken", {"该编号已被使用", "the number is taken"},
                   {"请重新提交", "submit again"});
  if (auto problem = unknown_place(c.opening, rules.pack)) return *std::move(problem);
  if (auto problem = not_a_number(c.project_code, "/project_code")) return *std::move(problem);
  const auto arrived = parse_instant(c.arrived_at);
  if (!arrived)
    return bad_input("connection.bad_instant", "/arrived_at",
                     {"时间格式应为 RFC 3339（带时区）", "expected an RFC 3339 time with its offset"});
  if (*arrived > now)
    return bad_input("connection.in_the_future", "/arrived_at",
                     {"到达时间不能晚于现在", "the lead cannot have arrived later than now"});
  // Tried now, so that a lead that nobody could open is refused at the door.
  auto decision = decided(c.opening.facts, now, rules);
  if (!decision) return decision.error();
  if (!decision->at("zero_application").as_bool() || c.opening.facts.lead == policy::Lead::none)
    return refusal("connection.no_zero_application",
                   {"线索只用于社会投资简易低风险工程，且须注明来源",
                    "a lead is for a simple low-risk project and says where it came from"},
                   {"其他项目请按普通申请录入", "enter other projects as applications"});
  return one(events::lead_recorded, {{"opening", opening_json(c.opening)},
                                     {"project_code", c.project_code},
                                     {"arrived_at", format_instant(*arrived, rules.days.zone)}});
}

Result<Events> open_lead(const CaseState& s, Instant now, const Rules& rules) {
  auto decision = decided(s.facts, now, rules);
  if (!decision) return decision.error();
  return one(events::submitted, {{"decision", *std::move(decision)}});
}

/// Every document must be one that the stage may be asked for.
std::optional<Problem> off_the_list(const std::vector<std::string>& asked, const std::vector<std::string>& allowed,
                                    const policy::Pack& pack) {
  if (asked.empty())
    return bad_input("connection.no_document", "/input/documents",
                     {"请至少选择一项材料", "choose at least one document"});
  for (const auto& id : asked)
    if (std::ranges::find(allowed, id) == allowed.end()) {
      const auto* known = pack.document(id);
      const std::string zh = known ? known->name.zh : id;
      const std::string en = known ? known->name.en : id;
      Problem p = refusal("connection.document_not_on_list",
                          {"“" + zh + "”不在本环节的材料清单内，不得要求客户提供",
                           "“" + en + "” is not on this stage's list and cannot be asked for"},
                          {"请只选择清单内的材料", "choose from the list only"});
      p.path = "/input/documents";
      return p;
    }
  return {};
}

Result<Events> ask_documents(const CaseState& s, const AskDocuments& c, const Rules& rules) {
  // What the city has it does not ask for again, on whatever list it stands.
  for (const auto& id : held_of(s, s.stages[s.current].id))
    if (std::ranges::find(c.documents, id) != c.documents.end()) {
      Problem p = refusal("connection.already_held",
                          {"该客户的这项材料已在以往办件中提交，不得再次索要",
                           "the city has this document of the customer from an earlier case"},
                          {"请直接使用已有材料", "use the one that is there"});
      p.path = "/input/documents";
      return p;
    }
  if (auto problem = off_the_list(c.documents, documents_of(s, s.stages[s.current].id), rules.pack))
    return *std::move(problem);
  return one(events::documents_asked, {{"documents", json::write(c.documents)}});
}

Result<Events> supplement(const CaseState& s, const Supplement& c, const Rules& rules) {
  if (auto problem = off_the_list(c.documents, s.asked, rules.pack)) return *std::move(problem);
  for (const auto& asked : s.asked)
    if (std::ranges::find(c.documents, asked) == c.documents.end()) {
      const auto* d = rules.pack.document(asked);
      Problem p = refusal("connection.still_missing",
                          {"还缺：" + (d ? d->name.zh : asked), "still missing: " + (d ? d->name.en : asked)},
                          {"请一次补齐", "supply all of them together"});
      p.path = "/input/documents";
      return p;
    }
  return one(events::supplemented, {{"documents", json::write(c.documents)}});
}

Result<Events> take_back(const CaseState& s, const TakeBack& c, const Rules& rules) {
  if (!c.documents.empty())
    if (auto problem = off_the_list(c.documents, documents_of(s, s.stages[s.current].id), rules.pack))
      return *std::move(problem);
  return one(events::taken_back, {{"documents", json::write(c.documents)}});
}

/// The end of a stage, with or without a hand-over for a listed reason (A44).
Result<Events> finish(const CaseState& s, std::string_view type, const std::string& hand_over, json::Object payload,
                      const Rules& rules) {
  if (!hand_over.empty()) {
    const auto listed = hand_overs_after(s, rules.pack);
    if (std::ranges::none_of(listed, [&](const auto* h) { return h->reason == hand_over; })) {
      Problem p =
          refusal("connection.hand_over_not_listed",
                  {"该原因不在可交客户的清单内，电网侧时钟不能停",
                   "the case cannot be handed over for this reason here; the grid side's clock runs on"},
                  {"请从清单中选择，或不交客户继续办理", "choose a listed reason, or go on without handing over"});
      p.path = "/input/hand_over";
      return p;
    }
    payload["hand_over"] = hand_over;
  }
  return one(type, std::move(payload));
}

/// Deadlines that are due, as events; a lead that nobody opened opens itself.
Result<Events> tick(const CaseState& s, Instant now, const Rules& rules) {
  if (const auto opens = lead_opens_at(s, rules.days))
    return now >= *opens ? open_lead(s, now, rules) : Result<Events>(Events{});
  Events out;
  auto ahead = alarms_ahead(s, rules.pack.supervision(), rules.days);
  std::ranges::stable_sort(ahead, {}, &Alarm::at);
  for (const auto& alarm : ahead)
    if (alarm.at <= now) out.push_back(alarm.event());
  return out;
}

/// The data go with this event, in the same transaction.
Events erasing(json::Object payload) {
  Events out = one(events::person_erased, std::move(payload));
  out.front().erases_person = true;
  return out;
}

Result<Events> erase_person(const ErasePerson& c, const Rules& rules) {
  if (std::ranges::find(rules.pack.erasures(), c.ground, &policy::Reason::id) == rules.pack.erasures().end())
    return bad_input("connection.unknown_reason", "/input/ground",
                     {"请从列表中选择依据", "choose a ground of the list"});
  const std::string by = c.requested_by.empty() ? "person" : c.requested_by;
  if (by != "person" && by != "controller")
    return bad_input("connection.unknown_reason", "/input/requested_by", {"请选择由谁提出", "choose who asks for it"});
  return erasing({{"ground", c.ground}, {"requested_by", by}});
}

Result<Events> erase_again(const CaseState& s, const EraseAgain& c) {
  if (s.erased_at) return Events{};
  return erasing({{"requested_by", "restore"}, {"first_at", format_utc(c.first_at)}});
}

struct Decide {
  const CaseState& s;
  Instant now;
  const Rules& rules;

  template <class Make>
  Result<Events> allowed(Action action, Make make) const {
    return where_allowed(s, action, rules, make);
  }

  Result<Events> operator()(const RecordLead& c) const { return record_lead(s, c, now, rules); }
  Result<Events> operator()(const Submit& c) const { return submit(s, c.opening, now, rules); }
  Result<Events> operator()(const Open&) const {
    return allowed(Action::open, [&] { return open_lead(s, now, rules); });
  }
  Result<Events> operator()(const AskDocuments& c) const {
    return allowed(Action::ask_documents, [&] { return ask_documents(s, c, rules); });
  }
  Result<Events> operator()(const Supplement& c) const {
    return allowed(Action::supplement, [&] { return supplement(s, c, rules); });
  }
  Result<Events> operator()(const Accept& c) const {
    return allowed(Action::accept, [&]() -> Result<Events> {
      json::Object payload;
      if (c.draft.is_object()) {
        if (s.reply_stage() != "acceptance")
          return bad_input("connection.planned_later", "/input/draft",
                           {"本件有单独的供电方案答复环节", "this case has a stage of its own for the supply plan"},
                           {"请在答复供电方案时给出", "give it with the reply of the plan"});
        payload.emplace("draft", c.draft);
      }
      return finish(s, events::accepted, c.hand_over, std::move(payload), rules);
    });
  }
  Result<Events> operator()(const ReplyPlan& c) const {
    return allowed(Action::reply_plan, [&]() -> Result<Events> {
      if (auto problem = unfit(c.connection_point, "/input/connection_point", rules.pack)) return *std::move(problem);
      json::Object payload{{"connection_point", c.connection_point}};
      if (c.draft.is_object()) payload.emplace("draft", c.draft);
      return finish(s, events::plan_replied, c.hand_over, std::move(payload), rules);
    });
  }
  Result<Events> operator()(const ReviewDesign& c) const {
    return allowed(Action::review_design, [&] { return finish(s, events::design_reviewed, c.hand_over, {}, rules); });
  }
  Result<Events> operator()(const InspectMidway& c) const {
    return allowed(Action::inspect_midway, [&] { return finish(s, events::midway_inspected, c.hand_over, {}, rules); });
  }
  Result<Events> operator()(const RecordDefects& c) const {
    return allowed(Action::record_defects, [&]() -> Result<Events> {
      if (auto problem = unfit(c.defects, "/input/defects", rules.pack)) return *std::move(problem);
      return one(events::defects_recorded, {{"stage", s.stages[s.current].id}, {"defects", c.defects}});
    });
  }
  Result<Events> operator()(const TakeBack& c) const {
    return allowed(Action::take_back, [&] { return take_back(s, c, rules); });
  }
  Result<Events> operator()(const Energise& c) const {
    return allowed(Action::energise, [&]() -> Result<Events> {
      if (auto problem = not_a_number(c.meter, "/input/meter")) return *std::move(problem);
      return one(events::energised, {{"meter", c.meter}});
    });
  }
  Result<Events> operator()(const Rate& c) const {
    return allowed(Action::rate, [&]() -> Result<Events> {
      if (c.score < 1 || c.score > 5)
        return bad_input("connection.bad_score", "/input/score", {"评分应为 1 到 5", "the score is from 1 to 5"});
      return one(events::rated, {{"score", c.score}});
    });
  }
  Result<Events> operator()(const Withdraw& c) const {
    return allowed(Action::withdraw, [&]() -> Result<Events> {
      if (std::ranges::find(rules.pack.withdrawals(), c.reason, &policy::Reason::id) == rules.pack.withdrawals().end())
        return bad_input("connection.unknown_reason", "/input/reason",
                         {"请从列表中选择原因", "choose a reason of the list"});
      return one(events::withdrawn, {{"reason", c.reason}});
    });
  }
  Result<Events> operator()(const ErasePerson& c) const {
    return allowed(Action::erase_person, [&] { return erase_person(c, rules); });
  }
  Result<Events> operator()(const EraseAgain& c) const { return erase_again(s, c); }
  Result<Events> operator()(const CorrectPerson& c) const {
    return allowed(Action::correct_person, [&]() -> Result<Events> {
      if (c.fields.empty())
        return bad_input("connection.required", "/input/name", {"没有要更正的内容", "nothing is to be corrected"},
                         {"请填写与现有内容不同的一项", "fill in what differs from what is there"});
      return one(events::person_corrected,
                 {{"applicant_digest", c.applicant_digest}, {"fields", json::write(c.fields)}});
    });
  }
  Result<Events> operator()(const RecordEvidence& c) const {
    return allowed(Action::record_evidence, [&] { return record_evidence(c, now, rules.days.zone); });
  }
  Result<Events> operator()(const NameFirm& c) const {
    return allowed(Action::name_firm, [&] { return name_firm(c); });
  }
  Result<Events> operator()(const RecordCharge& c) const {
    return allowed(Action::record_charge, [&] { return record_charge(s, c); });
  }
  Result<Events> operator()(const ConfirmCharge& c) const {
    return allowed(Action::confirm_charge, [&] { return confirm_charge(s, c, rules.actor.id); });
  }
  Result<Events> operator()(const DropCharge& c) const {
    return allowed(Action::drop_charge, [&] { return drop_charge(s, c, rules.pack); });
  }
  Result<Events> operator()(const Assign& c) const {
    return allowed(Action::assign, [&] { return assign(s, c, rules.days.zone.date_of(now), rules.pack); });
  }
  Result<Events> operator()(const AnswerOrder& c) const {
    return allowed(Action::answer_order, [&] { return answer_order(c, rules.days.zone.date_of(now), rules.pack); });
  }
  Result<Events> operator()(const AttachFile& c) const { return attach_file(s, c, rules.pack); }
  Result<Events> operator()(const ProposeWhitelist& c) const {
    return allowed(Action::propose_whitelist, [&] { return propose_whitelist(s, c, now, rules); });
  }
  Result<Events> operator()(const AddWorks& c) const {
    return allowed(Action::add_works, [&] { return add_works(s, c, now, rules); });
  }
  Result<Events> operator()(const ConfirmWhitelist&) const {
    return allowed(Action::confirm_whitelist, [&] { return confirm_whitelist(s, rules); });
  }
  Result<Events> operator()(const WithdrawWhitelist& c) const {
    return allowed(Action::withdraw_whitelist, [&] { return withdraw_whitelist(c, rules); });
  }
  Result<Events> operator()(const RescheduleWorks& c) const {
    return allowed(Action::reschedule_works, [&] { return reschedule_works(s, c, now, rules); });
  }
  Result<Events> operator()(const CompleteWorks& c) const {
    return allowed(Action::complete_works, [&] { return complete_works(s, c, rules); });
  }
  Result<Events> operator()(const NoteRefusal& c) const {
    if (s.phase == Phase::none) return Events{};
    return note_refusal(c);
  }
  Result<Events> operator()(const Tick&) const { return tick(s, now, rules); }
};

}  // namespace

Result<Events> decide(const CaseState& state, const Command& command, Instant now, const Rules& rules) {
  auto decided = std::visit(Decide{state, now, rules}, command.any);
  // What a refusal rests on stands in the pack, under its code.
  if (!decided && decided.error().clauses.empty()) {
    Problem problem = decided.error();
    problem.clauses = rules.pack.citations(problem.code);
    return problem;
  }
  return decided;
}

}  // namespace tongdian::connection
