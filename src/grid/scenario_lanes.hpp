// What passes between solve_scenarios and its inner loops.
#pragma once

#include <cstdint>

namespace tongdian::grid {

// 32 bytes: gcc 12 lowers wider vectors to scalar code.
using Lanes = double __attribute__((vector_size(32)));

struct LaneArrays {  // by row of the network: …[n]; by row of the group: v, drop, sum_p, sum_q[n − begin]
  const std::int32_t* parent;
  const std::uint8_t* class_of;
  const double *r, *x, *p, *q, *g, *b, *ip, *iq;
  const double* back;   ///< 1/|ratio|²
  const Lanes* factor;  ///< by class
  Lanes *v, *drop, *sum_p, *sum_q;
  std::int32_t begin, first, end;
};

struct LanePassed {
  Lanes moved, lost;
};

struct LaneLoops {
  void (*plain)(const LaneArrays&, LanePassed&);
  void (*admittance)(const LaneArrays&, LanePassed&);
  void (*current)(const LaneArrays&, LanePassed&);
  void (*lowest)(const LaneArrays&, Lanes&);
};
extern const LaneLoops lane_loops_anywhere, lane_loops_avx2;

}  // namespace tongdian::grid
