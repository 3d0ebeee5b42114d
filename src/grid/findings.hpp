// What looks wrong with a network that can be read: each finding names the element, and what to do about it. Nothing here stops a
// computation; what does is a Problem of the readers.
#pragma once

#include <string>
#include <vector>

#include "grid/network.hpp"

namespace tongdian::grid {

struct Finding {
  std::string element;  ///< "node 7", "branch T mill"
  Sentence what;
  Sentence mend;
};

/// Islands without a source (one finding each, with what is dark there), loops, missing sources, parameters that cannot be, units
/// that look mixed up. At most `most` of a kind, the last of which counts the rest.
std::vector<Finding> findings(const Network& network, std::size_t most = 20);

/// What keeps the fed part of a network from being radial as it is switched: loops, sources that are joined, no source at all.
std::vector<Finding> not_radial(const Network& network, std::size_t most = 3);

/// Islands without a source, which planning leaves out.
std::vector<Finding> islands(const Network& network, std::size_t most = 3);

}  // namespace tongdian::grid
