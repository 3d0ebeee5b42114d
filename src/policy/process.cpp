// Reads process.yaml: stages, classes, plans, hand-overs; and refuses the stages that the text forbids.
#include <algorithm>

#include "policy/model.hpp"

namespace tongdian::policy {
namespace {

class ProcessReader {
 public:
  ProcessReader(PackModel& model, const Yaml& file) : model_(model), file_(file) {}

  void read() {
    file_.only({"customer_stages", "stages", "classes", "abolished", "plans", "hand_overs", "supervision",
                "withdrawals", "erasures", "citations", "team", "complaints", "visits", "whitelist"});
    read_customer_stages(file_.need("customer_stages"));
    for (const Yaml& each : file_.need("stages").items()) read_stage(each);
    for (const auto& [key, value] : file_.need("classes").entries()) read_class(key, value);
    for (const auto& [key, value] : file_.need("plans").entries()) read_plan(key, value);
    for (const Yaml& each : file_.need("abolished").items()) check_abolished(each);
    for (const Yaml& each : file_.need("hand_overs").items()) read_hand_over(each);
    model_.supervision = read_supervision(file_.need("supervision"));
    if (const Yaml team = file_.get("team")) read_team(team);
    if (const Yaml visits = file_.get("visits")) read_visits(visits);
    if (const Yaml complaints = file_.get("complaints")) read_complaints(complaints);
    if (const Yaml whitelist = file_.get("whitelist")) read_whitelist(whitelist);
    for (const auto& [key, value] : file_.need("withdrawals").entries())
      model_.withdrawals.push_back({key.raw(), value.sentence()});
    for (const auto& [key, value] : file_.need("erasures").entries())
      model_.erasures.push_back({key.raw(), value.sentence()});
    for (const auto& [key, value] : file_.need("citations").entries())
      model_.citations[key.raw()] = model_.text.ids(model_.text.cited(value));
  }

 private:
  void read_customer_stages(const Yaml& at) {
    at.only({"lv", "hv", "forbidden_by"});
    for (const char* level : {"lv", "hv"})
      if (const Yaml most = at.need(level)) most_[level] = model_.parameters.named(most, most.raw(), "stages");
    forbidden_by_ = model_.text.ids(model_.text.cited(at.need("forbidden_by")));
  }

  void read_visits(const Yaml& at) {
    at.only({"minutes", "cancel_hours", "from_hour", "to_hour"});
    auto& visits = model_.visits;
    visits = {at.need("minutes").integer(15, 240), at.need("cancel_hours").integer(0, 72),
              at.need("from_hour").integer(0, 23), at.need("to_hour").integer(1, 24)};
    if (visits.from_hour * 60 + visits.minutes > visits.to_hour * 60)
      at.complain(
          "pack.wrong_value", {"这段时间容不下一次上门", "no visit fits between these hours"},
          {"to_hour 应晚于 from_hour，至少相差 minutes", "let to_hour be later than from_hour, by `minutes` at least"});
  }

  void read_complaints(const Yaml& at) {
    at.only({"answer_within_wd", "supervision", "about"});
    model_.complaints.answer_within_wd = at.need("answer_within_wd").integer(1, 60);
    if (const Yaml supervision = at.get("supervision")) model_.complaints.supervision = read_supervision(supervision);
    for (const auto& [key, value] : at.need("about").entries())
      model_.complaints.about.push_back({key.raw(), value.sentence()});
  }

  void read_whitelist(const Yaml& at) {
    at.only({"kinds", "clauses"});
    static_cast<void>(model_.text.cited(at.need("clauses")));  // checked alone: steps have their citations
    for (const auto& [key, value] : at.need("kinds").entries()) {
      value.only({"name", "enterprises_only", "most"});
      WhitelistKind kind{key.raw(), value.need("name").sentence(), false, {}};
      if (const Yaml only = value.get("enterprises_only")) kind.enterprises_only = only.boolean();
      if (const Yaml most = value.get("most"))
        if (const int limit = model_.parameters.named(most, most.raw(), "kW"); limit >= 0)
          for (const auto& each : model_.parameters[limit].values) kind.most_kw.emplace_back(each.from, each.value);
      model_.whitelist.push_back(std::move(kind));
    }
  }

  /// A stage that the annex does not print is one that somebody added.
  void read_stage(const Yaml& at) {
    at.only({"id", "name", "printed", "clause", "customer_facing", "holder"});
    StageSource out;
    const Yaml id = at.need("id");
    out.stage.id = id.text();
    out.stage.name = at.need("name").sentence();
    out.customer_facing = at.need("customer_facing").boolean();
    const Yaml holder = at.need("holder");
    if (holder && holder.raw() != "grid")
      holder.complain(
          "pack.unknown_value", {"环节由电网侧办理", "a stage is the grid side's"},
          {"写 grid；用户持有的时间写在 hand_overs", "write grid; the customer's time stands under hand_overs"});
    const auto clause = model_.text.cited(at.need("clause"));
    const Yaml printed = at.need("printed");
    if (!clause.empty() && printed && !model_.text.quotes(clause.front(), printed.text()))
      printed.complain("pack.forbidden_stage",
                       {"条款中没有环节“" + printed.raw() + "”，不得增设环节",
                        "the clause prints no stage " + printed.raw() + "; no stage may be added"},
                       {"删去此环节", "leave the stage out"}, forbidden_by_);
    if (model_.stage_named(out.stage.id) >= 0)
      id.complain("pack.duplicate_key", {"环节重复", "the stage stands twice"}, {"只保留一处", "keep one of them"});
    model_.stages.push_back(std::move(out));
  }

  void check_level(const Yaml& at) const {
    if (at && !most_.contains(at.raw()))
      at.complain("pack.unknown_value", {"应为 lv 或 hv", "must be lv or hv"}, {"写 lv 或 hv", "write lv or hv"});
  }

  void read_class(const Yaml& key, const Yaml& at) {
    at.only({"level", "name"});
    check_level(at.need("level"));
    model_.class_level[key.raw()] = at.get("level").raw();
    model_.choices[index_of(Slot::klass)].add(key.raw(), at.need("name").sentence());
  }

  void read_plan(const Yaml& key, const Yaml& at) {
    at.only({"level", "stages", "ceiling", "next_day", "resolution", "clauses", "notes"});
    PlanSource out;
    out.id = key.raw();
    out.place = key.place();
    const Yaml level = at.need("level");
    check_level(level);
    out.level = level.raw();
    for (const auto& [stage, limit] : at.need("stages").entries()) read_plan_stage(out, stage, limit);
    if (const Yaml ceiling = at.get("ceiling"))
      out.ceiling = model_.parameters.named(ceiling, ceiling.raw(), "working_days");
    if (const Yaml next_day = at.get("next_day")) out.next_day = next_day.boolean();
    out.clauses = model_.text.cited(at.need("clauses"));
    out.notes = model_.noted(at.get("notes"));
    check_customer_stages(out, at);
    check_total(out, at);
    model_.choices[index_of(Slot::plan)].add(out.id, {});
    model_.plans.push_back(std::move(out));
  }

  void read_plan_stage(PlanSource& out, const Yaml& stage, const Yaml& limit) const {
    const int index = model_.stage_named(stage.raw());
    if (index < 0)
      stage.complain(
          "pack.forbidden_stage",
          {"没有环节 " + stage.raw() + "，不得增设环节", "no stage " + stage.raw() + "; no stage may be added"},
          {"只用 stages 中的环节", "use the stages listed above"}, forbidden_by_);
    else if (!out.stages.empty() && index <= out.stages.back().stage)
      stage.complain("pack.wrong_value", {"环节次序与 stages 不同", "the stages are not in the order of `stages`"},
                     {"按 stages 的次序排列", "put them in that order"});
    out.stages.push_back({std::max(index, 0), model_.parameters.named(limit, limit.raw(), "working_days")});
  }

  void check_customer_stages(const PlanSource& plan, const Yaml& at) const {
    const auto most = most_.find(plan.level);
    if (most == most_.end() || most->second < 0 || model_.stages.empty()) return;
    const auto facing = std::count_if(plan.stages.begin(), plan.stages.end(), [&](const PlanStage& s) {
      return model_.stages[static_cast<std::size_t>(s.stage)].customer_facing;
    });
    for (const auto& value : model_.parameters[most->second].values)
      if (static_cast<double>(facing) > value.value) {
        const auto count = std::to_string(facing);
        const auto limit = std::to_string(static_cast<int>(value.value));
        at.complain("pack.forbidden_stage",
                    {"用户环节 " + count + " 个，不得超过 " + limit + " 个",
                     count + " customer-facing stages, at most " + limit + " are allowed"},
                    {"减少环节", "take stages out"}, forbidden_by_);
        return;
      }
  }

  /// The stages' total is a number of the annex; a slip in one stage shows here.
  void check_total(const PlanSource& plan, const Yaml& at) const {
    if (const Yaml resolution = at.get("resolution")) {
      static_cast<void>(model_.noted(resolution));
      return;
    }
    double total = 0;
    for (const auto& stage : plan.stages) {
      if (stage.limit < 0) return;
      total += model_.parameters[stage.limit].on(model_.in_force_from);
    }
    const auto number = std::to_string(static_cast<int>(total));
    for (const int clause : plan.clauses)
      if (model_.text.has_number(clause, number)) return;
    if (!plan.clauses.empty())
      at.complain("pack.not_in_text",
                  {"合计 " + number + " 个工作日不在所引条款中",
                   "the total of " + number + " working days stands in none of its clauses"},
                  {"改正各环节时限，或用 resolution 写明依据的解读",
                   "mend the stages' limits, or name a resolution that explains it"},
                  model_.text.ids(plan.clauses));
  }

  void check_abolished(const Yaml& at) const {
    at.only({"stages", "plans", "clauses"});
    const auto clauses = model_.text.ids(model_.text.cited(at.need("clauses")));
    for (const Yaml& plan_id : at.need("plans").items()) {
      const int plan = model_.choices[index_of(Slot::plan)].find(plan_id.raw());
      if (plan < 0) {
        plan_id.complain("pack.unknown_value", {"没有方案 " + plan_id.raw(), "no plan " + plan_id.raw()},
                         {"写 plans 中的一个", "name one of `plans`"});
        continue;
      }
      for (const Yaml& stage : at.need("stages").items())
        for (const auto& each : model_.plans[static_cast<std::size_t>(plan)].stages)
          if (model_.stages[static_cast<std::size_t>(each.stage)].stage.id == stage.raw())
            model_problem(plan, stage.raw(), clauses, at);
    }
  }

  void model_problem(int plan, const std::string& stage, const std::vector<std::string>& clauses,
                     const Yaml& at) const {
    const auto& source = model_.plans[static_cast<std::size_t>(plan)];
    at.complain("pack.forbidden_stage",
                {"方案 " + source.id + "（" + source.place + "）含有已取消的环节 " + stage,
                 "the plan " + source.id + " (" + source.place + ") has the abolished stage " + stage},
                {"从该方案中删去", "take it out of that plan"}, clauses);
  }

  void read_hand_over(const Yaml& at) {
    at.only({"reason", "name", "after", "before"});
    HandOver out{at.need("reason").text(), at.need("name").sentence(), at.need("after").text(), {}};
    const auto known = [&](const Yaml& stage) {
      if (stage && model_.stage_named(stage.raw()) < 0)
        stage.complain("pack.unknown_value", {"没有环节 " + stage.raw(), "no stage " + stage.raw()},
                       {"写 stages 中的一个", "name one of `stages`"});
    };
    known(at.get("after"));
    for (const Yaml& each : at.need("before").items()) {
      known(each);
      out.before.push_back(each.raw());
    }
    model_.hand_overs.push_back(std::move(out));
  }

  /// The ladder of cases, and that of complaints: the same rungs.
  Supervision read_supervision(const Yaml& at) {
    Supervision out;
    at.only({"warn_share", "escalate_after_wd", "order", "bulletin", "clauses"});
    const Yaml share = at.need("warn_share");
    out.warn_share = share.number();
    if (share && (out.warn_share <= 0 || out.warn_share > 1))
      share.complain("pack.wrong_value", {"应大于 0、不超过 1", "must be over 0 and at most 1"},
                     {"例如 0.8", "for example 0.8"});
    for (const Yaml& each : at.need("escalate_after_wd").items())
      out.escalate_after_wd.push_back(each.integer(1, 1000));
    const int levels = static_cast<int>(out.escalate_after_wd.size());
    if (const Yaml order = at.get("order")) {
      order.only({"at_level", "answer_within_wd"});
      out.order_at_level = order.need("at_level").integer(1, std::max(1, levels));
      out.answer_within_wd = order.need("answer_within_wd").integer(1, 1000);
    }
    if (const Yaml bulletin = at.get("bulletin")) {
      bulletin.only({"at_level"});
      out.bulletin_at_level = bulletin.need("at_level").integer(1, std::max(1, levels));
    }
    static_cast<void>(model_.text.cited(at.need("clauses")));
    return out;
  }

  void read_team(const Yaml& at) {
    at.only({"roles", "reasons", "clauses"});
    for (const auto& [key, value] : at.need("roles").entries())
      model_.team.roles.push_back({key.raw(), value.sentence()});
    for (const auto& [key, value] : at.need("reasons").entries()) {
      value.only({"name", "for_a_time"});
      const Yaml for_a_time = value.get("for_a_time");
      model_.team.reasons.push_back({key.raw(), value.need("name").sentence(), for_a_time && for_a_time.boolean()});
    }
    static_cast<void>(model_.text.cited(at.need("clauses")));
  }

  PackModel& model_;
  const Yaml& file_;
  std::map<std::string, int> most_;
  std::vector<std::string> forbidden_by_;
};

}  // namespace

void read_process(PackModel& model, const Yaml& file) { ProcessReader(model, file).read(); }

std::optional<double> WhitelistKind::most_on(LocalDate day) const {
  std::optional<double> out;
  for (const auto& [from, value] : most_kw)
    if (!out || from <= day) out = value;
  return out;
}

}  // namespace tongdian::policy
