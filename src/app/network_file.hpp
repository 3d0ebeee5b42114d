// A network from disk, for whatever command asks for one.
#pragma once

#include <filesystem>

#include <string>

#include "grid/pgm_batch.hpp"
#include "grid/surroundings.hpp"

namespace tongdian::app {

/// A file of any format that the grid reads, or a folder of its CSV tables; throws ProblemError. At most 512 MB: a million nodes of
/// case JSON are some 300. `phases`: for a three-phase flow.
grid::Network network_file(const std::filesystem::path& path, bool phases);

/// A power-grid-model input dataset with an update dataset; throws ProblemError.
grid::PgmBatch pgm_batch(const std::filesystem::path& input, const std::filesystem::path& update);

struct CityNetworkFile {
  grid::CityNetwork city;
  std::string digest;  ///< of the bytes that it was read from: docs/grid.md says how to make it again
};
/// The same with what its folder says of its surroundings.
CityNetworkFile city_network_file(const std::filesystem::path& path);

}  // namespace tongdian::app
