#include "connection/titles.hpp"

#include <algorithm>

#include "connection/events.hpp"

namespace tongdian::connection {
namespace {

struct Title {
  std::string_view type;
  Sentence title;
  Sentence notice;
};

const std::vector<Title>& titles() {
  namespace ev = events;
  static const std::vector<Title> table = {
      {ev::lead_recorded, {"收到项目线索", "Lead recorded"}, {}},
      {ev::submitted,
       {"提交用电申请", "Application submitted"},
       {"您的用电申请已提交，时钟已开始。", "Your application is submitted; its clock has started."}},
      {ev::documents_asked,
       {"一次性告知需补正的材料", "Told once what is missing"},
       {"您的申请还缺材料，请一次补齐；在此期间时钟停在您手中。",
        "Documents are missing; please supply them together. The case is with you meanwhile."}},
      {ev::supplemented, {"材料已补交", "Missing documents supplied"}, {}},
      {ev::accepted, {"业务受理", "Application accepted"}, {"您的申请已受理。", "Your application is accepted."}},
      {ev::plan_replied,
       {"答复供电方案", "Supply plan replied"},
       {"供电方案已答复，请查看。", "Your supply plan is ready."}},
      {ev::design_reviewed,
       {"设计审查通过", "Design reviewed"},
       {"设计审查已通过。", "Your design has passed its review."}},
      {ev::midway_inspected,
       {"中间检查通过", "Interim inspection passed"},
       {"中间检查已通过。", "The interim inspection is passed."}},
      {ev::defects_recorded, {"记录缺陷与整改要求", "Defects recorded"}, {}},
      {ev::taken_back, {"客户准备就绪，继续办理", "The customer is ready; the case goes on"}, {}},
      {ev::energised,
       {"验收送电", "Inspected and energised"},
       {"已送电。欢迎评价本次服务。", "The power is on. Please rate the service."}},
      {ev::rated, {"客户评价", "Rated by the customer"}, {}},
      {ev::withdrawn, {"客户撤回申请", "Withdrawn by the customer"}, {}},
      {ev::warned, {"临近时限", "Near its limit"}, {}},
      {ev::overdue,
       {"超过时限", "Past its limit"},
       {"您的申请已超过承诺时限，我们已督办。您可拨打 95598 或 12398。",
        "Your application is past its promised date and is being supervised. You may call 95598 or 12398."}},
      {ev::breached, {"超过文件规定的上限", "Past the ceiling of the text"}, {}},
      {ev::escalated, {"督办升级", "Escalated"}, {}},
      {ev::file_attached, {"材料文件已提交", "A paper handed in as a file"}, {}},
      {ev::whitelist_proposed, {"提请列入白名单", "Proposed for the whitelist"}, {}},
      {ev::whitelist_work_added, {"添加配套电网工程", "Grid works added"}, {}},
      {ev::whitelisted,
       {"列入白名单，配套电网工程开始", "Entered in the whitelist; the grid works begin"},
       {"您的用电项目已列入白名单，配套电网工程开始建设，完工后立即接电；预计日期见办件页面。",
        "Your project is in the whitelist: the supporting grid works begin, and the connection goes on as soon as they are done. The case's page has the dates."}},
      {ev::whitelist_withdrawn, {"撤销白名单登记", "Whitelist entry withdrawn"}, {}},
      {ev::works_rescheduled, {"调整配套电网工程工期", "Grid works rescheduled"}, {}},
      {ev::works_completed,
       {"配套电网工程完工", "Grid works completed"},
       {"配套电网工程已完工，您的接电继续办理。", "The supporting grid works are done; your connection goes on."}},
      {ev::person_erased, {"个人信息已删除", "Personal data erased"}, {}},
      {ev::person_corrected, {"个人信息已更正", "Personal data corrected"}, {}},
      {ev::request_refused, {"清单外的要求被拒绝", "A request beyond the list was refused"}, {}},
      {ev::evidence_recorded, {"登记佐证时间", "Evidence of a time recorded"}, {}},
      {ev::firm_named, {"登记设计、施工或设备单位", "A designer, builder or supplier named"}, {}},
      {ev::charged, {"登记收费", "A charge recorded"}, {}},
      {ev::charge_confirmed, {"收费已由另一人复核", "The charge is confirmed by another person"}, {}},
      {ev::charge_dropped, {"收费已撤销", "The charge is dropped"}, {}},
      {ev::team_changed, {"服务团队变更", "The team has changed"}, {}},
      {ev::order_answered, {"督办单已答复", "The supervision order is answered"}, {}},
      {ev::order_unanswered,
       {"督办单逾期未答复，列入通报", "The supervision order was not answered: named in the bulletin"},
       {}},
  };
  return table;
}

const Title* find(std::string_view type) {
  const auto found = std::ranges::find(titles(), type, &Title::type);
  return found == titles().end() ? nullptr : &*found;
}

std::string text_at(const engine::Event& e, std::string_view key) {
  const auto* v = e.payload.get_object().if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

/// "（业务受理）" or "（全程）": which limit an alarm is about.
Sentence scope_of(const std::string& scope, const policy::Pack& pack) {
  if (scope == "total") return {"（全程）", " (the whole)"};
  const auto* stage = pack.stage(scope);
  return stage ? Sentence{"（" + stage->name.zh + "）", " (" + stage->name.en + ")"} : Sentence{};
}

}  // namespace

Sentence hand_over_name(std::string_view reason, const policy::Pack& pack) {
  if (reason == "documents") return {"补正材料", "supplying what is missing"};
  for (const auto& h : pack.hand_overs())
    if (h.reason == reason) return h.name;
  return {std::string(reason), std::string(reason)};
}

Sentence title_of(const engine::Event& e, const policy::Pack& pack) {
  const Title* found = find(e.type);
  if (!found) return {e.type, e.type};
  Sentence out = found->title;
  if (e.type == events::submitted && e.actor.kind != "customer" && e.channel != "counter")
    out = {"供电企业主动开单（零申请）", "Opened by the utility (zero application)"};
  if (const auto scope = text_at(e, "scope"); !scope.empty()) {
    const Sentence which = scope_of(scope, pack);
    out.zh += which.zh;
    out.en += which.en;
  }
  if (const auto reason = text_at(e, "hand_over"); !reason.empty()) {
    const Sentence why = hand_over_name(reason, pack);
    out.zh += "；交客户：" + why.zh;
    out.en += "; handed to the customer: " + why.en;
  }
  if (e.type == events::escalated) {
    const auto level = std::to_string(e.payload.at("level").as_int64());
    out = {out.zh + "（第 " + level + " 级）", out.en + " (level " + level + ")"};
  }
  const auto because = [&](const std::vector<policy::Reason>& reasons, std::string_view key) {
    for (const auto& r : reasons)
      if (r.id == text_at(e, key)) out = {out.zh + "：" + r.name.zh, out.en + ": " + r.name.en};
  };
  if (e.type == events::withdrawn) because(pack.withdrawals(), "reason");
  if (e.type == events::person_erased) because(pack.erasures(), "ground");
  if (e.type == events::person_erased && text_at(e, "requested_by") == "restore")
    out = {out.zh + "（数据从备份恢复后再次删除）", out.en + " (again, after a backup was restored)"};
  if (const auto step = text_at(e, "step"); step == "supervised")
    out = {out.zh + "：下达督办单", out.en + ": a supervision order"};
  else if (step == "named")
    out = {out.zh + "：列入通报", out.en + ": named in the bulletin"};
  if (e.type == events::team_changed) {
    const auto& team = pack.team();
    const auto role = std::ranges::find(team.roles, text_at(e, "role"), &policy::Reason::id);
    const auto reason = std::ranges::find(team.reasons, text_at(e, "reason"), &policy::Team::PassReason::id);
    if (role != team.roles.end() && reason != team.reasons.end())
      out = {role->name.zh + "：" + reason->name.zh, role->name.en + ": " + reason->name.en};
  }
  if (e.type == events::charged && e.version >= 2)
    out = {out.zh + "（待复核，复核后才有效）", out.en + " (it counts once another has confirmed it)"};
  return out;
}

std::string note_of(const engine::Event& e) {
  if (e.type == events::evidence_recorded)
    return text_at(e, "kind") + " " + text_at(e, "reference") + ", " + text_at(e, "taken_at");
  if (e.type == events::charged)
    return text_at(e, "item") + ", " + std::to_string(e.payload.at("fen").as_int64()) + " fen";
  if (e.type == events::charge_dropped) return text_at(e, "reason");
  if (e.type == events::firm_named) return text_at(e, "role") + " " + text_at(e, "firm");
  if (e.type == events::works_rescheduled) return "→ " + text_at(e, "expected_on") + ": " + text_at(e, "reason");
  if (e.type == events::whitelist_withdrawn) return text_at(e, "reason");
  if (e.type == events::whitelist_proposed || e.type == events::whitelist_work_added) {
    const auto& work = e.payload.at("work").get_object();
    return std::string(work.at("what").as_string()) + ", ≤ " + std::string(work.at("expected_on").as_string());
  }
  if (e.type == events::request_refused) return text_at(e, "code");
  if (e.type == events::escalated) return text_at(e, "answer_by").empty() ? "" : "≤ " + text_at(e, "answer_by");
  for (const auto* key : {"connection_point", "defects", "meter", "project_code", "account", "measure"})
    if (auto text = text_at(e, key); !text.empty()) return text;
  std::string out;
  if (e.type == events::rated) out = std::to_string(e.payload.at("score").as_int64()) + " / 5";
  return out;
}

Sentence notice_of(std::string_view type, std::string_view number) {
  const Title* found = find(type);
  if (!found || found->notice.zh.empty()) return {};
  return {"【" + std::string(number) + "】" + found->notice.zh, "[" + std::string(number) + "] " + found->notice.en};
}

}  // namespace tongdian::connection
