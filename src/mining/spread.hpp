// How a quantity is spread, in little memory: exact while there are few values, to one part in 32 beyond that.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace tongdian::mining {

/// Of values of 0 and more; smaller ones count as 0. Count, sum and maximum stay exact.
class Spread {
 public:
  void add(std::int64_t value) {
    value = std::max<std::int64_t>(value, 0);
    ++count_;
    sum_ += static_cast<double>(value);
    most_ = std::max(most_, value);
    if (buckets_.empty()) {
      few_.push_back(value);
      if (few_.size() > exact) to_buckets();
    } else {
      ++bucket(index_of(value));
    }
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double sum() const { return sum_; }
  [[nodiscard]] double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  [[nodiscard]] std::int64_t most() const { return most_; }
  /// Nearest rank: the smallest value that at least `percent` of the values do not exceed. 0 where there is none.
  [[nodiscard]] double percentile(unsigned percent) const {
    if (count_ == 0) return 0;
    auto rank = (count_ * percent + 99) / 100;
    if (buckets_.empty()) {
      auto sorted = few_;
      std::ranges::sort(sorted);
      return static_cast<double>(sorted[std::max<std::uint64_t>(rank, 1) - 1]);
    }
    for (const auto& [index, n] : buckets_) {
      if (rank <= n) return std::min(middle(index), static_cast<double>(most_));
      rank -= n;
    }
    return static_cast<double>(most_);
  }

 private:
  static constexpr std::size_t exact = 64;
  static constexpr int bits = 4;  ///< 16 buckets between a power of two and the next

  static std::uint16_t index_of(std::int64_t value) {
    const auto v = static_cast<std::uint64_t>(value);
    if (v < 1u << bits) return static_cast<std::uint16_t>(v);
    const int power = static_cast<int>(std::bit_width(v)) - 1;
    return static_cast<std::uint16_t>((power - bits + 1) << bits |
                                      static_cast<int>(v >> (power - bits) & ((1u << bits) - 1)));
  }
  static double middle(std::uint16_t index) {
    if (index < 1 << bits) return index;
    const int shift = (index >> bits) - 1;
    const double low = static_cast<double>((1 << bits) + (index & ((1 << bits) - 1)));
    return (low + 0.5) * static_cast<double>(std::uint64_t{1} << shift);
  }
  std::uint32_t& bucket(std::uint16_t index) {
    const auto at = std::ranges::lower_bound(buckets_, index, {}, &std::pair<std::uint16_t, std::uint32_t>::first);
    if (at != buckets_.end() && at->first == index) return at->second;
    return buckets_.insert(at, {index, 0})->second;
  }
  void to_buckets() {
    for (const auto value : few_) ++bucket(index_of(value));
    few_ = {};
  }

  std::uint64_t count_ = 0;
  double sum_ = 0;
  std::int64_t most_ = 0;
  std::vector<std::int64_t> few_;
  std::vector<std::pair<std::uint16_t, std::uint32_t>> buckets_;  ///< sorted
};

}  // namespace tongdian::mining
