#include "mining/csv.hpp"

#include <doctest/doctest.h>

#include "mining/log_for_tests.hpp"

using namespace tongdian::mining;

TEST_CASE("a table reads the same under every separator, quotation, line end and name of its columns") {
  struct Row {
    const char *why, *text, *activities, *arcs;
  };
  const Row rows[] = {
      {"pm4py's names",
       "case:concept:name,concept:name,time:timestamp\n1,a,2021-06-01 08:00:00\n1,b,2021-06-02 08:00:00\n", "a 1, b 1",
       "a>b 1"},
      {"Disco's names, semicolons",
       "Case ID;Activity;Complete Timestamp\n1;a;2021/06/01 08:00:00.000\n1;b;2021/06/02 08:00:00.000\n", "a 1, b 1",
       "a>b 1"},
      {"Chinese names, tabs, CRLF",
       "工单编号\t环节名称\t完成时间\r\n1\ta\t2021/6/1 8:00\r\n1\tb\t2021年6月2日 8时30分\r\n", "a 1, b 1", "a>b 1"},
      {"bars, other columns between", "x|case_id|y|timestamp|activity\n|1|,|20210601080000|a\n|1||20210602080000|b\n",
       "a 1, b 1", "a>b 1"},
      {"quotes with separators, quotes and line ends in them",
       "case,activity,time\n1,\"a, \"\"b\"\"\nc\",2021-06-01\n\"1\",\"d\",\"2021-06-02\"", "a, \"b\"\nc 1, d 1",
       "a, \"b\"\nc>d 1"},
      {"Excel says its separator", "sep=;\r\ncase;activity;time\r\n1;a;2021-06-01\r\n", "a 1", ""},
      {"line ends of old Macintoshes", "case,activity,time\r1,a,2021-06-01\r1,b,2021-06-02", "a 1, b 1", "a>b 1"},
      {"a byte order mark",
       "\xEF\xBB\xBF"
       "case,activity,time\n1,a,2021-06-01\n",
       "a 1", ""},
      {"rows of a case need not stand together",
       "case,activity,time\n1,a,2021-06-01\n2,x,2021-06-01\n1,b,2021-06-02\n2,y,2021-06-03\n", "a 1, b 1, x 1, y 1",
       "a>b 1, x>y 1"},
      {"blank lines and rows without a case are no events",
       "case,activity,time\n\n1,a,2021-06-01\n,,\n,b,2021-06-02\n\n", "a 1", ""},
      {"labels as they stand", "case,activity,time\n1, a ,2021-06-01\n1,NA,2021-06-02\n", " a  1, NA 1", " a >NA 1"},
      {"serial days of Excel", "case,activity,time\n1,b,44349.5\n1,a,44348.25\n", "a 1, b 1", "b>a 1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    const auto mined = mine_text(row.text);
    CHECK(!mined->broken);
    CHECK(activities_of(*mined) == row.activities);
    CHECK(arcs_of(*mined, mined->figures.by_file.arcs) == row.arcs);
    CHECK(mined->notes.unreadable_times == 0);
  }
}

TEST_CASE("GB18030 is read as what it is, wherever its first Chinese character stands") {
  // 受理 in GB18030, then in UTF-8.
  const std::string gb = "\xCA\xDC\xC0\xED", utf8 = "受理";
  for (const std::size_t ascii : {0u, 10u, 400'000u}) {
    CAPTURE(ascii);
    std::string text = "case,activity,time\n1,a" + std::string(ascii, 'x') + ",2021-06-01\n1,";
    const auto mined = mine_text(text + gb + ",2021-06-02\n");
    CHECK(mined->source.encoding == "GB18030");
    CHECK(mined->labels.activities[1] == utf8);
    CHECK(mine_text(text + utf8 + ",2021-06-02\n")->source.encoding == "UTF-8");
  }
}

TEST_CASE("columns are given where their names say nothing, and a table that cannot be read says why") {
  Mapping mapping;
  mapping.names = {"", "a", "b", "c"};
  const auto given = mine_text("a,b,c\n1,x,2021-06-01\n", mapping);
  CHECK(!given->broken);
  CHECK(activities_of(*given) == "x 1");
  CHECK(given->source.columns.at(0).given);
  CHECK(mine_text("a,b,c\n1,x,2021-06-01\n")->broken->code == "mine.columns_unknown");
  CHECK(mine_text("case,b,c\n1,x,2021-06-01\n", mapping)->broken->code == "mine.bad_map");
  Options options;
  CHECK(read_mapping(R"({"cas": "x"})", options).error().path == "/cas");
  CHECK(read_mapping(R"({"case": 1})", options).error().code == "mine.bad_map");
  CHECK(read_mapping(R"({"case": "号", "deadline": "到期"})", options).has_value());
  CHECK(options.mapping.of(Role::case_id) == "号");
  const auto open = mine_text("case,activity,time\n1,a,2021-06-01\n1,\"b,2021-06-02\n");
  CHECK(open->broken->code == "mine.broken_csv");
  CHECK(open->broken->path == "log:3:3");
  CHECK(open->figures.events == 1);
}

TEST_CASE("days and months are told apart where any date of the log can") {
  CHECK(mine_text("case,activity,time\n1,a,03/04/2021\n1,b,13/04/2021\n")->source.dates == "day_first");
  CHECK(mine_text("case,activity,time\n1,a,03/04/2021\n1,b,04/13/2021\n")->source.dates == "");
  const auto either = mine_text("case,activity,time\n1,a,03/04/2021\n1,b,04/04/2021\n");
  CHECK(either->source.dates == "month_first");
  CHECK(either->notes.dates_ambiguous);
}
