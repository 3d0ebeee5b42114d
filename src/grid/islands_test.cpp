// A part of the network that no source reaches stops nobody: what is fed is planned to the same digit, the island has no supply.
#include <doctest/doctest.h>

#include "grid/capacity.hpp"
#include "grid/connect.hpp"
#include "grid/findings.hpp"
#include "grid/made_up_city.hpp"
#include "grid/standards_for_tests.hpp"
#include "grid/weak_spots.hpp"

using namespace tongdian::grid;

namespace {

CityNetwork small_town() {
  CityPlan plan;
  plan.areas = {{"370602", "芝罘", 121.4, 37.54, 2}};
  plan.substations = 2;
  plan.feeders = 3;
  plan.transformers = 4;
  auto city = made_up_city(plan);
  for (auto& curve : city.around.curves) curve.share.resize(24);
  return city;
}

/// Three nodes in a loop with a load, beside an open tie from a node that is fed.
void add_island(CityNetwork& city) {
  auto& network = city.network;
  const Row beside = network.branches.from[network.branches.count() / 2];
  const Row fed = network.nodes.count();
  std::vector<Row> island;
  for (int i = 0; i < 3; ++i) {
    island.push_back(network.add_node("island-" + std::to_string(i), 10));
    network.nodes.longitude.push_back(network.nodes.longitude[beside]);
    network.nodes.latitude.push_back(network.nodes.latitude[beside]);
    city.around.customers.push_back(10);
  }
  REQUIRE(network.nodes.longitude.size() == static_cast<std::size_t>(fed) + 3);
  for (int i = 0; i < 3; ++i)
    network.add_branch("loop-" + std::to_string(i), island[i], island[(i + 1) % 3], BranchKind::line, {0.01, 0.01});
  network.add_load(std::string("island"), island[1], {0.01, 0.003});
  city.around.load_curve.push_back(Surroundings::flat);
  network.branches.close(network.add_branch(std::string("tie"), beside, island[0], BranchKind::tie, {0.01, 0.01}),
                         false);
}

Limits limits_by(const CityNetwork& city) {
  Limits limits = limits_of(city.network, circuit_of(city.network));
  for (Row n = 0; n < city.network.nodes.count(); ++n)
    limits.min_pu[n] = city.network.nodes.rated_kv[n] < 1 ? 0.9 : 0.93;
  return limits;
}

}  // namespace

TEST_CASE("an island leaves everybody else their plans") {
  const auto whole = small_town();
  auto with = whole;
  add_island(with);
  CHECK(not_radial(with.network).empty());
  REQUIRE(islands(with.network).size() == 1);
  CHECK(islands(with.network)[0].what.en == "no source reaches its island of 3 nodes, 100 kW are dark");
  const auto limits = limits_by(whole), limits_with = limits_by(with);
  const Row fed = whole.network.nodes.count();

  SUBCASE("open capacity") {
    const auto before = open_capacity(whole.network, whole.around, limits, {}).value();
    const auto after = open_capacity(with.network, with.around, limits_with, {}).value();
    for (Row n = 0; n < fed; ++n) {
      CAPTURE(whole.network.nodes.id.shown(n));
      CHECK(after.nodes[n].power == before.nodes[n].power);
      CHECK(after.nodes[n].limit == before.nodes[n].limit);
      CHECK(after.nodes[n].n_minus_1 == before.nodes[n].n_minus_1);
    }
    for (Row n = fed; n < with.network.nodes.count(); ++n) {
      CHECK(after.nodes[n].power == 0);
      CHECK(after.nodes[n].limit == Limit::dead);
    }
    const auto again = open_capacity(with.network, with.around, limits_with, {}, after, with.around.approved).value();
    CHECK(again.nodes[fed].limit == Limit::dead);
  }

  SUBCASE("transfer") {
    const auto circuit = circuit_of(whole.network), circuit_with = circuit_of(with.network);
    const auto before = transfer_all(circuit, Forest::as_closed(circuit).value(), limits);
    CHECK_FALSE(Forest::as_closed(circuit_with));
    const auto after = transfer_all(circuit_with, Forest::of_the_fed(circuit_with).value(), limits_with);
    REQUIRE(after.size() == before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      CAPTURE(whole.network.branches.id.shown(before[i].first));
      CHECK(with.network.branches.id.shown(after[i].first) == whole.network.branches.id.shown(before[i].first));
      CHECK(after[i].second.dark_customers == before[i].second.dark_customers);
      CHECK(after[i].second.restored_customers == before[i].second.restored_customers);
      CHECK(after[i].second.operations.size() == before[i].second.operations.size());
    }
  }

  SUBCASE("connection points and weak spots") {
    const auto numbers = standards();
    const ConnectPoints before(whole.network, whole.around, numbers), after(with.network, with.around, numbers);
    REQUIRE(after.ok());
    ConnectQuestion question;
    question.longitude = whole.network.nodes.longitude[fed / 2];
    question.latitude = whole.network.nodes.latitude[fed / 2];
    question.kw = 200;
    const auto a = before.ask(question), b = after.ask(question);
    REQUIRE(a.candidates.size() > 2);
    REQUIRE(a.candidates.size() == b.candidates.size());
    for (std::size_t i = 0; i < a.candidates.size(); ++i) {
      CHECK(b.candidates[i].node == a.candidates[i].node);
      CHECK(b.candidates[i].fits == a.candidates[i].fits);
      CHECK(b.candidates[i].left_kw == a.candidates[i].left_kw);
    }
    CHECK(weak_spots(with.network, with.around, limits_with).size() ==
          weak_spots(whole.network, whole.around, limits).size());
  }
}

TEST_CASE("without a source, or with a loop that is fed, there is no plan") {
  auto city = small_town();
  auto loop = city;
  const auto& branches = loop.network.branches;
  loop.network.add_branch(std::string("again"), branches.from[5], branches.to[5], BranchKind::line, {0.01, 0.01});
  CHECK_FALSE(Forest::of_the_fed(circuit_of(loop.network)));
  CHECK_FALSE(not_radial(loop.network).empty());
  std::fill(city.network.sources.closed.begin(), city.network.sources.closed.end(), false);
  CHECK_FALSE(Forest::of_the_fed(circuit_of(city.network)));
  CHECK_FALSE(not_radial(city.network).empty());
}
