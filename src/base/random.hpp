// Randomness is passed in: the operating system's in service, a seed's in tests, simulations and the demo.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>

#include "base/digest.hpp"

namespace tongdian {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  /// `bytes` random bytes as hex: an id or a token.
  std::string token(std::size_t bytes);
  template <std::size_t N>
  std::array<std::uint8_t, N> array() {
    std::array<std::uint8_t, N> out{};
    fill(out);
    return out;
  }
};

/// The operating system's generator (OpenSSL's RAND_bytes).
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// Repeats itself from its seed. Never used where a secret is made.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override;
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tongdian
