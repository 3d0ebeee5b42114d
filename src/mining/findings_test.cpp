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
