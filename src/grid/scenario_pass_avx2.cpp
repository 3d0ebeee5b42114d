// Compiled with -mavx2 -mfma (libraries.cmake); called only where the processor has both.
#include "grid/scenario_pass.hpp"

namespace tongdian::grid {

const LaneLoops lane_loops_avx2{lane_pass<false, false>, lane_pass<true, false>, lane_pass<true, true>, lane_lowest};

}  // namespace tongdian::grid
