// Tracing against the plainest reading: take the branch out, flood from the sources, see who is dark.
#include "grid/trace.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

using namespace tongdian::grid;

namespace {

std::set<Row> fed(const Network& network, const std::vector<bool>& closed) {
  std::set<Row> reached(network.sources.node.begin(), network.sources.node.end());
  for (bool grew = true; grew;) {
    grew = false;
    for (Row b = 0; b < network.branches.count(); ++b) {
      const Row from = network.branches.from[b], to = network.branches.to[b];
      if (closed[b] && reached.contains(from) != reached.contains(to)) {
        reached.insert(from);
        reached.insert(to);
        grew = true;
      }
    }
  }
  return reached;
}

struct Town {
  Network network;
  std::vector<std::int32_t> customers;
};

Town random_town(unsigned seed) {
  std::mt19937 dice(seed);
  const auto below = [&](int n) { return static_cast<Row>(dice() % static_cast<unsigned>(n)); };
  Town town;
  const Row nodes = 4 + below(20);
  for (Row n = 0; n < nodes; ++n) {
    town.network.add_node(std::int64_t{n}, 10);
    town.customers.push_back(below(5));
  }
  for (Row n = 0, sources = 1 + below(3); n < sources; ++n) town.network.add_source(std::int64_t{n}, below(nodes), 1.0);
  const Row branches = nodes + below(8);
  for (Row b = 0; b < branches; ++b) {
    const Row row = town.network.add_branch(std::int64_t{b}, below(nodes), below(nodes), BranchKind::line, 0.1);
    town.network.branches.close(row, below(6) != 0);
  }
  return town;
}

void compare(const Town& town, const Trace& trace, const std::vector<bool>& closed) {
  const auto before = fed(town.network, closed);
  for (Row n = 0; n < town.network.nodes.count(); ++n) {
    CHECK(trace.live(n) == before.contains(n));
    if (!trace.live(n)) {
      CHECK(trace.upstream(n).empty());
      continue;
    }
    Row at = n;  // every branch of the way up is closed and leads on, to the source that is named
    for (const Row b : trace.upstream(n)) {
      CHECK(closed[b]);
      const Row from = town.network.branches.from[b], to = town.network.branches.to[b];
      REQUIRE((from == at || to == at));
      at = from == at ? to : from;
    }
    CHECK(at == trace.source_of(n));
    CHECK(std::ranges::count(town.network.sources.node, at) > 0);
  }
  for (Row b = 0; b < town.network.branches.count(); ++b) {
    auto without = closed;
    without[b] = false;
    const auto after = fed(town.network, without);
    std::set<Row> dark;
    std::ranges::set_difference(before, after, std::inserter(dark, dark.end()));
    std::int64_t customers = 0;
    for (const Row n : dark) customers += town.customers[n];
    const auto affected = trace.affected(b);
    CHECK(std::set<Row>(affected.nodes.begin(), affected.nodes.end()) == dark);
    CHECK(affected.nodes.size() == dark.size());
    CHECK(affected.customers == customers);
  }
}

}  // namespace

TEST_CASE("who loses supply is who a flood from the sources does not reach") {
  for (unsigned seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    const Town town = random_town(seed);
    std::vector<bool> closed;
    for (Row b = 0; b < town.network.branches.count(); ++b) closed.push_back(town.network.branches.closed(b));
    compare(town, Trace(town.network, town.customers), closed);
  }
}

TEST_CASE("after switching operations the trace is that of a fresh start") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const Town town = random_town(seed);
    Trace trace(town.network, town.customers);
    std::vector<bool> closed;
    for (Row b = 0; b < town.network.branches.count(); ++b) closed.push_back(town.network.branches.closed(b));
    std::mt19937 dice(seed);
    for (int step = 0; step < 12; ++step) {
      const Row b = static_cast<Row>(dice() % static_cast<unsigned>(town.network.branches.count()));
      closed[b] = !closed[b];
      trace.operate(b, closed[b]);
      compare(town, trace, closed);
    }
  }
}
