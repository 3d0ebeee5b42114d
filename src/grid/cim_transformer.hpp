// Transformers of CIM100: by ends with mesh impedances, or by single-phase tanks with their tests.
#pragma once

#include <functional>
#include <string>

#include "grid/cim_objects.hpp"
#include "grid/network.hpp"

namespace tongdian::grid {

/// Which node a Terminal's id leads to.
using NodeOfTerminal = std::function<Row(const CimObject& end)>;

/// Adds all of them. A bank of tanks between the same two nodes is one branch; one with three windings gets a node of its own in the
/// middle. What has more windings, or none of the data, is listed in `unread`.
void read_cim_transformers(const CimObjects& objects, const NodeOfTerminal& node_of, Network& network);

}  // namespace tongdian::grid
