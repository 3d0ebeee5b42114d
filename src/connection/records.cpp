#include "connection/records.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "connection/events.hpp"
#include "connection/free_text.hpp"

namespace tongdian::connection {
namespace {

std::vector<engine::NewEvent> one(std::string_view type, json::Object payload) {
  std::vector<engine::NewEvent> out;
  out.push_back({std::string(type), std::move(payload)});
  return out;
}

template <class Names>
std::optional<Problem> unknown(const Names& names, const std::string& word, std::string_view path) {
  if (std::ranges::find(names, word) != names.end()) return {};
  return bad_input("connection.unknown_kind", std::string(path), {"没有这个选项", "there is no such choice"},
                   {"请从列表中选择", "choose one of the list"});
}

Problem bad_day(std::string_view path) {
  return bad_input("connection.bad_day", std::string(path),
                   {"请填写今天或以后的日期（YYYY-MM-DD）", "a date, today or later, as YYYY-MM-DD"},
                   {"请改正日期", "correct the date"});
}

}  // namespace

Recorded record_evidence(const RecordEvidence& c, Instant now, Zone zone) {
  if (auto problem = unknown(evidence_kinds, c.kind, "/input/kind")) return *std::move(problem);
  if (auto problem = not_a_number(c.reference, "/input/reference")) return *std::move(problem);
  // A table may have the wrong column there, and an event cannot be taken back.
  if (auto problem = personal(c.reference, "/input/reference")) return *std::move(problem);
  const auto taken = parse_instant(c.taken_at);
  if (!taken)
    return bad_input("connection.bad_instant", "/input/taken_at",
                     {"时间格式应为 RFC 3339（带时区）", "expected an RFC 3339 time with its offset"});
  if (*taken > now)
    return bad_input("connection.in_the_future", "/input/taken_at",
                     {"佐证时间不能晚于现在", "evidence cannot be of a later time than now"});
  return one(events::evidence_recorded,
             {{"kind", c.kind}, {"taken_at", format_instant(*taken, zone)}, {"reference", c.reference}});
}

Recorded name_firm(const NameFirm& c) {
  if (auto problem = unknown(firm_roles, c.role, "/input/role")) return *std::move(problem);
  if (auto problem = not_a_number(c.firm, "/input/firm")) return *std::move(problem);
  return one(events::firm_named, {{"role", c.role}, {"firm", c.firm}});
}

Recorded record_charge(const CaseState& s, const RecordCharge& c) {
  if (auto problem = not_a_number(c.item, "/input/item")) return *std::move(problem);
  if (c.fen < 0)
    return bad_input("json.out_of_range", "/input/fen", {"金额不能为负", "an amount is not negative"},
                     {"请改正金额", "correct the amount"});
  auto out = one(events::charged, {{"item", c.item}, {"fen", c.fen}, {"charge", std::to_string(s.charges.size() + 1)}});
  out.front().version = 2;
  return out;
}

namespace {

/// A charge that nobody has confirmed or dropped yet.
Result<const Charge*> noted(const CaseState& s, const std::string& id) {
  const auto found = std::ranges::find(s.charges, id, &Charge::id);
  if (found == s.charges.end() || found->stand != Charge::Stand::noted)
    return bad_input("connection.unknown_kind", "/input/charge",
                     {"没有这笔待复核的收费", "there is no such charge to be confirmed"},
                     {"请从列表中选择", "choose one of the list"});
  return &*found;
}

}  // namespace

Recorded confirm_charge(const CaseState& s, const ConfirmCharge& c, std::string_view actor) {
  const auto charge = noted(s, c.charge);
  if (!charge) return charge.error();
  if ((*charge)->noted_by == actor)
    return refusal("connection.four_eyes",
                   {"收费须由登记人以外的人复核", "a charge is confirmed by somebody else than who noted it"},
                   {"请由另一位客户经理复核", "let another account manager confirm it"});
  return one(events::charge_confirmed, {{"charge", c.charge}});
}

Recorded drop_charge(const CaseState& s, const DropCharge& c, const policy::Pack& pack) {
  const auto charge = noted(s, c.charge);
  if (!charge) return charge.error();
  if (auto problem = unfit(c.reason, "/input/reason", pack)) return *std::move(problem);
  return one(events::charge_dropped, {{"charge", c.charge}, {"reason", c.reason}});
}

Recorded assign(const CaseState& s, const Assign& c, LocalDate today, const policy::Pack& pack) {
  const auto& team = pack.team();
  if (std::ranges::find(team.roles, c.role, &policy::Reason::id) == team.roles.end())
    return bad_input("connection.unknown_role", "/input/role", {"没有这个角色", "there is no such role"},
                     {"请从列表中选择", "choose one of the list"});
  const auto reason = std::ranges::find(team.reasons, c.reason, &policy::Team::PassReason::id);
  if (reason == team.reasons.end())
    return bad_input("connection.unknown_reason", "/input/reason",
                     {"请从列表中选择原因", "choose a reason of the list"});
  if (auto problem = blank(c.account, "/input/account", 40)) return *std::move(problem);
  json::Object payload{{"role", c.role}, {"account", c.account}, {"reason", c.reason}};
  const auto member = std::ranges::find(s.team, c.role, &Member::role);
  if (member != s.team.end()) payload.emplace("from", member->account);
  if (reason->for_a_time) {
    const auto until = parse_date(c.until);
    if (!until || *until < today || member == s.team.end()) return bad_day("/input/until");
    payload.emplace("until", c.until);
  }
  return one(events::team_changed, std::move(payload));
}

Recorded answer_order(const AnswerOrder& c, LocalDate today, const policy::Pack& pack) {
  if (auto problem = unfit(c.measure, "/input/measure", pack)) return *std::move(problem);
  const auto done_by = parse_date(c.done_by);
  if (!done_by || *done_by < today) return bad_day("/input/done_by");
  return one(events::order_answered, {{"measure", c.measure}, {"done_by", c.done_by}});
}

Recorded note_refusal(const NoteRefusal& c) {
  json::Object payload{{"action", c.action}, {"code", c.code}};
  if (!c.documents.empty()) payload.emplace("documents", json::write(c.documents));
  return one(events::request_refused, std::move(payload));
}

}  // namespace tongdian::connection
