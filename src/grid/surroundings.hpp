// What planning knows of a network beside its electricity: who is customer where, which busbar belongs to which substation, how
// loads run through the year, what was promised, what broke. All by row of the network.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "grid/network.hpp"

namespace tongdian::grid {

struct Substation {
  std::string id, name, area;
  double longitude = 0, latitude = 0;
  std::vector<Row> transformers;  ///< branches
  std::vector<Row> busbars;       ///< nodes that supply
};

/// Approved, not yet built: it will draw this, all the year round.
struct Approved {
  std::string id;
  Row node;
  double kw;
};

/// One year, hour by hour, as a share of the load that the network has.
struct Curve {
  std::string name;
  std::vector<float> share;
};

/// A road as a line of longitudes and latitudes; roads meet where they have a point in common.
struct Road {
  std::string id;
  std::vector<std::pair<double, double>> points;
};

struct Surroundings {
  std::vector<std::int32_t> customers;  ///< by node; empty: every load is one
  std::vector<Substation> substations;
  std::vector<Curve> curves;             ///< all of one length
  std::vector<std::uint8_t> load_curve;  ///< by load, a row in `curves`; empty or `flat`: constant
  std::vector<Approved> approved;
  std::vector<Road> roads;
  std::vector<std::uint16_t> faults;  ///< by branch, in the last twelve months; empty: unknown
  static constexpr std::uint8_t flat = 255;
};

/// What planning asks: the network with its surroundings.
struct CityNetwork {
  Network network;
  Surroundings around;
};

}  // namespace tongdian::grid
