#include "grid/scenarios.hpp"

#include <doctest/doctest.h>

#include "grid/balanced.hpp"
#include "grid/flow.hpp"

using namespace tongdian::grid;
using Complex = std::complex<double>;

namespace {

/// Made up: a trunk of lines with laterals, loads of two classes, one transformer, one capacitor.
Network feeder() {
  Network network;
  network.base_mva = 10;
  for (std::int64_t i = 0; i < 40; ++i) network.add_node(i, 10);
  network.add_source(std::int64_t{0}, 0, 1.03);
  for (Row i = 1; i < 40; ++i) {
    const Row up = i % 3 == 0 ? i - 3 : i - 1;
    network.add_branch(std::int64_t{i}, up, i, BranchKind::line, Complex(0.004, 0.003), 0.0,
                       i == 20 ? std::polar(0.98, 0.5) : 1.0);
    network.add_load(std::int64_t{i}, i, Complex(0.01, 0.004) * static_cast<double>(1 + i % 4),
                     i % 5 == 0 ? LoadKind::current : LoadKind::power);
  }
  network.add_shunt(std::int64_t{1}, 12, Complex(0, 0.05));
  return network;
}

}  // namespace

TEST_CASE("each of many scenarios is what it is alone") {
  const auto network = feeder();
  const auto reduced = balanced(network).value();
  const auto parts = take_apart(reduced);
  REQUIRE(parts.meshed.empty());
  ScenarioSet set{7, 2, {}, std::vector<std::uint8_t>(reduced.count)};
  for (Row b = 0; b < reduced.count; ++b) set.class_of[b] = static_cast<std::uint8_t>(b % 2);
  for (std::size_t s = 0; s < set.count; ++s)
    for (std::size_t c = 0; c < 2; ++c)
      set.factor.push_back(0.2 * static_cast<double>(s) + 0.5 * static_cast<double>(c) - 0.3);
  std::size_t seen = 0;
  const auto answers = solve_scenarios(parts.feeders, set, 1e-12, [&](auto, auto&, auto v) { seen += v.size(); });
  CHECK(seen == 2 * 4 * 40);
  for (std::size_t s = 0; s < set.count; ++s) {
    CAPTURE(s);
    auto alone = network;
    for (Row l = 0; l < alone.loads.count(); ++l)
      alone.loads.s[l] *= set.factor[2 * s + set.class_of[reduced.bus_of[alone.loads.node[l]]]];
    const auto found = flow(alone, {Method::newton, 1e-12}).value();
    double lowest = 9;
    for (Row n = 1; n < 40; ++n) lowest = std::min(lowest, std::abs(found.voltage[n]));
    CHECK(answers.converged[s] == 1);
    CHECK(answers.lowest[s] == doctest::Approx(lowest).epsilon(1e-10));
    CHECK(std::abs(found.voltage[reduced.node_of[answers.lowest_bus[s]]]) == doctest::Approx(lowest).epsilon(1e-10));
    CHECK(answers.losses[s] * 10 == doctest::Approx(found.losses_mw).epsilon(1e-8));
  }
}

TEST_CASE("a scenario without solution says so, and harms no other") {
  const auto network = feeder();
  const auto reduced = balanced(network).value();
  const auto parts = take_apart(reduced);
  const ScenarioSet set{3, 1, {1, 500, 0.5}, {}};
  const auto answers = solve_scenarios(parts.feeders, set, 1e-10);
  CHECK(answers.converged[0] == 1);
  CHECK(answers.converged[1] == 0);
  CHECK(answers.converged[2] == 1);
  CHECK(answers.lowest[2] > answers.lowest[0]);
}
