#include "mining/report.hpp"

#include <algorithm>
#include <cmath>

#include "base/html.hpp"
#include "mining/findings_json.hpp"
#include "mining/limits.hpp"
#include "mining/process_map.hpp"
#include "mining/report_style.hpp"
#include "mining/words.hpp"

namespace tongdian::mining {
namespace {

constexpr std::size_t shown_variants = 15, shown_rows = 25, shown_findings = 100, shown_steps = 40;

/// A text in both languages; the page shows one of them.
std::string both(const Sentence& s) {
  return "<span class=\"zh\">" + html_escaped(s.zh) + "</span><span class=\"en\" lang=\"en\">" + html_escaped(s.en) +
         "</span>";
}
std::string both(const char* zh, const char* en) { return both(Sentence{zh, en}); }
std::string heading(const char* zh, const char* en) { return "<h2>" + both(zh, en) + "</h2>"; }
std::string soft(const char* zh, const char* en) { return "<p class=\"soft\">" + both(zh, en) + "</p>"; }
std::string right(const std::string& html) { return "<td class=\"r\">" + html + "</td>"; }
std::string bar(double share) {
  return "<td class=\"bar\"><i style=\"width:" + short_number(std::clamp(share, 0.0, 1.0) * 100) + "%\"></i></td>";
}
std::string percent(double share) { return short_number(share * 100) + " %"; }

std::string card(const std::string& value, const char* zh, const char* en) {
  return "<div class=\"card\"><b>" + value + "</b><span>" + both(zh, en) + "</span></div>";
}

std::string head(const Mined& mined, const std::string& name) {
  std::string out = "<nav><label for=\"zh\">中文</label><label for=\"en\">English</label></nav><h1>" +
                    both("流程日志报告", "Process log report") + "</h1><p><b>" + html_escaped(name) + "</b> · " +
                    html_escaped(mined.source.format == "xes" ? "XES" : "CSV") + " · " +
                    html_escaped(mined.source.encoding) + "</p>";
  if (!mined.source.columns.empty()) {
    std::string zh, en;
    for (const auto& c : mined.source.columns) {
      zh += (zh.empty() ? "" : "，") + c.role + " = " + c.name + (c.given ? "（指定）" : "");
      en += (en.empty() ? "" : ", ") + c.role + " = " + c.name + (c.given ? " (given)" : "");
    }
    out += "<p class=\"soft\">" + both({"读作：" + zh, "Read as: " + en}) + "</p>";
  }
  if (mined.broken)
    out += "<div class=\"broken\" role=\"alert\"><b>" + both("日志没有读完", "The log was not read to its end") +
           "</b><br>" + both(mined.broken->detail) + " (" + html_escaped(mined.broken->path) + ")<br>" +
           both(mined.broken->next) + "</div>";
  return out;
}

std::string figures(const Mined& mined) {
  const auto& f = mined.figures;
  std::string out = "<div class=\"cards\">";
  out += card(grouped(f.cases), "案件", "cases") + card(grouped(f.events), "事件", "events");
  out +=
      card(std::to_string(std::ranges::count_if(f.activities, [](auto n) { return n > 0; })), "种活动", "activities");
  out += card(grouped(f.variants), "种路径", "variants") +
         card(grouped(f.variants_normalised), "种路径（数字与日期不计）", "variants, numbers masked");
  if (f.durations) {
    out += card(both(how_long(f.durations->median)), "用时中位数", "median duration") +
           card(both(how_long(f.durations->p95)), "95% 不超过", "95 % take at most");
    const auto& wd = mined.times.cases().working_days;
    if (wd.count() > 0)
      out += card(short_number(wd.percentile(50)) + " / " + short_number(wd.percentile(95)), "工作日：中位数 / 95%",
                  "working days: median / 95 %");
  }
  const auto& all = mined.findings.all();
  const auto strong = static_cast<std::uint64_t>(std::ranges::count_if(all, [](const Finding& x) { return x.strong; }));
  out += card("<span class=\"strong\">" + grouped(strong) + "</span> / " + grouped(all.size() - strong),
              "线索：强 / 弱", "findings: strong / weak");
  return out + "</div>";
}

std::string map(const Mined& mined) {
  const auto drawn = draw_process_map(mined);
  if (drawn.svg.empty()) return "";
  const auto n = std::to_string(drawn.activities) + "/" + std::to_string(drawn.all_activities);
  return heading("流程图", "Process map") + "<p class=\"soft\">" +
         both({"按时间先后。线粗为次数，颜色由绿到红为中位间隔由短到长；画出 " + n + " 种活动，占全部流转的 " +
                   percent(drawn.share) + "。",
               "In order of time. Width is how often, colour from green to red how long it took in the median; " + n +
                   " activities are drawn, and " + percent(drawn.share) + " of all passages."}) +
         "</p><div class=\"scroll\">" + drawn.svg + "</div>";
}

std::string variants(const Mined& mined) {
  const auto& all = mined.figures.top_variants;
  if (all.empty()) return "";
  const auto cases = static_cast<double>(std::max<std::uint64_t>(1, mined.figures.cases));
  std::string out = heading("最常见的路径", "Most frequent variants") +
                    "<div class=\"scroll\"><table><tr><th class=\"r\">" + both("案件", "cases") +
                    "</th><th class=\"r\">%</th><th>" + both("步骤", "steps") + "</th></tr>";
  for (std::size_t i = 0; i < std::min(shown_variants, all.size()); ++i) {
    out += "<tr>" + right(grouped(all[i].cases)) + right(percent(static_cast<double>(all[i].cases) / cases)) +
           "<td><div class=\"steps\">";
    for (std::size_t s = 0; s < std::min(shown_steps, all[i].steps.size()); ++s)
      out += "<span>" + html_escaped(shortened(mined.labels.activities[all[i].steps[s]], 48)) + "</span>";
    if (all[i].steps.size() > shown_steps) out += "<span>… " + std::to_string(all[i].steps.size()) + "</span>";
    out += "</div></td></tr>";
  }
  return out + "</table></div>";
}

/// Median and 95th percentile, and working days where the calendar has them.
std::string cells(const Lasting& l, bool working_days) {
  if (l.ms.count() == 0) return std::string("<td></td><td></td>") + (working_days ? "<td></td>" : "");
  std::string out =
      right(both(how_long(l.ms.percentile(50) / 1000))) + right(both(how_long(l.ms.percentile(95) / 1000)));
  if (working_days)
    out += right(l.working_days.count() > 0
                     ? short_number(l.working_days.percentile(50)) + " / " + short_number(l.working_days.percentile(95))
                     : "–");
  return out;
}

std::string stages(const Mined& mined) {
  const auto& stages = mined.times.stages();
  std::vector<std::size_t> order;
  double all = 0;
  bool working = false;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const double sum = stages[i].waiting.ms.sum() + stages[i].working.ms.sum();
    all += sum;
    working = working || stages[i].working.ms.count() > 0;
    if (stages[i].waiting.ms.count() + stages[i].working.ms.count() > 0) order.push_back(i);
  }
  if (order.empty()) return "";
  const auto sum = [&](std::size_t i) { return stages[i].waiting.ms.sum() + stages[i].working.ms.sum(); };
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return sum(a) > sum(b); });
  const bool days = mined.times.cases().working_days.count() > 0;
  std::string out = heading("瓶颈：时间花在哪一步之前", "Bottlenecks: before which step the time goes");
  out += working ? soft("等待：从前一事件到这一步开始；办理：从这一步开始到完成。",
                        "Waiting: from the event before to the step's start. Working: from its start to its end.")
                 : soft("到这一步为止的间隔，等待与办理分不开。",
                        "The gap up to the step; waiting and work cannot be told apart.");
  const std::string wd = days ? "<th class=\"r\">" + both("工作日 中位/95%", "working days med/95 %") + "</th>" : "";
  out += "<div class=\"scroll\"><table><tr><th>" + both("步骤", "step") + "</th><th class=\"r\">" +
         both("次数", "times") + "</th><th class=\"r\">" + both("等待 中位数", "waiting, median") +
         "</th><th class=\"r\">95%</th>" + wd;
  if (working)
    out += "<th class=\"r\">" + both("办理 中位数", "working, median") + "</th><th class=\"r\">95%</th>" + wd;
  out += "<th class=\"r\">" + both("占总时间", "of all time") + "</th><th></th></tr>";
  for (std::size_t k = 0; k < std::min(shown_rows, order.size()); ++k) {
    const auto i = order[k];
    const double share = all > 0 ? sum(i) / all : 0;
    out += "<tr><td class=\"wrap\">" + html_escaped(mined.labels.activities[static_cast<std::uint32_t>(i)]) + "</td>" +
           right(grouped(mined.figures.activities[i])) + cells(stages[i].waiting, days);
    if (working) out += cells(stages[i].working, days);
    out += right(percent(share)) + bar(all > 0 ? sum(i) / sum(order[0]) : 0) + "</tr>";
  }
  return out + "</table></div>";
}

std::string holders(const Mined& mined) {
  const auto& holders = mined.times.holders();
  std::vector<std::size_t> order;
  double all = 0;
  for (std::size_t i = 0; i < holders.size(); ++i)
    if (holders[i].ms.count() > 0) {
      order.push_back(i);
      all += holders[i].ms.sum();
    }
  std::string out = heading("等待：案件在等谁", "Waiting: for whom cases wait");
  if (order.empty()) return out + soft("日志里没有办理人。", "The log names nobody.");
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return holders[a].ms.sum() > holders[b].ms.sum(); });
  const bool days = mined.times.cases().working_days.count() > 0;
  out += soft("从前一事件到此人完成其事件的间隔，算在此人名下。",
              "The gap from the event before to the one that somebody did counts as waiting for them.");
  out += "<div class=\"scroll\"><table><tr><th>" + both("办理人", "who") + "</th><th class=\"r\">" +
         both("事件", "events") + "</th><th class=\"r\">" + both("中位数", "median") + "</th><th class=\"r\">95%</th>" +
         (days ? "<th class=\"r\">" + both("工作日 中位/95%", "working days med/95 %") + "</th>" : "") +
         "<th class=\"r\">" + both("占总时间", "of all time") + "</th><th></th></tr>";
  for (std::size_t k = 0; k < std::min(shown_rows, order.size()); ++k) {
    const auto& l = holders[order[k]];
    out += "<tr><td class=\"wrap\">" + html_escaped(mined.labels.resources[static_cast<std::uint32_t>(order[k])]) +
           "</td>" + right(grouped(l.ms.count())) + cells(l, days) + right(percent(all > 0 ? l.ms.sum() / all : 0)) +
           bar(all > 0 ? l.ms.sum() / std::max(1.0, holders[order[0]].ms.sum()) : 0) + "</tr>";
  }
  out += "</table></div>";
  if (order.size() > shown_rows) {
    const auto more = std::to_string(order.size() - shown_rows);
    out += "<p class=\"soft\">" + both({"另有 " + more + " 人，见 JSON。", more + " more are in the JSON."}) + "</p>";
  }
  return out;
}

std::string findings_of(const Mined& mined, Kind kind) {
  std::vector<const Finding*> some;
  for (const auto& f : mined.findings.all())
    if (f.kind == kind) some.push_back(&f);
  if (some.empty()) return "";
  std::ranges::stable_sort(some, [](const Finding* a, const Finding* b) { return a->strong > b->strong; });
  const auto strong = std::ranges::count_if(some, [](const Finding* f) { return f->strong; });
  const auto& text = text_of(kind);
  std::string out = "<details" + std::string(strong > 0 ? " open" : "") + "><summary>" + both(text.title) + " · " +
                    grouped(some.size()) + " " + both("件", "cases");
  if (strong > 0) out += " · <span class=\"strong\">" + both("强", "strong") + " " + std::to_string(strong) + "</span>";
  out += "</summary><p class=\"soft\">" +
         both({"也可能是：" + text.innocent.zh, "It may also be: " + text.innocent.en}) +
         "</p><div class=\"scroll\"><table><tr><th>" + both("案件", "case") + "</th><th>" + both("强度", "strength") +
         "</th><th>" + both("证据", "evidence") + "</th></tr>";
  for (std::size_t i = 0; i < std::min(shown_findings, some.size()); ++i) {
    const auto& f = *some[i];
    out += "<tr><td>" + html_escaped(shortened(mined.findings.case_name(f), 40)) + "</td><td class=\"" +
           (f.strong ? "strong\">" + both("强", "strong") : "weak\">" + both("弱", "weak")) +
           "</td><td class=\"wrap\">" + both(evidence_of(mined, f)) + "</td></tr>";
  }
  out += "</table></div>";
  if (some.size() > shown_findings) {
    const auto more = grouped(some.size() - shown_findings);
    out += "<p class=\"soft\">" +
           both({"另有 " + more + " 件，见 tongdian mine --json。", more + " more are in tongdian mine --json."}) +
           "</p>";
  }
  return out + "</details>";
}

std::string findings(const Mined& mined) {
  std::string out = heading("线索与证据", "Findings and their evidence");
  if (mined.findings.all().empty()) return out + soft("没有发现。", "Nothing stands out.");
  out += soft("线索是值得一看的理由，不是结论。", "A finding is a reason to look, not a verdict.");
  for (std::size_t k = 0; k < kind_count; ++k) out += findings_of(mined, static_cast<Kind>(k));
  return out;
}

std::string limits(const Mined& mined) {
  std::string out = heading("这份日志看不出什么", "What this log cannot show") + "<ul>";
  for (const auto& limit : limits_of(mined))
    out += "<li>" + both(limit.text) + (limit.count ? " <b>" + grouped(*limit.count) + "</b>" : "") + "</li>";
  return out + "</ul>";
}

}  // namespace

std::string to_html(const Mined& mined, const std::string& name) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>" +
      html_escaped(name) + " · 流程日志报告</title><style>";
  out += report_style;
  out +=
      "</style></head><body><input class=\"lang\" type=\"radio\" name=\"lang\" id=\"zh\" checked aria-label=\"中文\"><input class=\"lang\" type=\"radio\" name=\"lang\" id=\"en\" aria-label=\"English\"><main>";
  out += head(mined, name) + figures(mined) + map(mined) + variants(mined) + stages(mined) + holders(mined) +
         findings(mined) + limits(mined);
  out += "<p class=\"soft\">tongdian 通电 " TONGDIAN_VERSION " · tongdian mine</p></main></body></html>\n";
  return out;
}

}  // namespace tongdian::mining
