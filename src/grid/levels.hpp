// Voltage levels at which customers are connected, and what is laid to them at each.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tongdian::grid {

/// Below 1 kV, up to 20 kV, up to 66 kV.
enum class Level : std::uint8_t { low, middle, high };
/// Of a node's rated voltage; nothing above.
std::optional<Level> level_of(double rated_kv);
/// "lv", "10kv", "35kv".
std::string_view name_of(Level level);
std::optional<Level> level_named(std::string_view name);

/// What is laid from the connection point to the customer, and how far at most: names of the standards.
struct NewLine {
  std::string_view r, x, rating, price, reach, bay;
};
const NewLine& new_line(Level level);

}  // namespace tongdian::grid
