// The tests that the detectors rest on, exact where samples are small. Each is described with its assumptions in
// docs/supervision.md; the tests beside it compare with published tables.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tongdian::supervision {

/// P(X >= x) of the hypergeometric distribution: n draws without replacement from N of which K are marked. One-sided Fisher:
/// the margins are given, so a manager with few cases is never judged by a normal approximation. 1 where the numbers are none.
double hypergeometric_tail(std::int64_t N, std::int64_t K, std::int64_t n, std::int64_t x);

/// Two-sided Mann–Whitney of two samples that are given as counts by value, ties corrected, normal approximation with
/// continuity correction. 1 where one is empty or all values are equal.
double mann_whitney(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

/// Benjamini–Hochberg: p-values in their order, adjusted so that calling those below alpha keeps the expected share of false
/// calls below alpha.
std::vector<double> benjamini_hochberg(std::span<const double> p);

}  // namespace tongdian::supervision
