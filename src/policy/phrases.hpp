// Parts of a pack as a sentence: a parameter's values, a row of a table.
#pragma once

#include "policy/model.hpp"

namespace tongdian::policy {

/// "0.01", "160": as few digits as tell it.
std::string shortest_number(double value);
/// "160 kW", or with dates where there are several: "160 kW; 100 kW from 2022-01-01".
Sentence values_of(const Parameter& parameter);
/// "if road is arterial, expressway: permit ordinary".
Sentence row_of(const PackModel& model, const TableSource& table, const RowSource& row);

}  // namespace tongdian::policy
