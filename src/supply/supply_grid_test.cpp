// What is published of a network, and that a draft is the same whenever it is computed from the same inputs.
#include "supply/supply_grid.hpp"

#include <doctest/doctest.h>

#include "supply/network_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::supply;

namespace {

Question question() { return {121.402, 37.541, 100, "10kv", 1, false, "ownership_point", 0}; }

}  // namespace

TEST_CASE("a draft is the same whenever it is computed from the same inputs, and another from others") {
  auto one = network_for_tests(), again = network_for_tests(), heavier = network_for_tests(1.1);
  for (auto* each : {&one, &again, &heavier}) each->compute(1);
  const auto first = one.draft(question()), second = again.draft(question()), third = heavier.draft(question());
  CHECK(first == second);
  CHECK(first.at("inputs_digest") != third.at("inputs_digest"));
  CHECK_FALSE(first.at("answer").at("candidates").as_array().empty());
  auto other = question();
  other.kw = 101;
  CHECK(one.draft(other).at("inputs_digest") != first.at("inputs_digest"));
}

TEST_CASE("an event keeps inputs and digests, not the answer") {
  auto one = network_for_tests();
  const auto before = one.draft_record(question());
  CHECK_FALSE(before.at("inputs").at("n_minus_1_checked").as_bool());
  CHECK_FALSE(before.contains("answer"));
  one.compute(1);
  CHECK(one.draft_record(question()).at("inputs").at("n_minus_1_checked").as_bool());
}

TEST_CASE("the places shown are the nearest, none before the list is there") {
  auto one = network_for_tests();
  CHECK(one.open_capacity_at(std::pair(121.4, 37.54)).at("places").as_array().empty());
  one.compute(1);
  const auto answer = one.open_capacity_at(std::pair(121.4, 37.54));
  const auto& places = answer.at("places").as_array();
  CHECK(places.size() == 12);
  double before = 0;
  for (const auto& place : places) {
    CHECK(place.at("distance_m").as_double() >= before);
    before = place.at("distance_m").as_double();
    CHECK(place.at("kw").as_double() >= 0);
  }
  CHECK(one.open_capacity_at({}).at("places").as_array().empty());
  CHECK(answer.at("substations").as_array().size() == 2);
}

TEST_CASE("a question is checked before anything is computed") {
  const auto with = [](auto change) {
    auto q = question();
    change(q);
    return defect(q);
  };
  CHECK_FALSE(defect(question()));
  CHECK(with([](Question& q) { q.kw = 0; })->path == "/kw");
  CHECK(with([](Question& q) { q.longitude = 181; })->path == "/longitude");
  CHECK(with([](Question& q) { q.latitude = -91; })->path == "/latitude");
  CHECK(with([](Question& q) { q.voltage = "35kv"; })->path == "/voltage");
  CHECK(with([](Question& q) { q.sources = 3; })->path == "/sources");
  CHECK(with([](Question& q) { q.boundary = "wall"; })->path == "/boundary");
  CHECK(with([](Question& q) { q.to_red_line_m = -1; })->path == "/to_red_line_m");
}

TEST_CASE("a feeder is shown from its busbar on, and a further load lowers its voltage") {
  const auto one = network_for_tests();
  const json::Object listed = one.feeders();
  const auto& feeders = listed.at("feeders").as_array();
  CHECK(feeders.size() == 4);
  const std::string name(feeders.front().at("id").as_string());
  const auto as_it_is = one.feeder(name, "", 0), with_more = one.feeder(name, name.substr(0, 7) + "-P06", 800);
  REQUIRE(as_it_is);
  REQUIRE(with_more);
  const auto &before = as_it_is->at("elements").as_array(), &after = with_more->at("elements").as_array();
  REQUIRE(before.size() == after.size());
  CHECK(before.size() > 20);
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(before[i].at("parent").as_int64() < static_cast<std::int64_t>(i));
    CHECK((before[i].at("parent").as_int64() < 0) == (i == 0));
    CHECK(after[i].at("lowest_pu").to_number<double>() <= before[i].at("lowest_pu").to_number<double>());
  }
  CHECK(after.back().at("lowest_pu").to_number<double>() < before.back().at("lowest_pu").to_number<double>() - 0.001);
  CHECK_FALSE(one.feeder("S99-F01-CB", "", 0));
  CHECK_FALSE(one.feeder(name, "nowhere", 10));
}
