#include "mining/findings.hpp"

#include <doctest/doctest.h>

#include "mining/findings_json.hpp"
#include "mining/log_for_tests.hpp"

using namespace tongdian::mining;

namespace {

/// "overdue strong 1, tie weak 2": kinds of the findings with their strength and case, in order.
std::string found(std::string_view text, const Options& options = {}) {
  const auto mined = mine(bytes_of(text), "log", options);
  std::string out;
  for (const auto& f : mined->findings.all()) {
    out += (out.empty() ? "" : ", ") + std::string(text_of(f.kind).id) + (f.strong ? " strong " : " weak ") +
           std::string(mined->findings.case_name(f));
    CHECK(!evidence_of(*mined, f).zh.empty());
    CHECK(!evidence_of(*mined, f).en.empty());
  }
  return out;
}

/// Filler cases with precise times, so that whole days stand out.
const std::string precise = [] {
  std::string rows;
  for (int i = 0; i < 30; ++i) rows += "p" + std::to_string(i) + ",申请,2021-05-03 09:11:12\n";
  return rows;
}();

}  // namespace

TEST_CASE("what stands out, how strongly, and what does not") {
  struct Row {
    const char* why;
    std::string log, findings;
  };
  const Row rows[] = {
      {"nothing", "case,activity,time\n1,申请,2021-06-01 08:00:01\n1,送电,2021-06-02 08:00:01\n", ""},
      {"finished after its deadline, as the system itself says",
       "case,activity,time,deadline,enddate\n1,a,2021-06-01 08:00:01,2021-06-02 00:00:00,2021-06-03 00:00:00\n",
       "overdue strong 1"},
      {"finished in time, but something came after",
       "case,activity,time,deadline,enddate\n1,a,2021-06-04 08:00:01,2021-06-03 00:00:00,2021-06-02 00:00:00\n",
       "overdue weak 1"},
      {"no word of the end: the last event",
       "case,activity,time,deadline\n1,a,2021-06-04 08:00:01,2021-06-03 00:00:00\n", "overdue strong 1"},
      {"on the very instant", "case,activity,time,deadline\n1,a,2021-06-03 08:00:01,2021-06-03 08:00:01\n", ""},
      {"later than promised", "工单编号,环节,完成时间,承诺办结时间\n1,送电,2021-06-04 08:00:01,2021-06-03 17:00:00\n",
       "missed_promise strong 1"},
      {"recorded a day late", "case,activity,time,录入时间\n1,a,2021-06-01 08:00:01,2021-06-02 08:00:01\n",
       "back_dated strong 1"},
      {"recorded within the day", "case,activity,time,录入时间\n1,a,2021-06-01 08:00:01,2021-06-02 08:00:00\n", ""},
      {"a whole day among precise times", "case,activity,time\n" + precise + "1,a,2021-06-01\n", "back_dated weak 1"},
      {"whole days throughout", "case,activity,time\n1,a,2021-06-01\n2,a,2021-06-02\n", ""},
      {"out of order by a day and more", "case,activity,time\n1,b,2021-06-03 08:00:01\n1,a,2021-06-01 08:00:01\n",
       "out_of_order strong 1"},
      {"out of order by hours", "case,activity,time\n1,b,2021-06-01 09:00:01\n1,a,2021-06-01 08:00:01\n",
       "out_of_order weak 1"},
      {"in order of starts, which explains it",
       "case,activity,time,start_timestamp\n1,b,2021-06-09 09:00:01,2021-06-01 08:00:00\n1,a,2021-06-03 08:00:01,2021-06-02 08:00:00\n",
       "out_of_order weak 1"},
      {"two steps at one instant", "case,activity,time,user\n1,a,2021-06-01 08:00:01,x\n1,b,2021-06-01 08:00:01,x\n",
       "tie weak 1"},
      {"three steps at one instant by one person",
       "case,activity,time,user\n1,a,2021-06-01 08:00:01,x\n1,b,2021-06-01 08:00:01,x\n1,c,2021-06-01 08:00:01,x\n",
       "tie strong 1"},
      {"… by several",
       "case,activity,time,user\n1,a,2021-06-01 08:00:01,x\n1,b,2021-06-01 08:00:01,y\n1,c,2021-06-01 08:00:01,x\n",
       "tie weak 1"},
      {"start and end of one step are no tie and no repeat",
       "case,activity,time,lifecycle:transition\n1,a,2021-06-01 08:00:01,start\n1,a,2021-06-01 08:00:01,complete\n",
       ""},
      {"a step again",
       "case,activity,time\n1,a,2021-06-01 08:00:01\n1,b,2021-06-01 08:00:02\n1,a,2021-06-01 08:00:03\n",
       "repeat weak 1"},
      {"two steps again in their order",
       "case,activity,time\n1,o,2021-06-01 08:00:00\n1,a,2021-06-01 08:00:01\n1,b,2021-06-01 08:00:02\n1,a,2021-06-01 08:00:03\n1,b,2021-06-01 08:00:04\n",
       "repeat weak 1, rewalked weak 1"},
      {"three steps again from the first on",
       "case,activity,time\n1,a,2021-06-01 08:00:01\n1,b,2021-06-01 08:00:02\n1,c,2021-06-01 08:00:03\n1,a,2021-06-01 08:00:04\n1,b,2021-06-01 08:00:05\n1,c,2021-06-01 08:00:06\n",
       "repeat weak 1, rewalked strong 1"},
      {"a customer again within a month",
       "case,activity,time,户号\n1,a,2021-06-01 08:00:01,7\n2,a,2021-06-20 08:00:01,7\n3,a,2021-08-20 08:00:01,7\n4,a,2021-06-02 08:00:01,8\n",
       "reopened weak 2"},
      {"by the offsets, not by the clock",
       "case,activity,time\n1,a,2021-06-01 08:00:01+08:00\n1,b,2021-06-01 01:00:01+00:00\n", ""},
      {"a case without a name is called by its place",
       "<log><trace>" + xes_event("b 2021-06-03T08:00:01Z") + xes_event("a 2021-06-01T08:00:00Z") + "</trace></log>",
       "out_of_order strong #1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    CHECK(found(row.log) == row.findings);
  }
}

TEST_CASE("thresholds are whoever reads the log's to set") {
  Options options;
  CHECK(read_mapping(R"({"thresholds": {"back_strong_s": 60, "reopened_days": 100}})", options).has_value());
  CHECK(found("case,activity,time\n1,b,2021-06-01 09:00:01\n1,a,2021-06-01 08:00:01\n", options) ==
        "out_of_order strong 1");
  CHECK(found("case,activity,time,户号\n1,a,2021-06-01 08:00:01,7\n2,a,2021-08-20 08:00:01,7\n", options) ==
        "reopened weak 2");
  CHECK(read_mapping(R"({"thresholds": {"back": 60}})", options).error().path == "/thresholds/back");
  CHECK(read_mapping(R"({"thresholds": {"back_strong_s": -1}})", options).error().code == "mine.bad_map");
}

TEST_CASE("a stage's limit is counted between the steps that the map names") {
  const auto calendar = tongdian::calendar::Calendar::load({TONGDIAN_SOURCE_DIR "/calendars/china.csv"}).value();
  Options options;
  options.working_time = {&calendar, 480};
  REQUIRE(
      read_mapping(
          R"({"stages": {"plan_reply": {"begins": "受理", "ends": "答复"}, "energisation": {"begins": "验收", "ends": "送电"}}})",
          options)
          .has_value());
  REQUIRE(options.stages.size() == 2);
  options.limit = CaseLimit{
      100,
      "三(一)1",
      {{options.stages[0], {"供电方案答复", "plan reply"}, 3}, {options.stages[1], {"装表接电", "energisation"}, 2}}};
  struct Row {
    const char* why;
    std::string events, findings;
  };
  const Row rows[] = {
      {"in time, the customer's works between the stages not counted",
       "受理,2021-09-01 09:00:01\n答复,2021-09-06 09:00:01\n验收,2021-09-20 09:00:01\n送电,2021-09-22 09:00:01\n", ""},
      {"a day late", "受理,2021-09-01 09:00:01\n答复,2021-09-07 09:00:01\n", "stage_over_limit weak 1"},
      {"over the holidays of October", "受理,2021-09-29 09:00:01\n答复,2021-10-09 09:00:01\n", ""},
      {"the first answer counts, the second is a repeat",
       "受理,2021-09-01 09:00:01\n答复,2021-09-02 09:00:01\n答复,2021-09-17 09:00:01\n", "repeat weak 1"},
      {"not ended", "受理,2021-09-01 09:00:01\n验收,2021-09-17 09:00:01\n", ""},
      {"ended without a beginning", "答复,2021-09-01 09:00:01\n受理,2021-09-17 09:00:01\n", ""},
      {"without a time", "受理,\n答复,2021-09-17 09:00:01\n", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    std::string log = "case,activity,time\n";
    for (std::size_t at = 0; at < row.events.size(); at = row.events.find('\n', at) + 1)
      log += "1," + row.events.substr(at, row.events.find('\n', at) + 1 - at);
    CHECK(found(log, options) == row.findings);
  }
  // Of two stages that were late, the one that was further beyond its limit.
  const auto mined =
      mine(bytes_of("case,activity,time\n1,受理,2021-09-01 09:00:01\n1,答复,2021-09-07 09:00:01\n1,验收,2021-09-08 "
                    "09:00:01\n1,送电,2021-09-17 09:00:01\n"),
           "log", options);
  REQUIRE(mined->findings.all().size() == 1);
  CHECK(
      evidence_of(*mined, mined->findings.all()[0]).en ==
      "energisation: from 验收, 2021-09-08T09:00:01Z, to 送电, 2021-09-17T09:00:01Z: the limit is 2 working days, it took 7");

  const struct {
    const char *map, *path;
  } wrong[] = {
      {R"({"stages": []})", "/stages"},
      {R"({"stages": {"a": "x"}})", "/stages/a"},
      {R"({"stages": {"a": {"begins": "x"}}})", "/stages/a"},
      {R"({"stages": {"a": {"begins": "x", "ends": 1}}})", "/stages/a"},
      {R"({"stages": {"a": {"begins": "x", "ends": "y", "days": "3"}}})", "/stages/a"},
  };
  for (const auto& row : wrong) {
    CAPTURE(row.map);
    CHECK(read_mapping(row.map, options).error().path == row.path);
  }
}

TEST_CASE("a pack's limit is counted in working days of its calendar") {
  const auto calendar = tongdian::calendar::Calendar::load({TONGDIAN_SOURCE_DIR "/calendars/china.csv"}).value();
  Options options;
  options.working_time = {&calendar, 480};
  options.limit = CaseLimit{3, "三(一)1"};
  // 1 October 2021 begins a week of holidays; 9 October is a Saturday at work.
  const std::string head = "case,activity,time\n1,申请,2021-09-29 16:00:01\n1,送电,";
  CHECK(found(head + "2021-10-09 10:00:01\n", options).empty());
  CHECK(found(head + "2021-10-11 10:00:01\n", options) == "over_limit weak 1");
  CHECK(found("case,activity,time\n1,a,2050-09-29 16:00:01\n1,b,2051-10-11 10:00:01\n", options).empty());
}
