#include "supervision/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tongdian::supervision {
namespace {

double log_choose(std::int64_t n, std::int64_t k) {
  const auto g = [](std::int64_t m) { return std::lgamma(static_cast<double>(m) + 1); };
  return g(n) - g(k) - g(n - k);
}

}  // namespace

double hypergeometric_tail(std::int64_t N, std::int64_t K, std::int64_t n, std::int64_t x) {
  if (N <= 0 || K < 0 || n < 0 || K > N || n > N) return 1;
  const auto low = std::max<std::int64_t>({x, 0, n + K - N});
  if (x <= std::max<std::int64_t>(0, n + K - N)) return 1;
  const double all = log_choose(N, n);
  double sum = 0;
  for (auto i = low; i <= std::min(n, K); ++i) sum += std::exp(log_choose(K, i) + log_choose(N - K, n - i) - all);
  return std::min(1.0, sum);
}

double mann_whitney(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  const auto total = [](std::span<const std::uint32_t> s) { return std::accumulate(s.begin(), s.end(), 0.0); };
  const double na = total(a), nb = total(b), n = na + nb;
  if (na == 0 || nb == 0) return 1;
  double below = 0, rank_sum = 0, ties = 0;
  for (std::size_t v = 0; v < std::max(a.size(), b.size()); ++v) {
    const double ca = v < a.size() ? a[v] : 0, cb = v < b.size() ? b[v] : 0, t = ca + cb;
    rank_sum += ca * (below + (t + 1) / 2);
    ties += t * t * t - t;
    below += t;
  }
  const double u = rank_sum - na * (na + 1) / 2, mean = na * nb / 2;
  const double variance = na * nb / 12 * ((n + 1) - ties / (n * (n - 1)));
  if (!(variance > 0)) return 1;
  const double z = std::max(0.0, std::abs(u - mean) - 0.5) / std::sqrt(variance);
  return std::erfc(z / std::sqrt(2.0));
}

std::vector<double> benjamini_hochberg(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::size_t i, std::size_t j) { return p[i] < p[j]; });
  std::vector<double> out(p.size());
  double least = 1;
  for (std::size_t rank = p.size(); rank-- > 0;) {
    least = std::min(least, p[order[rank]] * static_cast<double>(p.size()) / static_cast<double>(rank + 1));
    out[order[rank]] = least;
  }
  return out;
}

}  // namespace tongdian::supervision
