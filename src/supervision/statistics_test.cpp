#include "supervision/statistics.hpp"

#include <doctest/doctest.h>

#include <random>

namespace tongdian::supervision {

TEST_CASE("the hypergeometric tail: Fisher's tea, a deck of cards, and the ends") {
  struct Row {
    std::int64_t N, K, n, x;
    double p;
  };
  // The lady tasting tea: 8 cups, 4 with milk first. Four hearts or more in five cards: (C(13,4)·39 + C(13,5)) / C(52,5).
  for (const auto& [N, K, n, x, p] :
       {Row{8, 4, 4, 4, 1.0 / 70}, Row{8, 4, 4, 3, 17.0 / 70}, Row{52, 13, 5, 4, (715.0 * 39 + 1287) / 2598960},
        Row{10, 3, 4, 0, 1}, Row{10, 3, 4, 4, 0}, Row{10, 10, 4, 4, 1}, Row{0, 0, 0, 0, 1}}) {
    CAPTURE(N);
    CAPTURE(x);
    CHECK(hypergeometric_tail(N, K, n, x) == doctest::Approx(p));
  }
}

TEST_CASE("the hypergeometric tail falls with every case more, and never leaves [0, 1]") {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    const std::int64_t N = 1 + random() % 60, K = random() % (N + 1), n = random() % (N + 1);
    double before = 1;
    for (std::int64_t x = 0; x <= n + 1; ++x) {
      const double p = hypergeometric_tail(N, K, n, x);
      CHECK(p >= 0);
      CHECK(p <= before + 1e-12);
      before = p;
    }
  }
}

TEST_CASE("Mann-Whitney with ties: equal samples are equal, shifted ones are not") {
  const std::vector<std::uint32_t> a{0, 5, 10, 5}, later{0, 0, 0, 5, 10, 5}, empty;
  CHECK(mann_whitney(a, a) == doctest::Approx(1));
  CHECK(mann_whitney(a, empty) == 1);
  CHECK(mann_whitney(a, later) < 1e-4);
  CHECK(mann_whitney(later, a) == doctest::Approx(mann_whitney(a, later)));
  // Values 1..5 against 6..10, one each: U = 0, z = (12.5 - 0.5) / sqrt(22.9167).
  const std::vector<std::uint32_t> low{0, 1, 1, 1, 1, 1}, high{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  CHECK(mann_whitney(low, high) == doctest::Approx(0.01219).epsilon(0.001));
}

TEST_CASE("Benjamini-Hochberg: adjusted values keep their order and are what the step-up gives") {
  const std::vector<double> p{0.01, 0.04, 0.03, 0.005};
  const auto adjusted = benjamini_hochberg(p);
  CHECK(adjusted[3] == doctest::Approx(0.02));
  CHECK(adjusted[0] == doctest::Approx(0.02));
  CHECK(adjusted[2] == doctest::Approx(0.04));
  CHECK(adjusted[1] == doctest::Approx(0.04));
}

}  // namespace tongdian::supervision
