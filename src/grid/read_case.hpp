// The case JSON of bus, branch and generator tables: the form of MATPOWER's distribution cases, per unit on base_mva and base_kv.
#pragma once

#include "base/json.hpp"
#include "grid/network.hpp"

namespace tongdian::grid {

/// `grid.bad_value`, `grid.unknown_node`, `grid.duplicate_id`, each with a JSON pointer. Branch ids are their `i`, or their rows
/// from 1. REF buses are ideal sources at 0°, PV buses hold |V| without reactive limits, generators elsewhere are negative loads.
Result<Network> read_case(const json::Value& document);

}  // namespace tongdian::grid
