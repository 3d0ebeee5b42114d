// N-1 of feeders: when the first branch of a feeder is lost and one tie carries all of it, how much more may each of its nodes
// draw.
#pragma once

#include <stop_token>

#include "grid/part_hours.hpp"
#include "grid/transfer.hpp"

namespace tongdian::grid {

struct CarryOver {
  double power =
      std::numeric_limits<double>::infinity();  ///< p.u.; infinite where N-1 does not hold as it is, or is no limit
  Row tie = none;
  int hour = 0;
};

struct CarryOverQuestion {
  const Network& network;
  const Circuit& circuit;
  const Forest& forest;
  const Limits& limits;
  const std::vector<Part>& parts;
  const PowerByCurve& power;
  const std::vector<DecisiveHour>& hours;
  const std::vector<double>&
      allowed;  ///< by node, what else limits: where N-1 allows more, it is not worked out exactly
  double angle, most, least;
  int threads = 1;
  // Where some of it was worked out before: what was found, by node, and where it no longer holds (the node's own flow, or what else
  // limits it, is another). Both empty: everything is worked out.
  std::vector<CarryOver> known;
  std::vector<char> stale;
  std::stop_token stop{};  ///< asked to stop, the answer is of no use
};

std::vector<CarryOver> carry_over(const CarryOverQuestion& question);

}  // namespace tongdian::grid
