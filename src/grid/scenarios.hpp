// One radial network under many loads: four scenarios side by side in the lanes of a vector, group by group, so that a group's
// branches are read from the nearest cache for all of them. The pass is that of sweep.hpp; every scenario starts flat, so that its
// answer depends on nothing but itself.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "grid/feeders.hpp"

namespace tongdian::grid {

struct ScenarioSet {
  std::size_t count = 0;
  std::size_t classes = 0;
  std::vector<double> factor;          ///< [scenario · classes + class]: by what the loads of a class are multiplied
  std::vector<std::uint8_t> class_of;  ///< by bus; empty: all are class 0
};

struct ScenarioAnswers {       // by scenario
  std::vector<double> lowest;  ///< |V|, p.u.
  std::vector<Row> lowest_bus;
  std::vector<double> losses;  ///< series losses, p.u. of power
  std::vector<std::uint8_t> converged;
  int iterations = 0;  ///< of the lanes that took most
};

/// Four scenarios of one group, solved: scenario `first + lane` has |V|² of row r, referred to its root, at v[4·(r − group.begin) + lane].
using LaneVisitor = std::function<void(std::size_t first, const Feeders::Group& group, std::span<const double> v)>;

ScenarioAnswers solve_scenarios(const Feeders& feeders, const ScenarioSet& set, double tolerance,
                                const LaneVisitor& visit = {}, int limit = 60);

}  // namespace tongdian::grid
