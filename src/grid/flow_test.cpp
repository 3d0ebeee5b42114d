#include "grid/flow.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <random>

#include "base/files.hpp"
#include "base/json.hpp"
#include "grid/dense_for_tests.hpp"
#include "grid/read_case.hpp"

using namespace tongdian;
using namespace tongdian::grid;
using Complex = std::complex<double>;

namespace {

double furthest(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

/// Made up: a random tree with taps, shifts, charging, shunts and the three kinds of load, and `loops` further branches.
Network random_network(unsigned seed, int nodes, int loops, bool held) {
  std::mt19937 dice(seed);
  const auto real = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(dice); };
  const auto pick = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(dice); };
  Network network;
  network.base_mva = 10;
  for (int i = 0; i < nodes; ++i) network.add_node(std::int64_t{i} * 7 + 3, 10);
  const auto connect = [&](Row a, Row b, bool plain) {
    const bool turned = pick(2) == 0;
    const Complex z(real(1e-4, 4e-3), real(1e-4, 4e-3));
    const Complex ratio = plain || pick(4) != 0 ? Complex(1) : std::polar(real(0.95, 1.05), real(-0.6, 0.6));
    network.add_branch(std::int64_t{network.branches.count()} + 1, turned ? a : b, turned ? b : a, BranchKind::line, z,
                       pick(3) == 0 ? Complex(0, real(0, 0.01)) : Complex(0), ratio);
  };
  for (Row i = 1; i < nodes; ++i) connect(pick(i), i, loops > 0);
  for (int i = 0; i < loops; ++i) {
    const Row a = pick(nodes), b = pick(nodes);
    if (a != b) connect(a, b, true);
  }
  for (Row i = 1; i < nodes; ++i) {
    const double most = 2.0 / nodes;
    network.add_load(std::int64_t{i}, i, Complex(real(-0.2, 1) * most, real(-0.2, 0.5) * most),
                     static_cast<LoadKind>(pick(3)));
    if (pick(6) == 0) network.add_shunt(std::int64_t{i}, i, Complex(0, real(0, 0.05)));
  }
  network.add_source(std::int64_t{1}, 0, std::polar(1.02, 0.3));
  if (held) network.add_regulating(std::int64_t{1}, nodes - 1, 0.05, 1.01);
  return network;
}

const std::vector<std::pair<Method, const char*>> methods{
    {Method::automatic, "auto"}, {Method::sweep, "sweep"}, {Method::newton, "newton"}, {Method::current, "current"}};

}  // namespace

TEST_CASE("two nodes, by hand") {
  // 1 p.u. behind r = 0.1 feeds 0.9 p.u. of constant power: v² − v + 0.09 = 0, v = 0.9, so the branch loses 0.1 p.u.
  Network network;
  network.add_node(std::int64_t{1}, 10);
  network.add_node(std::int64_t{2}, 10);
  network.add_source(std::int64_t{1}, 0, 1.0);
  network.add_branch(std::int64_t{1}, 0, 1, BranchKind::line, 0.1);
  network.add_load(std::int64_t{1}, 1, 0.9);
  for (const auto& [method, name] : methods) {
    CAPTURE(name);
    const auto found = flow(network, {method, 1e-12, 200}).value();
    CHECK(found.converged);
    CHECK(std::abs(found.voltage[1]) == doctest::Approx(0.9).epsilon(1e-11));
    CHECK(found.losses_mw == doctest::Approx(0.1).epsilon(1e-10));
  }
}

TEST_CASE("every method finds what a dense Newton in other coordinates finds") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const int nodes = 2 + static_cast<int>(seed) * 7 % 41;
    const int loops = seed % 3 == 0 ? 3 : 0;
    const auto network = random_network(seed, nodes, loops, seed % 5 == 0);
    const auto expected = dense_flow(network);
    for (const auto& [method, name] : methods) {
      CAPTURE(seed);
      CAPTURE(name);
      const auto found = flow(network, {method, 1e-11, 200}).value();
      CHECK(found.converged);
      CHECK(furthest(found.voltage, expected) < 1e-9);
    }
  }
}

TEST_CASE("branches without impedance, and with next to none") {
  for (const double z : {0.0, 1e-12, 1e-9, 1e-7, 1e-6, 2e-5}) {
    CAPTURE(z);
    auto network = random_network(7, 20, 0, false);
    auto expected = network;
    network.branches.z[4] = network.branches.z[9] = Complex(z, z);
    expected.branches.z[4] = expected.branches.z[9] = z == 0 ? Complex(1e-12) : Complex(z, z);
    const auto truth = flow(expected, {Method::sweep, 1e-13, 200}).value().voltage;
    for (const auto& [method, name] : methods) {
      CAPTURE(name);
      const auto found = flow(network, {method, 1e-11, 200}).value();
      CHECK(found.converged);
      CHECK(furthest(found.voltage, truth) < 1e-9);
    }
  }
}

TEST_CASE("a loop of closed switches is one bus, and dead nodes report nothing") {
  Network network;
  for (int i = 1; i <= 5; ++i) network.add_node(std::int64_t{i}, 10);
  network.add_source(std::int64_t{1}, 0, 1.0);
  network.add_branch(std::int64_t{1}, 0, 1, BranchKind::line, Complex(0.01, 0.02));
  for (const auto& [from, to] : {std::pair{1, 2}, {2, 3}, {3, 1}})
    network.add_branch(std::int64_t{network.branches.count()} + 1, from, to, BranchKind::breaker, 0.0);
  const Row last = network.add_branch(std::int64_t{9}, 3, 4, BranchKind::line, Complex(0.01, 0.02));
  network.branches.close(last, false);
  network.add_load(std::int64_t{1}, 3, Complex(0.5, 0.1));
  network.add_load(std::int64_t{2}, 4, Complex(0.5, 0.1));
  const auto found = flow(network).value();
  CHECK(found.converged);
  CHECK(found.method == "sweep");
  CHECK(found.voltage[1] == found.voltage[3]);
  CHECK(std::abs(found.voltage[3]) < 1);
  CHECK(found.voltage[4] == 0.0);
}

TEST_CASE("a load without solution: the place where voltage gives way") {
  // At most v = 0.5 can be reached behind r = 0.1 with p = 2.5; 3 has no solution.
  auto network = random_network(3, 10, 0, false);
  const Row far = network.add_node(std::int64_t{1000}, 10);
  network.add_branch(std::int64_t{1000}, 0, far, BranchKind::line, 0.1);
  network.add_load(std::int64_t{1000}, far, 3);
  for (const auto& [method, name] : methods) {
    CAPTURE(name);
    const auto found = flow(network, {method, 1e-8, 40}).value();
    CHECK_FALSE(found.converged);
    CHECK(found.collapse == far);
    CHECK(found.solvable_share > 0.8);
    CHECK(found.solvable_share < 0.9);
  }
}

TEST_CASE("two sources that hold one bus at different voltages are a contradiction") {
  Network network;
  network.add_node(std::int64_t{1}, 10);
  network.add_source(std::int64_t{1}, 0, 1.0);
  network.add_source(std::int64_t{2}, 0, 1.01);
  const auto found = flow(network);
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == "grid.contradiction");
  CHECK(found.error().path == "2");
}

TEST_CASE("MATPOWER's distribution cases, where they are there") {
  const std::filesystem::path folder = std::string(TONGDIAN_SOURCE_DIR) + "/../shared/data/grid/cases";
  if (!std::filesystem::exists(folder)) return;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string file = entry.path();
    if (!file.ends_with(".case.json")) continue;
    CAPTURE(file);
    const auto network = read_case(json::parse(read_file(file).value()).value()).value();
    const auto solved = json::parse(read_file(file.substr(0, file.size() - 10) + ".solved.json").value()).value();
    for (const auto& [method, name] : methods) {
      CAPTURE(name);
      const auto found = flow(network, {method, 1e-10, 200}).value();
      CHECK(found.converged);
      CHECK(found.losses_mw * 1000 == doctest::Approx(solved.at("loss_kw").to_number<double>()).epsilon(1e-6));
      Row n = 0;
      for (const auto& bus : solved.at("bus").as_array()) {
        CHECK(std::abs(std::abs(found.voltage[n]) - bus.at("vm_pu").to_number<double>()) < 1e-8);
        CHECK(std::abs(std::arg(found.voltage[n]) * 57.29577951308232 - bus.at("va_deg").to_number<double>()) < 1e-6);
        ++n;
      }
    }
  }
}
