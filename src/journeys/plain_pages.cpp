#include "journeys/plain_pages.hpp"

#include <cmath>

#include "base/html.hpp"
#include "journeys/city.hpp"

namespace tongdian::journeys {
namespace {

std::string say(const Sentence& sentence, wire::Language language) {
  return html_escaped(language == wire::Language::zh ? sentence.zh : sentence.en);
}

std::string say(const json::Value& sentence, wire::Language language) {
  return html_escaped(sentence.at(language == wire::Language::zh ? "zh" : "en").as_string());
}

std::string heading(const Sentence& title, wire::Language language) {
  return "<main class=\"page\">\n<h1>" + say(title, language) + "</h1>\n";
}

/// Both hotlines and the ways on, as every page with script has them at its foot.
std::string footing(wire::Language language) {
  const bool zh = language == wire::Language::zh;
  const auto call = [](std::string_view number) {
    return "<a href=\"tel:" + std::string(number) + "\">" + std::string(number) + "</a>";
  };
  const auto way = [&](const char* to, const char* in_zh, const char* in_en) {
    return "<a href=\"" + std::string(to) + "\">" + (zh ? in_zh : in_en) + "</a>";
  };
  return (zh ? "<p>报修、咨询、办电请拨打 " + call("95598") + "；投诉、举报请拨打 " + call("12398") + "。</p>\n"
             : "<p>Repairs, questions, applications: call " + call("95598") + ". Complaints and reports: call " +
                   call("12398") + ".</p>\n") +
         "<p>" + way("/rules", "政策条款", "The rules") + " · " + way("/durations", "实际要多久", "How long it takes") +
         " · " + way("/help", "帮助", "Help") + " · " + way("/apply", "申请用电", "Apply") + "</p>\n</main>\n";
}

/// The text as it was printed, in the language in which it is law; each clause has its id as an anchor.
std::string rules(const policy::Pack& pack, wire::Language language) {
  std::string out = heading({"政策条款", "The rules"}, language);
  out += "<p>" + say(pack.title(), language) + " · " + html_escaped(pack.id()) + "@" + html_escaped(pack.version()) +
         "</p>\n<div lang=\"zh-CN\">\n";
  for (const auto& clause : pack.clauses()) {
    const std::string id = html_escaped(clause.id);
    std::string text = html_escaped(clause.text);
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 4) text.replace(at, 1, "<br>");
    out += "<h2 id=\"" + id + "\">" + id + "</h2>\n<p>" + text + "</p>\n";
  }
  return out + "</div>\n" + footing(language);
}

/// 3 as "3", 2.5 as "2.5".
std::string plain_number(const json::Value& n) {
  const auto tenths = std::llround(n.to_number<double>() * 10);
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10));
}

std::string spread(const json::Value& value) {
  return value.is_object()
             ? "<td>" + plain_number(value.at("median")) + "</td><td>" + plain_number(value.at("p90")) + "</td>"
             : "<td>—</td><td>—</td>";
}

std::string durations(const json::Object& board, wire::Language language) {
  const auto word = [&](const char* zh, const char* en) { return say(Sentence{zh, en}, language); };
  std::string out = heading({"实际要多久", "How long it takes"}, language);
  out += "<p>" +
         word("按已经通电的申请算出来，不是承诺，是事实。",
              "Computed from the applications that got their power: not a promise but what happened.") +
         "</p>\n";
  const auto& rows = board.at("rows").as_array();
  if (rows.empty())
    return out + "<p>" +
           word("还没有通电的申请，有了就会显示在这里。", "No application has got its power yet; it will show here.") +
           "</p>\n" + footing(language);
  out += "<table class=\"two-names\">\n<thead>\n<tr><th scope=\"col\" rowspan=\"2\">" + word("区（市）", "Area") +
         "</th><th scope=\"col\" rowspan=\"2\">" + word("类别", "Class") + "</th><th scope=\"col\" rowspan=\"2\">" +
         word("件数", "Cases") + "</th><th scope=\"colgroup\" colspan=\"2\">" +
         word("供电企业用时（工作日）", "Time of the utility (working days)") +
         "</th><th scope=\"colgroup\" colspan=\"2\">" + word("从申请到通电（天）", "From application to light (days)") +
         "</th></tr>\n<tr>";
  for (int i = 0; i < 2; ++i)
    out += "<th scope=\"col\">" + word("一半不超过", "Half at most") + "</th><th scope=\"col\">" +
           word("九成不超过", "Nine of ten at most") + "</th>";
  out += "</tr>\n</thead>\n<tbody>\n";
  for (const auto& row : rows)
    out += "<tr><td>" +
           (row.at("area_name").is_null() ? word("全市", "Whole city") : say(row.at("area_name"), language)) +
           "</td><td>" + say(row.at("class_name"), language) + "</td><td>" + plain_number(row.at("cases")) + "</td>" +
           spread(row.at("grid_wd")) + spread(row.at("process_days")) + "</tr>\n";
  return out + "</tbody>\n</table>\n<p>" +
         word("每个数字都能从公开的日志重新算出：", "Each figure can be recomputed from the journal:") +
         " <code>tongdian durations</code></p>\n" + footing(language);
}

}  // namespace

bool inform(City& city, const wire::RequestPtr& request, const wire::Reply& reply,
            std::function<wire::Response(const std::string& html)> filled) {
  const auto& name = request->target.segments.front();
  const auto language = request->language();
  if (name == "rules") {
    reply(filled(rules(city.pack(), language)));
    return true;
  }
  if (name != "durations") return false;
  city.workers.answer(reply, [&city, reply, language, filled = std::move(filled)] {
    auto reader = city.database.reader();
    const auto calendar = city.connection.calendar();
    reply(filled(durations(city.durations.show(*reader, city.pack(), {calendar.get(), city.pack().zone()}), language)));
  });
  return true;
}

}  // namespace tongdian::journeys
