// A network as a folder of CSV tables, for people and spreadsheets; docs/grid.md has every column.
#pragma once

#include <map>
#include <string>

#include "grid/network.hpp"

namespace tongdian::grid {

/// File name → bytes. nodes.csv and sources.csv must be there. `grid.bad_value`, `grid.unknown_node`, `grid.duplicate_id` with
/// FILE:LINE:COLUMN. Tables and columns that are not known are listed in `unread`. Ids are texts. `phases`: for a three-phase flow.
Result<Network> read_csv(const std::map<std::string, std::string>& files, bool phases);

/// The same network as nodes, branches, loads, shunts, sources and generators, in as many digits as read_csv needs to have it again;
/// what the phases have of their own is left out.
std::map<std::string, std::string> write_csv(const Network& network);

}  // namespace tongdian::grid
