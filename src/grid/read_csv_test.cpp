#include "grid/read_csv.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

#include "base/files.hpp"
#include "base/json.hpp"
#include "grid/flow.hpp"
#include "grid/read_case.hpp"
#include "grid/three_phase.hpp"

using namespace tongdian;
using namespace tongdian::grid;

namespace {

std::map<std::string, std::string> village() {
  std::map<std::string, std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(TONGDIAN_SOURCE_DIR) + "/docs/examples/grid-small"))
    files[entry.path().filename().string()] = read_file(entry.path()).value();
  return files;
}

Result<Network> changed(const std::string& file, const std::string& from, const std::string& to) {
  auto files = village();
  auto& text = files[file];
  const auto at = text.find(from);
  REQUIRE(at != text.npos);
  text.replace(at, from.size(), to);
  return read_csv(files, true);
}

/// The branch of the id that a person would type.
Row branch(const Network& network, std::string_view id) { return IdIndex(network.branches.id).find_spelt(id).value(); }

double furthest(const Flow& a, const Flow& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.voltage.size(); ++i) most = std::max(most, std::abs(a.voltage[i] - b.voltage[i]));
  return most;
}

}  // namespace

TEST_CASE("the village of the documents") {
  const auto network = read_csv(village(), true).value();
  CHECK(network.unread.empty());
  CHECK(network.nodes.count() == 10);
  CHECK(network.branches.rate_mva[branch(network, "tie")] == doctest::Approx(1.7320508 * 10 * 0.63));
  CHECK(network.branches.rate_mva[branch(network, "T mill")] == doctest::Approx(0.63));
  const auto open = flow(network, {Method::automatic, 1e-11}).value();
  CHECK(open.converged);
  CHECK(open.method == "sweep");
  // The tie closed, both substations feed one loop: other methods, and both ends of it move.
  auto looped = network;
  looped.branches.close(branch(network, "tie"), true);
  const auto closed = flow(looped, {Method::automatic, 1e-11}).value();
  CHECK(closed.method == "newton");
  CHECK(furthest(open, closed) > 1e-5);
  CHECK(furthest(closed, flow(looped, {Method::current, 1e-11}).value()) < 1e-9);

  auto solver = PhaseFlowSolver::prepare(network, {Method::automatic, 1e-11}).value();
  CHECK(solver.solve());
  const auto phases = solver.answer();
  const Row house = IdIndex(network.nodes.id).find(std::string_view("house")).value();
  CHECK(std::abs(phases.voltage[house][0]) < std::abs(phases.voltage[house][2]));  // phase a carries most
}

TEST_CASE("written and read again, a network is the same") {
  const auto again = [](const Network& network) {
    const auto files = write_csv(network);
    const auto back = read_csv(files, false).value();
    CHECK(back.branches.count() == network.branches.count());
    CHECK(back.nodes.id.shown(0) == network.nodes.id.shown(0));
    CHECK(furthest(flow(network, {Method::newton, 1e-12}).value(), flow(back, {Method::newton, 1e-12}).value()) <
          1e-12);
  };
  again(read_csv(village(), false).value());
  const std::string folder = std::string(TONGDIAN_SOURCE_DIR) + "/../shared/data/grid/cases/";
  if (!std::filesystem::exists(folder)) return;
  for (const char* name : {"case4_dist", "case18", "case533mt_hi"})
    again(read_case(json::parse(read_file(folder + name + ".case.json").value()).value()).value());
}

TEST_CASE("what is wrong is named with file, line and column") {
  struct Wrong {
    std::string file, from, to, code, place;
  };
  for (const auto& [file, from, to, code, place] : {
           Wrong{"nodes.csv", "pole 1,10,", "pole 1,,", "grid.bad_value", "nodes.csv:4:rated_kv"},
           Wrong{"nodes.csv", "pole 1,10,", "pole 1,nan,", "grid.bad_value", "nodes.csv:4:rated_kv"},
           Wrong{"nodes.csv", "pole 1,10,", "pole 1,-10,", "grid.bad_value", "nodes.csv:4:rated_kv"},
           Wrong{"nodes.csv", "pole 2,10", "pole 1,10", "grid.duplicate_id", "nodes.csv:5:id"},
           Wrong{"nodes.csv", "junction", "junktion", "grid.bad_value", "nodes.csv:4:kind"},
           Wrong{"nodes.csv", "pole 1,10", "\"pole 1,10", "grid.bad_value", "nodes.csv:4"},
           Wrong{"lines.csv", "busbar 1,pole 1", "busbar 9,pole 1", "grid.unknown_node", "lines.csv:2:from"},
           Wrong{"lines.csv", "0.9,0.125,", "0.9,", "grid.bad_value", "lines.csv:2"},
           Wrong{"lines.csv", "pole 1,pole 2", "pole 1,pole 1", "grid.bad_value", "lines.csv:3:to"},
           Wrong{"lines.csv", "pole 1,pole 2", "pole 1,village", "grid.bad_value", "lines.csv:3:to"},
           Wrong{"lines.csv", "length_km", "from", "grid.bad_value", "lines.csv:1"},
           Wrong{"transformers.csv", "Dyn11", "Dyn13", "grid.bad_value", "transformers.csv:2:vector_group"},
           Wrong{"transformers.csv", "T mill", "drop", "grid.duplicate_id", "transformers.csv:3:id"},
           Wrong{"switches.csv", "tie,0,", "tie,2,", "grid.bad_value", "switches.csv:2:closed"},
           Wrong{"loads.csv", "village load,village", "village load,town", "grid.unknown_node", "loads.csv:2:node"},
       }) {
    CAPTURE(to);
    const auto network = changed(file, from, to);
    REQUIRE_FALSE(network.has_value());
    CHECK(network.error().code == code);
    CHECK(network.error().path == place);
  }
  auto files = village();
  files.erase("sources.csv");
  CHECK(read_csv(files, false).error().path == "sources.csv");
}

TEST_CASE("tables and columns that are not known are listed") {
  auto files = village();
  files["paint.csv"] = "id,colour\n1,red\n";
  files["switches.csv"] = "id,from,to,kind,closed,maker\ntie,tie west,tie east,tie,0,somebody\n";
  const auto network = read_csv(files, false).value();
  REQUIRE(network.unread.size() == 2);
  CHECK(network.unread[0].what == "switches.csv: maker");
  CHECK(network.unread[1].what == "paint.csv");
}

TEST_CASE("losses beyond all measure: no answer whose voltages are no numbers") {
  // Found by the fuzzer: once a change was no number, the next one took its place.
  for (const char* losses : {"4.4e120", "1e160", "1e200", "1e300"}) {
    const auto network = changed("transformers.csv", ",0.57,", std::string(",") + losses + ",");
    if (!network) continue;
    for (const auto method : {Method::automatic, Method::newton, Method::sweep, Method::current}) {
      CAPTURE(losses);
      const FlowOptions options{method, 1e-8, 20};
      if (const auto answer = flow(*network, options); answer && answer->converged)
        for (const auto& v : answer->voltage) CHECK(std::isfinite(std::abs(v)));
      auto solver = PhaseFlowSolver::prepare(*network, options);
      if (!solver || !solver->solve()) continue;
      for (const auto& node : solver->answer().voltage)
        for (const auto& v : node) CHECK(std::isfinite(std::abs(v)));
    }
  }
}
