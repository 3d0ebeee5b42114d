// The compiled pack against a naive reading of the contract's prose: no tables, no codes, only what the sentences say.
#include <doctest/doctest.h>

#include <random>
#include <set>

#include "base/time_text.hpp"
#include "policy/pack.hpp"

using namespace tongdian;
using namespace tongdian::policy;

namespace {

const std::filesystem::path folder = TONGDIAN_SOURCE_DIR "/packs/yantai-2021-168";

const Pack& pack() {
  static const auto loaded = load_pack(folder).value();
  return *loaded;
}

const calendar::Calendar& working_days() {
  static const auto loaded = calendar::Calendar::load(pack().calendar_files()).value();
  return loaded;
}

using Words = std::vector<std::string>;

struct Reading {
  Words failed;
  std::string programme, voltage, klass, permit, boundary;
  std::vector<std::pair<std::string, int>> stages;
  int target = 0, ceiling = 0;
  bool next_day = false;
  std::vector<std::pair<std::string, Words>> documents;
  Words flags;
};

Words unmet_conditions(const Facts& f) {
  Words out;
  if (f.customer == Customer::resident) return out;
  const Enterprise& e = *f.enterprise;
  if (!e.business_licence) out.push_back("business_licence");
  if (!e.registered_address_is_supply_address) out.push_back("registered_address");
  if (!f.new_installation) out.push_back("new_installation");
  if (e.group_customer) out.push_back("group_customer");
  if (e.tariff != Tariff::general_commercial) out.push_back("tariff");
  if (!e.direct_supply) out.push_back("direct_supply");
  if (f.requested_kw > 160) out.push_back("requested_kw");
  if (e.in_urban_planning_area && e.connected_kva_at_address > 160) out.push_back("connected_kva");
  return out;
}

std::string class_of(const Facts& f, const Reading& r) {
  if (r.voltage == "lv") {
    if (f.customer == Customer::resident) return "lv_resident";
    return r.programme == "four_zero" ? "lv_non_resident_four_zero" : "lv_non_resident";
  }
  if (r.voltage == "35kv_plus") return f.sources == 1 ? "35kv_single" : "35kv_dual";
  if (f.sources == 1) return "10kv_single";
  return f.important ? "10kv_dual_important" : "10kv_dual";
}

void read_stages(const Facts& f, Reading& r) {
  if (r.voltage == "lv" && !f.works_needed) {
    r.stages = {{"acceptance", 0}, {"energisation", 1}};
    r.target = r.ceiling = 1;
    r.next_day = true;
    return;
  }
  r.stages = {{"acceptance", 1}};
  if (r.klass == "10kv_single") r.stages.emplace_back("plan_reply", 5);
  if (r.klass == "10kv_dual" || r.klass == "10kv_dual_important") r.stages.emplace_back("plan_reply", 7);
  if (r.klass == "35kv_single") r.stages.emplace_back("plan_reply", 10);
  if (r.klass == "35kv_dual") r.stages.emplace_back("plan_reply", 18);
  if (r.klass == "10kv_dual_important" || r.voltage == "35kv_plus") {
    r.stages.emplace_back("design_review", 3);
    r.stages.emplace_back("mid_inspection", 2);
  }
  r.stages.emplace_back("energisation", r.voltage == "35kv_plus" ? 6 : 2);
  for (const auto& [stage, days] : r.stages) r.target += days;
  r.ceiling = r.target;
  if (r.voltage == "lv" && f.customer == Customer::non_resident) r.ceiling = 5;
  if (r.klass == "10kv_dual") r.ceiling = 15;
}

std::string permit_of(const Facts& f, const Reading& r) {
  if (!f.works_needed) return "none";
  const Route& way = *f.route;
  if (way.road == Road::arterial || way.road == Road::expressway || way.road == Road::highway) return "ordinary";
  if (way.reroutes_highway || way.trees == Trees::protected_trees) return "ordinary";
  if (r.programme == "four_zero") {
    if (way.interested_party) return "ordinary";
    if (f.customer == Customer::resident && f.requested_kw > 160) return "ordinary";
    if (way.road == Road::urban_other || way.occupies_green || way.trees != Trees::none) return "commitment";
    return "exempt";
  }
  if (r.voltage != "lv") return f.commitment_conditions_met ? "commitment" : "ordinary";
  return "ordinary";
}

std::string boundary_of(const Facts& f, const Reading& r) {
  if (r.programme == "four_zero" && f.supply_kind != SupplyKind::unified_estate) return "meter";
  if (r.voltage == "10kv" && f.customer == Customer::non_resident && f.enterprise->business_licence &&
      (f.enterprise->park == Park::provincial || f.enterprise->park == Park::national ||
       f.enterprise->in_project_library))
    return "planning_red_line";
  return "ownership_point";
}

void read_documents(const Facts& f, Reading& r) {
  r.documents.push_back({"acceptance", {f.customer == Customer::resident ? "identity" : "business_licence"}});
  if (r.voltage == "lv" || !f.self_built) return;
  for (const auto& [stage, days] : r.stages) {
    if (stage == "design_review")
      r.documents.push_back({stage, {"design_firm_qualification", "design_and_description"}});
    if (stage == "mid_inspection")
      r.documents.push_back({stage, {"builder_qualification", "hidden_works_and_test_record"}});
    if (stage == "energisation") r.documents.push_back({stage, {"completion_report_with_drawings"}});
  }
}

Reading read(const Facts& f) {
  Reading r;
  r.failed = unmet_conditions(f);
  const bool resident = f.customer == Customer::resident;
  r.voltage = std::string(name_of(f.voltage));
  if (resident && f.voltage == Voltage::lv) r.programme = "four_zero";
  if (!resident && r.failed.empty() && f.voltage == Voltage::lv) r.programme = "four_zero";
  if (!resident && r.failed.empty() && f.voltage == Voltage::kv10 && f.sources == 1 && !f.important)
    r.programme = "four_zero";
  if (r.programme.empty()) r.programme = f.voltage == Voltage::lv ? "standard" : "four_saving";
  if (r.programme == "four_zero") r.voltage = "lv";
  r.klass = class_of(f, r);
  read_stages(f, r);
  r.permit = permit_of(f, r);
  r.boundary = boundary_of(f, r);
  read_documents(f, r);
  if (r.boundary == "planning_red_line" && f.source_distance_m > 200 && f.site_reason.empty())
    r.flags.push_back("source_beyond_200m");
  if (f.simple_low_risk_project && f.lead == Lead::none) r.flags.push_back("zero_application_without_lead");
  if (r.voltage == "10kv" && f.sources == 1 && f.important) r.flags.push_back("important_single_source");
  return r;
}

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  bool yes() { return below(2) == 1; }
  bool mostly() { return below(6) != 0; }
  int below(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }
  template <class E>
  E one_of() {
    return static_cast<E>(below(static_cast<int>(EnumNames<E>::values.size())));
  }
  double near(std::initializer_list<double> values) {
    return *(values.begin() + below(static_cast<int>(values.size())));
  }

 private:
  std::mt19937 engine_;
};

Facts random_facts(Dice& dice) {
  Facts f;
  const auto day = *parse_date("2020-11-29") + std::chrono::days{dice.below(2260)};
  static constexpr std::array<const char*, 6> tails{"T00:00:00+08:00", "T23:59:59+08:00", "T15:59:59Z",
                                                    "T16:00:00Z",      "T20:00:00-05:00", "T09:30:00.5+09:00"};
  f.applied_at = format_date(day) + tails[static_cast<std::size_t>(dice.below(6))];
  f.customer = dice.below(3) == 0 ? Customer::resident : Customer::non_resident;
  f.voltage = dice.one_of<Voltage>();
  f.requested_kw = dice.near({0, 8, 159.99, 160, 160.01, 315, 2000});
  f.sources = 1 + dice.below(2);
  f.important = dice.yes();
  f.new_installation = dice.mostly();
  f.works_needed = dice.mostly();
  f.self_built = dice.yes();
  f.supply_kind = dice.one_of<SupplyKind>();
  f.lead = dice.one_of<Lead>();
  f.simple_low_risk_project = dice.yes();
  if (f.customer == Customer::non_resident || dice.yes())
    f.enterprise = Enterprise{dice.mostly(),  dice.mostly(),
                              !dice.mostly(), dice.mostly() ? Tariff::general_commercial : dice.one_of<Tariff>(),
                              dice.mostly(),  dice.near({0, 100, 160, 160.5, 400}),
                              dice.yes(),     dice.one_of<Park>(),
                              dice.yes()};
  f.source_distance_m = dice.near({0, 199, 200, 200.5, 500});
  if (dice.yes()) f.site_reason = "地下管线密集";
  if (f.works_needed || dice.yes())
    f.route = Route{dice.one_of<Road>(), !dice.mostly(), !dice.mostly(), dice.one_of<Trees>(), !dice.mostly()};
  f.commitment_conditions_met = dice.yes();
  return f;
}

Words words(const std::vector<std::string_view>& views) { return {views.begin(), views.end()}; }

void compare(const Facts& f, const Decision& d) {
  const Reading r = read(f);
  REQUIRE(words(d.four_zero_failed) == r.failed);
  REQUIRE(d.programme == r.programme);
  REQUIRE(d.voltage == r.voltage);
  REQUIRE(d.klass == r.klass);
  REQUIRE(d.stages.size() == r.stages.size());
  for (std::size_t i = 0; i < r.stages.size(); ++i)
    REQUIRE(d.stages[i] == StageLimit{r.stages[i].first, r.stages[i].second});
  REQUIRE(d.target_wd == r.target);
  REQUIRE(d.ceiling_wd == r.ceiling);
  REQUIRE(d.permit == r.permit);
  REQUIRE(d.boundary == r.boundary);
  REQUIRE(d.user_cost_fen == (r.boundary == "meter" ? std::optional<std::int64_t>(0) : std::nullopt));
  REQUIRE(d.documents.size() == r.documents.size());
  for (std::size_t i = 0; i < r.documents.size(); ++i) {
    REQUIRE(d.documents[i].stage == r.documents[i].first);
    REQUIRE(Words(d.documents[i].documents.begin(), d.documents[i].documents.end()) == r.documents[i].second);
  }
  REQUIRE(d.zero_application == f.simple_low_risk_project);
  REQUIRE(d.counts_in_longest_time == (f.supply_kind == SupplyKind::ordinary));
  REQUIRE(words(d.flags) == r.flags);
  const LocalDate local = Zone{}.date_of(*parse_instant(f.applied_at));
  REQUIRE(d.due_on == working_days().add(local, r.target));
  REQUIRE(d.ceiling_on == working_days().add(local, r.ceiling));
  REQUIRE(d.target_on == (r.next_day ? std::optional<LocalDate>(local + std::chrono::days{1}) : std::nullopt));
}

/// The trace is sound: clauses of the text, each once; notes that have a text; values of parameters.
void check_trace(const Decision& d) {
  REQUIRE(!d.clauses.empty());
  REQUIRE(std::set<std::string_view>(d.clauses.begin(), d.clauses.end()).size() == d.clauses.size());
  for (const auto id : d.clauses) REQUIRE(pack().clause(id));
  for (const auto id : d.notes) REQUIRE(pack().resolution(id));
  REQUIRE(!d.values.empty());
}

Facts plain_facts() {
  Facts f;
  f.applied_at = "2021-11-15T09:00:00+08:00";
  f.requested_kw = 8;
  return f;
}

std::string path_of(const Facts& f) {
  Decision d;
  const auto problem = pack().decide(f, working_days(), d);
  return problem ? problem->code + " " + problem->path : "decided";
}

bool has(const std::vector<std::string_view>& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

}  // namespace

TEST_CASE("100,000 random applications: the compiled pack agrees with a naive reading") {
  Dice dice(168);
  Decision decision;  // reused: what the one before left must not show
  int too_early = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Facts f = random_facts(dice);
    CAPTURE(boost::json::serialize(json::write(f)));
    const auto problem = pack().decide(f, working_days(), decision);
    if (Zone{}.date_of(*parse_instant(f.applied_at)) < *parse_date("2020-12-01")) {
      REQUIRE(problem);
      REQUIRE(problem->code == "policy.not_in_force");
      ++too_early;
      continue;
    }
    REQUIRE(!problem);
    compare(f, decision);
    check_trace(decision);
  }
  CHECK(too_early > 0);
}

TEST_CASE("what is no valid application, and where") {
  CHECK(path_of(plain_facts()) == "decided");
  auto f = plain_facts();
  f.applied_at = "2021-11-15 09:00";
  CHECK(path_of(f) == "policy.bad_facts /applied_at");
  f = plain_facts();
  f.requested_kw = -0.5;
  CHECK(path_of(f) == "policy.bad_facts /requested_kw");
  f.requested_kw = std::numeric_limits<double>::infinity();
  CHECK(path_of(f) == "policy.bad_facts /requested_kw");
  f = plain_facts();
  f.sources = 3;
  CHECK(path_of(f) == "policy.bad_facts /sources");
  f.sources = 0;
  CHECK(path_of(f) == "policy.bad_facts /sources");
  f = plain_facts();
  f.source_distance_m = -1;
  CHECK(path_of(f) == "policy.bad_facts /source_distance_m");
  f = plain_facts();
  f.customer = Customer::non_resident;
  CHECK(path_of(f) == "json.missing /enterprise");
  f.enterprise.emplace().connected_kva_at_address = -1;
  CHECK(path_of(f) == "policy.bad_facts /enterprise/connected_kva_at_address");
  f = plain_facts();
  f.works_needed = true;
  CHECK(path_of(f) == "json.missing /route");
  f = plain_facts();
  f.applied_at = "2020-12-01T00:59:59+09:00";
  CHECK(path_of(f) == "policy.not_in_force /applied_at");
  f.applied_at = "2020-11-30T16:00:00Z";
  CHECK(path_of(f) == "decided");
}

TEST_CASE("beyond the calendar a case is decided all the same; its dates are not known") {
  auto f = plain_facts();
  f.applied_at = "2026-12-31T09:00:00+08:00";
  Decision d;
  REQUIRE(!pack().decide(f, working_days(), d));
  CHECK(!d.due_on);
  CHECK(!d.ceiling_on);
  CHECK(d.target_on == parse_date("2027-01-01"));  // a calendar day needs no calendar
  const auto out = to_json(pack(), d);
  CHECK(out.at("due_on").is_null());
  CHECK(out.at("calendar") == "not_loaded");
}

TEST_CASE("the resolutions that a decision leans on") {
  auto f = plain_facts();
  Decision d;
  REQUIRE(!pack().decide(f, working_days(), d));
  CHECK(words(d.notes) == Words{"A10", "A12", "A35", "A39", "A41"});
  f.customer = Customer::non_resident;
  f.voltage = Voltage::kv10;
  f.sources = 2;
  f.new_installation = true;
  f.enterprise = Enterprise{true, true, false, Tariff::general_commercial, true, 0, true, Park::none, false};
  REQUIRE(!pack().decide(f, working_days(), d));
  CHECK(has(d.notes, "A36"));
  f.sources = 1;
  f.important = true;
  REQUIRE(!pack().decide(f, working_days(), d));
  CHECK(has(d.notes, "A36"));
  CHECK(has(d.notes, "A04"));
  f.important = false;
  f.new_installation = false;
  REQUIRE(!pack().decide(f, working_days(), d));
  CHECK(has(d.notes, "A09"));
  CHECK(!has(d.notes, "A36"));
}

TEST_CASE("values are those that were compared, with their units") {
  auto f = plain_facts();
  f.customer = Customer::non_resident;
  f.enterprise.emplace();
  Decision d;
  REQUIRE(!pack().decide(f, working_days(), d));
  const auto value = [&](std::string_view id) {
    for (const auto& used : d.values)
      if (used.parameter == id) return std::string(used.unit) + " " + std::to_string(static_cast<int>(used.value));
    return std::string("unused");
  };
  CHECK(value("four_zero_max_kw") == "kW 160");
  CHECK(value("four_zero_max_kva") == "unused");  // outside the urban planning area
  f.enterprise->in_urban_planning_area = true;
  REQUIRE(!pack().decide(f, working_days(), d));
  CHECK(value("four_zero_max_kva") == "kVA 160");
  CHECK(value("lv_no_works_energisation_wd") == "working_days 1");
}

TEST_CASE("names for pages, in both languages") {
  for (const char* id :
       {"lv_resident", "35kv_dual", "four_zero", "standard", "ordinary", "exempt", "none", "meter", "planning_red_line",
        "acceptance", "energisation", "identity", "business_licence", "completion_report_with_drawings",
        "source_beyond_200m", "connected_kva", "10kv", "customer_works"}) {
    CAPTURE(id);
    const auto name = pack().name_of(id);
    CHECK(name.zh != id);
    CHECK(!name.en.empty());
    CHECK(name.en != id);
  }
  CHECK(pack().areas().size() == 13);
  std::size_t townships = 0;
  for (const auto& area : pack().areas()) townships += area.townships.size();
  CHECK(townships == 159);
  CHECK(pack().hotlines().size() == 2);
  // 132 of the document, and four articles of the law that a person's rights rest on.
  CHECK(pack().clauses().size() == 136);
}

TEST_CASE("the pack's own situations come out as they say") {
  int count = 0;
  for (const auto& problem : check_situations(pack(), folder, working_days(), &count)) MESSAGE(problem);
  CHECK(check_situations(pack(), folder, working_days()).empty());
  CHECK(count > 30);
}
