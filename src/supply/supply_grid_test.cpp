// What is published of a network, and that a draft is the same whenever it is computed from the same inputs.
#include "supply/supply_grid.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <sstream>
#include <stop_token>
#include <thread>

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
  const auto before = one.draft_record(question(), {}).value();
  CHECK_FALSE(before.at("inputs").at("n_minus_1_checked").as_bool());
  CHECK_FALSE(before.contains("answer"));
  one.compute(1);
  CHECK(one.draft_record(question(), {}).value().at("inputs").at("n_minus_1_checked").as_bool());
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
  CHECK(with([](Question& q) { q.voltage = "110kv"; })->path == "/voltage");
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

TEST_CASE("what a plan promises is there no more for the next one, until it is lit or withdrawn") {
  auto city = network_for_tests();
  city.compute(1);
  const auto kw_at = [&](const std::string& node) {
    const auto list = city.list("2021-11").csv;
    const auto row = list.find('\n' + node + ',');
    std::istringstream cells(list.substr(row + 1));
    std::string cell;
    for (int i = 0; i < 5; ++i) std::getline(cells, cell, ',');
    return std::stod(cell);
  };
  const auto record = city.draft_record(question(), {}).value();
  const std::string node(record.at("chosen").at(0).as_string());
  CHECK_FALSE(record.at("inputs").as_object().contains("approved"));
  const double before = kw_at(node);
  REQUIRE(before >= 100);

  city.count({7, {{"TD-1", node, 100}}}, 1);
  CHECK(kw_at(node) <= before - 99);
  const auto heading = city.open_capacity_at({}).at("approved");
  CHECK(heading.at("through") == 7);
  CHECK(heading.at("cases") == 1);
  CHECK(heading.at("kw") == 100.0);
  CHECK(city.counts({9, {{"TD-1", node, 100}}}));
  CHECK_FALSE(city.counts({9, {{"TD-1", node, 101}}}));
  CHECK(city.list("2021-11").edition.approved_through == 7);
  CHECK(city.draft_record(question(), {}).value().at("inputs_digest") != record.at("inputs_digest"));

  // Counted one by one or at once, by whoever recomputes: the same bytes.
  city.count({8, {{"TD-1", node, 100}, {"TD-2", node, 30}}}, 1);
  auto again = network_for_tests();
  again.take({8, {{"TD-1", node, 100}, {"TD-2", node, 30}}});
  again.compute(2);
  CHECK(city.list("2021-11").csv == again.list("2021-11").csv);
  CHECK(city.draft(question()) == again.draft(question()));

  city.count({9, {}}, 1);
  CHECK(kw_at(node) == before);
}

TEST_CASE("approved loads on a network that is not the one that they were promised on") {
  auto city = network_for_tests();
  struct Row {
    const char* situation;
    std::vector<Approval> loads;
    std::int64_t cases, unplaced;
    double kw;
  };
  const std::string node(city.draft_record(question(), {}).value().at("chosen").at(0).as_string());
  grid::Surroundings around;
  around.approved.push_back({"TD-9", 0, 50});
  const Row rows[] = {
      {"a node of the network", {{"TD-1", node, 100}}, 1, 0, 100},
      {"two sources are one case, and each carries the whole",
       {{"TD-1", node, 100}, {"TD-1", city.network().nodes.id.shown(3), 100}},
       1,
       0,
       200},
      {"a node that is gone", {{"TD-1", node, 100}, {"TD-2", "no such node", 60}}, 1, 1, 100},
      {"the table of the network has the case", {{"TD-9", node, 50}}, 0, 0, 0},
      {"none", {}, 0, 0, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.situation);
    auto into = around;
    const auto counted = take_in({1, row.loads}, city.network(), into);
    CHECK(counted.cases == row.cases);
    CHECK(counted.unplaced == row.unplaced);
    CHECK(counted.kw == row.kw);
  }
}

TEST_CASE("questions are answered while cases are counted, each of one state or the other") {
  auto city = network_for_tests();
  city.take({1, {}});
  city.compute(1);
  const std::string node(city.draft_record(question(), {}).value().at("chosen").at(0).as_string());
  std::atomic<bool> done = false;
  std::jthread counting([&] {
    for (std::uint64_t i = 2; i < 30; ++i) {
      Approvals approvals{i, {}};
      for (std::uint64_t k = 0; k < i % 3; ++k) approvals.loads.push_back({"TD-" + std::to_string(k), node, 40});
      if (!city.counts(approvals)) city.count(std::move(approvals), 1);
    }
    done = true;
  });
  while (!done) {
    const auto answer = city.open_capacity_at(std::pair(121.402, 37.541));
    const auto& approved = answer.at("approved");
    CHECK(approved.at("kw").as_double() == 40.0 * static_cast<double>(approved.at("cases").as_int64()));
    CHECK(answer.at("computed").as_bool());
    CHECK(city.draft(question()).at("inputs").at("n_minus_1_checked").as_bool());
    CHECK_FALSE(city.map().at("cells").as_array().empty());
  }
}

TEST_CASE("asked to stop, it leaves what was there") {
  auto city = network_for_tests();
  std::stop_source stop;
  stop.request_stop();
  city.compute(1, stop.get_token());
  CHECK_FALSE(city.computed());
  city.compute(1);
  REQUIRE(city.computed());
  city.count({3, {{"TD-1", "no such node", 40}}}, 1, stop.get_token());
  CHECK(city.computed());
  CHECK_FALSE(city.open_capacity_at({}).contains("approved"));
}

TEST_CASE("only points that fit are promised") {
  auto city = network_for_tests();
  city.compute(1);
  auto two = question();
  two.sources = 2;
  auto far = question();
  far.longitude = 130;
  auto heavy = question();
  heavy.kw = 90'000;
  const auto best = city.draft_record(question(), {}).value();
  const std::string node(best.at("chosen").at(0).as_string());
  const auto pair = city.draft_record(two, {}).value();
  struct Row {
    const char* situation;
    Question asked;
    std::vector<std::string> chosen;
    const char* outcome;
  };
  const Row rows[] = {
      {"the best where nobody chooses", question(), {}, "1"},
      {"one of those that fit", question(), {node}, "1"},
      {"a point that is none", question(), {"nowhere"}, "supply.not_offered"},
      {"two points for one source", question(), {node, node}, "supply.not_offered"},
      {"one point for two sources", two, {node}, "supply.not_offered"},
      {"two sources from two busbars", two, {}, "2"},
      {"beyond reach there is nothing to promise", far, {}, "0"},
      {"nor where nothing fits", heavy, {}, "0"},
      {"and it cannot be chosen all the same", heavy, {node}, "supply.not_offered"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.situation);
    const auto record = city.draft_record(row.asked, row.chosen);
    const auto* chosen = record ? record->if_contains("chosen") : nullptr;
    CHECK((record ? std::to_string(chosen ? chosen->as_array().size() : 0) : record.error().code) == row.outcome);
  }
  // In either order.
  auto names = json::read<std::vector<std::string>>(pair.at("chosen")).value();
  std::ranges::reverse(names);
  CHECK(city.draft_record(two, names).value().at("chosen") == json::write(names));
}
