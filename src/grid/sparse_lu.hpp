// A sparse linear system whose pattern stays and whose values change: SuiteSparse KLU (Davis and Palamadai Natarajan 2010), made
// for matrices of circuits.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tongdian::grid {

/// Where each of a list of (row, column) lies in compressed columns; equal places fall together.
struct SparsePattern {
  std::vector<std::int32_t> column_begin, row;
  std::vector<std::int32_t> slot;  ///< of each place asked for, in the order asked
  [[nodiscard]] std::int32_t size() const { return static_cast<std::int32_t>(column_begin.size()) - 1; }
};
struct Place {
  std::int32_t row, column;
};
SparsePattern compress(std::int32_t size, std::span<const Place> places);

/// LU of one pattern, for double or std::complex<double>.
template <class T>
class SparseLu {
 public:
  explicit SparseLu(const SparsePattern& pattern);
  SparseLu(SparseLu&&) noexcept;
  ~SparseLu();

  /// With new pivots. False where the matrix is singular.
  bool factor(std::span<const T> values);
  /// With the pivots there are; those of `factor` where they would lose digits.
  bool refactor(std::span<const T> values);
  /// In place.
  void solve(std::span<T> right_side);

 private:
  struct Klu;
  const SparsePattern& pattern_;
  std::unique_ptr<Klu> klu_;
};

}  // namespace tongdian::grid
