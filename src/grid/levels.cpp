#include "grid/levels.hpp"

#include <algorithm>
#include <array>

namespace tongdian::grid {
namespace {

constexpr std::array<std::string_view, 3> level_names{"lv", "10kv", "35kv"};

}  // namespace

std::string_view name_of(Level level) { return level_names[static_cast<std::size_t>(level)]; }
std::optional<Level> level_named(std::string_view name) {
  const auto found = std::ranges::find(level_names, name);
  if (found == level_names.end()) return {};
  return static_cast<Level>(found - level_names.begin());
}

std::optional<Level> level_of(double rated_kv) {
  if (rated_kv < 1) return Level::low;
  if (rated_kv <= 20) return Level::middle;
  if (rated_kv <= 66) return Level::high;
  return {};
}

const NewLine& new_line(Level level) {
  static constexpr NewLine lines[] = {
      {"line_lv_r", "line_lv_x", "line_lv_a", "price_line_lv", "reach_lv_m", "price_bay"},
      {"cable_r", "cable_x", "cable_a", "price_cable_10kv", "reach_10kv_m", "price_bay"},
      {"line_35kv_r", "line_35kv_x", "line_35kv_a", "price_line_35kv", "reach_35kv_m", "price_bay_35kv"}};
  return lines[static_cast<std::size_t>(level)];
}

}  // namespace tongdian::grid
