// A network from disk, for whatever command asks for one.
#pragma once

#include <filesystem>

#include "grid/network.hpp"

namespace tongdian::app {

/// A file of any format that the grid reads, or a folder of its CSV tables; throws ProblemError. At most 512 MB: a million nodes of
/// case JSON are some 300. `phases`: for a three-phase flow.
grid::Network network_file(const std::filesystem::path& path, bool phases);

}  // namespace tongdian::app
