#include "connection/clocks.hpp"

#include <doctest/doctest.h>

#include <random>

#include "connection/world_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::connection;

// October 2021: days off 1–7, make-up workdays 26 September and 9 October (both weekends).
TEST_CASE("clock A: the grid side's working days, situation by situation") {
  struct Row {
    const char* situation;
    const char* kind;
    const char* script;
    const char* due_stage;
    const char* due_total;
    const char* on;
    const char* used;
    const char* status;
  };
  const Row rows[] = {
      {"day one is the working day after submission (A41)", "resident", "2021-09-27 23:59 submit", "2021-09-28",
       "2021-09-30", "2021-09-27", "0", "on_time"},
      {"submitted on a day off, day one is still the next working day", "resident", "2021-10-03 10:00 submit",
       "2021-10-08", "2021-10-11", "2021-10-08", "1", "on_time"},
      {"a make-up Saturday counts", "resident", "2021-10-08 10:00 submit", "2021-10-09", "2021-10-12", "2021-10-09",
       "1", "on_time"},
      {"low voltage without works: applied today, lit tomorrow; breach after the next working day (A12)", "lv_no_works",
       "2021-11-12 16:00 submit", "2021-11-12", "2021-11-15", "2021-11-15", "1", "warned"},
      {"unused days of a stage do not carry over (A29)", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept", "2021-11-08", "2021-11-11", "2021-11-01", "0", "on_time"},
      {"a stage that is late eats the total's days (A29)", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-04 10:00 accept", "2021-11-11", "2021-11-11", "2021-11-04", "3", "on_time"},
      {"while the customer holds the case the clock stands", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-02 10:00 accept\n2021-11-04 10:00 plan customer_works", "-", "-", "2021-11-30",
       "3", "stopped"},
      {"and goes on the working day after it came back", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-02 10:00 accept\n2021-11-04 10:00 plan customer_works\n2021-12-01 10:00 back",
       "2021-12-03", "2021-12-08", "2021-12-02", "4", "on_time"},
      {"handed over and back on one day: no day is counted twice", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-02 10:00 accept\n2021-11-04 10:00 plan customer_works\n2021-11-04 16:00 back",
       "2021-11-08", "2021-11-11", "2021-11-05", "4", "on_time"},
      {"a one-time notice on the day of submission leaves the stage its day (A10)", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 15:00 ask identity\n2021-11-08 09:00 supply identity", "2021-11-09",
       "2021-11-11", "2021-11-08", "0", "on_time"},
      {"a notice on the stage's last day: nothing resets, the answer is due on the day the supplement comes (A10)",
       "resident", "2021-11-01 09:00 submit\n2021-11-02 15:00 ask identity\n2021-11-08 09:00 supply identity",
       "2021-11-08", "2021-11-10", "2021-11-08", "1", "on_time"},
      {"that day being a day off, on the next working day", "resident",
       "2021-11-01 09:00 submit\n2021-11-02 15:00 ask identity\n2021-11-06 09:00 supply identity", "2021-11-08",
       "2021-11-09", "2021-11-08", "2", "on_time"},
      {"past the target but within the text's ceiling: overdue, not breached (A01)", "micro", "2021-11-01 09:00 submit",
       "2021-11-02", "2021-11-04", "2021-11-05", "4", "overdue"},
      {"past the ceiling: breached", "micro", "2021-11-01 09:00 submit", "2021-11-02", "2021-11-04", "2021-11-09", "6",
       "breached"},
      {"where target and ceiling are one, past it is breached", "resident", "2021-11-01 09:00 submit", "2021-11-02",
       "2021-11-04", "2021-11-05", "4", "breached"},
      {"after the light the clock stands for ever", "resident",
       "2021-11-01 09:00 submit\n2021-11-02 10:00 accept\n2021-11-03 10:00 energise", "-", "2021-11-04", "2022-03-01",
       "2", "on_time"},
      {"lit too late stays too late", "resident",
       "2021-11-01 09:00 submit\n2021-11-02 10:00 accept\n2021-11-08 10:00 energise", "-", "2021-11-04", "2022-03-01",
       "5", "breached"},
      {"withdrawn in time is in time", "resident", "2021-11-01 09:00 submit\n2021-11-02 10:00 withdraw not_needed", "-",
       "2021-11-04", "2021-12-01", "1", "on_time"},
  };
  for (const Row& row : rows) {
    INFO(row.situation);
    World w(row.kind);
    CHECK(w.run(row.script) == "done");
    CHECK(w.due_stage() == row.due_stage);
    CHECK(w.due_total() == row.due_total);
    CHECK(w.used_on(row.on) == row.used);
    CHECK(w.status_on(row.on) == row.status);
  }
}

TEST_CASE("each class has the annex's total when every stage takes its last day") {
  struct Row {
    const char* kind;
    const char* lit_on;  // submitted on 2021-03-01, a Monday in a month without days off but 清明 in April
  };
  for (const Row& row : {Row{"resident", "2021-03-04"}, Row{"micro", "2021-03-04"}, Row{"10kv_single", "2021-03-11"},
                         Row{"10kv_dual", "2021-03-15"}, Row{"10kv_important", "2021-03-22"},
                         Row{"35kv_single", "2021-03-31"}, Row{"35kv_dual", "2021-04-13"}}) {
    INFO(row.kind);
    World w(row.kind);
    w.run("2021-03-01 09:00 submit");
    const std::string total = w.due_total();
    CHECK(total == row.lit_on);
    for (const char* verb : {"accept", "plan", "review", "midway", "energise"}) {
      if (!w.state.stage()) break;
      const std::map<std::string, std::string> stage_of{{"accept", "acceptance"},
                                                        {"plan", "plan_reply"},
                                                        {"review", "design_review"},
                                                        {"midway", "mid_inspection"},
                                                        {"energise", "energisation"}};
      if (w.state.stage()->id != stage_of.at(verb)) continue;
      CHECK(w.run(w.due_stage() + " 17:00 " + verb) == "done");
    }
    CHECK(w.state.phase == Phase::energised);
    CHECK(format_date(w.days.zone.date_of(*w.state.ended_at)) == total);
    CHECK(w.status_on("2022-01-01") == "on_time");
  }
}

namespace {

/// The due day by walking the days one by one, as a clerk with a wall calendar would.
LocalDate walked(const std::vector<Span>& spans, int limit, const calendar::Calendar& calendar) {
  int left = limit;
  for (const Span& s : spans) {
    if (left == 0) {
      LocalDate grace = s.from;
      while (!calendar.is_working_day(grace)) grace += std::chrono::days(1);
      bool worked = false;
      for (LocalDate d = s.from + std::chrono::days(1); s.until && d <= *s.until; d += std::chrono::days(1))
        worked = worked || calendar.is_working_day(d);
      if (!s.until || worked) return grace;
      continue;
    }
    std::optional<LocalDate> last;
    int days = 0;
    for (LocalDate d = s.from + std::chrono::days(1); !s.until || d <= *s.until; d += std::chrono::days(1)) {
      if (!calendar.is_working_day(d)) continue;
      if (++days == left) last = d;
      if (days == left && !s.until) return *last;
      if (days > left) return *last;
    }
    left -= days;
  }
  FAIL("the last span is open");
  return {};
}

}  // namespace

TEST_CASE("the due day is that of somebody who walks the days, whatever the spans") {
  std::mt19937 random(7);
  const Days days{&test_calendar(), test_pack().zone()};
  const LocalDate origin = parse_date("2021-01-01").value();
  for (int trial = 0; trial < 5000; ++trial) {
    std::vector<Span> spans;
    LocalDate at = origin + std::chrono::days(random() % 300);
    for (unsigned i = random() % 4; i > 0; --i) {
      const LocalDate until = at + std::chrono::days(random() % 12);
      spans.push_back({at, until});
      at = until + std::chrono::days(random() % 20);
    }
    spans.push_back({at, {}});
    const int limit = static_cast<int>(random() % 31);
    const auto last = due(spans, limit, days);
    REQUIRE(last.has_value());
    REQUIRE(format_date(*last) == format_date(walked(spans, limit, test_calendar())));
  }
}
