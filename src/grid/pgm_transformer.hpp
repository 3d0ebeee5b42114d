// power-grid-model's transformers as nameplates.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "grid/record.hpp"
#include "grid/winding.hpp"

namespace tongdian::grid {

std::vector<std::string_view> pgm_transformer_attributes();
std::vector<std::string_view> pgm_three_winding_attributes();

/// Rated voltages of the nodes, V.
Nameplate pgm_nameplate(const Record& r, double u1_rated, double u2_rated);

/// The three legs from their node to the star point, which has side 1's voltage.
std::array<Nameplate, 3> pgm_star(const Record& r, const std::array<double, 3>& rated);

}  // namespace tongdian::grid
