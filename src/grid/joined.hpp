// Which of the things numbered 0 … n − 1 are one: nodes without impedance between them, parts of a network.
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "grid/network.hpp"

namespace tongdian::grid {

/// Union-find with halving; what speaks for a group is its lowest number.
class Joined {
 public:
  explicit Joined(Row n) : up_(static_cast<std::size_t>(n)) { std::iota(up_.begin(), up_.end(), 0); }
  Row top(Row i) {
    while (up_[i] != i) i = up_[i] = up_[up_[i]];
    return i;
  }
  /// Whether they were two.
  bool join(Row a, Row b) {
    a = top(a);
    b = top(b);
    if (a == b) return false;
    up_[std::max(a, b)] = std::min(a, b);
    return true;
  }

 private:
  std::vector<Row> up_;
};

}  // namespace tongdian::grid
