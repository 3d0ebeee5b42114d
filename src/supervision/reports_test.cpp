#include <doctest/doctest.h>

#include "supervision/city_for_tests.hpp"

namespace tongdian::supervision {
namespace {

/// Twenty-five applications of each channel, ended after so many working days each.
void add_cases(TestCity& city, const std::string& channel, const std::vector<std::string>& energised,
               const std::string& between = "") {
  for (int i = 0; i < 25; ++i)
    city.add("micro", channel + std::to_string(i),
             "2021-11-15 10:00 submit\n" + between + "2021-11-16 10:00 accept\n" +
                 energised[static_cast<std::size_t>(i) % energised.size()] + " 11:00 energise",
             "anna", channel);
}

/// Twenty-five that came on a Sunday night, as nobody can at a counter.
void add_cases_of_a_sunday(TestCity& city) {
  for (int i = 0; i < 25; ++i)
    city.add("micro", "sunday" + std::to_string(i),
             "2021-11-14 21:00 submit\n2021-11-15 10:00 accept\n2021-11-17 11:00 energise", "anna", "online");
}

std::size_t different(TestCity& city) {
  city.read();
  const auto compared = city.watch->channels().compare();
  CHECK(!compared.empty());
  return static_cast<std::size_t>(std::ranges::count_if(compared, [](const auto& c) { return c.differs; }));
}

}  // namespace

TEST_CASE("channels that are treated alike show no difference") {
  TestCity city;
  add_cases(city, "online", {"2021-11-16", "2021-11-17", "2021-11-18"});
  add_cases(city, "counter", {"2021-11-17", "2021-11-18", "2021-11-16"});
  CHECK(different(city) == 0);
}

TEST_CASE("who applies by night or on a Sunday is no reason to call a counter quicker") {
  TestCity city;
  add_cases_of_a_sunday(city);
  add_cases(city, "online", {"2021-11-16", "2021-11-17"});
  add_cases(city, "counter", {"2021-11-16", "2021-11-17"});
  CHECK(different(city) == 0);
  for (const auto& [key, cell] : city.watch->channels().cells()) CHECK(cell.compared == 25);
}

TEST_CASE("a counter that takes two days longer is a difference, and a finding") {
  TestCity city;
  add_cases(city, "online", {"2021-11-16", "2021-11-17", "2021-11-18"});
  add_cases(city, "counter", {"2021-11-18", "2021-11-19", "2021-11-22"});
  CHECK(different(city) == 1);
  CHECK(city.told("channel_difference") == "channel_difference  strong");
}

TEST_CASE("a counter that asks for more papers is a difference") {
  TestCity city;
  add_cases(city, "online", {"2021-11-16", "2021-11-17"});
  add_cases(city, "counter", {"2021-11-16", "2021-11-17"},
            "2021-11-15 11:00 ask business_licence\n2021-11-15 12:00 supply business_licence\n");
  CHECK(different(city) == 1);
}

TEST_CASE("附件1·注3: a charger is out of the longest time and stays inside audit") {
  TestCity city;
  city.add("micro", "A", "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-18 11:00 energise");
  city.add("charger", "B", "2021-11-15 10:00 submit\n2021-11-16 02:00 accept\n2021-12-20 11:00 energise");
  city.read();
  const auto& longest = city.watch->longest();
  REQUIRE(longest.counted().size() == 1);
  CHECK(longest.counted().begin()->second.number == "A");
  CHECK(longest.counted().begin()->second.working_days == 3);
  REQUIRE(longest.left_out().size() == 1);
  CHECK(longest.left_out().begin()->second.number == "B");
  // Audited all the same.
  CHECK(city.told("at_night") == "at_night B weak");
}

TEST_CASE("the ladder: a numbered order, answered or not, and the bulletin") {
  TestCity city;
  // Past its five days on 11-24; the second rung, three working days later, is the order.
  const std::string late = "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n";
  city.add("10kv", "A", late + "2021-12-02 10:00 answer 2021-12-06 crew-added\n2021-12-06 10:00 plan");
  city.add("10kv", "B", late + "2021-12-10 10:00 plan");
  city.read();
  const auto& orders = city.watch->orders().all();
  REQUIRE(orders.size() == 2);
  CHECK(orders[0].number == 1);
  CHECK(orders[1].number == 2);
  CHECK(orders[0].year == 2021);
  CHECK(orders[0].answered_at.has_value() == (orders[0].case_number == "A"));
  std::string named;
  for (const auto& n : city.watch->orders().bulletin())
    named += n.case_number + (n.for_silence ? " unanswered; " : " late; ");
  CHECK(named.find("B unanswered") != std::string::npos);
  CHECK(named.find("A unanswered") == std::string::npos);
}

TEST_CASE("a promise rests on the city's own history, and says nothing where there is too little") {
  TestCity city;
  for (int i = 0; i < 19; ++i)
    city.add("micro", "H" + std::to_string(i),
             "2021-11-01 10:00 submit\n2021-11-02 10:00 accept\n2021-11-03 11:00 energise");
  city.add("micro", "X", "2021-11-15 10:00 submit");
  city.read();
  const auto today = *parse_date("2021-11-15");
  const Days days{&connection::test_calendar(), connection::test_pack().zone()};
  CHECK(!city.watch->promises().forecast(*city.watch->trail("X"), today, days));
  // One more, and the history speaks: every case was over in two days, one of twenty-one in seven.
  city.add("micro", "H19", "2021-11-01 10:00 submit\n2021-11-02 10:00 accept\n2021-11-03 11:00 energise");
  city.add("micro", "H20", "2021-11-01 10:00 submit\n2021-11-02 10:00 accept\n2021-11-11 11:00 energise");
  city.read();
  const auto f = city.watch->promises().forecast(*city.watch->trail("X"), today, days);
  REQUIRE(f.has_value());
  CHECK(f->on_time == doctest::Approx(20.0 / 21));
  CHECK(f->working_days[0] == 2);
  CHECK(f->working_days[2] == 2);
  CHECK(f->cases == 21);
}

TEST_CASE("promises are judged by cases that they did not know") {
  TestCity city;
  // A month in which every fourth case is late, then another: what was promised is what happened.
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 40; ++i) {
      const std::string month = round == 0 ? "2021-10-1" : "2021-11-1";
      city.add("micro", std::to_string(round) + "-" + std::to_string(i),
               month + "1 10:00 submit\n" + month + "2 10:00 accept\n" + month + (i % 4 == 0 ? "9" : "3") +
                   " 11:00 energise");
    }
  city.read();
  const auto c = city.watch->promises().calibration();
  CHECK(c.cases == 40);
  CHECK(c.brier == doctest::Approx(0.1875));
  CHECK(c.brier_of_base_rate == doctest::Approx(0.1875));
}

}  // namespace tongdian::supervision
