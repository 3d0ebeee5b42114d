#include "grid/sparse_lu.hpp"

#include <klu.h>

#include <algorithm>
#include <numeric>

namespace tongdian::grid {

SparsePattern compress(std::int32_t size, std::span<const Place> places) {
  SparsePattern out;
  std::vector<std::int32_t> order(places.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::int32_t a, std::int32_t b) {
    return places[a].column != places[b].column ? places[a].column < places[b].column : places[a].row < places[b].row;
  });
  out.slot.resize(places.size());
  out.column_begin.assign(static_cast<std::size_t>(size) + 1, 0);
  Place last{-1, -1};
  for (const auto i : order) {
    const Place& here = places[i];
    if (here.row != last.row || here.column != last.column) {
      out.row.push_back(here.row);
      ++out.column_begin[here.column + 1];
      last = here;
    }
    out.slot[i] = static_cast<std::int32_t>(out.row.size()) - 1;
  }
  std::partial_sum(out.column_begin.begin(), out.column_begin.end(), out.column_begin.begin());
  return out;
}

template <class T>
struct SparseLu<T>::Klu {
  klu_common common{};
  klu_symbolic* symbolic = nullptr;
  klu_numeric* numeric = nullptr;

  void free_numeric() {
    if (!numeric) return;
    if constexpr (std::is_same_v<T, double>)
      klu_free_numeric(&numeric, &common);
    else
      klu_z_free_numeric(&numeric, &common);
  }
  ~Klu() {
    free_numeric();
    if (symbolic) klu_free_symbolic(&symbolic, &common);
  }
};

namespace {
template <class T>
double* plain(std::span<T> values) {
  return reinterpret_cast<double*>(values.data());
}
template <class T>
double* plain(std::span<const T> values) {  // KLU writes none of them, but is declared in C
  return const_cast<double*>(reinterpret_cast<const double*>(values.data()));
}
int* plain(const std::vector<std::int32_t>& indices) { return const_cast<int*>(indices.data()); }
}  // namespace

template <class T>
SparseLu<T>::SparseLu(const SparsePattern& pattern) : pattern_(pattern), klu_(std::make_unique<Klu>()) {
  klu_defaults(&klu_->common);
  klu_->symbolic = klu_analyze(pattern.size(), plain(pattern.column_begin), plain(pattern.row), &klu_->common);
}
template <class T>
SparseLu<T>::SparseLu(SparseLu&&) noexcept = default;
template <class T>
SparseLu<T>::~SparseLu() = default;

template <class T>
bool SparseLu<T>::factor(std::span<const T> values) {
  if (!klu_->symbolic) return false;  // structurally singular
  klu_->free_numeric();
  auto* const begin = plain(pattern_.column_begin);
  auto* const row = plain(pattern_.row);
  if constexpr (std::is_same_v<T, double>)
    klu_->numeric = klu_factor(begin, row, plain(values), klu_->symbolic, &klu_->common);
  else
    klu_->numeric = klu_z_factor(begin, row, plain(values), klu_->symbolic, &klu_->common);
  return klu_->numeric && klu_->common.status == KLU_OK;
}

template <class T>
bool SparseLu<T>::refactor(std::span<const T> values) {
  if (!klu_->numeric) return factor(values);
  auto* const begin = plain(pattern_.column_begin);
  auto* const row = plain(pattern_.row);
  auto* const c = &klu_->common;
  bool good = false;
  if constexpr (std::is_same_v<T, double>)
    good = klu_refactor(begin, row, plain(values), klu_->symbolic, klu_->numeric, c) &&
           klu_rcond(klu_->symbolic, klu_->numeric, c);
  else
    good = klu_z_refactor(begin, row, plain(values), klu_->symbolic, klu_->numeric, c) &&
           klu_z_rcond(klu_->symbolic, klu_->numeric, c);
  constexpr double too_few_digits = 1e-13;
  return (good && c->rcond > too_few_digits) || factor(values);
}

template <class T>
void SparseLu<T>::solve(std::span<T> right_side) {
  if constexpr (std::is_same_v<T, double>)
    klu_solve(klu_->symbolic, klu_->numeric, pattern_.size(), 1, plain(right_side), &klu_->common);
  else
    klu_z_solve(klu_->symbolic, klu_->numeric, pattern_.size(), 1, plain(right_side), &klu_->common);
}

template class SparseLu<double>;
template class SparseLu<std::complex<double>>;

}  // namespace tongdian::grid
