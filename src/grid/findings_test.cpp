#include "grid/findings.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace tongdian::grid;

namespace {

Network sound() {
  Network network;
  for (std::int64_t i = 0; i < 5; ++i) network.add_node(i, 10);
  network.add_source(std::int64_t{0}, 0, 1.0);
  for (Row i = 1; i < 5; ++i) {
    const Row b = network.add_branch(std::int64_t{i}, i - 1, i, BranchKind::line, {0.01, 0.01});
    network.branches.rate_mva[b] = 5;
  }
  network.add_load(std::int64_t{9}, 4, 0.5);
  return network;
}

/// Ten of them instead of the one.
void light_loads(Network& network, double each) {
  network.loads.s[0] = each;
  for (std::int64_t i = 10; i < 19; ++i) network.add_load(i, 4, each);
}

}  // namespace

TEST_CASE("a sound network has no findings") { CHECK(findings(sound()).empty()); }

TEST_CASE("what looks wrong, by element") {
  struct Wrong {
    const char *element, *word;
    std::function<void(Network&)> make;
  };
  for (const auto& [element, word, make] : {
           Wrong{"node 3", "2 nodes, 500 kW", [](Network& n) { n.branches.close(2, false); }},
           Wrong{"branch 7", "loop", [](Network& n) { n.add_branch(std::int64_t{7}, 0, 4, BranchKind::line, 0.01); }},
           Wrong{"network", "no source", [](Network& n) { n.sources.closed[0] = false; }},
           Wrong{"node 2", "10000 kV", [](Network& n) { n.nodes.rated_kv[2] = 10000; }},
           Wrong{"branch 2", "negative", [](Network& n) { n.branches.z[1] = -0.01; }},
           Wrong{"branch 2", "ratio", [](Network& n) { n.branches.ratio[1] = 25; }},
           Wrong{"branch 2", "drop", [](Network& n) { n.branches.z[1] = 100; }},
           Wrong{"branch 2", "drop 10", [](Network& n) { n.branches.z[1] = 2; }},
           Wrong{"branch 2", "drop 1.5",
                 [](Network& n) {
                   n.branches.kind[1] = BranchKind::distribution_transformer;
                   n.branches.z[1] = 0.3;
                 }},
           Wrong{"branch 2", "0.305 A", [](Network& n) { n.branches.rate_mva[1] = 0.00528275F; }},
           Wrong{"branch 4", "577350 A",
                 [](Network& n) {
                   n.nodes.rated_kv[4] = 0.4;
                   n.branches.kind[3] = BranchKind::distribution_transformer;
                   n.branches.z[3] = 1e-4;
                   n.branches.rate_mva[3] = 400;
                 }},
           Wrong{"load 9", "500 MVA", [](Network& n) { n.loads.s[0] = 500; }},
           Wrong{"load 9", "never bring more than 42.4",
                 [](Network& n) {
                   n.loads.s[0] = 80;
                   n.branches.rate_mva[3] = unlimited;
                 }},
           Wrong{"network", "all loads together are 5 kVA, where the branches at the sources are rated 5000 kVA",
                 [](Network& n) { light_loads(n, 0.0005); }},
           Wrong{"network", "0.5 kVA, where the distribution transformers are rated 5000 kVA",
                 [](Network& n) {
                   light_loads(n, 0.00005);
                   n.branches.kind[3] = BranchKind::distribution_transformer;
                 }},
           Wrong{"source 0", "10 p.u.", [](Network& n) { n.sources.voltage[0] = 10; }},
       }) {
    CAPTURE(word);
    auto network = sound();
    make(network);
    const auto found = findings(network);
    REQUIRE_FALSE(found.empty());
    CHECK(found[0].element == element);
    CHECK(found[0].what.en.find(word) != std::string::npos);
    CHECK_FALSE(found[0].what.zh.empty());
    CHECK_FALSE(found[0].mend.en.empty());
  }
}

TEST_CASE("what keeps a network from being radial") {
  CHECK(not_radial(sound()).empty());
  auto network = sound();
  network.add_source(std::int64_t{77}, 3, 1.0);
  CHECK(findings(network).empty());
  REQUIRE(not_radial(network).size() == 1);
  CHECK(not_radial(network)[0].element == "source 77");
  CHECK(not_radial(network)[0].what.en == "it is joined with source 0");
  network.branches.close(2, false);
  CHECK(not_radial(network).empty());
  CHECK(islands(network).empty());
  network.sources.closed[1] = false;
  CHECK(not_radial(network).empty());
  REQUIRE(islands(network).size() == 1);
  CHECK(islands(network)[0].element == "node 3");
  network.sources.closed[0] = false;
  CHECK(not_radial(network)[0].element == "network");
  network.sources.closed[0] = true;
  network.branches.close(2, true);
  network.add_branch(std::int64_t{7}, 0, 4, BranchKind::line, 0.01);
  CHECK(not_radial(network)[0].element == "branch 7");
}

TEST_CASE("many of a kind are counted, not listed") {
  Network network;
  for (std::int64_t i = 0; i < 50; ++i) network.add_node(i, 10);
  const auto found = findings(network, 20);
  REQUIRE(found.size() == 1 + 20 + 1);
  CHECK(found.back().what.en == "30 more: islands without a source");
}
