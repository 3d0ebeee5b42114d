// A forest in pieces: below each branch out of a source one tree of limbs, which nothing in another tree changes.
#pragma once

#include "grid/headroom.hpp"

namespace tongdian::grid {

struct Part {
  std::vector<Row> node, via;  ///< by limb; the first is the source
  std::vector<Limb> limbs;     ///< flat: voltages as without load
  LimbLimits limits;
};

/// Parts of the circuit as the forest has it. Where a node is a busbar, what hangs on it is a feeder of its own; else what
/// hangs on the source.
std::vector<Part> parts_of(const Network& network, const Circuit& circuit, const Forest& forest, const Limits& limits);

}  // namespace tongdian::grid
