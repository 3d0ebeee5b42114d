#include "connection/durations.hpp"

#include <doctest/doctest.h>

#include "connection/world_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::connection;

TEST_CASE("the middle and the 90th percentile, by nearest rank") {
  struct Row {
    std::vector<int> values;
    double median;
    int p90;
  };
  const Row table[] = {{{5}, 5, 5},
                       {{1, 2}, 1.5, 2},
                       {{3, 1, 2}, 2, 3},
                       {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 5.5, 9},
                       {{4, 4, 4, 100}, 4, 100},
                       {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 6, 10}};
  for (const auto& row : table) {
    const auto s = spread_of(row.values);
    CHECK(s.median == row.median);
    CHECK(s.p90 == row.p90);
  }
}

TEST_CASE("what a case took: the customer's time is not the grid side's; an open or withdrawn case took nothing yet") {
  World home("resident");
  CHECK(home.run("2021-11-01 09:00 submit\n2021-11-01 10:00 accept") == "done");
  CHECK_FALSE(taken(home.state, home.days));
  CHECK(home.run("2021-11-02 10:00 energise") == "done");
  auto t = taken(home.state, home.days);
  REQUIRE(t);
  CHECK(t->grid_wd == 1);
  CHECK(t->process_days == 1);

  World firm("10kv_single");
  CHECK(firm.run("2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-02 10:00 plan customer_works\n"
                 "2021-12-01 10:00 back completion_report_with_drawings\n2021-12-02 10:00 energise") == "done");
  t = taken(firm.state, firm.days);
  REQUIRE(t);
  CHECK(t->klass == "10kv_single");
  CHECK(t->grid_wd == 2);  // 11-02 and 12-02; the works between them are the customer's
  CHECK(t->process_wd == 23);
  CHECK(t->process_days == 31);

  World gone("resident");
  CHECK(gone.run("2021-11-01 09:00 submit\n2021-11-01 10:00 withdraw " + test_pack().withdrawals().front().id) ==
        "done");
  CHECK_FALSE(taken(gone.state, gone.days));
}

TEST_CASE("rows: the city first, then the areas; groups do not mix") {
  Durations d;
  d.add({"lv_resident", "370602", 1, 1, 1});
  d.add({"lv_resident", "370611", 3, std::nullopt, 5});
  d.add({"10kv_single", "370602", 9, 20, 30});
  const auto rows = d.rows();
  REQUIRE(rows.size() == 5);
  CHECK(
      json::text(rows[1]) ==
      R"({"class":"lv_resident","area":null,"cases":2,"grid_wd":{"median":2,"p90":3},"process_wd":{"median":1,"p90":1},"process_days":{"median":3,"p90":5}})");
  CHECK(rows[0].at("class").as_string() == "10kv_single");
  CHECK(rows[2].at("area").as_string() == "370602");
  CHECK(d.cases() == 3);
}
