// A network for the commands that ask about it: from a file, or the made-up city.
#pragma once

#include <string>

#include "base/json.hpp"
#include "grid/made_up_city.hpp"
#include "grid/standards.hpp"
#include "supply/supply_grid.hpp"

namespace tongdian::app {

using GridCity = grid::MadeUpCity;

/// "made-up", "made-up-full", or what `network_file` reads.
GridCity grid_city(const std::string& name);

/// That network with the standards, for a city that runs.
std::unique_ptr<supply::SupplyGrid> supply_grid(const std::string& name);

/// packs/standards/grid.csv
const grid::Standards& standards();

/// An id in the type that its file gave it.
json::Value id_json(const grid::Ids& ids, grid::Row row);

/// kW that a network loses as it stands, loops included; null where its flow does not converge.
json::Value initial_loss(const grid::Network& network);

}  // namespace tongdian::app
