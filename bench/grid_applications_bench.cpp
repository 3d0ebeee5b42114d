// What is asked of the grid beside its flow, timed: one JSON object of named figures. `grid_applications_bench [CASES]`, the
// folder with the case files; without it their figures are left out.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include "base/files.hpp"
#include "base/json.hpp"
#include "grid/connect.hpp"
#include "grid/made_up_city.hpp"
#include "grid/read_network.hpp"
#include "grid/reconfigure.hpp"
#include "grid/trace.hpp"
#include "grid/transfer.hpp"

using namespace tongdian;
using namespace tongdian::grid;

namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

/// The least of several: what the work costs when nobody else has the core.
template <class Work>
double least_seconds(int times, Work work) {
  double least = 1e9;
  for (int i = 0; i < times; ++i) {
    const auto begun = Clock::now();
    work();
    least = std::min(least, seconds_since(begun));
  }
  return least;
}

/// One feeder with short laterals, 100,000 nodes, every one a customer.
Network one_long_feeder(Row nodes) {
  Network network;
  std::mt19937 dice(1);
  network.add_node(std::int64_t{0}, 10);
  network.add_source(std::int64_t{0}, 0, 1.0);
  for (Row n = 1; n < nodes; ++n) {
    network.add_node(std::int64_t{n}, 10);
    network.add_branch(std::int64_t{n}, std::max(0, n - 1 - static_cast<Row>(dice() % 20)), n, BranchKind::line, 0.1);
    network.add_load(std::int64_t{n}, n, 0.001);
  }
  return network;
}

void bench_trace(json::Object& out) {
  const Network network = one_long_feeder(100'000);
  Trace trace(network);
  std::int64_t sum = 0;  // printed, so that nothing is optimised away
  const double affected = least_seconds(20, [&] {
    for (Row i = 0; i < 1000; ++i) sum += trace.affected(i * 97 % 99'999).customers;
  });
  out.emplace("grid_trace_affected_us", affected * 1e6 / 1000);
  double slowest = 0;  // of sections all along the feeder, opened and closed again
  for (Row section = 500; section < 99'999; section += 1000) {
    double open = 1e9, close = 1e9;
    for (int i = 0; i < 5; ++i) {
      open = std::min(open, least_seconds(1, [&] { trace.operate(section, false); }));
      close = std::min(close, least_seconds(1, [&] { trace.operate(section, true); }));
    }
    slowest = std::max({slowest, open, close});
  }
  out.emplace("grid_trace_operate_ms", slowest * 1e3);
  out.emplace("grid_trace_checksum", sum);
}

void bench_case(json::Object& out, const std::filesystem::path& file, const std::string& name, bool transfer) {
  if (!std::filesystem::exists(file)) return;
  const Network network = read_network(read_file(file.string()).value(), false).value();
  const Circuit circuit = circuit_of(network);
  ReconfigureOptions options;
  const auto begun = Clock::now();
  options.go_on = [&] { return seconds_since(begun) < 1; };
  const auto found = reconfigure(circuit, options);
  out.emplace("grid_reconfigure_" + name + "_s", seconds_since(begun));
  if (found && found->loss) out.emplace("grid_reconfigure_" + name + "_kw", *found->loss * network.base_mva * 1000);
  const auto forest = Forest::as_closed(circuit);
  if (!transfer || !forest) return;
  const Limits limits = limits_of(network, circuit);
  std::size_t sections = 0;
  out.emplace("grid_transfer_all_ms",
              1e3 * least_seconds(10, [&] { sections = transfer_all(circuit, *forest, limits).size(); }));
  out.emplace("grid_transfer_sections", sections);
}

void bench_city(json::Object& out, const std::string& standards_file) {
  const CityNetwork city = made_up_city(whole_city());
  const auto standards = Standards::read(read_file(standards_file).value(), standards_file).value();
  ConnectPoints points(city.network, city.around, standards);
  CapacityRules rules;
  rules.angle = standards.angle();
  rules.threads = 2;
  const auto begun = Clock::now();
  const auto capacity = open_capacity(city.network, city.around, points.limits(), rules);
  out.emplace("grid_city_nodes", city.network.nodes.count());
  out.emplace("grid_city_bytes_per_node", static_cast<double>(city.network.bytes()) / city.network.nodes.count());
  out.emplace("grid_capacity_s", seconds_since(begun));
  points.use(*capacity);
  std::mt19937 dice(7);
  std::vector<double> took;
  std::size_t candidates = 0;
  for (int i = 0; i < 200; ++i) {
    const auto n = dice() % static_cast<unsigned>(city.network.nodes.count());
    ConnectQuestion question{city.network.nodes.longitude[n] + 0.002, city.network.nodes.latitude[n],
                             50.0 + static_cast<double>(dice() % 1000)};
    question.sources = 1 + i % 2;
    const auto asked = Clock::now();
    candidates += points.ask(question).candidates.size();
    took.push_back(seconds_since(asked));
  }
  std::ranges::sort(took);
  out.emplace("grid_connect_ms", took[took.size() / 2] * 1e3);
  out.emplace("grid_connect_p95_ms", took[took.size() * 95 / 100] * 1e3);
  out.emplace("grid_connect_candidates", static_cast<double>(candidates) / 200);

  // One more load is approved: until all answers count with it.
  took.clear();
  for (int i = 0; i < 5; ++i) {
    auto around = city.around;
    around.approved.push_back(
        {"one more", static_cast<Row>(dice() % static_cast<unsigned>(city.network.nodes.count())), 400});
    const auto approved = Clock::now();
    ConnectPoints next(points, around);
    const auto counted = open_capacity(city.network, around, next.limits(), rules, *capacity, city.around.approved);
    next.use(*counted);
    took.push_back(seconds_since(approved));
  }
  std::ranges::sort(took);
  out.emplace("grid_capacity_one_more_s", took[took.size() / 2]);
}

}  // namespace

int main(int argc, char** argv) {
  json::Object out;
  bench_trace(out);
  const std::filesystem::path cases = argc > 1 ? argv[1] : "";
  bench_case(out, cases / "cases/case33bw.case.json", "33", false);
  bench_case(out, cases / "reconfig/case69t.case.json", "69", false);
  bench_case(out, cases / "cases/case118zh.case.json", "118", false);
  bench_case(out, cases / "cases/case533mt_hi.case.json", "533", true);
  bench_city(out, TONGDIAN_SOURCE_DIR "/packs/standards/grid.csv");
  std::cout << json::text(out) << '\n';
}
