#include "base/random.hpp"

#include <openssl/rand.h>

#include <stdexcept>

namespace tongdian {

std::string Random::token(std::size_t bytes) {
  Bytes raw(bytes);
  fill(raw);
  return to_hex(raw);
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1)
    throw std::runtime_error("RAND_bytes failed in OpenSSL");
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  for (auto& b : out) b = static_cast<std::uint8_t>(engine_());
}

}  // namespace tongdian
