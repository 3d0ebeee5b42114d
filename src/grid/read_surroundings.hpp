// What planning knows of a network, as further CSV tables of its folder; docs/grid.md has every column. None of them has to be there.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "grid/surroundings.hpp"

namespace tongdian::grid {

/// File → columns; those of curves.csv are the curves' names.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 9> surroundings_tables{{
    {"substations.csv", "id,name,area,longitude,latitude"},
    {"substation_busbars.csv", "substation,node"},
    {"substation_transformers.csv", "substation,branch"},
    {"customers.csv", "node,customers"},
    {"curves.csv", "hour"},
    {"load_curves.csv", "load,curve"},
    {"approved.csv", "id,node,kw"},
    {"faults.csv", "branch,faults"},
    {"roads.csv", "road,longitude,latitude"},
}};

/// File name → bytes, of the folder that `network` was read from; other tables are passed over. `grid.bad_value`, `grid.duplicate_id`,
/// `grid.unknown_node`, `grid.unknown_element` (a branch, load, substation or curve) with FILE:LINE:COLUMN.
Result<Surroundings> read_surroundings(const std::map<std::string, std::string>& files, const Network& network);

std::map<std::string, std::string> write_surroundings(const CityNetwork& city);

}  // namespace tongdian::grid
