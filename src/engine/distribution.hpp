// How values were spread, in buckets by powers of two: cheap enough for the writer's thread, kept for ever.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace tongdian::engine {

struct Distribution {
  static constexpr std::size_t size = 16;
  /// counts[i]: values over 2^(i-1) and up to 2^i; the last one also has all that is more.
  std::array<std::uint64_t, size> counts{};
  std::uint64_t count = 0;
  std::uint64_t sum = 0;

  void add(std::uint64_t value) {
    const auto bucket = value <= 1 ? std::size_t{0} : static_cast<std::size_t>(std::bit_width(value - 1));
    ++counts[bucket < size ? bucket : size - 1];
    ++count;
    sum += value;
  }
};

}  // namespace tongdian::engine
