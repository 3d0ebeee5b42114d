// Ways along roads, against all ways that there are in a small town (Floyd and Warshall).
#include "grid/roads.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace tongdian::grid;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
using Point = Roads::Point;

double metres(Point a, Point b) { return std::hypot(a.first - b.first, a.second - b.second); }

}  // namespace

TEST_CASE("a river between two places: the way goes by the bridge") {
  // Two streets along the river, one bridge at its eastern end.
  const Roads roads({{{0, 0}, {1000, 0}}, {{0, 100}, {1000, 100}}, {{1000, 0}, {1000, 100}}});
  const auto here = roads.foot({100, -10}), there = roads.foot({100, 110});
  CHECK(here.away == doctest::Approx(10));
  CHECK(here.along == doctest::Approx(100));
  CHECK(roads.from(here, 5000).to(there) == doctest::Approx(10 + 900 + 100 + 900 + 10));
  CHECK(roads.from(here, 1500).to(there) == infinite);
  CHECK(roads.from(here, 5000).to(here) == doctest::Approx(20));  // to the road and back
  CHECK(roads.from(here, 5000).to(roads.foot({400, 0})) == doctest::Approx(310));
}

TEST_CASE("roads that do not meet lead nowhere, and where there are none nobody stands on one") {
  const Roads apart({{{0, 0}, {100, 0}}, {{0, 50}, {100, 50}}});
  CHECK(apart.from(apart.foot({0, 0}), 1e6).to(apart.foot({0, 50})) == infinite);
  CHECK_FALSE(apart.joined(apart.foot({0, 0}), apart.foot({0, 50})));
  CHECK(apart.joined(apart.foot({0, 0}), apart.foot({90, 3})));
  const Roads none(std::vector<std::vector<Point>>{});
  CHECK(none.foot({0, 0}).edge == -1);
  CHECK(none.from(none.foot({0, 0}), 1e6).to(none.foot({1, 1})) == infinite);
  const Roads dot({{{5, 5}, {5, 5}}});  // a line that goes nowhere is none
  CHECK(dot.foot({0, 0}).edge == -1);
}

TEST_CASE("in made-up towns every way is the shortest of all") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 dice(seed);
    const auto below = [&](int n) { return static_cast<int>(dice() % static_cast<unsigned>(n)); };
    const int side = 3 + below(4);
    const auto corner = [&](int i) { return Point{100.0 * (i % side) + below(2) * 0, 100.0 * (i / side)}; };
    const int count = side * side;
    std::vector<std::vector<double>> all(static_cast<std::size_t>(count),
                                         std::vector<double>(static_cast<std::size_t>(count), infinite));
    std::vector<std::vector<Point>> lines;
    for (int i = 0; i < count; ++i) {
      all[i][i] = 0;
      for (const int j : {i + 1, i + side}) {
        if (j >= count || (j == i + 1 && j % side == 0) || below(4) == 0) continue;
        lines.push_back({corner(i), corner(j)});
        all[i][j] = all[j][i] = metres(corner(i), corner(j));
      }
    }
    if (lines.empty()) continue;
    for (int k = 0; k < count; ++k)
      for (int i = 0; i < count; ++i)
        for (int j = 0; j < count; ++j) all[i][j] = std::min(all[i][j], all[i][k] + all[k][j]);
    const Roads roads(lines);
    for (int n = 0; n < 20; ++n) {
      const int a = below(count), b = below(count);
      const auto from = roads.foot(corner(a)), to = roads.foot(corner(b));
      if (from.away > 1e-9 || to.away > 1e-9) continue;  // a corner without a road
      const double way = roads.from(from, 1e9).to(to);
      CHECK((way == all[a][b] || way == doctest::Approx(all[a][b])));
    }
  }
}
