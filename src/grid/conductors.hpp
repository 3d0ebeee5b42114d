// A network by phase as a system of conductors.
#pragma once

#include <vector>

#include "grid/network.hpp"
#include "grid/nodal.hpp"

namespace tongdian::grid {

struct Conductors {
  Nodal system;
  /// By node and phase (3·node + phase): the unknown it is, or a voltage; a dead or absent one is 0.
  std::vector<Nodal::Conductor> of;
  std::vector<Row> node_of;  ///< by unknown voltage: a node that it belongs to
};

/// `grid.contradiction`
Result<Conductors> conductors(const Network& network);

}  // namespace tongdian::grid
