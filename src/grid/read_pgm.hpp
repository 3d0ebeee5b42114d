// power-grid-model's JSON, input datasets: SI units, 50 Hz, node voltages line to line. Both forms of rows are read, objects and the
// compact lists behind "attributes"; null is "not given".
#pragma once

#include "base/json.hpp"
#include "grid/network.hpp"

namespace tongdian::grid {

/// On 1 MVA. Components that a power flow does not use (sensors, regulators, faults) and attributes that are not known are listed in
/// `unread`. `phases`: keep what the phases have of their own, which costs a kilobyte a branch.
Result<Network> read_pgm(const json::Value& document, bool phases);

}  // namespace tongdian::grid
