// Connection points against the whole network solved with the load in place, in every hour.
#include "grid/connect.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "grid/made_up_city.hpp"
#include "grid/radial_flow.hpp"
#include "grid/read_csv.hpp"
#include "grid/standards_for_tests.hpp"
#include "grid/weak_spots.hpp"

using namespace tongdian::grid;

namespace {

CityNetwork tiny_city(double load) {
  CityPlan plan;
  plan.areas = {{"370602", "芝罘", 121.4, 37.54, 1}, {"370611", "福山", 121.41, 37.545, 1}};
  plan.substations = 2;
  plan.feeders = 4;
  plan.transformers = 6;
  auto city = made_up_city(plan);
  for (auto& curve : city.around.curves) curve.share.resize(24);
  for (auto& s : city.network.loads.s) s *= load;
  return city;
}

/// Whether the network with the load at the node, or another feeder of it, keeps every limit on its feeder.
bool fits(const CityNetwork& city, const Limits& limits, Row node, double kw, double angle) {
  Circuit circuit = circuit_of(city.network);
  const auto forest = Forest::as_closed(circuit);
  for (int h = 0; h < 24; ++h) {
    DecisiveHour hour{h, {}};
    for (const auto& curve : city.around.curves) hour.share.push_back(curve.share[static_cast<std::size_t>(h)]);
    const auto power = power_in(city.network, city.around, hour, angle);
    std::copy(power.begin(), power.end(), circuit.power.begin());
    RadialFlow before(circuit);
    REQUIRE(before.solve(*forest));
    circuit.power[node] += Complex(1, angle) * (kw / 1000 / city.network.base_mva);
    RadialFlow after(circuit);
    if (!after.solve(*forest)) return false;
    for (Row n = 0; n < city.network.nodes.count(); ++n) {
      if (forest->via(n) == none) continue;
      const double limit = limits.current[forest->via(n)];
      if (std::abs(after.voltage(n)) < limits.min_pu[n] && std::abs(before.voltage(n)) >= limits.min_pu[n])
        return false;
      if (std::abs(after.current(n)) > limit && std::abs(before.current(n)) <= limit) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("a candidate fits where the whole network does, and says which limit it breaks where not") {
  const auto city = tiny_city(1.0);
  const auto numbers = standards();
  const ConnectPoints points(city.network, city.around, numbers);
  REQUIRE(points.ok());
  int fitting = 0, rejected = 0;
  for (const double kw : {50.0, 400.0, 2500.0, 6000.0})
    for (const bool low : {false, true}) {
      const auto answer = points.ask({121.402, 37.541, kw, low ? Level::low : Level::middle});
      CHECK_FALSE(answer.candidates.empty());
      for (const auto& c : answer.candidates) {
        CAPTURE(kw);
        CAPTURE(city.network.nodes.id.shown(c.node));
        CHECK((city.network.nodes.rated_kv[c.node] < 1) == low);
        CHECK(c.route_m == doctest::Approx(c.straight_m * 1.3));
        const bool plain = fits(city, points.limits(), c.node, kw, numbers.angle());
        if (c.fits) {
          CHECK(plain);
        } else if (plain) {
          CHECK(c.broken == Limit::undervoltage);  // the new line's own fall of voltage
          CHECK(c.element == c.node);
        }
        ++(c.fits ? fitting : rejected);
      }
      CHECK(std::is_partitioned(answer.candidates.begin(), answer.candidates.end(),
                                [](const Candidate& c) { return c.fits; }));
      const bool any = answer.candidates.front().fits;
      CHECK(answer.cures.empty() == any);
      CHECK(answer.micro_beyond_capacity == (!any && kw <= 160));
    }
  CHECK(fitting > 20);
  CHECK(rejected > 20);
}

TEST_CASE("the new line carries what it carries: more asks for a thicker one, whatever the busbar could give") {
  const auto city = tiny_city(0.2);
  const auto numbers = standards();
  const ConnectPoints points(city.network, city.around, numbers);
  const auto& station = city.around.substations.front();
  // 400 A at 10 kV and a power factor of 0.9: 6,235 kW.
  for (const double kw : {6200.0, 6300.0}) {
    const auto answer = points.ask({station.longitude, station.latitude, kw});
    const auto busbar = std::ranges::find(answer.candidates, false, &Candidate::public_line);
    REQUIRE(busbar != answer.candidates.end());
    const bool by_its_line = busbar->broken == Limit::overload && busbar->element == none;
    CHECK(by_its_line == (kw > 6235));
    CHECK(busbar->fits == !by_its_line);
  }
}

TEST_CASE("two sources come from two busbars, an important customer's from two substations") {
  const auto city = tiny_city(0.5);
  const auto numbers = standards();
  const ConnectPoints points(city.network, city.around, numbers);
  for (const bool important : {false, true}) {
    ConnectQuestion question{121.405, 37.5425, 300};
    question.sources = 2;
    question.important = important;
    const auto answer = points.ask(question);
    CHECK_FALSE(answer.pairs.empty());
    for (const auto& [a, b] : answer.pairs) {
      CHECK(answer.candidates[a].fits);
      CHECK(answer.candidates[b].fits);
      CHECK(answer.candidates[a].busbar != answer.candidates[b].busbar);
      if (important) CHECK(answer.candidates[a].substation != answer.candidates[b].substation);
    }
  }
}

TEST_CASE("a busbar is of the substation that names it, also where the network begins at it") {
  // Two lines that meet in the middle, each on a busbar of its own; no transformer says whose they are.
  const std::map<std::string, std::string> tables{
      {"nodes.csv",
       "id,rated_kv,kind,longitude,latitude\nwest,10,busbar,121.40,37.50\neast,10,busbar,121.44,37.50\n"
       "pole w,10,junction,121.419,37.50\npole e,10,junction,121.421,37.50\n"},
      {"lines.csv",
       "id,from,to,length_km,r_ohm_per_km,x_ohm_per_km,rated_a\nW,west,pole w,2,0.2,0.3,300\nE,east,pole e,2,0.2,0.3,300\n"}};
  struct Case {
    const char *situation, *impedance;
    std::vector<const char*> stations;  // of west and of east, as many as are named
    bool important, served;
  };
  const Case cases[] = {
      {"two substations, sources with impedance", ",200,0.1", {"west", "east"}, true, true},
      {"two substations, ideal sources", ",,", {"west", "east"}, true, true},
      {"one substation for both", ",200,0.1", {"west", "west"}, true, false},
      {"whose the second is, nobody says", ",200,0.1", {"west"}, true, false},
      {"two busbars are enough for who is not important", ",200,0.1", {}, false, true},
  };
  for (const auto& one : cases) {
    INFO(std::string(one.situation));
    auto all = tables;
    all["sources.csv"] =
        "id,node,u_pu,sk_mva,rx_ratio\nA,west,1" + std::string(one.impedance) + "\nB,east,1" + one.impedance + "\n";
    const auto network = read_csv(all, false).value();
    Surroundings around;
    for (std::size_t k = 0; k < one.stations.size(); ++k) {
      auto at = std::ranges::find(around.substations, one.stations[k], &Substation::id);
      if (at == around.substations.end())
        at = around.substations.insert(at, Substation{one.stations[k], one.stations[k], "", 0, 0, {}, {}});
      at->busbars.push_back(static_cast<Row>(k));
    }
    const auto numbers = standards();
    ConnectQuestion question{121.42, 37.501, 100};
    question.sources = 2;
    question.important = one.important;
    const auto answer = ConnectPoints(network, around, numbers).ask(question);
    REQUIRE_FALSE(answer.candidates.empty());
    CHECK(answer.candidates.front().fits);
    CHECK(answer.pairs.empty() != one.served);
    CHECK(answer.cures.empty() == one.served);
    CHECK_FALSE(answer.micro_beyond_capacity);  // its load fits: a second way is missing, not capacity
  }
}

TEST_CASE("the cost is split at the investment boundary") {
  const auto city = tiny_city(0.5);
  const auto numbers = standards();
  const ConnectPoints points(city.network, city.around, numbers);
  ConnectQuestion question{121.402, 37.541, 100};
  question.to_red_line_m = 20;
  question.boundary = Boundary::meter;
  const auto meter = points.ask(question).candidates.front();
  CHECK(meter.cost_user == 0);
  question.boundary = Boundary::red_line;
  const auto red = points.ask(question).candidates.front();
  CHECK(red.cost_user == doctest::Approx(std::min(20.0, red.route_m) / 1000 * 900'000));
  CHECK(red.cost_user + red.cost_utility == doctest::Approx(meter.cost_utility));
  question.boundary = Boundary::ownership_point;
  CHECK(points.ask(question).candidates.front().cost_utility == 0);
}

TEST_CASE("each voltage is asked for its own lines") {
  // 35 kV from a substation along one line, off which a village of 10 kV hangs; nothing below.
  const std::map<std::string, std::string> tables{
      {"network.csv", "name,base_mva\nvillage,10\n"},
      {"nodes.csv",
       "id,rated_kv,kind,longitude,latitude\nbar 110,110,busbar,121.40,37.50\nbar 35,35,busbar,121.40,37.50\npole 35,35,junction,121.44,37.50\n"
       "bar 10,10,busbar,121.44,37.501\npole 10,10,junction,121.45,37.501\n"},
      {"sources.csv", "id,node,u_pu\ngrid,bar 110,1\n"},
      {"lines.csv",
       "id,from,to,length_km,r_ohm_per_km,x_ohm_per_km,rated_a\nL1,bar 35,pole 35,4,0.13,0.39,200\nL2,bar 10,pole 10,1,0.2,0.35,200\n"},
      {"transformers.csv",
       "id,from,to,rated_kva,uk_percent,vector_group,pk_kw\nT0,bar 110,bar 35,40000,10.5,YNd11,180\nT1,pole 35,bar 10,5000,7,Yd11,30\n"},
      {"loads.csv", "id,node,p_kw,q_kvar\nA,pole 10,500,100\n"}};
  const auto network = read_csv(tables, false).value();
  const Surroundings around;
  const auto numbers = standards();
  const ConnectPoints points(network, around, numbers);
  REQUIRE(points.ok());
  struct Row {
    const char* situation;
    Level level;
    double kw;
    const char* best;  // "" where nothing fits
  };
  const Row rows[] = {
      {"a works of 8 MW by 35 kV", Level::high, 8'000, "pole 35"},
      {"more than the 200 A of its line carry: a line of its own", Level::high, 14'000, "bar 35"},
      {"a workshop by 10 kV", Level::middle, 800, "pole 10"},
      {"more than the village's transformer carries", Level::middle, 6'000, ""},
  };
  for (const auto& row : rows) {
    INFO(std::string(row.situation));
    CHECK(points.has(row.level));
    ConnectQuestion question{121.442, 37.502, row.kw};
    question.level = row.level;
    const auto answer = points.ask(question);
    REQUIRE_FALSE(answer.candidates.empty());
    const auto& first = answer.candidates.front();
    CAPTURE(static_cast<int>(first.broken));
    CAPTURE(first.value);
    CHECK((first.fits ? network.nodes.id.shown(first.node) : "") == std::string(row.best));
    for (const auto& each : answer.candidates) CHECK(level_of(network.nodes.rated_kv[each.node]) == row.level);
  }
  CHECK_FALSE(points.has(Level::low));
  CHECK_FALSE(level_of(110));
  for (const auto level : {Level::low, Level::middle, Level::high}) CHECK(level_named(name_of(level)) == level);
}

TEST_CASE("far from every line it is outside the planned grid") {
  const auto city = tiny_city(0.5);
  const auto numbers = standards();
  const auto answer = ConnectPoints(city.network, city.around, numbers).ask({120.0, 36.9, 100});
  CHECK(answer.candidates.empty());
  CHECK(answer.outside_planned_grid);
  CHECK_FALSE(answer.cures.empty());
}

TEST_CASE("weak spots are what the hours show, ranked by customers") {
  auto city = tiny_city(4.0);
  city.around.faults.assign(city.around.faults.size(), 0);
  city.around.faults[7] = 5;
  const auto circuit = circuit_of(city.network);
  const auto limits = limits_of(city.network, circuit, standards());
  const auto spots = weak_spots(city.network, city.around, limits);
  CHECK(std::is_sorted(spots.begin(), spots.end(),
                       [](const auto& a, const auto& b) { return a.customers > b.customers; }));
  CHECK(std::ranges::count(spots, 7, [](const WeakSpot& s) {
          return s.kind == WeakSpot::Kind::repeated_faults ? s.element : none;
        }) == 1);
  // Overloads, hour by hour, by the sweep of the whole.
  std::vector<int> hours(circuit.from.size());
  const auto forest = Forest::as_closed(circuit);
  for (int h = 0; h < 24; ++h) {
    DecisiveHour hour{h, {}};
    for (const auto& curve : city.around.curves) hour.share.push_back(curve.share[static_cast<std::size_t>(h)]);
    Circuit now = circuit;
    const auto power = power_in(city.network, city.around, hour, 0);
    std::copy(power.begin(), power.end(), now.power.begin());
    RadialFlow flow(now);
    if (!flow.solve(*forest)) continue;
    for (Row n = 0; n < circuit.nodes(); ++n)
      if (const Row b = forest->via(n); b != none) hours[b] += std::abs(flow.current(n)) > limits.current[b];
  }
  for (const auto& spot : spots)
    if (spot.kind == WeakSpot::Kind::overload) {
      CHECK(spot.hours == hours[spot.element]);
      hours[spot.element] = 0;
    }
  CHECK(std::ranges::count_if(hours, [](int h) { return h > 0; }) == 0);
}

TEST_CASE("a standard without its source is refused, with the line") {
  const auto bad = Standards::read("id,value,unit,source\nfirm_share,1,,\n", "grid.csv");
  REQUIRE(bad.has_error());
  CHECK(bad.error().code == "grid.bad_standards");
  CHECK(bad.error().path == "grid.csv:2");
  CHECK(Standards::read("id,value,unit,source\na,x,,s\n", "f").has_error());
  CHECK(Standards::read("id,value,unit,source\na,1,,s\na,2,,s\n", "f").has_error());
}

TEST_CASE("with roads the route is along them, and what only they make far is out of reach") {
  CityPlan plan = small_city();
  plan.substations = 2;
  plan.transformers = 3;
  auto city = made_up_city(plan);
  for (auto& curve : city.around.curves) curve.share.resize(24);
  const auto numbers = standards();
  const ConnectQuestion question{city.network.nodes.longitude[30] + 0.001, city.network.nodes.latitude[30], 50};
  const auto straight = ConnectPoints(city.network, city.around, numbers).ask(question);
  REQUIRE(!straight.candidates.empty());
  for (const auto& c : straight.candidates) CHECK_FALSE(c.by_road);
  // A road from the place to one candidate by a detour of some 200 m, and one that leads nowhere near.
  const auto& goal = straight.candidates.back();
  const double longitude = city.network.nodes.longitude[goal.node], latitude = city.network.nodes.latitude[goal.node];
  city.around.roads = {{"detour",
                        {{question.longitude, question.latitude},
                         {question.longitude, question.latitude + 0.001},
                         {longitude, latitude + 0.001},
                         {longitude, latitude}}}};
  const auto by_road = ConnectPoints(city.network, city.around, numbers).ask(question);
  const auto found = std::find_if(by_road.candidates.begin(), by_road.candidates.end(),
                                  [&](const Candidate& c) { return c.node == goal.node; });
  REQUIRE(found != by_road.candidates.end());
  CHECK(found->by_road);
  CHECK(found->route_m > found->straight_m);
  CHECK(found->route_m < found->straight_m + 2 * 0.002 * 111'000);
  // Round the whole district: nothing is near any more.
  city.around.roads = {{"round",
                        {{question.longitude, question.latitude},
                         {question.longitude, question.latitude + 1},
                         {longitude + 0.0001, latitude + 1},
                         {longitude + 0.0001, latitude}}}};
  const auto far = ConnectPoints(city.network, city.around, numbers).ask(question);
  CHECK(std::none_of(far.candidates.begin(), far.candidates.end(),
                     [&](const Candidate& c) { return c.by_road && c.node == goal.node; }));
}
