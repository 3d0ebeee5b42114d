#include "grid/made_up_city.hpp"

#include <doctest/doctest.h>

#include <numeric>

using namespace tongdian::grid;

TEST_CASE("the whole made-up city is as large as a city") {
  const auto city = made_up_city(whole_city());
  const auto nodes = city.network.nodes.id.size();
  const auto customers = std::accumulate(city.around.customers.begin(), city.around.customers.end(), std::int64_t{0});
  CAPTURE(nodes);
  CAPTURE(customers);
  CHECK(nodes >= 119'000);
  CHECK(nodes <= 121'000);
  CHECK(customers >= 680'000);
  CHECK(customers <= 720'000);
}
