#include "grid/scenarios.hpp"

#include <algorithm>
#include <boost/align/aligned_allocator.hpp>
#include <cmath>

#include "grid/scenario_lanes.hpp"

namespace tongdian::grid {
namespace {

constexpr std::size_t width = 4;

const LaneLoops& loops() {
#if defined(__x86_64__)
  static const bool fast = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (fast) return lane_loops_avx2;
#endif
  return lane_loops_anywhere;
}

class Solver {
 public:
  Solver(const Feeders& feeders, const ScenarioSet& set, double tolerance, int limit)
      : f_(feeders),
        set_(set),
        tolerance_(tolerance),
        limit_(limit),
        class_of_row_(feeders.count()),
        back_(feeders.count(), 1) {
    if (!feeders.ratio.empty())
      for (Row n = 0; n < feeders.count(); ++n) back_[n] = 1 / std::norm(feeders.ratio[n]);
    if (!set.class_of.empty())
      for (Row n = 0; n < feeders.count(); ++n) class_of_row_[n] = set.class_of[feeders.bus[n]];
    Row most = 0;
    for (const auto& group : feeders.groups) most = std::max(most, group.end - group.begin);
    for (auto* column : {&v_, &drop_, &sum_p_, &sum_q_}) column->resize(most);
    factor_.resize(set.classes);
    answers_.lowest.assign(set.count, INFINITY);
    answers_.lowest_bus.assign(set.count, none);
    answers_.losses.assign(set.count, 0);
    answers_.converged.assign(set.count, 1);
  }

  ScenarioAnswers solve(const LaneVisitor& visit) {
    for (const auto& group : f_.groups) {
      scale_ = 1;
      if (!f_.ratio.empty())
        for (Row n = group.first; n < group.end; ++n) scale_ = std::min(scale_, std::norm(f_.ratio[n]));
      for (std::size_t first = 0; first < set_.count; first += width) solve_four(group, first, visit);
    }
    return std::move(answers_);
  }

 private:
  void solve_four(const Feeders::Group& group, std::size_t first, const LaneVisitor& visit) {
    for (std::size_t c = 0; c < set_.classes; ++c)
      for (std::size_t k = 0; k < width; ++k)  // lanes beyond the last scenario repeat it
        factor_[c][k] = set_.factor[std::min(first + k, set_.count - 1) * set_.classes + c];
    const LaneArrays a{f_.parent.data(), class_of_row_.data(), f_.r.data(), f_.x.data(),  f_.p.data(),
                       f_.q.data(),      f_.g.data(),          f_.b.data(), f_.ip.data(), f_.iq.data(),
                       back_.data(),     factor_.data(),       v_.data(),   drop_.data(), sum_p_.data(),
                       sum_q_.data(),    group.begin,          group.first, group.end};
    for (Row n = group.begin; n < group.end; ++n) {
      const Row i = n - group.begin;
      const double root = n < group.first ? std::norm(f_.root_voltage[n]) : v_[f_.parent[n] - group.begin][0];
      v_[i] = Lanes{root, root, root, root};
      sum_p_[i] = sum_q_[i] = Lanes{};
    }
    const auto one_pass = !f_.ip.empty() ? loops().current : f_.with_admittance ? loops().admittance : loops().plain;
    const double enough = std::max(tolerance_, 1e-14) * scale_;
    LanePassed passed{};
    int iteration = 0;
    bool going = true;
    while (going && iteration < limit_) {
      one_pass(a, passed);
      ++iteration;
      going = false;
      for (std::size_t k = 0; k < width; ++k) going |= !(passed.moved[k] <= enough);
    }
    answers_.iterations = std::max(answers_.iterations, iteration);
    Lanes lowest{};
    loops().lowest(a, lowest);
    for (std::size_t k = 0; k < width && first + k < set_.count; ++k) {
      if (!(passed.moved[k] <= enough && lowest[k] > 0)) answers_.converged[first + k] = 0;
      answers_.losses[first + k] += passed.lost[k];
      note_lowest(group, first + k, k, lowest[k]);
    }
    if (visit)
      visit(first, group,
            {reinterpret_cast<const double*>(v_.data()), width * static_cast<std::size_t>(group.end - group.begin)});
  }

  void note_lowest(const Feeders::Group& group, std::size_t scenario, std::size_t lane, double square) {
    const double magnitude = square > 0 ? std::sqrt(square) : 0;
    if (magnitude >= answers_.lowest[scenario]) return;
    answers_.lowest[scenario] = magnitude;
    for (Row n = group.first; n < group.end; ++n) {
      const double here = v_[n - group.begin][lane] * back_[n];
      if (here > square) continue;
      answers_.lowest_bus[scenario] = f_.bus[n];
      return;
    }
  }

  const Feeders& f_;
  const ScenarioSet& set_;
  double tolerance_;
  int limit_;
  double scale_ = 1;
  std::vector<std::uint8_t> class_of_row_;
  std::vector<double> back_;
  // The standard allocator forgets what alignment a vector type asks for.
  using LaneColumn = std::vector<Lanes, boost::alignment::aligned_allocator<Lanes, sizeof(Lanes)>>;
  LaneColumn v_, drop_, sum_p_, sum_q_, factor_;
  ScenarioAnswers answers_;
};

}  // namespace

ScenarioAnswers solve_scenarios(const Feeders& feeders, const ScenarioSet& set, double tolerance,
                                const LaneVisitor& visit, int limit) {
  return Solver(feeders, set, tolerance, limit).solve(visit);
}

}  // namespace tongdian::grid
