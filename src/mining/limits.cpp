#include "mining/limits.hpp"

#include <algorithm>

namespace tongdian::mining {
namespace {

/// What is missing in it, and so cannot be seen.
void by_absence(const Mined& m, std::vector<Limit>& out) {
  const auto& n = m.notes;
  const auto say = [&](bool so, std::string_view id, const char* zh, const char* en) {
    if (so) out.push_back({id, {zh, en}, {}});
  };
  const bool pairs =
      std::ranges::any_of(m.times.stages(), [](const StageTimes& s) { return s.working.ms.count() > 0; });
  say(n.events_with_recorded == 0 && !pairs, "one_timestamp",
      "每个事件只有一个时间：看不出一步何时开始、做了多久、之前等了多久，也看不出何时录入。",
      "Each event has one time: when a step began, how long it was worked on and how long it waited cannot be told apart, nor when it was entered.");
  say(n.events_with_recorded == 0, "no_recorded_time", "没有录入时间：事后补录而时间填得合理的步骤，从日志里看不出来。",
      "There is no time of recording: a step filled in afterwards under a plausible time cannot be seen.");
  say(true, "off_system", "日志只有系统里发生的事：系统外的受理、催办、往来和口头要求不在其中。",
      "A log holds what happened in its system: intake, papers and demands outside of it are not there.");
  say(n.events_with_resource == 0, "no_resource", "没有办理人：看不出案件在谁手里等待。",
      "There is nobody's name: for whom a case waits cannot be seen.");
  say(n.cases_with_deadline == 0 && n.cases_with_promise == 0, "no_deadline",
      "没有期限或承诺时间：超期只能按政策包的时限推算。",
      "There is neither a deadline nor a promise: whether a case was late can only be told by a pack's limits.");
  say(m.figures.events > 0 && n.events_at_midnight == m.figures.events - n.events_without_time &&
          n.events_at_midnight > 0,
      "dates_only", "时间只到日：同一天内的先后和间隔看不出来。",
      "Times are kept to the day: order and gaps within a day cannot be seen.");
}

/// What reading met with.
void by_reading(const Mined& m, std::vector<Limit>& out) {
  const auto& n = m.notes;
  const auto say = [&](std::uint64_t count, std::string_view id, const char* zh, const char* en) {
    if (count > 0) out.push_back({id, {zh, en}, count});
  };
  say(n.events_without_offset, "no_offset", "没有时区的时间按 UTC 读；工作日按所写的日期计。",
      "Times without an offset are read as UTC; working days are counted by the date as written.");
  say(n.events_without_time, "events_without_time",
      "没有可读时间的事件：计入事件数，按时间排序时跟在文件中前一个事件之后，不计时长。",
      "Events without a readable time: they count as events, stay behind the one before them when sorted by time, and have no duration.");
  say(n.unreadable_times, "unreadable_times", "其中写了时间但读不懂的。",
      "Of these, events whose time is written and cannot be read.");
  say(n.events_without_activity, "events_without_activity", "没有活动名称的事件：以空名称计为一种活动。",
      "Events without an activity: they count under the empty label.");
  say(n.cases_without_events, "cases_without_events", "没有事件的案件：计入案件数，没有路径和时长。",
      "Cases without an event: they count as cases and have neither variant nor duration.");
  say(n.cases_without_id, "cases_without_id", "没有编号的案件：各算一件，按文件中的序号称呼。",
      "Cases without an id: each is one case, called by its place in the file.");
  say(n.repeated_case_ids, "repeated_case_ids", "编号与前面的案件相同的案件：XES 的每条轨迹各算一件。",
      "Cases whose id another had before: each trace of XES is a case of its own.");
  say(n.events_outside_cases, "events_outside_cases", "不属于任何案件的事件：没有计入。",
      "Events that belong to no case: not counted.");
  say(n.rows_without_case, "rows_without_case", "没有案件编号的行：没有计入。", "Rows without a case id: not counted.");
  say(n.short_rows, "short_rows", "列数不足的行：缺的当作空。",
      "Rows with too few fields: what is missing is read as empty.");
  say(n.unknown_elements, "unknown_elements", "XES 标准之外的元素：已跳过。",
      "Elements that XES does not know: passed over.");
  say(n.replaced_bytes, "replaced_bytes", "不是该编码文字的字节：读作 �。",
      "Bytes that are no text in the encoding: read as �.");
  say(m.times.beyond_calendar(), "beyond_calendar", "日历没有覆盖的间隔：不计工作日。",
      "Gaps that the calendar does not cover: without working days.");
  if (n.dates_ambiguous)
    out.push_back({"dates_ambiguous",
                   {"日期如 03/04/2021 的日月次序无法判断，按月在前读。",
                    "Dates as 03/04/2021 do not say which is the month; it is read first."},
                   {}});
}

}  // namespace

std::vector<Limit> limits_of(const Mined& mined) {
  std::vector<Limit> out;
  by_absence(mined, out);
  by_reading(mined, out);
  return out;
}

}  // namespace tongdian::mining
