#include "connection/actions.hpp"

#include <algorithm>

namespace tongdian::connection {
namespace {

struct ActionName {
  Action action;
  Sentence name;
};

const Sentence& name_of_action(Action action) {
  static const ActionName names[] = {
      {Action::ask_documents, {"一次性告知补正", "Ask once for what is missing"}},
      {Action::supplement, {"补交材料", "Supply what was asked for"}},
      {Action::accept, {"受理", "Accept"}},
      {Action::reply_plan, {"答复供电方案", "Reply with the supply plan"}},
      {Action::take_back, {"我已准备好，继续办理", "Ready: go on"}},
      {Action::review_design, {"设计审查通过", "Design reviewed"}},
      {Action::inspect_midway, {"中间检查通过", "Interim inspection passed"}},
      {Action::record_defects, {"记录缺陷（时钟不停）", "Record defects (the clock runs on)"}},
      {Action::energise, {"验收送电", "Inspect and energise"}},
      {Action::rate, {"评价服务", "Rate the service"}},
      {Action::withdraw, {"撤回申请", "Withdraw the application"}},
      {Action::open, {"主动开单", "Open the case"}},
      {Action::correct_person, {"更正个人信息", "Correct the personal data"}},
      {Action::erase_person, {"删除个人信息", "Erase the personal data"}},
      {Action::record_evidence, {"登记佐证时间", "Record evidence of a time"}},
      {Action::name_firm, {"登记设计、施工或设备单位", "Name a designer, builder or supplier"}},
      {Action::record_charge, {"登记收费（须另一人复核）", "Record a charge (another confirms)"}},
      {Action::confirm_charge, {"复核收费", "Confirm a charge"}},
      {Action::drop_charge, {"撤销收费", "Drop a charge"}},
      {Action::assign, {"指派或移交角色", "Assign or pass on a role"}},
      {Action::answer_order, {"答复督办单", "Answer the supervision order"}},
      {Action::propose_whitelist, {"提请列入白名单", "Propose for the whitelist"}},
      {Action::add_works, {"添加配套电网工程", "Add grid works"}},
      {Action::confirm_whitelist, {"确认列入白名单", "Confirm the whitelist entry"}},
      {Action::withdraw_whitelist, {"撤销白名单登记", "Withdraw the whitelist entry"}},
      {Action::reschedule_works, {"调整配套电网工程工期", "Reschedule grid works"}},
      {Action::complete_works, {"配套电网工程完工", "Grid works completed"}},
  };
  return std::ranges::find(names, action, &ActionName::action)->name;
}

/// The stage in which the action is at home, if it is one stage.
std::string_view stage_of(Action action) {
  switch (action) {
    case Action::ask_documents:
    case Action::accept: return "acceptance";
    case Action::reply_plan: return "plan_reply";
    case Action::review_design: return "design_review";
    case Action::inspect_midway: return "mid_inspection";
    case Action::energise: return "energisation";
    default: return "";
  }
}

Problem not_now(const CaseState& s, Action action, const policy::Pack& pack) {
  const auto* stage = s.stage() ? pack.stage(s.stage()->id) : nullptr;
  const Sentence where =
      s.phase == Phase::with_customer    ? Sentence{"案件正在客户手中", "the customer holds the case"}
      : s.phase == Phase::awaiting_works ? Sentence{"配套电网工程正在建设", "the grid works are under way"}
      : stage ? Sentence{"案件正处于“" + stage->name.zh + "”环节", "the case is in the stage " + stage->name.en}
      : s.phase == Phase::lead ? Sentence{"案件尚未开单", "the case is not open yet"}
                               : Sentence{"案件已办结或已撤回", "the case has ended"};
  const Sentence& name = name_of_action(action);
  return refusal("connection.not_now",
                 {where.zh + "，现在不能“" + name.zh + "”", where.en + "; this cannot be done now: " + name.en},
                 {"请刷新页面，按当前可办的操作继续", "reload the page and go on with what the case allows now"});
}

json::Object field(std::string_view id, std::string_view type, const Sentence& name, bool required,
                   json::Array choices = {}) {
  return {{"id", id},
          {"type", type},
          {"name", json::Object{{"zh", name.zh}, {"en", name.en}}},
          {"required", required},
          {"choices", std::move(choices)}};
}

json::Object choice(std::string_view id, const Sentence& name) {
  return {{"id", id}, {"name", json::Object{{"zh", name.zh}, {"en", name.en}}}};
}

using Names = std::vector<policy::Reason>;
const Names evidence_names{{"meter", {"电能表记录", "meter"}},
                           {"topology", {"电网模型变更", "network model"}},
                           {"file", {"文件时间", "file"}},
                           {"photo", {"照片时间", "photo"}},
                           {"contract", {"合同日期", "contract"}}};
const Names firm_names{{"designer", {"设计单位", "designer"}},
                       {"builder", {"施工单位", "builder"}},
                       {"supplier", {"设备供应单位", "supplier"}}};

json::Array choices_of(const std::vector<policy::Reason>& reasons) {
  json::Array out;
  for (const auto& r : reasons) out.push_back(choice(r.id, r.name));
  return out;
}

json::Array document_choices(const std::vector<std::string>& ids, const policy::Pack& pack) {
  json::Array out;
  for (const auto& id : ids)
    if (const auto* d = pack.document(id)) out.push_back(choice(id, d->name));
  return out;
}

void add_hand_over(json::Array& fields, const CaseState& s, const policy::Pack& pack) {
  json::Array choices;
  for (const auto* h : hand_overs_after(s, pack)) choices.push_back(choice(h->reason, h->name));
  if (!choices.empty())
    fields.push_back(field("hand_over", "choice",
                           {"随后交客户（原因限于清单；电网侧时钟不计）",
                            "Then hand over to the customer (listed reasons only; the grid side's clock does not run)"},
                           false, std::move(choices)));
}

void add_supply(json::Array& fields, const CaseState& s) {
  const auto* investment = s.decision.if_contains("investment");
  const std::string boundary = investment ? std::string(investment->at("boundary").as_string()) : "ownership_point";
  auto one = field("draft", "supply", {"按电网计算接入点", "Connection points, computed by the network"}, false);
  one.emplace("question", supply_question(s.facts, boundary));
  fields.push_back(std::move(one));
}

json::Array erasure_fields(Side side, const policy::Pack& pack) {
  json::Array out;
  out.push_back(field("ground", "choice", {"依据", "On what ground"}, true, choices_of(pack.erasures())));
  if (side != Side::customer)
    out.push_back(field("requested_by", "choice", {"由谁提出", "Who asks for it"}, true,
                        {choice("person", {"本人申请（已核实身份）", "The person, whose identity was checked"}),
                         choice("controller", {"主动删除", "Nobody: it is due by itself"})}));
  return out;
}

json::Array noted_charges(const CaseState& s) {
  json::Array out;
  for (const auto& c : s.charges) {
    if (c.stand != Charge::Stand::noted) continue;
    const std::string cents = std::to_string(100 + c.fen % 100).substr(1);
    const std::string yuan = std::to_string(c.fen / 100) + "." + cents;
    out.push_back(choice(c.id, {c.item + "，" + yuan + " 元", c.item + ", " + yuan + " yuan"}));
  }
  return out;
}

json::Array correction_fields() {
  json::Array out;
  for (const auto& [id, name] :
       {std::pair{"name", Sentence{"姓名或单位名称", "Name"}}, std::pair{"phone", Sentence{"电话", "Phone"}},
        std::pair{"id_number", Sentence{"证件号码", "Id number"}},
        std::pair{"address", Sentence{"详细地址", "Address"}}})
    out.push_back(field(id, "text", name, false));
  return out;
}

const Names limit_names{{"overload", {"过载", "overload"}},
                        {"undervoltage", {"电压偏低", "low voltage"}},
                        {"substation", {"变电站容量不足", "the substation is full"}},
                        {"n_minus_1", {"不满足 N-1", "no N-1"}},
                        {"no_line", {"附近无可用线路", "no line within reach"}}};
const Names cure_names{{"reinforce", {"线路或变压器增容", "reinforce a line or transformer"}},
                       {"regulate_voltage", {"加装调压设备", "regulate the voltage"}},
                       {"enlarge_substation", {"变电站增容", "enlarge the substation"}},
                       {"new_line", {"新建线路", "a new line"}},
                       {"new_tie", {"新建联络", "a new tie"}}};

Sentence name_among(const Names& names, std::string_view id) {
  const auto found = std::ranges::find(names, id, &policy::Reason::id);
  return found == names.end() ? Sentence{std::string(id), std::string(id)} : found->name;
}

void add_work_fields(json::Array& out) {
  out.push_back(field("limit", "choice", {"受什么限制", "What limits it"}, true, choices_of(limit_names)));
  out.push_back(field("cure", "choice", {"以何解决", "What would cure it"}, true, choices_of(cure_names)));
  out.push_back(field("what", "text", {"配套电网工程内容（勿填个人信息）", "The grid works (no personal data)"}, true));
  out.push_back(field("expected_on", "date", {"预计完工日期", "Expected to be done on"}, true));
  out.push_back(field("responsible", "text", {"负责人的用户名", "User name of who is responsible"}, true));
}

json::Array whitelist_fields(const CaseState& s, Action action, const policy::Pack& pack) {
  json::Array out, works;
  if (s.whitelist)
    for (const auto& each : s.whitelist->works)
      if (!each.completed_at) works.push_back(choice(each.id, {each.what, each.what}));
  if (action == Action::propose_whitelist) {
    add_supply(out, s);
    json::Array kinds;
    for (const auto& kind : pack.whitelist()) kinds.push_back(choice(kind.id, kind.name));
    out.push_back(field("kind", "choice", {"属于哪一类", "Which kind it is"}, true, std::move(kinds)));
    out.push_back(
        field("connection_point", "text",
              {"工程完工后的电源接入点（勿填个人信息）", "Connection point after the works (no personal data)"}, true));
  }
  if (action == Action::propose_whitelist || action == Action::add_works) add_work_fields(out);
  if (action == Action::withdraw_whitelist)
    out.push_back(field("reason", "text", {"撤销原因（勿填个人信息）", "Why (no personal data)"}, true));
  if (action == Action::reschedule_works || action == Action::complete_works)
    out.push_back(field("work", "choice", {"哪一项工程", "Which works"}, true, std::move(works)));
  if (action == Action::reschedule_works) {
    out.push_back(field("expected_on", "date", {"新的预计完工日期", "Now expected to be done on"}, true));
    out.push_back(field("reason", "text", {"调整原因（勿填个人信息）", "Why (no personal data)"}, true));
  }
  // Only with the last one the case goes on.
  if (action == Action::complete_works && out.back().at("choices").as_array().size() == 1) add_hand_over(out, s, pack);
  return out;
}

json::Array fields_of(const CaseState& s, Action action, Side side, const policy::Pack& pack) {
  json::Array out;
  switch (action) {
    case Action::ask_documents:
      out.push_back(field("documents", "choices", {"缺少的材料（仅限清单）", "What is missing (the list only)"}, true,
                          document_choices(documents_of(s, "acceptance"), pack)));
      break;
    case Action::supplement:
      out.push_back(
          field("documents", "choices", {"已提交的材料", "What you supply"}, true, document_choices(s.asked, pack)));
      break;
    case Action::take_back:
      if (const auto ids = documents_of(s, s.stages[s.current].id); !ids.empty())
        out.push_back(field("documents", "choices", {"随本环节提交的材料", "Documents for the next stage"}, false,
                            document_choices(ids, pack)));
      break;
    case Action::reply_plan:
      add_supply(out, s);
      out.push_back(field("connection_point", "text",
                          {"电源接入点（勿填个人信息）", "Connection point (no personal data)"}, true));
      add_hand_over(out, s, pack);
      break;
    case Action::accept:
      if (s.reply_stage() == "acceptance" && s.facts.works_needed) add_supply(out, s);
      add_hand_over(out, s, pack);
      break;
    case Action::review_design:
    case Action::inspect_midway: add_hand_over(out, s, pack); break;
    case Action::record_defects:
      out.push_back(field("defects", "text",
                          {"缺陷及整改要求（勿填个人信息）", "Defects and what mends them (no personal data)"}, true));
      break;
    case Action::energise: out.push_back(field("meter", "text", {"电能表资产编号", "Meter number"}, true)); break;
    case Action::rate: {
      json::Object score = field("score", "integer", {"评分（1–5）", "Score (1–5)"}, true);
      score["minimum"] = 1;
      score["maximum"] = 5;
      out.push_back(std::move(score));
      break;
    }
    case Action::withdraw:
      out.push_back(field("reason", "choice", {"原因", "Reason"}, true, choices_of(pack.withdrawals())));
      break;
    case Action::correct_person: return correction_fields();
    case Action::erase_person: return erasure_fields(side, pack);
    case Action::record_evidence:
      out.push_back(field("kind", "choice", {"佐证种类", "Kind of evidence"}, true, choices_of(evidence_names)));
      out.push_back(field("taken_at", "instant", {"佐证本身记载的时间", "The time that it shows itself"}, true));
      out.push_back(field("reference", "text", {"编号", "Its number"}, true));
      break;
    case Action::name_firm:
      out.push_back(field("role", "choice", {"单位类别", "Kind of firm"}, true, choices_of(firm_names)));
      out.push_back(field("firm", "text", {"统一社会信用代码", "Credit code"}, true));
      break;
    case Action::record_charge:
      out.push_back(field("item", "text", {"收费项目编号", "Item of the fee catalogue"}, true));
      out.push_back(field("fen", "integer", {"金额（分）", "Amount in fen"}, true));
      out.back().as_object()["minimum"] = 0;
      break;
    case Action::confirm_charge:
    case Action::drop_charge:
      out.push_back(field("charge", "choice", {"哪一笔收费", "Which charge"}, true, noted_charges(s)));
      if (action == Action::drop_charge)
        out.push_back(field("reason", "text", {"原因（勿填个人信息）", "Why (no personal data)"}, true));
      break;
    case Action::assign: {
      json::Array roles, reasons;
      for (const auto& r : pack.team().roles) roles.push_back(choice(r.id, r.name));
      for (const auto& r : pack.team().reasons) reasons.push_back(choice(r.id, r.name));
      out.push_back(field("role", "choice", {"角色", "Role"}, true, std::move(roles)));
      out.push_back(field("reason", "choice", {"方式", "How"}, true, std::move(reasons)));
      out.push_back(field("account", "text", {"工作人员用户名", "User name of the member of staff"}, true));
      out.push_back(field("until", "date", {"代班至（仅代班填写）", "Covered until (of a cover only)"}, false));
      break;
    }
    case Action::answer_order:
      out.push_back(
          field("measure", "text", {"整改措施（勿填个人信息）", "What is done about it (no personal data)"}, true));
      out.push_back(field("done_by", "date", {"预计完成日期", "To be done by"}, true));
      break;
    case Action::propose_whitelist:
    case Action::add_works:
    case Action::withdraw_whitelist:
    case Action::reschedule_works:
    case Action::complete_works: return whitelist_fields(s, action, pack);
    case Action::confirm_whitelist:
    case Action::open: break;
  }
  return out;
}

using Stand = WhitelistEntry::Stand;

/// An entry is the reply to the customer.
bool may_propose(const CaseState& s, const policy::Pack& pack) {
  if (pack.whitelist().empty() || s.phase != Phase::running || s.current + 1 >= s.stages.size()) return false;
  if (s.whitelist_is(Stand::proposed) || s.whitelist_is(Stand::completed)) return false;
  return s.stages[s.current].id == s.reply_stage();
}

std::optional<Problem> erased_objection(const CaseState& s) {
  if (!s.erased_at) return {};
  return refusal(
      "connection.person_erased", {"本件的个人信息已经删除", "the personal data of this case have been erased"},
      {"无需再办；案件经过和收据仍可核验", "nothing is left to do; the case and its receipt can still be checked"});
}

/// 个人信息保护法 47: while the case runs, its purpose needs to know who and where.
std::optional<Problem> erasure_objection(const CaseState& s) {
  if (auto problem = erased_objection(s)) return problem;
  if (!s.open() && s.phase != Phase::lead) return {};
  return refusal(
      "connection.person_needed",
      {"案件还在办理，处理目的尚未实现：没有姓名、电话和地址就无法接电",
       "the case still runs, and its purpose needs the data: nobody can be connected without name, phone and address"},
      {"如不再需要用电，请先撤回申请，撤回后即可删除；否则请在送电后再申请",
       "withdraw the application first if the supply is no longer wanted, then erase; or ask again once the power is on"});
}

}  // namespace

json::Object supply_question(const policy::Facts& f, std::string_view boundary) {
  return {{"kw", f.requested_kw},
          {"voltage", f.voltage == policy::Voltage::kv35_plus ? "35kv" : name_of(f.voltage)},
          {"sources", f.sources},
          {"important", f.important},
          {"boundary", boundary == "planning_red_line" ? "red_line" : boundary}};
}

bool belongs_to(Side side, Action action) {
  const bool customers_own = action == Action::supplement || action == Action::take_back || action == Action::rate ||
                             action == Action::withdraw || action == Action::erase_person;
  if (action == Action::erase_person) return side != Side::staff;
  // A rating is the customer's alone; the rest a clerk may enter for a customer at the counter, under the same rules.
  // A clerk proposes and a manager confirms: what stops a clock needs two people (四眼原则).
  if (action == Action::propose_whitelist || action == Action::add_works) return side == Side::staff;
  if (action == Action::confirm_charge) return side == Side::manager;
  if (action == Action::confirm_whitelist || action == Action::withdraw_whitelist) return side == Side::manager;
  return side == Side::customer ? customers_own : action != Action::rate;
}

namespace {

std::vector<std::string> listed(const CaseState& s, std::string_view stage) {
  std::vector<std::string> out;
  if (const auto* documents = s.decision.if_contains("documents"); documents && documents->is_object())
    if (const auto* ids = documents->get_object().if_contains(stage); ids && ids->is_array())
      for (const auto& id : ids->get_array()) out.emplace_back(id.get_string());
  return out;
}

}  // namespace

std::vector<std::string> documents_of(const CaseState& s, std::string_view stage) {
  auto out = listed(s, stage);
  std::erase_if(out, [&](const std::string& id) { return std::ranges::find(s.held, id) != s.held.end(); });
  return out;
}

std::vector<std::string> seen_at_acceptance(const CaseState& s) {
  auto out = listed(s, "acceptance");
  if (s.stages.empty() || !s.stages.front().ended_at)
    std::erase_if(out, [&](const std::string& id) { return std::ranges::find(s.have, id) == s.have.end(); });
  return out;
}

std::vector<std::string> held_of(const CaseState& s, std::string_view stage) {
  auto out = listed(s, stage);
  std::erase_if(out, [&](const std::string& id) { return std::ranges::find(s.held, id) == s.held.end(); });
  return out;
}

std::vector<const policy::HandOver*> hand_overs_after(const CaseState& s, const policy::Pack& pack) {
  std::vector<const policy::HandOver*> out;
  const std::size_t next = s.phase == Phase::awaiting_works ? s.current : s.current + 1;
  if (next == 0 || next >= s.stages.size()) return out;
  for (const auto& h : pack.hand_overs())
    if (h.after == s.stages[next - 1].id && std::ranges::find(h.before, s.stages[next].id) != h.before.end())
      out.push_back(&h);
  return out;
}

std::optional<Problem> objection(const CaseState& s, Action action, const policy::Pack& pack) {
  const bool running_here = s.phase == Phase::running && s.stages[s.current].id == stage_of(action);
  bool may = false;
  switch (action) {
    case Action::ask_documents:
      if (running_here && s.asked_at) {
        return refusal("connection.asked_once",
                       {"缺少的材料只能一次性告知，本件已告知过", "what is missing is asked for once, and it was"},
                       {"请按已有材料受理", "accept with what is there"});
      }
      may = running_here;
      break;
    case Action::accept:
    case Action::reply_plan:
    case Action::review_design:
    case Action::inspect_midway:
    case Action::energise: may = running_here; break;
    case Action::record_defects:
      may =
          s.phase == Phase::running && s.stages[s.current].id != "acceptance" && s.stages[s.current].id != "plan_reply";
      break;
    case Action::supplement:
      may = s.phase == Phase::with_customer && s.stages[s.current].hold && !s.stages[s.current].hold->until;
      break;
    case Action::take_back: may = s.phase == Phase::with_customer && s.hold && !s.hold->until; break;
    case Action::rate: may = s.phase == Phase::energised; break;
    case Action::withdraw: may = s.open(); break;
    case Action::open: may = s.phase == Phase::lead; break;
    case Action::correct_person: return erased_objection(s);
    case Action::erase_person: return erasure_objection(s);
    // The traces of a case may come to light after its end.
    case Action::record_evidence:
    case Action::record_charge: may = s.phase != Phase::none && s.phase != Phase::lead && !s.erased_at; break;
    case Action::confirm_charge:
    case Action::drop_charge: may = std::ranges::count(s.charges, Charge::Stand::noted, &Charge::stand) > 0; break;
    case Action::name_firm:
      may = (s.open() || s.phase == Phase::energised || s.phase == Phase::closed) && !s.erased_at;
      break;
    case Action::assign: may = s.open() && !pack.team().roles.empty(); break;
    case Action::propose_whitelist: may = may_propose(s, pack); break;
    case Action::add_works:
    case Action::confirm_whitelist: may = s.phase == Phase::running && s.whitelist_is(Stand::proposed); break;
    case Action::withdraw_whitelist:
      may = s.open() && (s.whitelist_is(Stand::proposed) || s.whitelist_is(Stand::under_way));
      break;
    case Action::reschedule_works:
    case Action::complete_works: may = s.phase == Phase::awaiting_works; break;
    case Action::answer_order: may = s.open() && s.ordered_at && !s.answered_at; break;
  }
  return may ? std::nullopt : std::optional(not_now(s, action, pack));
}

Sentence works_limit_name(std::string_view limit) { return name_among(limit_names, limit); }
Sentence works_cure_name(std::string_view cure) { return name_among(cure_names, cure); }

json::Array available(const CaseState& s, Side side, const policy::Pack& pack) {
  json::Array out;
  for (std::size_t i = 0; i < EnumNames<Action>::values.size(); ++i) {
    const auto action = static_cast<Action>(i);
    if (!belongs_to(side, action) || objection(s, action, pack)) continue;
    // A case without a document that may be asked for has nothing to ask.
    if (action == Action::ask_documents && documents_of(s, "acceptance").empty()) continue;
    const Sentence& name = name_of_action(action);
    const bool customers = belongs_to(Side::customer, action);
    out.push_back(json::Object{{"id", name_of(action)},
                               {"name", json::Object{{"zh", name.zh}, {"en", name.en}}},
                               {"who", customers ? "customer" : "staff"},
                               {"fields", fields_of(s, action, side, pack)}});
  }
  return out;
}

}  // namespace tongdian::connection
