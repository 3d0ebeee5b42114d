// The process map: the directly-follows graph with its times, as a drawing.
#pragma once

#include <string>

#include "mining/mine.hpp"

namespace tongdian::mining {

struct ProcessMap {
  std::string svg;
  std::size_t activities = 0, all_activities = 0;
  double share = 0;  ///< of all passages from step to step, how many the drawn arcs stand for
};

/// By time order. The most frequent activities and arcs, as many as can be read: each drawn activity keeps its strongest way in
/// and out. Width is frequency, colour the median time; both languages are in it, told apart by class.
ProcessMap draw_process_map(const Mined& mined, std::size_t most_activities = 24, std::size_t most_arcs = 50);

}  // namespace tongdian::mining
