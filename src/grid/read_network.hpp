// A network from the bytes of a file, whatever format it is.
#pragma once

#include <string_view>

#include "grid/network.hpp"

namespace tongdian::grid {

/// Case JSON, power-grid-model JSON or CIM100 XML, told apart by what stands in it; `grid.unknown_format`, and what the readers say.
/// `phases`: for a three-phase flow.
Result<Network> read_network(std::string_view bytes, bool phases);

}  // namespace tongdian::grid
