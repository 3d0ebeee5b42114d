#include "policy/inputs.hpp"

namespace tongdian::policy {
namespace {

using namespace std::string_view_literals;

constexpr std::array<std::string_view, 2> one_or_two{"1", "2"};

template <NamedEnum E>
constexpr std::span<const std::string_view> names_of() {
  return EnumNames<E>::values;
}

const std::array<SlotSpec, slot_count> specs{{
    {"customer", Kind::choice, names_of<Customer>(), {}},
    {"asked_voltage", Kind::choice, names_of<Voltage>(), {}},
    {"sources", Kind::choice, one_or_two, {}},
    {"important", Kind::boolean, {}, {}},
    {"new_installation", Kind::boolean, {}, {}},
    {"works_needed", Kind::boolean, {}, {}},
    {"self_built", Kind::boolean, {}, {}},
    {"supply_kind", Kind::choice, names_of<SupplyKind>(), {}},
    {"lead", Kind::choice, names_of<Lead>(), {}},
    {"simple_low_risk_project", Kind::boolean, {}, {}},
    {"business_licence", Kind::boolean, {}, {}},
    {"registered_address_is_supply_address", Kind::boolean, {}, {}},
    {"group_customer", Kind::boolean, {}, {}},
    {"tariff", Kind::choice, names_of<Tariff>(), {}},
    {"direct_supply", Kind::boolean, {}, {}},
    {"in_urban_planning_area", Kind::boolean, {}, {}},
    {"park", Kind::choice, names_of<Park>(), {}},
    {"in_project_library", Kind::boolean, {}, {}},
    {"site_reason_given", Kind::boolean, {}, {}},
    {"road", Kind::choice, names_of<Road>(), {}},
    {"reroutes_highway", Kind::boolean, {}, {}},
    {"occupies_green", Kind::boolean, {}, {}},
    {"trees", Kind::choice, names_of<Trees>(), {}},
    {"interested_party", Kind::boolean, {}, {}},
    {"commitment_conditions_met", Kind::boolean, {}, {}},
    {"requested_kw", Kind::number, {}, "kW"},
    {"connected_kva_at_address", Kind::number, {}, "kVA"},
    {"source_distance_m", Kind::number, {}, "m"},
    {"applied_on", Kind::number, {}, "date"},
    {"four_zero_failed", Kind::list, {}, {}},
    {"programme", Kind::choice, {}, {}},
    {"voltage", Kind::choice, names_of<Voltage>(), {}},
    {"class", Kind::choice, {}, {}},
    {"plan", Kind::choice, {}, {}},
    {"permit", Kind::choice, {}, {}},
    {"boundary", Kind::choice, {}, {}},
    {"documents", Kind::list, {}, {}},
    {"zero_application", Kind::boolean, {}, {}},
    {"counts_in_longest_time", Kind::boolean, {}, {}},
    {"flags", Kind::list, {}, {}},
}};

}  // namespace

const SlotSpec& spec(Slot slot) { return specs[index_of(slot)]; }

std::optional<Slot> slot_named(std::string_view name) {
  for (std::size_t i = 0; i < slot_count; ++i)
    if (specs[i].name == name) return static_cast<Slot>(i);
  return {};
}

void encode(const Facts& facts, LocalDate applied_on, const Thresholds& thresholds, Codes& out) {
  static const Enterprise no_enterprise{};
  static const Route no_route{};
  const Enterprise& firm = facts.enterprise ? *facts.enterprise : no_enterprise;
  const Route& route = facts.route ? *facts.route : no_route;
  const auto set = [&out](Slot slot, auto value) { out[index_of(slot)] = static_cast<std::uint8_t>(value); };
  const auto place = [&](Slot slot, double value) { set(slot, place_among(thresholds[number_index(slot)], value)); };
  set(Slot::customer, facts.customer);
  set(Slot::asked_voltage, facts.voltage);
  set(Slot::sources, facts.sources - 1);
  set(Slot::important, facts.important);
  set(Slot::new_installation, facts.new_installation);
  set(Slot::works_needed, facts.works_needed);
  set(Slot::self_built, facts.self_built);
  set(Slot::supply_kind, facts.supply_kind);
  set(Slot::lead, facts.lead);
  set(Slot::simple_low_risk_project, facts.simple_low_risk_project);
  set(Slot::business_licence, firm.business_licence);
  set(Slot::registered_address, firm.registered_address_is_supply_address);
  set(Slot::group_customer, firm.group_customer);
  set(Slot::tariff, firm.tariff);
  set(Slot::direct_supply, firm.direct_supply);
  set(Slot::in_urban_planning_area, firm.in_urban_planning_area);
  set(Slot::park, firm.park);
  set(Slot::in_project_library, firm.in_project_library);
  // A reason of blanks is no reason.
  set(Slot::site_reason_given, facts.site_reason.find_first_not_of(" \t\r\n") != std::string::npos);
  set(Slot::road, route.road);
  set(Slot::reroutes_highway, route.reroutes_highway);
  set(Slot::occupies_green, route.occupies_green);
  set(Slot::trees, route.trees);
  set(Slot::interested_party, route.interested_party);
  set(Slot::commitment_conditions_met, facts.commitment_conditions_met);
  place(Slot::requested_kw, facts.requested_kw);
  place(Slot::connected_kva, firm.connected_kva_at_address);
  place(Slot::source_distance_m, facts.source_distance_m);
  place(Slot::applied_on, day_number(applied_on));
}

}  // namespace tongdian::policy
