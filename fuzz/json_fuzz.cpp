// rooms: base
// Any bytes as JSON: what parses has one canonical form, and that form reads back as itself.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tongdian;
  const auto value = json::parse({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const auto once = json::canonical(*value);
  const auto again = json::parse(once);
  if (!again || json::canonical(*again) != once) std::abort();
  return 0;
}
