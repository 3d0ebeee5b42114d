// Transfer against every plan there is: all sets of ties with all sets of opened sections, each judged by nodal admittances.
#include "grid/transfer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace tongdian::grid;

namespace {

struct Town {
  Circuit circuit;
  Limits limits;
};

/// Two feeders or more from one or two sources, ties among them, limits that bind.
Town random_town(unsigned seed) {
  std::mt19937 engine(seed);
  const auto between = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(engine()) / 4294967296.0;
  };
  const auto below = [&](Row n) { return static_cast<Row>(between(0, n)); };
  Town town;
  auto& c = town.circuit;
  const Row nodes = 8 + below(4), sources = 1 + below(2);
  for (Row n = 0; n < nodes; ++n) {
    c.power.emplace_back(n < sources ? 0 : between(0, 0.03), n < sources ? 0 : between(0, 0.01));
    c.current.emplace_back();
    c.shunt.emplace_back();
    c.source.emplace_back(n < sources ? 1.0 : 0.0);
    town.limits.min_pu.push_back(between(0.9, 0.96));
    town.limits.max_pu.push_back(1.07);
    town.limits.customers.push_back(n < sources ? 0 : below(5));
  }
  const auto add = [&](Row from, Row to, bool closed) {
    c.from.push_back(from);
    c.to.push_back(to);
    c.z.emplace_back(between(0.05, 0.4), between(0.05, 0.4));
    c.y.emplace_back(0, between(0, 0.002));
    c.ratio.emplace_back(1);
    c.closed.push_back(closed);
    c.usable.push_back(from != to);
    town.limits.current.push_back(between(0.04, 0.2));
    town.limits.operable.push_back(from != to && (!closed || below(3) != 0));
  };
  for (Row n = sources; n < nodes; ++n) add(n < sources + 2 ? n % sources : below(n), n, true);
  for (Row t = 0; t < 4; ++t) add(below(nodes), below(nodes), false);
  c.network_branches = c.branches();
  c.network_nodes = nodes;
  return town;
}

/// Voltages with these branches closed, by Y·V = I(V) again and again; 0 where no source reaches. Empty: no solution.
std::vector<Complex> solve(const Circuit& c, const std::vector<bool>& closed) {
  const auto n = static_cast<std::size_t>(c.nodes());
  std::vector<Complex> v(n, 1.0);
  std::vector<bool> fed(n);
  for (std::size_t i = 0; i < n; ++i) fed[i] = c.source[i] != 0.0;
  for (std::size_t round = 0; round < n; ++round)
    for (std::size_t b = 0; b < closed.size(); ++b)
      if (closed[b] && fed[c.from[b]] != fed[c.to[b]]) fed[c.from[b]] = fed[c.to[b]] = true;
  double change = 1;
  for (int round = 0; round < 4000 && change > 1e-11; ++round) {  // Gauss and Seidel
    change = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!fed[i] || c.source[i] != 0.0) continue;
      Complex own = c.shunt[i], sum = -std::conj(c.power[i] / v[i]);
      for (std::size_t b = 0; b < closed.size(); ++b) {
        if (!closed[b]) continue;
        const auto f = static_cast<std::size_t>(c.from[b]), t = static_cast<std::size_t>(c.to[b]);
        if (f != i && t != i) continue;
        own += 1.0 / c.z[b] + c.y[b];
        sum += v[f == i ? t : f] / c.z[b];
      }
      const Complex next = sum / own;
      change = std::max(change, std::abs(next - v[i]));
      v[i] = next;
    }
  }
  if (!(change <= 1e-11)) return {};
  for (std::size_t i = 0; i < n; ++i)
    if (!fed[i]) v[i] = 0;
  return v;
}

struct Outcome {
  std::int64_t customers = 0;
  double load = 0;
  bool operator<(const Outcome& other) const {
    return customers != other.customers ? customers < other.customers : load < other.load - 1e-9;
  }
};

bool radial(const Circuit& c, const std::vector<bool>& closed) {
  std::vector<Row> root(c.power.size());
  for (Row n = 0; n < c.nodes(); ++n) root[n] = c.source[n] != 0.0 ? c.nodes() : n;
  root.push_back(c.nodes());
  const auto find = [&](Row n) {
    while (root[n] != n) n = root[n];
    return n;
  };
  for (std::size_t b = 0; b < closed.size(); ++b) {
    if (!closed[b]) continue;
    const Row f = find(c.from[b]), t = find(c.to[b]);
    if (f == t) return false;
    root[std::min(f, t)] = std::max(f, t);
  }
  return true;
}

/// The best of all plans after branch `failed` is gone; also whether one given plan is feasible.
Outcome best_of_all(const Town& town, Row failed, const std::vector<bool>* only = nullptr, bool* feasible = nullptr) {
  const auto& c = town.circuit;
  const auto& limits = town.limits;
  auto closed = c.closed;
  const auto before = solve(c, closed);
  closed[failed] = false;
  const auto after = solve(c, closed);
  std::vector<std::size_t> choices;
  for (std::size_t b = 0; b < closed.size(); ++b) {
    if (b == static_cast<std::size_t>(failed) || !limits.operable[b]) continue;
    const bool dark_from = after[c.from[b]] == 0.0, dark_to = after[c.to[b]] == 0.0;
    if (closed[b] ? dark_from && dark_to : dark_from != dark_to) choices.push_back(b);
  }
  Outcome best;
  for (std::uint32_t set = 0; set < 1u << choices.size(); ++set) {
    auto plan = closed;
    for (std::size_t i = 0; i < choices.size(); ++i)
      if (set >> i & 1) plan[choices[i]] = !plan[choices[i]];
    if (only && plan != *only) continue;
    if (!radial(c, plan)) continue;
    const auto v = solve(c, plan);
    if (v.empty()) continue;
    bool good = true;
    Outcome outcome;
    for (std::size_t i = 0; i < v.size(); ++i) {
      if (v[i] == 0.0) continue;
      if (std::abs(v[i]) < limits.min_pu[i] && std::abs(v[i]) < std::abs(before[i]) - 1e-6) good = false;
      if (after[i] == 0.0) outcome.customers += limits.customers[i], outcome.load += c.power[i].real();
    }
    for (std::size_t b = 0; b < plan.size(); ++b) {
      if (!plan[b] || v[c.from[b]] == 0.0) continue;
      const auto lower =
          [&](const std::vector<Complex>& u) {  // at the end that is further from the source: the lesser inflow
            const Complex s = (u[c.from[b]] - u[c.to[b]]) / c.z[b];
            const Complex at_from = s + c.y[b] * u[c.from[b]], at_to = s - c.y[b] * u[c.to[b]];
            return std::pair(std::abs(at_from), std::abs(at_to));
          };
      const auto [f, t] = lower(v);
      const double now = std::min(f, t);
      const bool was = c.closed[b];
      if (now > limits.current[b] && (!was || now > std::min(lower(before).first, lower(before).second) + 1e-6))
        good = false;
    }
    if (only) *feasible = good;
    if (good && best < outcome) best = outcome;
  }
  return best;
}

}  // namespace

TEST_CASE("no plan gives more customers their supply back than the one found, and that one keeps the limits") {
  int plans = 0, partial = 0;
  for (unsigned seed = 1; seed <= 25; ++seed) {
    auto town = random_town(seed);
    for (auto& y : town.circuit.y)
      y = 0;  // then both ends of a branch carry one current, and the limit is the same at both
    const auto forest = Forest::as_closed(town.circuit);
    REQUIRE(forest);
    Transfer transfer(town.circuit, *forest, town.limits);
    if (!transfer.ok()) continue;
    for (Row b = 0; b < town.circuit.branches(); ++b) {
      if (!town.circuit.closed[b]) continue;
      CAPTURE(seed);
      CAPTURE(b);
      const auto plan = transfer.plan(b);
      const Outcome best = best_of_all(town, b);
      CHECK(plan.restored_customers == best.customers);
      CHECK(plan.restored_load == doctest::Approx(best.load).epsilon(1e-6));
      if (plan.operations.empty()) continue;
      ++plans;
      partial += !plan.complete();
      auto after = town.circuit.closed;
      after[b] = false;
      for (const auto& operation : plan.operations) {
        CHECK(after[operation.branch] != operation.close);
        CHECK(town.limits.operable[operation.branch]);
        after[operation.branch] = operation.close;
        CHECK(radial(town.circuit, after));  // at every step
      }
      bool feasible = false;
      best_of_all(town, b, &after, &feasible);
      CHECK(feasible);
    }
  }
  CHECK(plans > 50);
  CHECK(partial > 10);
}

TEST_CASE("a plan's voltages are those of the network that it makes, charging included") {
  for (unsigned seed = 1; seed <= 25; ++seed) {
    const auto town = random_town(seed);
    const auto forest = Forest::as_closed(town.circuit);
    Transfer transfer(town.circuit, *forest, town.limits);
    if (!transfer.ok()) continue;
    for (Row b = 0; b < town.circuit.branches(); ++b) {
      if (!town.circuit.closed[b]) continue;
      const auto plan = transfer.plan(b);
      if (plan.operations.empty()) continue;
      auto after = town.circuit.closed;
      after[b] = false;
      for (const auto& operation : plan.operations) after[operation.branch] = operation.close;
      const auto v = solve(town.circuit, after);
      double lowest = 2;
      for (const auto& one : v)
        if (one != 0.0) lowest = std::min(lowest, std::abs(one));
      CAPTURE(seed);
      CAPTURE(b);
      CHECK(plan.lowest_pu >= lowest - 1e-6);  // the lowest of all may be where the plan touches nothing
      CHECK(std::any_of(v.begin(), v.end(),
                        [&](Complex one) { return std::abs(std::abs(one) - plan.lowest_pu) < 1e-6; }));
    }
  }
}

TEST_CASE("where no tie reaches the dark part, that is what is said") {
  auto town = random_town(4);
  for (Row b = 0; b < town.circuit.branches(); ++b)
    if (!town.circuit.closed[b]) town.limits.operable[b] = false;
  const auto forest = Forest::as_closed(town.circuit);
  Transfer transfer(town.circuit, *forest, town.limits);
  const auto plan = transfer.plan(town.circuit.nodes() - 3);
  CHECK(plan.operations.empty());
  CHECK(plan.limiting.breach == Breach::no_tie);
  CHECK(plan.restored_customers == 0);
}
