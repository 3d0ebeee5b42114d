// A corner of the made-up city, small enough to be solved in every test.
#pragma once

#include "base/files.hpp"
#include "grid/made_up_city.hpp"
#include "supply/supply_grid.hpp"

namespace tongdian::supply {

/// Two substations over 24 hours; `load` times what they draw.
inline SupplyGrid network_for_tests(double load = 1) {
  grid::CityPlan plan = grid::small_city();
  plan.substations = 2;
  plan.transformers = 3;
  auto city = grid::made_up_city(plan);
  for (auto& curve : city.around.curves) curve.share.resize(24);
  for (auto& s : city.network.loads.s) s *= load;
  const auto bytes = read_file(TONGDIAN_SOURCE_DIR "/packs/standards/grid.csv").value();
  SupplyGrid::Origin origin{"made-up", digest_of(city), true};
  return SupplyGrid(std::move(origin), std::move(city), grid::Standards::read(bytes, "grid.csv").value(), bytes);
}

}  // namespace tongdian::supply
