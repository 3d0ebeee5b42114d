#include "connection/whitelist.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "connection/actions.hpp"
#include "connection/events.hpp"
#include "connection/free_text.hpp"

namespace tongdian::connection {
namespace {

constexpr std::size_t most_works = 20;

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

std::optional<Problem> bad_day(const std::string& text, LocalDate today) {
  const auto day = parse_date(text);
  if (day && *day >= today) return {};
  return bad_input("connection.bad_day", "/input/expected_on",
                   {"请填写今天或以后的日期（YYYY-MM-DD）", "a date, today or later, as YYYY-MM-DD"},
                   {"请改正日期", "correct the date"});
}

/// A work as the event keeps it, or what is wrong with it.
Result<json::Object> work_json(const AddWorks& w, std::size_t number, LocalDate today, const policy::Pack& pack) {
  if (auto problem = unknown(works_limits, w.limit, "/input/limit")) return *std::move(problem);
  if (auto problem = unknown(works_cures, w.cure, "/input/cure")) return *std::move(problem);
  if (auto problem = unfit(w.what, "/input/what", pack)) return *std::move(problem);
  if (auto problem = bad_day(w.expected_on, today)) return *std::move(problem);
  if (w.responsible.empty())
    return bad_input("connection.required", "/input/responsible", {"请填写负责人", "say who is responsible"},
                     {"请填写用户名", "give a user name"});
  return json::Object{{"id", std::to_string(number)},
                      {"limit", w.limit},
                      {"cure", w.cure},
                      {"what", w.what},
                      {"expected_on", w.expected_on},
                      {"responsible", w.responsible}};
}

Problem not_whitelisted(std::string_view path, Sentence why) {
  Problem p = refusal("connection.not_whitelisted", std::move(why),
                      {"请按网络的答复另选接入方案，或与客户商定其他电压等级",
                       "choose another way to connect, or agree on another voltage"});
  p.path = path;
  return p;
}

std::optional<Problem> of_no_kind(const CaseState& s, const ProposeWhitelist& c, LocalDate applied_on,
                                  const policy::Pack& pack) {
  const auto kind = std::ranges::find(pack.whitelist(), c.kind, &policy::WhitelistKind::id);
  if (kind == pack.whitelist().end()) return unknown(std::vector<std::string>{}, c.kind, "/input/kind");
  if (kind->enterprises_only && s.facts.customer == policy::Customer::resident)
    return not_whitelisted("/input/kind", {"居民用电不属于小微企业用电项目", "a home is no micro-enterprise"});
  if (const auto most = kind->most_on(applied_on); most && s.facts.requested_kw > *most)
    return not_whitelisted("/input/kind",
                           {"报装容量超过小微企业用电项目的上限", "more is asked for than a micro-enterprise may"});
  return {};
}

/// What the network answered decides where it was asked.
std::optional<Problem> not_as_found(const ProposeWhitelist& c) {
  const auto* draft = c.draft.if_object();
  if (!draft) return {};
  if (const auto* fits = draft->if_contains("fits"); fits && fits->is_int64() && fits->get_int64() > 0)
    return refusal("connection.something_fits",
                   {"电网可以接入：已有满足条件的接入点，不能列入白名单",
                    "the grid can take it: there is a connection point that fits, and no case for the whitelist"},
                   {"请按可用的接入点答复供电方案", "reply with a plan from the points that fit"});
  const auto* kind = draft->if_contains("whitelist");
  if (!kind || !kind->is_string() || kind->get_string() != c.kind)
    return not_whitelisted("/input/kind", {"电网的答复不是这一类", "the network's answer is not of this kind"});
  return {};
}

const GridWork* unfinished(const CaseState& s, const std::string& id) {
  const auto found = std::ranges::find(s.whitelist->works, id, &GridWork::id);
  return found == s.whitelist->works.end() || found->completed_at ? nullptr : &*found;
}

Problem no_such_work() {
  return bad_input("connection.unknown_kind", "/input/work",
                   {"没有这项未完工的工程", "there are no such works that are not done"},
                   {"请从列表中选择", "choose one of the list"});
}

}  // namespace

WhitelistEvents propose_whitelist(const CaseState& s, const ProposeWhitelist& c, Instant now, const Rules& rules) {
  if (auto problem = of_no_kind(s, c, rules.days.zone.date_of(s.opened_at), rules.pack)) return *std::move(problem);
  if (auto problem = not_as_found(c)) return *std::move(problem);
  if (auto problem = unfit(c.connection_point, "/input/connection_point", rules.pack)) return *std::move(problem);
  auto work =
      work_json({c.limit, c.cure, c.what, c.expected_on, c.responsible}, 1, rules.days.zone.date_of(now), rules.pack);
  if (!work) return work.error();
  json::Object payload{{"kind", c.kind}, {"connection_point", c.connection_point}, {"work", *std::move(work)}};
  if (c.draft.is_object()) payload.emplace("draft", c.draft);
  return one(events::whitelist_proposed, std::move(payload));
}

WhitelistEvents add_works(const CaseState& s, const AddWorks& c, Instant now, const Rules& rules) {
  const auto number = s.whitelist->works.size() + 1;
  if (number > most_works)
    return bad_input("json.out_of_range", "/input/what", {"最多 20 项工程", "20 works at most"},
                     {"请合并填写", "put some together"});
  auto work = work_json(c, number, rules.days.zone.date_of(now), rules.pack);
  if (!work) return work.error();
  return one(events::whitelist_work_added, {{"work", *std::move(work)}});
}

WhitelistEvents confirm_whitelist(const CaseState& s, const Rules& rules) {
  if (rules.actor == s.whitelist->proposed_by)
    return refusal("connection.four_eyes",
                   {"列入白名单后电网侧时钟不计，须由提请人以外的人确认",
                    "the grid side's clock does not run under an entry: somebody else than who proposed it confirms"},
                   {"请由另一位管理人员确认", "let another manager confirm"});
  return one(events::whitelisted, {});
}

WhitelistEvents withdraw_whitelist(const WithdrawWhitelist& c, const Rules& rules) {
  if (auto problem = unfit(c.reason, "/input/reason", rules.pack)) return *std::move(problem);
  return one(events::whitelist_withdrawn, {{"reason", c.reason}});
}

WhitelistEvents reschedule_works(const CaseState& s, const RescheduleWorks& c, Instant now, const Rules& rules) {
  if (!unfinished(s, c.work)) return no_such_work();
  if (auto problem = bad_day(c.expected_on, rules.days.zone.date_of(now))) return *std::move(problem);
  if (auto problem = unfit(c.reason, "/input/reason", rules.pack)) return *std::move(problem);
  return one(events::works_rescheduled, {{"work", c.work}, {"expected_on", c.expected_on}, {"reason", c.reason}});
}

WhitelistEvents complete_works(const CaseState& s, const CompleteWorks& c, const Rules& rules) {
  if (!unfinished(s, c.work)) return no_such_work();
  json::Object payload{{"works", json::Array{json::Value(c.work)}}};
  if (c.hand_over.empty()) return one(events::works_completed, std::move(payload));
  const bool last = std::ranges::count_if(s.whitelist->works, [](const auto& w) { return !w.completed_at; }) == 1;
  const auto listed = hand_overs_after(s, rules.pack);
  if (!last || std::ranges::none_of(listed, [&](const auto* h) { return h->reason == c.hand_over; })) {
    Problem p =
        refusal("connection.hand_over_not_listed",
                {"该原因不在可交客户的清单内，电网侧时钟不能停",
                 "the case cannot be handed over for this reason here; the grid side's clock runs on"},
                {"请从清单中选择，或不交客户继续办理", "choose a listed reason, or go on without handing over"});
    p.path = "/input/hand_over";
    return p;
  }
  payload.emplace("hand_over", c.hand_over);
  return one(events::works_completed, std::move(payload));
}

std::optional<LocalDate> works_expected_on(const WhitelistEntry& entry) {
  std::optional<LocalDate> last;
  for (const auto& each : entry.works)
    if (!each.completed_at && each.expected_on) last = std::max(last.value_or(*each.expected_on), *each.expected_on);
  return last;
}

bool works_overdue(const WhitelistEntry& entry, LocalDate today) {
  return entry.stand() == WhitelistEntry::Stand::under_way && std::ranges::any_of(entry.works, [&](const auto& each) {
           return !each.completed_at && each.expected_on && *each.expected_on < today;
         });
}

std::optional<Instant> works_ended_at(const WhitelistEntry& entry) {
  return entry.completed_at ? entry.completed_at : entry.withdrawn_at;
}

}  // namespace tongdian::connection
