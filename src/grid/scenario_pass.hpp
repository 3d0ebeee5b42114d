// One pass of the sweep for four scenarios at once, as templates that two files compile: one for every x86-64, one for AVX2 and FMA.
// (target_clones cannot: gcc takes 32-byte vectors apart before it clones.) Included by those two alone, and kept free of other
// headers, so that no inline function of somebody else's is compiled for AVX2.
#pragma once

#include <cmath>

#include "grid/scenario_lanes.hpp"

namespace tongdian::grid {
namespace {

template <bool admittance, bool current>
void lane_pass(const LaneArrays& a, LanePassed& out) {
  const Lanes zero{};
  Lanes lost = zero;
  for (int n = a.end; n-- > a.first;) {
    const int i = n - a.begin;
    const Lanes v = a.v[i];
    const Lanes f = a.factor[a.class_of[n]];
    Lanes p = a.sum_p[i] + a.p[n] * f;
    Lanes q = a.sum_q[i] + a.q[n] * f;
    a.sum_p[i] = zero;
    a.sum_q[i] = zero;
    if constexpr (admittance) {
      p += a.g[n] * v;
      q -= a.b[n] * v;
    }
    if constexpr (current) {
      Lanes magnitude = v;
      for (int k = 0; k < 4; ++k) magnitude[k] = std::sqrt(v[k]);
      p += a.ip[n] * f * magnitude;
      q += a.iq[n] * f * magnitude;
    }
    const double r = a.r[n], x = a.x[n];
    const Lanes l = (p * p + q * q) / v;
    a.drop[i] = 2.0 * (r * p + x * q) + (r * r + x * x) * l;
    const Lanes lost_here = r * l;
    lost += lost_here;
    const int up = a.parent[n] - a.begin;
    a.sum_p[up] += p + lost_here;
    a.sum_q[up] += q + x * l;
  }
  Lanes most = zero;
  for (int n = a.first; n < a.end; ++n) {
    const int i = n - a.begin;
    const Lanes v = a.v[a.parent[n] - a.begin] - a.drop[i];
    const Lanes moved = v - a.v[i];
    const Lanes away = moved < zero ? -moved : moved;
    most = away > most ? away : most;
    a.v[i] = v;
  }
  out.moved = most;
  out.lost = lost;
}

/// The least |V|² of each lane, in the network's own per unit; NaN where a voltage is none.
inline void lane_lowest(const LaneArrays& a, Lanes& lowest) {
  Lanes low = a.v[a.first - a.begin] * a.back[a.first];
  for (int n = a.first + 1; n < a.end; ++n) {
    const Lanes v = a.v[n - a.begin] * a.back[n];
    low = v >= low ? low : v;  // what is NaN stays
  }
  lowest = low;
}

}  // namespace
}  // namespace tongdian::grid
