// Line sections of CIM100 as branches.
#pragma once

#include <functional>

#include "grid/cim_objects.hpp"
#include "grid/network.hpp"

namespace tongdian::grid {

/// Where an object's nth Terminal (from 1) is connected; `grid.unknown_node`.
using NodeOfEquipment = std::function<Row(const CimObject& equipment, int number)>;

/// Adds the ACLineSegments: by phase matrices (a neutral among them is folded in), by sequence values per length, or by their own.
void read_cim_lines(const CimObjects& objects, const NodeOfEquipment& node_of, Network& network);

/// A, B, C are 0, 1, 2, and so are s1, s2; N is 3; nothing else is a phase.
int cim_phase(std::string_view value);

}  // namespace tongdian::grid
