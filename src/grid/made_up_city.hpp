// A made-up city's network: as a city's is built, and nobody's. Substations with two transformers and two busbars, cable
// feeders with sectionalising switches, distribution transformers, low-voltage lines, ties, a year of load curves, promises not
// yet built, faults. Everything follows from the seed.
#pragma once

#include "grid/surroundings.hpp"

namespace tongdian::grid {

struct CityArea {
  std::string id, name;
  double longitude, latitude;
  double spread_km;  ///< how far its substations lie from there
};

struct CityPlan {
  std::uint64_t seed = 20211115;
  std::vector<CityArea> areas;
  int substations = 60, feeders = 10;  ///< feeders of each
  int transformers = 30;               ///< distribution transformers of a feeder
  int customers = 39;                  ///< of a transformer, about
};

CityNetwork made_up_city(const CityPlan& plan);

/// On Yantai's areas (codes of GB/T 2260; their middles to a hundredth of a degree): 60 substations, 600 feeders, 120,000 nodes,
/// 700,000 customers.
CityPlan whole_city();
/// A fiftieth of it, for a start within a minute.
CityPlan small_city();

}  // namespace tongdian::grid
