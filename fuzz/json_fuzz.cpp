// JSON from anybody, through the parser, the mapper and the canonical form: no crash, and canonical text is its own
// canonical form, since it is what is hashed. A struct that was read and written reads as itself again.
#include <cstdint>
#include <optional>

#include "base/json.hpp"
#include "check.hpp"

using namespace tongdian;

namespace {

enum class Colour { red, green };

struct Inner {
  std::string name;
  std::optional<std::int64_t> number;
  bool operator==(const Inner&) const = default;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (name, number))

struct Outer {
  bool flag = false;
  std::int32_t small = 0;
  double real = 0;
  Colour colour = Colour::red;
  std::vector<Inner> list;
  std::optional<Inner> inner;
  json::Value any;
  bool operator==(const Outer&) const = default;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (flag, small, real, colour, list, inner, any))

}  // namespace

template <>
struct tongdian::EnumNames<Colour> {
  static constexpr std::array<std::string_view, 2> values{"red", "green"};
};

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = json::parse(text);
  if (!value) return 0;
  const std::string canonical = json::canonical(*value);
  const auto again = json::parse(canonical);
  CHECK_ALWAYS(again.has_value());
  CHECK_ALWAYS(json::canonical(*again) == canonical);

  const auto outer = json::read<Outer>(*value);
  if (!outer) {
    CHECK_ALWAYS(!outer.error().code.empty());
    return 0;
  }
  const auto reread = json::read<Outer>(json::write(*outer));
  CHECK_ALWAYS(reread.has_value());
  CHECK_ALWAYS(*reread == *outer);
  return 0;
}
