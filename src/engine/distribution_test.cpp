#include "engine/distribution.hpp"

#include <doctest/doctest.h>

using tongdian::engine::Distribution;

TEST_CASE("a value falls into the bucket whose upper bound is the next power of two") {
  const struct {
    std::uint64_t value;
    std::size_t bucket;
  } cases[] = {{0, 0},
               {1, 0},
               {2, 1},
               {3, 2},
               {4, 2},
               {5, 3},
               {1000, 10},
               {1024, 10},
               {1025, 11},
               {1u << 14, 14},
               {(1u << 14) + 1, 15},
               {~0ull, 15}};
  for (const auto& each : cases) {
    CAPTURE(each.value);
    Distribution d;
    d.add(each.value);
    CHECK(d.counts[each.bucket] == 1);
    CHECK(d.count == 1);
    CHECK(d.sum == each.value);
  }
}
