// What flows in each branch, for `tongdian grid flow --branches`.
#pragma once

#include "base/json.hpp"
#include "grid/flow.hpp"
#include "grid/three_phase.hpp"

namespace tongdian::app {

/// kW, kvar and A into both ends, as numbers or by phase, and the share of the rating; null in a branch without impedance.
json::Array branches_of(const grid::Network& network, const grid::Flow& flow);
json::Array branches_of(const grid::Network& network, const grid::PhaseFlow& flow);

}  // namespace tongdian::app
