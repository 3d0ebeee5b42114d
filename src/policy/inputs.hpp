// What a decision table may look at and what it may decide: the names of facts and of decision fields, nothing legal.
//
// Both live in one row of slots. A slot holds a small code: a boolean's 0 or 1, a choice's position among its names, a
// number's place among the thresholds that the pack compares it with. A slot that a table fills is an input of later tables.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/facts.hpp"

namespace tongdian::policy {

enum class Kind : std::uint8_t { boolean, choice, number, list };

enum class Slot : std::uint8_t {
  // facts
  customer,
  asked_voltage,
  sources,
  important,
  new_installation,
  works_needed,
  self_built,
  supply_kind,
  lead,
  simple_low_risk_project,
  business_licence,
  registered_address,
  group_customer,
  tariff,
  direct_supply,
  in_urban_planning_area,
  park,
  in_project_library,
  site_reason_given,
  road,
  reroutes_highway,
  occupies_green,
  trees,
  interested_party,
  commitment_conditions_met,
  // facts that are numbers
  requested_kw,
  connected_kva,
  source_distance_m,
  applied_on,
  // fields of the decision
  four_zero_failed,
  programme,
  voltage,
  klass,
  plan,
  permit,
  boundary,
  documents,
  zero_application,
  counts_in_longest_time,
  flags,
};
inline constexpr std::size_t slot_count = static_cast<std::size_t>(Slot::flags) + 1;
inline constexpr Slot first_number = Slot::requested_kw;
inline constexpr std::size_t number_count = 4;
inline constexpr Slot first_field = Slot::four_zero_failed;

constexpr std::size_t index_of(Slot slot) { return static_cast<std::size_t>(slot); }
constexpr bool is_field(Slot slot) { return slot >= first_field; }
constexpr std::size_t number_index(Slot slot) { return index_of(slot) - index_of(first_number); }

struct SlotSpec {
  std::string_view name;
  Kind kind;
  std::span<const std::string_view> choices;  ///< of a fact; a field's choices are the pack's
  std::string_view unit;                      ///< of a number: the unit of the parameters that it is compared with
};

const SlotSpec& spec(Slot slot);
std::optional<Slot> slot_named(std::string_view name);

using Codes = std::array<std::uint8_t, slot_count>;
using Thresholds = std::array<std::vector<double>, number_count>;  ///< ascending, each once

/// A number among k thresholds: 0 below the first, 1 at it, 2 between the first two … 2k above the last.
inline std::uint8_t place_among(const std::vector<double>& thresholds, double value) {
  unsigned code = 0;
  for (const double t : thresholds) code += (value >= t ? 1u : 0u) + (value > t ? 1u : 0u);
  return static_cast<std::uint8_t>(code);
}

/// The facts' codes; the fields' are left alone. A resident's missing enterprise and a missing route read as "none" and "no".
void encode(const Facts& facts, LocalDate applied_on, const Thresholds& thresholds, Codes& out);

/// A civil day as a number that is compared with the pack's dates.
inline double day_number(LocalDate date) { return static_cast<double>(date.time_since_epoch().count()); }

}  // namespace tongdian::policy
