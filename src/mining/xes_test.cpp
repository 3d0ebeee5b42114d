#include "mining/xes.hpp"

#include <doctest/doctest.h>

#include "mining/log_for_tests.hpp"

using namespace tongdian::mining;

namespace {

std::string log(const std::string& inside) { return "<?xml version=\"1.0\"?>\n<log>" + inside + "</log>"; }

}  // namespace

TEST_CASE("what counts as an event's activity") {
  struct Row {
    const char *why, *inside, *activities;
  };
  const Row rows[] = {
      {"plain", R"(<trace><event><string key="concept:name" value="a"/></event></trace>)", "a 1"},
      {"apostrophes, blanks, the value first",
       R"(<trace ><event ><string value = 'a' key='concept:name' /></event ></trace >)", "a 1"},
      {"an element with children keeps its own value",
       R"(<trace><event><string key="concept:name" value="a"><string key="concept:name" value="b"/></string></event></trace>)",
       "a 1"},
      {"what is nested in something else is not the event's",
       R"(<trace><event><list key="l"><values><string key="concept:name" value="b"/></values></list><string key="concept:name" value="a"/></event></trace>)",
       "a 1"},
      {"a container neither",
       R"(<trace><event><string key="concept:name" value="a"/><container key="c"><string key="concept:name" value="b"/></container></event></trace>)",
       "a 1"},
      {"of two with one key the last",
       R"(<trace><event><string key="concept:name" value="a"/><string key="concept:name" value="b"/></event></trace>)",
       "b 1"},
      {"any type", R"(<trace><event><int key="concept:name" value="7"/></event></trace>)", "7 1"},
      {"the lifecycle does not matter",
       R"(<trace><event><string key="lifecycle:transition" value="start"/><string key="concept:name" value="a"/></event><event><string key="lifecycle:transition" value="complete"/><string key="concept:name" value="a"/></event></trace>)",
       "a 2"},
      {"a global's default is no value",
       R"(<global scope="event"><string key="concept:name" value="UNKNOWN"/></global><trace><event/></trace>)", " 1"},
      {"classifiers change nothing",
       R"(<classifier name="A" keys="other"/><trace><event><string key="other" value="x"/><string key="concept:name" value="a"/></event></trace>)",
       "a 1"},
      {"references",
       R"(<trace><event><string key="concept:name" value="a &amp; b&#x2F;&#31;&lt;c&gt;"/></event></trace>)",
       "a & b/\x1f<c> 1"},
      {"line ends within a value are blanks",
       "<trace><event><string key=\"concept:name\" value=\"a\r\nb\tc&#10;d\"/></event></trace>", "a b c\nd 1"},
      {"blanks at the ends of a label stay",
       R"(<trace><event><string key="concept:name" value=" a "/></event></trace>)", " a  1"},
      {"comments, CDATA and instructions are passed over",
       R"(<!-- <trace> --><trace><![CDATA[<event>]]><?x <event> ?><event><string key="concept:name" value="a"/></event></trace>)",
       "a 1"},
      {"a prefix of a name space",
       R"(<x:trace xmlns:x="http://www.xes-standard.org/"><x:event><x:string key="concept:name" value="a"/></x:event></x:trace>)",
       "a 1"},
      {"an extension under another prefix",
       R"(<extension name="Concept" prefix="c" uri="http://www.xes-standard.org/concept.xesext"/><trace><event><string key="c:name" value="a"/></event></trace>)",
       "a 1"},
      {"but the usual key is surer",
       R"(<extension name="Concept" prefix="c" uri="http://www.xes-standard.org/concept.xesext"/><trace><event><string key="concept:name" value="a"/><string key="c:name" value="b"/></event></trace>)",
       "a 1"},
      {"elements that XES does not know",
       R"(<trace><text key="concept:name" value="b"/><event><text key="concept:name" value="b"/><string key="concept:name" value="a"/></event></trace>)",
       "a 1"},
      {"an attribute without a value says nothing",
       R"(<trace><event><string key="concept:name"/><string/></event></trace>)", " 1"},
      {"Chinese", R"(<trace><event><string key="concept:name" value="受理 用电申请"/></event></trace>)",
       "受理 用电申请 1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    const auto text = log(row.inside);
    const auto mined = mine_text(text);
    CHECK(!mined->broken);
    CHECK(activities_of(*mined) == row.activities);
  }
}

TEST_CASE("a trace is a case, also an empty one and one without a name; events outside belong to none") {
  const auto text =
      log("<event/>" + xes_trace("1", {"a", "b"}) + xes_trace("1", {"a"}) + "<trace/><trace><event/></trace>");
  const auto mined = mine_text(text);
  CHECK(mined->figures.cases == 4);
  CHECK(mined->figures.events == 4);
  CHECK(mined->notes.events_outside_cases == 1);
  CHECK(mined->notes.cases_without_events == 1);
  CHECK(mined->notes.cases_without_id == 2);
  CHECK(mined->notes.repeated_case_ids == 1);
  CHECK(mined->figures.variants == 3);
  CHECK(!mined->figures.durations);
}

TEST_CASE("a log that breaks off gives what was read and where it broke") {
  struct Row {
    const char *text, *code, *path;
    std::uint64_t cases, events;
  };
  const std::string whole = xes_trace("1", {"a", "b"});
  const std::string cut = "<log>\n" + whole + "\n<trace>" + xes_event("a") + "<event><string key=\"conc";
  const std::string crossed = "<log>\n" + whole + "\n<trace></log>";
  const std::string twice = "<log>" + whole + "</log>\n<log/>";
  const Row rows[] = {
      {cut.c_str(), "mine.broken_xml", "log:3:68", 2, 3},
      {crossed.c_str(), "mine.broken_xml", "log:3:8", 1, 2},
      {twice.c_str(), "mine.broken_xml", "log:2:1", 1, 2},
      {"<log><trace><trace/></trace></log>", "mine.broken_xml", "log:1:13", 0, 0},
      {"<log><trace><event><log/></event></trace></log>", "mine.broken_xml", "log:1:20", 0, 0},
      {"<log><string key=\"a\" value=\"&nbsp;\"/></log>", "", "", 0, 0},
      {"<log><trace><string key=\"concept:name\" value=\"&nbsp;\"/></trace></log>", "mine.broken_xml", "log:1:47", 0,
       0},
      {"<log><string key=a/></log>", "mine.broken_xml", "log:1:18", 0, 0},
      {"<html><body/></html>", "mine.not_a_log", "log", 0, 0},
      {"<?xml version=\"1.0\"?>", "mine.broken_xml", "log:1:22", 0, 0},
      {"<log", "mine.broken_xml", "log:1:1", 0, 0},
      {"", "mine.not_a_log", "log:1:1", 0, 0},
      {"<?xml version='1.0' encoding='KLINGON'?><log/>", "mine.encoding", "log", 0, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto mined = mine_text(row.text);
    CHECK((mined->broken ? mined->broken->code : "") == row.code);
    CHECK((mined->broken ? mined->broken->path : "") == row.path);
    CHECK(mined->figures.cases == row.cases);
    CHECK(mined->figures.events == row.events);
  }
}

TEST_CASE("elements may be nested deeply, and a hostile depth is refused") {
  const auto nested = [](int depth) {
    std::string text = "<log>";
    for (int i = 0; i < depth; ++i) text += "<string key=\"a\" value=\"b\">";
    for (int i = 0; i < depth; ++i) text += "</string>";
    return text + "</log>";
  };
  CHECK(!mine_text(nested(400))->broken);
  CHECK(mine_text(nested(100'000))->broken->code == "mine.broken_xml");
}
