// What a decision is made from: one application's facts, as the contract of `tongdian decide` names them.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace tongdian::policy {

enum class Customer { resident, non_resident };
enum class Voltage { lv, kv10, kv35_plus };
enum class SupplyKind { ordinary, unified_estate, ev_charger, pv };
enum class Lead { none, approval_platform, park };
enum class Tariff { residential, general_commercial, large_industrial, agricultural };
enum class Park { none, municipal, provincial, national };
enum class Road { none, urban_other, arterial, expressway, highway };
enum class Trees { none, ordinary, protected_trees };

struct Enterprise {
  bool business_licence = false;
  bool registered_address_is_supply_address = false;
  bool group_customer = false;
  Tariff tariff{};
  bool direct_supply = false;
  double connected_kva_at_address = 0;  ///< kVA, this request included
  bool in_urban_planning_area = false;
  Park park{};
  bool in_project_library = false;
};

/// What the line's route touches; the strictest road class of all that it touches (A46).
struct Route {
  Road road{};
  bool reroutes_highway = false;
  bool occupies_green = false;
  Trees trees{};
  bool interested_party = false;
};

struct Facts {
  std::string id;
  std::string applied_at;  ///< RFC 3339 with offset: the submission
  Customer customer{};
  Voltage voltage{};  ///< asked for
  double requested_kw = 0;
  int sources = 1;  ///< 1 or 2
  bool important = false;
  bool new_installation = false;  ///< 新装; false is a capacity increase 增容
  bool works_needed = false;
  bool self_built = false;
  SupplyKind supply_kind{};
  Lead lead{};
  bool simple_low_risk_project = false;
  std::optional<Enterprise> enterprise;  ///< residents may omit it
  double source_distance_m = 0;
  std::string site_reason;
  std::optional<Route> route;  ///< may be absent without works
  bool commitment_conditions_met = false;
};

BOOST_DESCRIBE_STRUCT(Enterprise, (),
                      (business_licence, registered_address_is_supply_address, group_customer, tariff, direct_supply,
                       connected_kva_at_address, in_urban_planning_area, park, in_project_library))
BOOST_DESCRIBE_STRUCT(Route, (), (road, reroutes_highway, occupies_green, trees, interested_party))
BOOST_DESCRIBE_STRUCT(Facts, (),
                      (id, applied_at, customer, voltage, requested_kw, sources, important, new_installation,
                       works_needed, self_built, supply_kind, lead, simple_low_risk_project, enterprise,
                       source_distance_m, site_reason, route, commitment_conditions_met))

}  // namespace tongdian::policy

namespace tongdian {
template <>
struct EnumNames<policy::Customer> {
  static constexpr std::array<std::string_view, 2> values{"resident", "non_resident"};
};
template <>
struct EnumNames<policy::Voltage> {
  static constexpr std::array<std::string_view, 3> values{"lv", "10kv", "35kv_plus"};
};
template <>
struct EnumNames<policy::SupplyKind> {
  static constexpr std::array<std::string_view, 4> values{"ordinary", "unified_estate", "ev_charger", "pv"};
};
template <>
struct EnumNames<policy::Lead> {
  static constexpr std::array<std::string_view, 3> values{"none", "approval_platform", "park"};
};
template <>
struct EnumNames<policy::Tariff> {
  static constexpr std::array<std::string_view, 4> values{"residential", "general_commercial", "large_industrial",
                                                          "agricultural"};
};
template <>
struct EnumNames<policy::Park> {
  static constexpr std::array<std::string_view, 4> values{"none", "municipal", "provincial", "national"};
};
template <>
struct EnumNames<policy::Road> {
  static constexpr std::array<std::string_view, 5> values{"none", "urban_other", "arterial", "expressway", "highway"};
};
template <>
struct EnumNames<policy::Trees> {
  static constexpr std::array<std::string_view, 3> values{"none", "ordinary", "protected"};
};
}  // namespace tongdian
