#include "app/demo_people.hpp"

#include <array>

namespace tongdian::app {
namespace {

template <std::size_t N>
std::string pick(const std::array<const char*, N>& words, int index) {
  return words[static_cast<std::size_t>(index) % N];
}

constexpr std::array surnames = {"王", "李", "张", "刘", "陈", "杨", "赵", "孙",
                                 "周", "徐", "于", "姜", "曲", "宋", "林", "迟"};
constexpr std::array given = {"伟", "芳", "娜", "敏", "静", "强",   "磊",   "军",   "洋",   "勇",
                              "艳", "杰", "涛", "明", "超", "秀英", "晓东", "海燕", "志强", "建国"};
constexpr std::array trades = {"海鲜餐饮", "苹果冷藏", "葡萄酒", "五金加工", "便利店", "服装", "印刷", "汽车维修",
                               "物流",     "水产养殖", "模具",   "酒店",     "新材料", "食品", "幼教", "诊所"};
constexpr std::array forms = {"店（虚构）", "有限公司（虚构）", "商行（虚构）", "厂（虚构）"};

}  // namespace

void DemoPeople::place(journeys::Submission& s) {
  const auto& area = pack_.areas()[static_cast<std::size_t>(below(static_cast<int>(pack_.areas().size())))];
  s.site.area = area.code;
  s.site.township = area.townships[static_cast<std::size_t>(below(static_cast<int>(area.townships.size())))].code;
  s.site.address = "示例路" + std::to_string(1 + below(400)) + "号" + std::to_string(1 + below(30)) + "单元" +
                   std::to_string(101 + below(2000));
  const auto& enterprises = pack_.enterprises();
  // The first enterprise serves most of the city; the others, incremental distributors, some parks.
  s.enterprise =
      enterprises[chance(0.94) ? 0 : static_cast<std::size_t>(below(static_cast<int>(enterprises.size())))].id;
  std::string tail = std::to_string(below(10000));
  s.applicant.phone = "1380000" + std::string(4 - tail.size(), '0') + tail;
  s.channel = chance(0.78) ? "online" : "counter";
}

void DemoPeople::route(policy::Facts& f) {
  if (!f.works_needed) return;
  policy::Route r;
  r.road = chance(0.55) ? policy::Road::none : static_cast<policy::Road>(below(5));
  r.occupies_green = chance(0.2);
  r.trees = chance(0.85) ? policy::Trees::none : static_cast<policy::Trees>(below(3));
  r.interested_party = chance(0.08);
  f.route = r;
}

void DemoPeople::resident(journeys::Submission& s) {
  s.applicant.name = pick(surnames, below(16)) + pick(given, below(20));
  policy::Facts& f = s.facts;
  f.customer = policy::Customer::resident;
  f.requested_kw = 4 + 2 * below(8);
  f.works_needed = chance(0.45);
  f.new_installation = chance(0.85);
  if (chance(0.1)) f.supply_kind = chance(0.6) ? policy::SupplyKind::ev_charger : policy::SupplyKind::pv;
  route(f);
}

void DemoPeople::high_voltage(policy::Facts& f) {
  f.works_needed = true;
  f.self_built = chance(0.7);
  const int kind = below(32);
  f.voltage = kind < 26 ? policy::Voltage::kv10 : policy::Voltage::kv35_plus;
  f.sources = kind < 18 || (kind >= 26 && kind < 30) ? 1 : 2;
  f.important = f.sources == 2 && chance(0.45);
  f.requested_kw = f.voltage == policy::Voltage::kv10 ? 200 + 50 * below(120) : 8000 + 1000 * below(30);
  f.commitment_conditions_met = chance(0.5);
  f.source_distance_m = 20 + below(400);
  f.enterprise->connected_kva_at_address = f.requested_kw * 1.1;
}

void DemoPeople::firm(journeys::Submission& s) {
  s.applicant.name = pick(surnames, below(16)) + "记" + pick(trades, below(16)) + pick(forms, below(4));
  policy::Facts& f = s.facts;
  f.customer = policy::Customer::non_resident;
  policy::Enterprise e;
  e.business_licence = chance(0.97);
  e.registered_address_is_supply_address = chance(0.9);
  e.group_customer = chance(0.04);
  e.tariff = policy::Tariff::general_commercial;
  e.direct_supply = chance(0.97);
  e.in_urban_planning_area = chance(0.7);
  e.park = chance(0.7) ? policy::Park::none : static_cast<policy::Park>(below(4));
  e.in_project_library = chance(0.05);
  f.new_installation = chance(0.85);
  f.requested_kw = 10 + 5 * below(30);
  f.works_needed = chance(0.8);
  e.connected_kva_at_address = f.requested_kw;
  f.enterprise = e;
  if (chance(0.5)) high_voltage(f);
  route(f);
}

journeys::Submission DemoPeople::application() {
  journeys::Submission s;
  place(s);
  s.facts.sources = 1;
  if (chance(0.4))
    resident(s);
  else
    firm(s);
  return s;
}

journeys::Submission DemoPeople::low_risk_project() {
  journeys::Submission s;
  place(s);
  s.facts.sources = 1;
  firm(s);
  s.facts.simple_low_risk_project = true;
  s.facts.lead = policy::Lead::approval_platform;
  s.channel = "lead";
  return s;
}

}  // namespace tongdian::app
