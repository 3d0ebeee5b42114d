// A network for the commands that ask about it: from a file, or the made-up city.
#pragma once

#include <string>

#include "base/json.hpp"
#include "grid/forest.hpp"
#include "grid/made_up_city.hpp"
#include "grid/standards.hpp"
#include "supply/supply_grid.hpp"

namespace tongdian::app {

/// "made-up", "made-up-full", or what `city_network_file` reads.
grid::CityNetwork grid_city(const std::string& name);

/// That network with the standards, for a city that runs; `grid.no_places` and what `grid flow` says of one that is not radial. In
/// answers it is called by its own name (network.csv) or that of its folder: where it lies is nobody's business.
std::unique_ptr<supply::SupplyGrid> supply_grid(const std::string& name);

/// The trees of what is fed; islands are told on standard error and left out. `grid.not_radial`, thrown.
grid::Forest forest_of(const grid::Network& network, const grid::Circuit& circuit);

/// Why nothing can be connected to a network: `grid.no_places`. Throws what forest_of says of one that is not radial.
Problem unfit(const grid::Network& network);

/// packs/standards/grid.csv
const grid::Standards& standards();

/// An id in the type that its file gave it.
json::Value id_json(const grid::Ids& ids, grid::Row row);

/// kW that a network loses as it stands, loops included; null where its flow does not converge.
json::Value initial_loss(const grid::Network& network);

}  // namespace tongdian::app
