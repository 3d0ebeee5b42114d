#include "mining/findings_json.hpp"

#include <array>
#include <cmath>

#include "mining/words.hpp"

namespace tongdian::mining {
namespace {

void moment(JsonWriter& out, std::string_view key, Moment m) {
  if (m) out.key(key).text(format_moment(m));
}

void step(JsonWriter& out, const Mined& mined, const Finding& f) {
  if (f.activity != no_text) out.key("activity").text(mined.labels.activities[f.activity]);
  if (f.position > 0) out.key("position").number(f.position);
}

void evidence(JsonWriter& out, const Mined& mined, const Finding& f) {
  switch (f.kind) {
    case Kind::overdue:
    case Kind::missed_promise:
      moment(out, f.kind == Kind::overdue ? "deadline" : "promised", f.expected);
      moment(out, "finished", f.found);
      out.key("finished_by").text(f.count == 1 ? "finished" : "last_event");
      step(out, mined, f);
      out.key("late_s").real(f.amount);
      break;
    case Kind::over_limit:
      moment(out, "first_event", f.expected);
      moment(out, "last_event", f.found);
      out.key("limit_wd").number(f.count);
      out.key("used_wd").real(f.amount);
      if (mined.limit) out.key("clauses").text(mined.limit->clauses);
      break;
    case Kind::stage_over_limit: {
      const auto& stage = mined.limit->stages[f.other];
      out.key("stage").text(stage.steps.stage);
      out.key("begins").text(stage.steps.begins);
      out.key("ends").text(stage.steps.ends);
      moment(out, "begun", f.expected);
      moment(out, "ended", f.found);
      out.key("limit_wd").number(f.count);
      out.key("used_wd").real(f.amount);
      out.key("clauses").text(mined.limit->clauses);
      break;
    }
    case Kind::back_dated:
      step(out, mined, f);
      moment(out, "time", f.found);
      moment(out, "recorded", f.expected);
      if (f.expected) out.key("late_s").real(f.amount);
      out.key("shown_by").text(f.expected ? "recorded" : "whole_day");
      out.key("steps").number(f.count);
      break;
    case Kind::out_of_order:
      step(out, mined, f);
      moment(out, "time", f.found);
      moment(out, "behind", f.expected);
      out.key("back_s").real(f.amount);
      out.key("steps").number(f.count);
      break;
    case Kind::tie:
      step(out, mined, f);
      moment(out, "time", f.found);
      out.key("steps").real(f.amount);
      out.key("events").number(f.count);
      break;
    case Kind::repeat:
      step(out, mined, f);
      moment(out, "time", f.found);
      out.key("repeats").number(f.count);
      break;
    case Kind::rewalked:
      step(out, mined, f);
      if (f.other != no_text) out.key("to").text(mined.labels.activities[f.other]);
      moment(out, "time", f.found);
      out.key("steps").number(f.count);
      break;
    case Kind::reopened:
      out.key("earlier_case").text(mined.findings.other_case(f));
      moment(out, "earlier_end", f.expected);
      moment(out, "begun", f.found);
      out.key("gap_s").real(f.amount);
      break;
  }
}

}  // namespace

Sentence evidence_of(const Mined& mined, const Finding& f) {
  const std::string what(f.activity == no_text ? "" : mined.labels.activities[f.activity]);
  const std::string found = format_moment(f.found), expected = format_moment(f.expected),
                    count = std::to_string(f.count);
  const std::string position = std::to_string(f.position);
  const auto long_ = how_long(f.amount);
  switch (f.kind) {
    case Kind::overdue:
      return {"期限 " + expected + "，" + (f.count == 1 ? "办结 " : "末尾事件 ") + found + "，晚 " + long_.zh,
              "due " + expected + (f.count == 1 ? ", finished " : ", last event ") + found + ", late by " + long_.en};
    case Kind::missed_promise:
      return {
          "承诺 " + expected + "，" + (f.count == 1 ? "办结 " : "末尾事件 ") + found + "，晚 " + long_.zh,
          "promised " + expected + (f.count == 1 ? ", finished " : ", last event ") + found + ", late by " + long_.en};
    case Kind::over_limit: {
      const auto used = std::to_string(std::llround(f.amount));
      return {"时限 " + count + " 个工作日，用了 " + used + " 个",
              "the limit is " + count + " working days, it took " + used};
    }
    case Kind::stage_over_limit: {
      const auto& stage = mined.limit->stages[f.other];
      const auto used = std::to_string(std::llround(f.amount));
      return {stage.name.zh + "：" + stage.steps.begins + " " + expected + " 至 " + stage.steps.ends + " " + found +
                  "，时限 " + count + " 个工作日，用了 " + used + " 个",
              stage.name.en + ": from " + stage.steps.begins + ", " + expected + ", to " + stage.steps.ends + ", " +
                  found + ": the limit is " + count + " working days, it took " + used};
    }
    case Kind::back_dated:
      if (f.expected)
        return {"第 " + position + " 个事件“" + what + "”称发生于 " + found + "，" + long_.zh + "后才录入；共 " +
                    count + " 步",
                "event " + position + ", " + what + ", is said to be of " + found + " and was recorded " + long_.en +
                    " later; " + count + " such steps"};
      return {"第 " + position + " 个事件“" + what + "”的时间是整日 " + found + "，而日志的时间一般精确到秒",
              "event " + position + ", " + what + ", has a whole day as its time, " + found +
                  ", in a log of precise times"};
    case Kind::out_of_order:
      return {"第 " + position + " 个事件“" + what + "”的时间 " + found + " 早于排在它前面的事件，差 " + long_.zh,
              "event " + position + ", " + what + ", is of " + found + ", " + long_.en +
                  " before one that stands ahead of it"};
    case Kind::tie: {
      const auto steps = std::to_string(std::llround(f.amount));
      if (f.amount < 2) return {count + " 次与前一事件同一时刻", count + " times at the instant of the event before"};
      return {steps + " 个步骤同在 " + found + "，自“" + what + "”起",
              steps + " steps at " + found + ", from " + what + " on"};
    }
    case Kind::repeat:
      return {"第 " + position + " 步“" + what + "”此前已办过；共 " + count + " 次重复",
              "step " + position + ", " + what + ", was there before; " + count + " repeats"};
    case Kind::rewalked: {
      const std::string to(f.other == no_text ? "" : mined.labels.activities[f.other]);
      return {"自第 " + position + " 步起再走“" + what + "”至“" + to + "”共 " + count + " 步",
              "from step " + position + " on, " + count + " steps again, from " + what + " to " + to};
    }
    case Kind::reopened: {
      const std::string earlier(mined.findings.other_case(f));
      return {"案件 " + earlier + " 结束后 " + long_.zh + "再次立案",
              "begun " + long_.en + " after case " + earlier + " had ended"};
    }
  }
  return {};
}

void findings_to_json(JsonWriter& out, const Mined& mined) {
  std::array<std::uint64_t, kind_count> strong{}, all{};
  out.key("findings").open('[');
  for (const auto& f : mined.findings.all()) {
    ++all[static_cast<std::size_t>(f.kind)];
    strong[static_cast<std::size_t>(f.kind)] += f.strong ? 1 : 0;
    out.open('{');
    out.key("kind").text(text_of(f.kind).id);
    out.key("case").text(mined.findings.case_name(f));
    out.key("strength").text(f.strong ? "strong" : "weak");
    out.key("evidence").open('{');
    evidence(out, mined, f);
    out.close('}');
    out.close('}');
  }
  out.close(']');
  out.key("finding_kinds").open('{');
  for (std::size_t k = 0; k < kind_count; ++k) {
    if (all[k] == 0) continue;
    const auto& text = text_of(static_cast<Kind>(k));
    out.key(text.id).open('{');
    out.key("cases").number(all[k]);
    out.key("strong").number(strong[k]);
    out.key("zh").text(text.title.zh);
    out.key("en").text(text.title.en);
    out.key("innocent_zh").text(text.innocent.zh);
    out.key("innocent_en").text(text.innocent.en);
    out.close('}');
  }
  out.close('}');
}

}  // namespace tongdian::mining
