// Each detector with a case that it must find and one beside it that it must leave alone.
#include <doctest/doctest.h>

#include "supervision/city_for_tests.hpp"

namespace tongdian::supervision {
namespace {

const std::string honest = R"(
  2021-11-15 10:00 submit
  2021-11-16 10:00 accept
  2021-11-22 11:00 plan customer_design
  2021-12-13 09:00 back
  2021-12-14 15:00 energise
  2021-12-14 16:00 rate 5)";

}  // namespace

TEST_CASE("an honest case raises nothing") {
  TestCity city;
  city.add("10kv", "A", honest);
  CHECK(city.told() == "");
}

TEST_CASE("single cases, and their innocent neighbours") {
  struct Row {
    const char *what, *kind, *script, *told;
  };
  const Row rows[] = {
      {"entered four days later", "10kv", "2021-11-15 10:00 submit\n2021-11-19 10:00 -90h accept",
       "recorded_late A strong"},
      {"entered the next morning", "10kv", "2021-11-15 10:00 submit\n2021-11-16 10:00 -18h accept", ""},
      {"three steps in four minutes", "micro",
       "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-16 10:02 firm builder F-1\n2021-11-16 10:04 energise",
       "burst A weak; too_short A weak"},
      {"three steps by three people", "micro",
       "2021-11-15 10:00 submit\n2021-11-16 10:00 @a accept\n2021-11-16 10:02 @b firm builder F-1\n2021-11-16 11:04 @c energise",
       ""},
      {"a meter that ran two days before acceptance", "micro",
       "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-17 10:00 evidence meter 2021-11-14T09:00:00+08:00",
       "works_before_acceptance A strong"},
      {"a meter's clock half an hour off", "micro",
       "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-17 10:00 evidence meter 2021-11-16T09:30:00+08:00",
       ""},
      {"a photo of the works before anything was accepted", "micro",
       "2021-11-15 10:00 submit\n2021-11-15 15:00 evidence photo 2021-11-15T11:00:00+08:00",
       "works_before_acceptance A weak"},
      {"a contract a day before the plan", "10kv",
       "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-22 11:00 plan\n2021-11-22 12:00 evidence contract 2021-11-20T12:00:00+08:00",
       "contract_before_plan A strong"},
      {"a contract after the plan", "10kv",
       "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-22 11:00 plan\n2021-11-23 12:00 evidence contract 2021-11-22T15:00:00+08:00",
       ""},
      {"handed over on the plan's fifth and last day", "10kv",
       "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-23 11:00 plan customer_design",
       "last_day_hand_over A weak"},
      {"handed over on its fourth day", "10kv",
       "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-22 11:00 plan customer_design", ""},
      {"finished on the last day without a hand-over", "10kv",
       "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-23 11:00 plan", ""},
      {"a plan in four minutes", "10kv", "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-16 10:04 plan",
       "too_short A weak"},
      {"a plan in half an hour", "10kv", "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-16 10:30 plan", ""},
      {"accepted at half past two in the night", "10kv", "2021-11-15 10:00 submit\n2021-11-16 02:30 accept",
       "at_night A weak"},
      {"a customer may write at night", "10kv", "2021-11-15 02:30 submit", ""},
      {"asked once for what no clause allows", "10kv",
       "2021-11-15 10:00 submit\n2021-11-15 11:00 refused connection.document_not_on_list",
       "document_beyond_list A weak"},
      {"and again", "10kv",
       "2021-11-15 10:00 submit\n2021-11-15 11:00 refused connection.document_not_on_list\n2021-11-15 12:00 refused connection.letter_demanded",
       "document_beyond_list A strong"},
      {"a charge that no catalogue has", "10kv", "2021-11-15 10:00 submit\n2021-11-16 10:00 charge DESIGN-FEE 50000",
       "charge_without_item A strong"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    TestCity city;
    city.add(row.kind, "A", row.script);
    CHECK(city.told() == row.told);
  }
}

TEST_CASE("withdrawn and opened again: the same person, the same place, both, neither, too late") {
  const std::string first = "2021-11-01 10:00 submit\n2021-11-02 10:00 withdraw plan_changed";
  struct Row {
    const char *what, *day;
    Tags second;
    const char* told;
  };
  for (const auto& row : {Row{"both", "2021-11-08", {1, 2}, "opened_again B strong"},
                          Row{"the person", "2021-11-08", {1, 3}, "opened_again B weak"},
                          Row{"the place", "2021-11-08", {4, 2}, "opened_again B weak"},
                          Row{"neither", "2021-11-08", {4, 3}, ""}, Row{"much later", "2021-12-08", {1, 2}, ""}}) {
    CAPTURE(row.what);
    TestCity city;
    city.add("micro", "A", first, "anna", "online", {1, 2});
    city.add("micro", "B", std::string(row.day) + " 10:00 submit", "anna", "online", row.second);
    CHECK(city.told() == row.told);
  }
}

TEST_CASE("a stage re-opened, in a journal that was filled from elsewhere") {
  TestCity city;
  city.add("10kv", "A", honest);
  city.read();
  journal::Event e;
  e.stream = "case/A";
  e.type = "case.plan_replied";
  e.position = 100;
  e.recorded_at = *parse_instant("2021-12-20T10:00:00+08:00");
  e.actor = {"system", "import"};
  e.payload = json::Object{{"connection_point", "x"}};
  city.watch->take(e, [](std::uint64_t) { return Tags{}; });
  const auto all = city.watch->findings();
  CHECK(std::ranges::any_of(all, [](const auto& j) { return j.finding.kind == "stage_reopened"; }));
}

TEST_CASE("of a case in the whitelist the detectors count the days that its clock A counts (A11)") {
  const std::string entered =
      "2021-11-15 10:00 submit\n2021-11-15 11:00 as A-1\n2021-11-15 12:00 propose micro_beyond_capacity 2021-12-20\n"
      "2021-11-15 13:00 add-works regulator 2021-12-20\n2021-11-16 10:00 as A-2\n2021-11-16 10:00 confirm\n";
  struct Row {
    const char* what;
    std::string script;
    int used;  // on 2021-12-15
  };
  const Row rows[] = {
      {"under way", entered, 1},
      {"one of two is done", entered + "2021-12-01 10:00 done 1\n", 1},
      {"both are", entered + "2021-12-01 10:00 done 1\n2021-12-13 10:00 done 2\n", 3},
      {"both are, and the power is on",
       entered + "2021-12-01 10:00 done 1\n2021-12-13 10:00 done 2\n2021-12-14 10:00 energise\n", 2},
      {"withdrawn as a mistake: no day was none", entered + "2021-12-01 10:00 drop a point fits\n", 22},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    connection::World w("micro");
    Trail trail;
    Names names;
    std::uint64_t position = 0;
    w.on_event = [&](journal::Event e) {
      e.position = ++position;
      e.stream = "case/A";
      take(trail, e, names);
    };
    CHECK(w.run(row.script) == "done");
    const auto on = *parse_date("2021-12-15");
    CHECK(used_wd(trail, on, w.days) == row.used);
    CHECK(w.used_on("2021-12-15") == std::to_string(row.used));
  }
}

TEST_CASE("designated firms: a manager who always names the same one is found, a popular firm is not") {
  // Within one district: anna names F-9 in 12 of her 14 cases, nobody else does; F-1 is popular with everyone.
  TestCity city;
  int n = 0;
  const auto add = [&](const std::string& manager, const std::string& firm) {
    city.add("10kv", "C" + std::to_string(++n),
             "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-22 11:00 plan\n2021-11-22 15:00 firm builder " +
                 firm,
             manager);
  };
  for (int i = 0; i < 14; ++i) add("anna", i < 12 ? "F-9" : "F-1");
  for (int i = 0; i < 14; ++i) add("bert", i < 10 ? "F-1" : i % 2 ? "F-2" : "F-3");
  for (int i = 0; i < 14; ++i) add("carl", i < 9 ? "F-1" : i % 2 ? "F-2" : "F-3");
  const auto all = city.findings();
  std::vector<std::string> subjects;
  for (const auto& j : all)
    if (j.finding.kind == "three_designated") subjects.push_back(j.finding.subject);
  CHECK(subjects == std::vector<std::string>{"anna · builder F-9"});
}

TEST_CASE(
    "designated firms: four of four in a small sample are not enough, and a lone manager has nobody beside them") {
  TestCity small, alone;
  for (int i = 0; i < 4; ++i)
    small.add("10kv", "A" + std::to_string(i),
              "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-17 15:00 firm builder F-9", "anna");
  for (int i = 0; i < 20; ++i)
    small.add(
        "10kv", "B" + std::to_string(i),
        "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-17 15:00 firm builder F-" + std::to_string(i % 3),
        "bert");
  CHECK(small.told("three_designated") == "");
  for (int i = 0; i < 30; ++i)
    alone.add("10kv", "A" + std::to_string(i),
              "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-17 15:00 firm builder F-9", "anna");
  CHECK(alone.told("three_designated") == "");
}

TEST_CASE("times too regular: exactly two hours every time, beside times as people have them") {
  TestCity city;
  // Two of anna's are as other people's, and do not hide the twelve.
  for (const char* day : {"2021-11-17", "2021-11-18"})
    city.add("10kv", std::string("odd") + day,
             "2021-11-15 09:00 submit\n2021-11-16 11:00 @clerk accept\n" + std::string(day) + " 14:00 plan", "anna");
  for (int i = 0; i < 12; ++i) {
    const std::string n = std::to_string(10 + i);
    city.add("10kv", "A" + n,
             "2021-11-15 0" + std::to_string(i % 9) + ":" + n + " submit\n2021-11-16 10:" + n +
                 " @clerk accept\n2021-11-16 12:" + n + " plan",
             "anna");
    city.add("10kv", "B" + n,
             "2021-11-15 0" + std::to_string(i % 9) + ":" + n + " submit\n2021-11-16 10:00 @clerk accept\n2021-11-1" +
                 std::to_string(7 + i % 3) + " 1" + std::to_string(i % 9) + ":00 plan",
             "bert");
  }
  std::vector<std::string> subjects;
  for (const auto& j : city.findings())
    if (j.finding.kind == "too_regular") subjects.push_back(j.finding.subject);
  CHECK(subjects == std::vector<std::string>{"anna · plan_reply"});
}

TEST_CASE("a habit of the last day is told by its statistics, a single one is weak") {
  TestCity city;
  for (int i = 0; i < 10; ++i) {
    const std::string n = std::to_string(i);
    city.add("10kv", "A" + n,
             "2021-11-15 10:00 submit\n2021-11-16 10:00 @clerk accept\n2021-11-23 11:0" + n + " plan customer_design",
             "anna");
    city.add("10kv", "B" + n,
             "2021-11-15 10:00 submit\n2021-11-16 10:00 @clerk accept\n2021-11-1" + std::to_string(7 + i % 3) +
                 " 11:0" + n + " plan customer_design",
             "bert");
  }
  int strong = 0, weak = 0;
  for (const auto& j : city.findings()) {
    if (j.finding.kind != "last_day_hand_over") continue;
    ++(j.finding.strength == Strength::strong ? strong : weak);
    if (j.finding.strength == Strength::strong) CHECK(j.finding.subject == "anna");
  }
  CHECK(strong == 1);
  CHECK(weak == 10);
}

TEST_CASE("what was read event by event is what is read at once, and ids are the same each time") {
  TestCity a, b;
  for (auto* city : {&a, &b}) {
    city->add("10kv", "A", "2021-11-15 10:00 submit\n2021-11-16 02:30 accept\n2021-11-16 02:33 plan");
    city->add("micro", "B", "2021-11-15 10:00 submit\n2021-11-16 10:00 charge X 100");
  }
  const auto first = a.findings(), second = b.findings();
  REQUIRE(first.size() == second.size());
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i].finding.id == second[i].finding.id);
}

}  // namespace tongdian::supervision
