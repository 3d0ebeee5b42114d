// Power flows of made-up networks, one thread: a line of JSON with every figure, each the least and the median of several runs.
#include <algorithm>
#include <ctime>
#include <iostream>
#include <random>

#include "base/json.hpp"
#include "grid/balanced.hpp"
#include "grid/feeders.hpp"
#include "grid/flow.hpp"
#include "grid/scenarios.hpp"
#include "grid/three_phase.hpp"

using namespace tongdian;
using namespace tongdian::grid;
using Complex = std::complex<double>;

namespace {

/// `feeders` radial feeders at one substation, some 6 % of voltage drop at the far end, made up from a seed.
Network radial(int nodes, int feeders, unsigned seed) {
  std::mt19937 dice(seed);
  const auto real = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(dice); };
  Network network;
  network.base_mva = 10;
  const int per_feeder = (nodes - 1) / feeders;
  const double share = 1.0 / per_feeder;
  network.add_node(std::int64_t{0}, 10, NodeKind::busbar);
  network.add_source(std::int64_t{0}, 0, 1.02);
  for (Row i = 1; i < nodes; ++i) {
    const Row first = std::min((i - 1) / per_feeder, feeders - 1) * per_feeder + 1;
    const Row up =
        i == first ? 0 : std::max<Row>(first, i - 1 - static_cast<Row>(std::exponential_distribution<>(0.3)(dice)));
    network.add_node(std::int64_t{i}, 10);
    network.add_branch(std::int64_t{i}, up, i, BranchKind::line,
                       Complex(real(0.5, 1.5), real(0.4, 1.2)) * (0.4 * share));
    network.add_load(std::int64_t{i}, i, Complex(real(0.2, 1), real(0, 0.4)) * (0.5 * share));
  }
  return network;
}

/// The thread's own time: on a shared machine a long run is interrupted, and the wait is nobody's speed.
double cpu_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// Least and median.
template <class Run>
std::pair<double, double> microseconds(int times, Run run) {
  std::vector<double> took;
  for (int i = 0; i < times; ++i) {
    const double begun = cpu_microseconds();
    run();
    took.push_back(cpu_microseconds() - begun);
  }
  std::ranges::sort(took);
  return {took.front(), took[took.size() / 2]};
}

/// The peer: the textbook sweep of currents, node by node in the same order, to the same tolerance.
class CurrentSweep {
 public:
  explicit CurrentSweep(const Network& network)
      : up_(network.nodes.count(), none), z_(up_.size()), s_(up_.size()), v_(up_.size()), i_(up_.size()) {
    for (Row b = 0; b < network.branches.count(); ++b) {
      up_[network.branches.to[b]] = network.branches.from[b];
      z_[network.branches.to[b]] = network.branches.z[b];
    }
    for (Row l = 0; l < network.loads.count(); ++l) s_[network.loads.node[l]] += network.loads.s[l];
    root_ = network.sources.voltage[0];
  }
  void solve(double tolerance) {
    std::ranges::fill(v_, root_);
    for (double change = 1; change > tolerance;) {
      for (std::size_t n = 0; n < v_.size(); ++n) i_[n] = std::conj(s_[n] / v_[n]);
      for (std::size_t n = v_.size(); n-- > 1;) i_[up_[n]] += i_[n];
      change = 0;
      for (std::size_t n = 1; n < v_.size(); ++n) {
        const Complex v = v_[up_[n]] - z_[n] * i_[n];
        change = std::max(change, std::abs(v - v_[n]));
        v_[n] = v;
      }
    }
  }
  [[nodiscard]] const std::vector<Complex>& voltage() const { return v_; }

 private:
  std::vector<Row> up_;
  std::vector<Complex> z_, s_, v_, i_;
  Complex root_;
};

void one_solve(json::Object& out, int nodes, int feeders, int times) {
  const auto network = radial(nodes, feeders, 1);
  auto solver = FlowSolver::prepare(network).value();
  const auto ours = microseconds(times, [&] { solver.solve(); });
  const auto answer = solver.answer();
  CurrentSweep peer(network);
  const auto theirs = microseconds(std::max(3, times / 4), [&] { peer.solve(1e-8); });
  double apart = 0;
  for (std::size_t n = 0; n < answer.voltage.size(); ++n)
    apart = std::max(apart, std::abs(answer.voltage[n] - peer.voltage()[n]));
  if (!answer.converged || apart > 1e-7) throw std::runtime_error("the peer finds another solution");
  const std::string name = "grid_solve_" + std::to_string(nodes);
  out[name + "_us_min"] = ours.first;
  out[name + "_us"] = ours.second;
  out[name + "_current_sweep_us_min"] = theirs.first;
  out[name + "_to_current_sweep"] = theirs.first / ours.first;
  out[name + "_iterations"] = answer.iterations;
}

void many(json::Object& out, int nodes, int feeders, int times) {
  const auto network = radial(nodes, feeders, 1);
  const auto reduced = balanced(network).value();
  const auto parts = take_apart(reduced);
  ScenarioSet set{1000, 8, {}, std::vector<std::uint8_t>(reduced.count)};
  std::mt19937 dice(2);
  for (auto& each : set.class_of) each = static_cast<std::uint8_t>(dice() % set.classes);
  for (std::size_t i = 0; i < set.count * set.classes; ++i)
    set.factor.push_back(std::uniform_real_distribution<>(0.2, 1)(dice));
  const auto took = microseconds(times, [&] {
    const auto answers = solve_scenarios(parts.feeders, set, 1e-8);
    if (std::ranges::count(answers.converged, 1) != 1000) throw std::runtime_error("a scenario has no solution");
  });
  const std::string name = "grid_1000_scenarios_" + std::to_string(nodes);
  out[name + "_ms_min"] = took.first / 1000;
  out[name + "_ms"] = took.second / 1000;
}

void by_phase(json::Object& out) {
  auto network = radial(123, 4, 3);
  std::mt19937 dice(4);
  for (Row l = 0; l < network.loads.count(); ++l) {
    PhaseLoad load;
    load.s[dice() % 3] = network.loads.s[l] * 3.0;
    load.delta = dice() % 4 == 0;
    network.loads.phase_load[l] = static_cast<Row>(network.phase_loads.size());
    network.phase_loads.push_back(load);
  }
  auto solver = PhaseFlowSolver::prepare(network).value();
  const auto took = microseconds(2000, [&] { solver.solve(); });
  if (!solver.answer().converged) throw std::runtime_error("the three-phase network has no solution");
  out["grid_three_phase_123_us_min"] = took.first;
  out["grid_three_phase_123_us"] = took.second;
}

void memory(json::Object& out) {
  const auto network = radial(100000, 100, 1);
  out["grid_bytes_a_node"] = static_cast<double>(network.bytes()) / network.nodes.count();
}

}  // namespace

int main() {
  json::Object out;
  one_solve(out, 33, 1, 20000);
  one_solve(out, 533, 4, 5000);
  one_solve(out, 100000, 100, 40);
  many(out, 533, 4, 20);
  many(out, 100000, 100, 2);
  by_phase(out);
  memory(out);
  std::cout << json::text(out) << '\n';
}
