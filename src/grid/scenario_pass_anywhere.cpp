#include "grid/scenario_pass.hpp"

namespace tongdian::grid {

const LaneLoops lane_loops_anywhere{lane_pass<false, false>, lane_pass<true, false>, lane_pass<true, true>,
                                    lane_lowest};

}  // namespace tongdian::grid
