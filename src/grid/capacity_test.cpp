// Open capacity against the plainest reading: put the load there, solve the whole network in every hour, halve until it fits.
#include "grid/capacity.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>

#include "grid/made_up_city.hpp"
#include "grid/radial_flow.hpp"

using namespace tongdian::grid;

namespace {

CityNetwork tiny_city(std::uint64_t seed) {
  CityPlan plan;
  plan.seed = seed;
  plan.areas = {{"370602", "芝罘", 121.4, 37.54, 4}};
  plan.substations = 2;
  plan.feeders = 2;
  plan.transformers = 3;
  auto city = made_up_city(plan);
  for (auto& curve : city.around.curves) curve.share.resize(20);  // hours
  return city;
}

Limits with_standards(const Network& network, const Circuit& circuit) {
  Limits limits = limits_of(network, circuit);
  for (Row n = 0; n < network.nodes.count(); ++n) limits.min_pu[n] = network.nodes.rated_kv[n] < 1 ? 0.9 : 0.93;
  return limits;
}

/// What the network is like in one hour with `more` at a node, by the sweep of the whole.
class Plain {
 public:
  Plain(const CityNetwork& city, const Limits& limits, double angle)
      : city_(city), limits_(limits), angle_(angle), circuit_(circuit_of(city.network)) {}

  void open_and_close(Row open, Row close) { circuit_.closed[open] = false, circuit_.closed[close] = true; }

  bool fits(int hour, Row node, double more, const std::vector<bool>& ignored) {
    DecisiveHour one{hour, {}};
    for (const auto& curve : city_.around.curves) one.share.push_back(curve.share[static_cast<std::size_t>(hour)]);
    auto power = power_in(city_.network, city_.around, one, angle_);
    for (std::size_t n = 0; n < power.size(); ++n) circuit_.power[n] = power[n];
    if (node != none) circuit_.power[node] += more * Complex(1, angle_);
    const auto forest = Forest::as_closed(circuit_);
    RadialFlow flow(circuit_);
    if (!forest || !flow.solve(*forest)) return false;
    for (Row n = 0; n < city_.network.nodes.count(); ++n) {
      if (forest->via(n) == none || ignored[n]) continue;
      if (std::abs(flow.voltage(n)) < limits_.min_pu[n]) return false;
      if (std::abs(flow.current(n)) > limits_.current[forest->via(n)]) return false;
    }
    substation_.assign(city_.around.substations.size(), 0.0);
    for (std::size_t s = 0; s < substation_.size(); ++s)
      for (const Row busbar : city_.around.substations[s].busbars)
        substation_[s] += flow.voltage(busbar) * std::conj(flow.current(busbar));
    return true;
  }
  [[nodiscard]] double carried(std::size_t s) const { return std::abs(substation_[s]); }

  double most(Row node, const std::vector<bool>& ignored, int hours, double at_most, int firm_of = -1,
              double firm = 0) {
    double low = 0, high = at_most;
    const auto good = [&](double x) {
      for (int h = 0; h < hours; ++h) {
        if (!fits(h, node, x, ignored)) return false;
        if (firm_of >= 0 && carried(static_cast<std::size_t>(firm_of)) > firm) return false;
      }
      return true;
    };
    if (good(high)) return high;
    if (!good(0)) return 0;
    while (high - low > 1e-5) (good((low + high) / 2) ? low : high) = (low + high) / 2;
    return low;
  }

 private:
  const CityNetwork& city_;
  const Limits& limits_;
  double angle_;
  Circuit circuit_;
  std::vector<Complex> substation_;
};

/// As much load as just keeps every limit, times a share.
CityNetwork loaded_city(std::uint64_t seed, double share) {
  auto city = tiny_city(seed);
  const auto times = [&](double factor) {
    for (auto& s : city.network.loads.s) s *= factor;
  };
  const std::vector<bool> nothing(static_cast<std::size_t>(city.network.nodes.count()));
  const auto fits = [&] {
    const auto circuit = circuit_of(city.network);
    const auto limits = with_standards(city.network, circuit);
    Plain plain(city, limits, 0);
    for (int h = 0; h < 20; ++h)
      if (!plain.fits(h, none, 0, nothing)) return false;
    return true;
  };
  for (times(10); !fits(); times(0.9)) {}
  times(share);
  return city;
}

}  // namespace

TEST_CASE("what may be added is what the whole network bears in every hour") {
  for (const bool heavy : {false, true})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const auto city = loaded_city(seed, heavy ? 0.95 : 0.3);
      const auto circuit = circuit_of(city.network);
      const auto limits = with_standards(city.network, circuit);
      CapacityRules rules;
      rules.slack = 0;
      rules.firm_share = heavy ? 1 : 0.05;
      const auto capacity = open_capacity(city.network, city.around, limits, rules);
      REQUIRE(capacity);
      const double most = rules.most_kw / 1000 / city.network.base_mva;
      const std::vector<bool> nothing(static_cast<std::size_t>(city.network.nodes.count()));
      Plain plain(city, limits, rules.angle);
      for (Row n = 0; n < city.network.nodes.count(); n += 5) {
        const auto& found = capacity->nodes[n];
        if (found.limit == Limit::n_minus_1) continue;
        CAPTURE(seed);
        CAPTURE(heavy);
        CAPTURE(city.network.nodes.id.shown(n));
        CAPTURE(static_cast<int>(found.limit));
        int station = -1;
        double firm = 0;
        for (std::size_t s = 0; s < city.around.substations.size(); ++s)
          if (city.network.nodes.id.shown(n).substr(0, 3) == city.around.substations[s].id) {
            station = static_cast<int>(s);
            firm = limits.current[city.around.substations[s].transformers.front()] * rules.firm_share;
          }
        if (city.network.nodes.rated_kv[n] > 100) continue;
        double wanted = plain.most(n, nothing, 20, most, station, firm);
        if (found.limit == Limit::firm) {  // its losses are worked out, not solved
          CHECK(found.power == doctest::Approx(wanted).epsilon(0.02).scale(0.05));
        } else if (found.n_minus_1 > wanted) {
          CHECK(found.power == doctest::Approx(wanted).epsilon(0.004).scale(0.05));
        }
      }
    }
}

TEST_CASE("with N-1 the addition still lets one tie carry the feeder") {
  int seen = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto city = loaded_city(seed, 0.4);
    const auto circuit = circuit_of(city.network);
    const auto limits = with_standards(city.network, circuit);
    CapacityRules rules;
    rules.slack = 0;
    const auto capacity = open_capacity(city.network, city.around, limits, rules);
    const std::vector<bool> nothing(static_cast<std::size_t>(city.network.nodes.count()));
    const auto row_of = [&](const std::string& id) {
      for (Row b = 0; b < city.network.branches.count(); ++b)
        if (city.network.branches.id.shown(b) == id) return b;
      return none;
    };
    for (Row n = 0; n < city.network.nodes.count(); n += 4) {
      const auto& found = capacity->nodes[n];
      if (found.limit != Limit::n_minus_1) continue;
      CAPTURE(seed);
      CAPTURE(city.network.nodes.id.shown(n));
      Plain plain(city, limits, rules.angle);
      plain.open_and_close(row_of(city.network.nodes.id.shown(n).substr(0, 7) + "-CB"), found.element);
      const double wanted = plain.most(n, nothing, 20, rules.most_kw / 1000 / city.network.base_mva);
      // Two hours are looked at, those of most load; another one may bind a little earlier.
      CHECK(found.power == doctest::Approx(wanted).epsilon(0.015).scale(0.05));
      ++seen;
    }
  }
  CHECK(seen > 5);
}

TEST_CASE("with other loads approved, what is worked out of the rest is the same to the digit") {
  const auto digits = [](const Capacity& c) {
    std::vector<std::string> out;
    for (const auto* list : {&c.nodes, &c.within})
      for (const auto& n : *list) {
        std::ostringstream one;
        one << std::hexfloat << n.power << ' ' << static_cast<int>(n.limit) << ' ' << n.element << ' ' << n.hour << ' '
            << n.firm << ' ' << n.n_minus_1;
        out.push_back(one.str());
      }
    return out;
  };
  std::mt19937 dice(20211115);
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    CityPlan plan;
    plan.seed = seed;
    plan.areas = {{"370602", "芝罘", 121.4, 37.54, 4}};
    plan.substations = 4;
    plan.feeders = 3;
    plan.transformers = 3;
    auto city = made_up_city(plan);
    for (auto& curve : city.around.curves) curve.share.resize(48);
    const auto circuit = circuit_of(city.network);
    const auto limits = with_standards(city.network, circuit);
    const CapacityRules rules;
    auto before = open_capacity(city.network, city.around, limits, rules).value();
    const auto table = city.around.approved;
    auto was = table;
    for (int change = 0; change < 6; ++change) {
      CAPTURE(seed);
      CAPTURE(change);
      auto& now = city.around.approved;
      now = table;
      if (change != 4)  // once nothing but the table
        for (int i = 0; i <= change; ++i)
          now.push_back({"TD-" + std::to_string(i),
                         static_cast<Row>(dice() % static_cast<unsigned>(city.network.nodes.count())),
                         double(10 + dice() % 900)});
      const auto whole = open_capacity(city.network, city.around, limits, rules).value();
      auto part = open_capacity(city.network, city.around, limits, rules, before, was).value();
      CHECK(digits(part) == digits(whole));
      CHECK(part.flows <= whole.flows);
      before = std::move(part);
      was = now;
    }
  }
}

TEST_CASE("a source whose loads have no solution leaves the feeders of the others their N-1") {
  CityPlan plan;
  plan.areas = {{"370602", "芝罘", 121.4, 37.54, 4}};
  plan.substations = 3;
  plan.feeders = 3;
  auto city = made_up_city(plan);
  for (auto& curve : city.around.curves) curve.share.resize(48);
  const auto limits = with_standards(city.network, circuit_of(city.network));
  const auto whole = open_capacity(city.network, city.around, limits, {}).value();
  const auto of_first = [&](Row node) { return city.network.nodes.id.shown(node).starts_with("S01"); };
  auto& loads = city.network.loads;
  for (Row l = 0; l < loads.count(); ++l)
    if (of_first(loads.node[l])) loads.s[l] *= 1e4;
  const auto broken = open_capacity(city.network, city.around, limits, {}).value();
  int held = 0;
  for (Row n = 0; n < city.network.nodes.count(); ++n) {
    if (of_first(n)) continue;
    CAPTURE(city.network.nodes.id.shown(n));
    // What a tie to the broken source carried is lost with it (a feeder that no tie could carry has no N-1 to keep); nothing else
    // is. Both are searched to a kilowatt.
    const double was = whole.nodes[n].n_minus_1, now = broken.nodes[n].n_minus_1;
    CHECK((std::isinf(now) || now <= was + 0.002 / city.network.base_mva));
    held += std::isfinite(was) && std::abs(now - was) < 0.002 / city.network.base_mva;
  }
  CHECK(held > 50);
}

TEST_CASE("hours that another dominates decide nothing") {
  const auto city = tiny_city(9);
  const auto kept = decisive_hours(city.network, city.around, 0);
  CHECK(kept.size() < 20);
  const auto& curves = city.around.curves;
  for (int h = 0; h < 20; ++h) {
    bool covered = false;
    for (const auto& k : kept) {
      bool all = true;
      for (std::size_t c = 0; c < curves.size(); ++c) {
        if (std::ranges::find(city.around.load_curve, static_cast<std::uint8_t>(c)) == city.around.load_curve.end())
          continue;
        const float mine = curves[c].share[static_cast<std::size_t>(h)];
        all = all && (curves[c].name == "sun" ? mine >= k.share[c] : mine <= k.share[c]);
      }
      covered = covered || all;
    }
    CHECK(covered);
  }
}
