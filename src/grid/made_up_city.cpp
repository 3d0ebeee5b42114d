#include "grid/made_up_city.hpp"

#include <cmath>
#include <numbers>
#include <random>

namespace tongdian::grid {
namespace {

constexpr double base_mva = 10;
constexpr int hours = 8760;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  double between(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;  // the same on every platform
  }
  int below(int n) { return static_cast<int>(between(0, n)); }
  bool chance(double share) { return between(0, 1) < share; }

 private:
  std::mt19937_64 engine_;
};

enum Use : std::uint8_t { home, shop, factory, farm, charging, sun };

struct Kind {  // of a conductor: ohms a kilometre and what it may carry at 10 kV or 0.4 kV
  double r, x, mva;
};
constexpr Kind trunk_cable{0.078, 0.084, 8.0};
constexpr Kind trunk_line{0.132, 0.325, 6.9};
constexpr Kind lateral{0.27, 0.335, 3.9};
constexpr Kind low_voltage{0.253, 0.076, 0.17};

std::string two(int n) { return (n < 10 ? "0" : "") + std::to_string(n); }

class Builder {
 public:
  explicit Builder(const CityPlan& plan) : plan_(plan), dice_(plan.seed) {}

  CityNetwork build() {
    city_.network.name = "made-up city (演示，虚构)";
    city_.network.base_mva = base_mva;
    city_.network.as_of = "2021-10-01";
    for (int s = 0; s < plan_.substations; ++s) substation(s);
    join_feeders();
    curves();
    promises_and_faults();
    city_.network.shrink();
    return std::move(city_);
  }

 private:
  struct Feeder {
    int substation;
    Row last;
    std::string id;
  };

  Row node(const std::string& id, double kv, NodeKind kind, double east_km, double north_km) {
    auto& nodes = city_.network.nodes;
    const Row row = city_.network.add_node(std::string_view(id), kv, kind);
    nodes.longitude.push_back(longitude_ + east_km / (111.32 * std::cos(latitude_ * std::numbers::pi / 180)));
    nodes.latitude.push_back(latitude_ + north_km / 110.57);
    city_.around.customers.push_back(0);
    return row;
  }
  Row branch(const std::string& id, Row from, Row to, BranchKind kind, const Kind& of, double km) {
    const double kv = city_.network.nodes.rated_kv[from], ohms = kv * kv / base_mva;
    const Row row =
        city_.network.add_branch(std::string_view(id), from, to, kind, std::complex<double>(of.r, of.x) * (km / ohms));
    city_.network.branches.rate_mva[row] = static_cast<float>(of.mva);
    return row;
  }
  Row switched(const std::string& id, Row from, Row to, BranchKind kind) {
    return city_.network.add_branch(std::string_view(id), from, to, kind, 0.0);
  }
  void load(const std::string& id, Row at, double kw, double factor, Use use, int customers) {
    const double kvar = kw * std::tan(std::acos(factor));
    city_.network.add_load(std::string_view(id), at, std::complex<double>(kw, kvar) / 1000.0 / base_mva);
    city_.around.load_curve.push_back(use);
    city_.around.customers[at] += customers;
  }

  void substation(int s) {
    const auto& area = plan_.areas[static_cast<std::size_t>(s) % plan_.areas.size()];
    const double angle = dice_.between(0, 2 * std::numbers::pi),
                 distance = area.spread_km * std::sqrt(dice_.between(0, 1));
    // The first of each area stands in its middle.
    const double far = s < static_cast<int>(plan_.areas.size()) ? 0 : distance;
    longitude_ = area.longitude;
    latitude_ = area.latitude;
    centre_east_ = far * std::cos(angle);
    centre_north_ = far * std::sin(angle);
    town_ = distance < area.spread_km * 0.7;
    const std::string id = "S" + two(s + 1);
    const double mva = town_ ? 50 : 31.5;
    const Row high = node(id + "-110", 110, NodeKind::busbar, centre_east_, centre_north_);
    city_.network.add_source(std::string_view(id), high, 1.03);
    Substation station{
        id,
        "示例" + area.name + std::to_string(s / static_cast<int>(plan_.areas.size()) + 1) + "号变电站（虚构）",
        area.id,
        city_.network.nodes.longitude[high],
        city_.network.nodes.latitude[high],
        {},
        {}};
    Row bars[2];
    for (int t = 0; t < 2; ++t) {
      bars[t] = node(id + "-B" + std::to_string(t + 1), 10, NodeKind::busbar, centre_east_, centre_north_);
      const Row row =
          city_.network.add_branch(std::string_view(id + "-T" + std::to_string(t + 1)), high, bars[t],
                                   BranchKind::transformer, std::complex<double>(0.004, 0.105) * (base_mva / mva));
      city_.network.branches.rate_mva[row] = static_cast<float>(mva);
      station.transformers.push_back(row);
      station.busbars.push_back(bars[t]);
    }
    city_.network.branches.close(switched(id + "-BT", bars[0], bars[1], BranchKind::tie), false);
    city_.around.substations.push_back(std::move(station));
    for (int f = 0; f < plan_.feeders; ++f) feeder(s, f, bars[f % 2]);
  }

  void feeder(int s, int f, Row bar) {
    const std::string id = "S" + two(s + 1) + "-F" + two(f + 1);
    const double angle = 2 * std::numbers::pi * (f + dice_.between(0, 0.6)) / plan_.feeders;
    const bool cable = town_ && dice_.chance(0.8);
    const double step = cable ? dice_.between(0.18, 0.35) : dice_.between(0.4, 0.9);
    const Use main = cable ? (dice_.chance(0.5)   ? home
                              : dice_.chance(0.6) ? shop
                                                  : factory)
                           : (dice_.chance(0.6) ? farm : factory);
    Row at = node(id, 10, NodeKind::junction, centre_east_, centre_north_);
    switched(id + "-CB", bar, at, BranchKind::breaker);
    const int sections = 12;
    int made = 0;
    for (int k = 1; k <= sections; ++k) {
      const double far = step * k, bend = angle + 0.15 * std::sin(k);
      const double east = centre_east_ + far * std::cos(bend), north = centre_north_ + far * std::sin(bend);
      if (k % 3 == 1 && k > 1) {
        const Row behind = node(id + "-W" + std::to_string(k), 10, NodeKind::junction, east, north);
        switched(id + "-LS" + std::to_string(k), at, behind, BranchKind::load_switch);
        at = behind;
      }
      const Row next = node(id + "-P" + two(k), 10, NodeKind::junction, east, north);
      branch(id + "-L" + two(k), at, next, cable ? BranchKind::cable : BranchKind::line,
             cable ? trunk_cable : trunk_line, step * 1.15);
      at = next;
      for (; made < plan_.transformers * k / sections; ++made)
        customer_side(id, made + 1, at, east, north, cable, main);
    }
    feeders_.push_back({s, at, id});
  }

  void customer_side(const std::string& feeder, int n, Row at, double east, double north, bool cable, Use main) {
    const std::string id = feeder + "-D" + two(n);
    const double turn = dice_.between(0, 2 * std::numbers::pi),
                 far = cable ? dice_.between(0.02, 0.2) : dice_.between(0.1, 0.8);
    const double e = east + far * std::cos(turn), o = north + far * std::sin(turn);
    const Row tap = node(id, 10, NodeKind::junction, e, o);
    branch(id + "-L", at, tap, cable ? BranchKind::cable : BranchKind::line, lateral, far * 1.2);
    const Use use = dice_.chance(0.7) ? main : dice_.chance(0.7) ? home : shop;
    if (n % 12 == 5) {  // a customer at 10 kV
      city_.network.nodes.kind[tap] = NodeKind::customer;
      load(id + "-C", tap, dice_.between(100, 500), 0.92, dice_.chance(0.2) ? charging : factory, 1);
      return;
    }
    constexpr int sizes[] = {200, 315, 400, 630};
    const int kva = sizes[dice_.below(4)];
    const Row low = node(id + "-LV", 0.4, NodeKind::junction, e, o);
    // Off-nominal by one step, as distribution transformers stand.
    const Row row =
        city_.network.add_branch(std::string_view(id + "-T"), tap, low, BranchKind::distribution_transformer,
                                 std::complex<double>(0.011, 0.0385) * (base_mva * 1000 / kva), 0.0, 0.975);
    city_.network.branches.rate_mva[row] = static_cast<float>(kva) / 1000;
    const double kw = kva * dice_.between(0.12, 0.5);
    Row from = low;
    for (int k = 0; k < 4; ++k) {
      if (k == 2) from = low;  // two lines of two sections
      const double out = 0.04 + 0.05 * (k % 2);
      const Row end =
          node(id + "-N" + std::to_string(k + 1), 0.4, NodeKind::customer, e + (k < 2 ? out : -out), o + 0.02 * k);
      branch(id + "-LL" + std::to_string(k + 1), from, end, BranchKind::low_voltage_line, low_voltage,
             dice_.between(0.04, 0.12));
      load(id + "-C" + std::to_string(k + 1), end, kw / 4, 0.95, use, 1 + dice_.below(2 * plan_.customers / 4));
      if (k == 3 && dice_.chance(0.05)) load(id + "-PV", end, -kva * dice_.between(0.03, 0.1), 1, sun, 0);
      from = end;
    }
  }

  /// Ends of feeders meet: within a substation across its busbars, and between one substation and the next.
  void join_feeders() {
    const auto count = feeders_.size();
    for (std::size_t i = 0; i + 1 < count; ++i) {
      const auto &a = feeders_[i], &b = feeders_[i + 1];
      if (a.substation == b.substation && i % 2 == 1 && !dice_.chance(0.3)) continue;
      const Row row =
          branch("K-" + a.id + "-" + b.id, a.last, b.last, BranchKind::tie, trunk_cable, dice_.between(0.3, 0.9));
      city_.network.branches.close(row, false);
    }
  }

  void curves() {
    constexpr const char* names[] = {"home", "shop", "factory", "farm", "charging", "sun"};
    for (const char* name : names) city_.around.curves.push_back({name, std::vector<float>(hours)});
    const auto bump = [](double hour, double at, double width) {
      const double d = (hour - at) / width;
      return std::exp(-d * d);
    };
    for (int h = 0; h < hours; ++h) {
      const double day = h / 24 + 0.5, hour = h % 24 + 0.5;
      const bool weekend = (h / 24) % 7 >= 5;
      const double summer = bump(day, 205, 38), winter = bump(day, 15, 40) + bump(day, 380, 40),
                   noise = dice_.between(0.96, 1);
      const auto set = [&](Use use, double share) {
        city_.around.curves[use].share[h] = static_cast<float>(std::min(1.0, std::max(0.0, share)));
      };
      set(home, noise * (0.22 + 0.28 * bump(hour, 12, 2) + 0.45 * bump(hour, 20, 2.6)) *
                    (0.68 + 0.35 * summer + 0.22 * winter));
      set(shop,
          noise * (0.15 + 0.75 * bump(hour, 14, 5)) * (0.7 + 0.32 * summer + 0.12 * winter) * (weekend ? 1.05 : 1));
      set(factory, noise * (0.45 + 0.5 * bump(hour, 10, 3) + 0.45 * bump(hour, 15.5, 3)) * (weekend ? 0.6 : 1));
      set(farm, noise * (0.12 + 0.3 * bump(hour, 19, 3) + 0.62 * bump(hour, 8, 4) * bump(day, 160, 25)));
      set(charging, noise * (0.25 + 0.6 * bump(hour, 0.5, 3) + 0.5 * bump(hour, 22.5, 2)));
      set(sun, noise * bump(hour, 12.3, 2.8) * (0.6 + 0.4 * bump(day, 172, 80)));
    }
  }

  void promises_and_faults() {
    auto& around = city_.around;
    around.faults.assign(static_cast<std::size_t>(city_.network.branches.count()), 0);
    for (const auto& feeder : feeders_)
      if (dice_.chance(0.3))
        around.approved.push_back({"A-" + feeder.id, feeder.last, std::round(dice_.between(80, 800))});
    for (Row b = 0; b < city_.network.branches.count(); ++b) {
      const auto kind = city_.network.branches.kind[b];
      if (kind == BranchKind::line && dice_.chance(0.02))
        around.faults[b] = static_cast<std::uint16_t>(1 + dice_.below(4));
      if (kind == BranchKind::cable && dice_.chance(0.004)) around.faults[b] = 1;
    }
  }

  const CityPlan& plan_;
  Dice dice_;
  CityNetwork city_;
  std::vector<Feeder> feeders_;
  double longitude_ = 0, latitude_ = 0, centre_east_ = 0, centre_north_ = 0;
  bool town_ = false;
};

}  // namespace

namespace {

CityPlan on_the_areas() {
  CityPlan plan;
  plan.areas = {{"370602", "芝罘", 121.40, 37.54, 5},  {"370611", "福山", 121.27, 37.50, 9},
                {"370612", "牟平", 121.60, 37.39, 12}, {"370613", "莱山", 121.45, 37.51, 7},
                {"370614", "蓬莱", 120.76, 37.81, 12}, {"370681", "龙口", 120.48, 37.64, 12},
                {"370682", "莱阳", 120.71, 36.98, 14}, {"370683", "莱州", 119.94, 37.18, 14},
                {"370685", "招远", 120.43, 37.36, 12}, {"370686", "栖霞", 120.85, 37.34, 14},
                {"370687", "海阳", 121.17, 36.69, 13}};
  return plan;
}

}  // namespace

CityPlan whole_city() {
  CityPlan plan = on_the_areas();
  plan.transformers = 33;
  plan.customers = 37;
  return plan;
}

CityPlan small_city() {
  CityPlan plan = on_the_areas();
  plan.substations = 6;
  plan.feeders = 2;
  return plan;
}

CityNetwork made_up_city(const CityPlan& plan) { return Builder(plan).build(); }

}  // namespace tongdian::grid
