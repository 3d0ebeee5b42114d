// CIM100 RDF/XML (IEC 61970-301, 61968-11): feeders as GridAPPS-D and CIMHub exchange them.
#pragma once

#include <string_view>

#include "grid/network.hpp"

namespace tongdian::grid {

/// On 1 MVA; nodes are ConnectivityNodes and bear their names, rated voltages are the BaseVoltages of what hangs there. The secondary
/// phases s1 and s2 stand in the places of a and b. Classes that are not used are listed in `unread`, each with its number.
/// `grid.bad_xml`, `grid.bad_value`, `grid.unknown_node`, with line and element.
Result<Network> read_cim(std::string_view xml);

}  // namespace tongdian::grid
