#include "grid/connect.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/geometry.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>

#include "grid/levels.hpp"
#include "grid/part_hours.hpp"
#include "grid/roads.hpp"

namespace tongdian::grid {
namespace {

namespace bg = boost::geometry;
using Point = bg::model::point<double, 2, bg::cs::cartesian>;
using Entry = std::pair<Point, Row>;
using Tree = bg::index::rtree<Entry, bg::index::quadratic<16>>;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr unsigned nearest_lines = 24, nearest_busbars = 4;

/// Metres east and north of the network's middle: exact enough over a city.
class Plane {
 public:
  explicit Plane(const Nodes& nodes) {
    double sum = 0;
    int count = 0;
    for (const double latitude : nodes.latitude)
      if (std::isfinite(latitude)) sum += latitude, ++count;
    latitude_ = count ? sum / count : 0;
    east_ = 111320 * std::cos(latitude_ * std::numbers::pi / 180);
  }
  [[nodiscard]] Point at(double longitude, double latitude) const {
    return {longitude * east_, (latitude - latitude_) * 110570};
  }

 private:
  double latitude_ = 0, east_ = 1;
};

}  // namespace

struct ConnectPoints::City {
  const Network& network;
  const Surroundings& around;
  const Standards& standards;
  Circuit circuit;
  std::optional<Forest> forest;
  Limits limits;
  Plane plane;
  std::array<Tree, 3> lines, busbars;  // by level
  std::vector<DecisiveHour> hours;
  PowerByCurve power;
  std::vector<Part> parts;
  std::vector<std::vector<std::size_t>> part_hours;
  std::vector<Row> part_of, limb_of, substation_of;
  std::atomic<const Capacity*> capacity = nullptr;  // is set while questions are answered
  bool with_current_loads = false;
  std::shared_ptr<const Roads> roads;  // none of what is approved changes them
  std::vector<Roads::Foot> foot_of;    // by node, where there are roads

  City(const Network& n, const Surroundings& a, const Standards& s)
      : network(n),
        around(a),
        standards(s),
        circuit(circuit_of(n)),
        forest(Forest::of_the_fed(circuit)),
        limits(limits_of(n, circuit, s)),
        plane(n.nodes),
        power(n, a, s.angle()) {
    if (!forest || n.nodes.longitude.empty()) return;
    hours = decisive_hours(n, a);
    parts = parts_of(n, circuit, *forest, limits);
    part_of = limb_of = substation_of = std::vector<Row>(static_cast<std::size_t>(circuit.nodes()), none);
    std::vector<Row> station(circuit.from.size(), none);
    for (std::size_t k = 0; k < a.substations.size(); ++k) {
      for (const Row t : a.substations[k].transformers) station[t] = static_cast<Row>(k);
      for (const Row bar : a.substations[k].busbars) substation_of[bar] = static_cast<Row>(k);
    }
    for (std::size_t p = 0; p < parts.size(); ++p) {
      part_hours.push_back(hours_that_bind(parts[p], power, hours));
      for (std::size_t i = 1; i < parts[p].node.size(); ++i) {
        const Row node = parts[p].node[i], by = station[parts[p].via[i]];
        part_of[node] = static_cast<Row>(p);
        limb_of[node] = static_cast<Row>(i);
        if (Row& own = substation_of[node]; own == none)
          own = by != none ? by : substation_of[parts[p].node[parts[p].limbs[i].parent]];
      }
    }
    flows.resize(parts.size());
    flows_known = std::make_unique<std::once_flag[]>(parts.size());
    for (const auto& c : circuit.current) with_current_loads = with_current_loads || c != 0.0;
    index();
    if (!a.roads.empty()) lay_roads();
  }

  City(const City& before, const Surroundings& a)
      : network(before.network),
        around(a),
        standards(before.standards),
        circuit(before.circuit),
        forest(before.forest),
        limits(before.limits),
        plane(before.plane),
        lines(before.lines),
        busbars(before.busbars),
        hours(before.hours),
        power(network, a, standards.angle()),
        parts(before.parts),
        part_hours(before.part_hours),
        part_of(before.part_of),
        limb_of(before.limb_of),
        substation_of(before.substation_of),
        with_current_loads(before.with_current_loads),
        roads(before.roads),
        foot_of(before.foot_of),
        flows(before.parts.size()),
        flows_known(std::make_unique<std::once_flag[]>(before.parts.size())) {
    const bool all_known = before.capacity.load() != nullptr;  // `use` has solved every part
    for (std::size_t p = 0; p < parts.size(); ++p) {
      if (!same_power(parts[p], before.power)) {
        part_hours[p] = hours_that_bind(parts[p], power, hours);
      } else if (all_known) {
        flows[p] = before.flows[p];
        std::call_once(flows_known[p], [] {});
      }
    }
  }

  [[nodiscard]] bool same_power(const Part& part, const PowerByCurve& other) const {
    return std::ranges::all_of(part.node, [&](Row n) {
      const auto first = static_cast<std::size_t>(n) * power.width;
      return first >= power.s.size() || std::equal(&power.s[first], &power.s[first] + power.width, &other.s[first]);
    });
  }

  void lay_roads() {
    std::vector<std::vector<Roads::Point>> laid;
    for (const auto& road : around.roads) {
      auto& line = laid.emplace_back();
      for (const auto& [longitude, latitude] : road.points) line.push_back(metres(plane.at(longitude, latitude)));
    }
    roads = std::make_shared<const Roads>(laid);
    foot_of.resize(static_cast<std::size_t>(network.nodes.count()));
    for (Row n = 0; n < network.nodes.count(); ++n)
      if (part_of[n] != none && std::isfinite(network.nodes.longitude[n]))
        foot_of[n] = roads->foot(metres(plane.at(network.nodes.longitude[n], network.nodes.latitude[n])));
  }
  static Roads::Point metres(const Point& p) { return {bg::get<0>(p), bg::get<1>(p)}; }

  void index() {
    std::array<std::vector<Entry>, 3> on_lines, bars;
    for (Row n = 0; n < network.nodes.count(); ++n) {
      const auto level = level_of(network.nodes.rated_kv[n]);
      if (!level || part_of[n] == none || !std::isfinite(network.nodes.longitude[n])) continue;
      const Entry entry{plane.at(network.nodes.longitude[n], network.nodes.latitude[n]), n};
      const bool busbar = level != Level::low && network.nodes.kind[n] == NodeKind::busbar;
      (busbar ? bars : on_lines)[static_cast<std::size_t>(*level)].push_back(entry);
    }
    for (std::size_t level = 0; level < lines.size(); ++level)
      lines[level] = Tree(on_lines[level]), busbars[level] = Tree(bars[level]);
  }

  void load(const Part& part, std::size_t hour, std::vector<Limb>& limbs) const {
    for (std::size_t i = 1; i < limbs.size(); ++i) {
      const auto first = static_cast<std::size_t>(part.node[i]) * power.width;
      if (first >= power.s.size()) continue;
      Complex s = power.s[first + power.width - 1];
      for (std::size_t c = 0; c + 1 < power.width; ++c) s += power.s[first + c] * double(hours[hour].share[c]);
      limbs[i].power = s;
    }
  }

  [[nodiscard]] FeederState state_of(std::size_t p, Row top, Row node, double kw) const {
    const Part& part = parts[p];
    FeederState state;
    std::vector<Row> place(part.node.size(), none);
    const auto add = [&](Row i, Row parent) {
      place[i] = static_cast<Row>(state.elements.size());
      state.elements.push_back({part.node[i], parent, part.via[i], 2, 0, 0});
    };
    add(part.limbs[top].parent, none);
    for (Row i = top; i < static_cast<Row>(part.node.size()); ++i)
      if (part.limits.feeder[i] == top) add(i, place[part.limbs[i].parent]);
    std::vector<Limb> limbs = part.limbs;
    for (const std::size_t h : part_hours[p]) {
      load(part, h, limbs);
      if (node != none && part_of[node] == static_cast<Row>(p))
        limbs[limb_of[node]].power += Complex(1, standards.angle()) * (kw / 1000 / network.base_mva);
      if (!sweep(limbs, with_current_loads, 1e-6)) {
        state.solved = false;
        for (std::size_t i = 1; i < limbs.size(); ++i) limbs[i].v = product(limbs[i].g, limbs[limbs[i].parent].v);
        continue;
      }
      for (std::size_t i = 0; i < limbs.size(); ++i) {
        if (place[i] == none) continue;
        auto& e = state.elements[place[i]];
        e.lowest_pu = std::min(e.lowest_pu, magnitude(limbs[i].v));
        e.kw = std::max(e.kw, limbs[i].power.real() * network.base_mva * 1000);
        if (part.limits.current[i] < infinite)
          e.share = std::max(e.share, magnitude(limbs[i].through) / part.limits.current[i]);
      }
    }
    for (auto& e : state.elements)
      if (e.lowest_pu == 2) e.lowest_pu = 0;  // no hour was solved
    return state;
  }

  // A part as it stands in one of the hours that bind it: what `sweep` finds, which no question changes. Kept, for nine tenths of a
  // question's time went there; kept as it was found, so that the first question and the thousandth have the same digits.
  struct Flow {
    Complex v, through;
  };
  using Flows = std::vector<std::vector<Flow>>;  // by hour, then limb; empty where there is no solution
  mutable std::vector<Flows> flows;
  mutable std::unique_ptr<std::once_flag[]> flows_known;

  const Flows& flows_of(std::size_t p) const {
    std::call_once(flows_known[p], [&] {
      const Part& part = parts[p];
      std::vector<Limb> limbs = part.limbs;
      for (const std::size_t h : part_hours[p]) {
        load(part, h, limbs);
        auto& hour = flows[p].emplace_back();
        if (!sweep(limbs, with_current_loads, 1e-6)) continue;
        hour.reserve(limbs.size());
        for (const auto& limb : limbs) hour.push_back({limb.v, limb.through});
      }
    });
    return flows[p];
  }

  // Where the candidates of one question stand in the hours that bind their part.
  struct Solved {
    std::vector<std::vector<Limb>> limbs;
    std::vector<std::unique_ptr<Headroom>> rooms;
  };
  using Cache = std::map<Row, Solved>;

  const Solved& solved(Row part, Cache& cache) const {
    auto [it, fresh] = cache.try_emplace(part);
    if (!fresh) return it->second;
    const Part& p = parts[part];
    auto& [all, rooms] = it->second;
    const Flows& known = flows_of(static_cast<std::size_t>(part));
    all.reserve(known.size());
    for (std::size_t k = 0; k < known.size(); ++k) {
      auto& limbs = all.emplace_back();
      rooms.emplace_back();
      if (known[k].empty()) continue;
      limbs = p.limbs;
      load(p, part_hours[part][k], limbs);
      for (std::size_t i = 0; i < limbs.size(); ++i) limbs[i].v = known[k][i].v, limbs[i].through = known[k][i].through;
      rooms.back() = std::make_unique<Headroom>(limbs, p.limits, standards.angle());
    }
    return it->second;
  }

  /// Solves with the load at the node in every hour in which that is not far from a limit.
  void check(const ConnectQuestion& question, Candidate& c, Cache& cache) const {
    const Row part = part_of[c.node], at = limb_of[c.node];
    const Part& p = parts[part];
    const double asked = question.kw / 1000 / network.base_mva;
    c.fits = true, c.lowest_pu = infinite;
    double left = infinite;
    const double kv = network.nodes.rated_kv[c.node], base = kv * kv / network.base_mva;
    const auto& laid = new_line(question.level);
    const Complex line = Complex(standards[laid.r], standards[laid.x]) * (c.route_m / 1000 / base);
    const double drawn = asked * std::hypot(1, standards.angle());
    const double carries = std::sqrt(3) * kv * standards[laid.rating] / 1000 / network.base_mva;
    if (drawn > carries) return reject(c, Limit::overload, none, drawn, carries);  // the new line itself
    const Solved& hours_of_part = solved(part, cache);
    for (std::size_t k = 0; k < hours_of_part.limbs.size(); ++k) {
      if (!hours_of_part.rooms[k]) return reject(c, Limit::no_solution, c.node, 0, 0);
      Headroom& room = *hours_of_part.rooms[k];
      const double before = magnitude(hours_of_part.limbs[k][at].v);
      const double estimate = room.rooms()[at].power;
      left = std::min(left, estimate - asked);
      double v = before - asked * fall(p, at) / before;
      if (estimate < 1.3 * asked) {
        Room binding;
        if (room.margin(at, asked, with_current_loads, &binding) < 0) {
          const Row i = binding.element;
          const bool heavy = binding.breach == Breach::overload;
          const Limit limit = heavy                                   ? Limit::overload
                              : binding.breach == Breach::no_solution ? Limit::no_solution
                                                                      : Limit::undervoltage;
          return reject(c, limit, heavy ? p.via[i] : p.node[i], heavy ? room.current_at(i) : room.voltage_at(i),
                        heavy ? p.limits.current[i] : p.limits.min_pu[i]);
        }
        v = room.voltage_at(at);
      }
      v -= asked * (line.real() + line.imag() * standards.angle()) / v;  // along the new line
      c.lowest_pu = std::min(c.lowest_pu, v);
      if (v < limits.min_pu[c.node]) return reject(c, Limit::undervoltage, c.node, v, limits.min_pu[c.node]);
    }
    if (const Capacity* list = question.look_up ? capacity.load() : nullptr) {
      const auto& published = list->nodes[c.node];
      if (published.firm < asked) return reject(c, Limit::firm, c.substation, asked, published.firm);
      if (published.n_minus_1 < asked)
        return reject(c, Limit::n_minus_1, published.element, asked, published.n_minus_1);
      left = std::min({left, published.firm - asked, published.n_minus_1 - asked});
    }
    c.left_kw = std::max(0.0, left) * network.base_mva * 1000;
  }
  static void reject(Candidate& c, Limit limit, Row element, double value, double bound) {
    c.fits = false, c.broken = limit;
    c.element = element;
    c.value = value;
    c.limit = bound;
  }
  [[nodiscard]] double fall(const Part& p, Row at) const {
    Complex way = 0;
    for (Row i = at; p.limbs[i].parent != none; i = p.limbs[i].parent) way += p.limbs[i].z;
    return way.real() + way.imag() * standards.angle();
  }

  /// A source's impedance is no branch of the network, and a substation's transformer no feeder.
  [[nodiscard]] bool is_feeder(Row via) const {
    return via >= 0 && via < network.branches.count() && network.branches.kind[via] != BranchKind::transformer;
  }

  void describe(const ConnectQuestion& question, const Point& here, const Roads::Distances& ways, Candidate& c) const {
    c.straight_m = bg::distance(here, plane.at(network.nodes.longitude[c.node], network.nodes.latitude[c.node]));
    c.route_m = c.straight_m * standards["route_factor"];
    // Where roads lead there; what stands on roads of its own, or on none, is reached as the crow flies.
    if (roads && roads->joined(ways.origin(), foot_of[c.node]))
      c.route_m = std::max(c.straight_m, ways.to(foot_of[c.node])), c.by_road = true;
    const Part& p = parts[part_of[c.node]];
    const Row head = p.limits.feeder[limb_of[c.node]];
    c.feeder = p.via[head];
    c.busbar = c.public_line ? p.node[p.limbs[head].parent] : c.node;
    c.substation = substation_of[c.node];
    split_cost(question, c);
  }

  /// The utility pays to the investment boundary: to the meter everything; to the red line what lies outside it; else up to where
  /// its own network ends, which is the connection point.
  void split_cost(const ConnectQuestion& question, Candidate& c) const {
    const auto& laid = new_line(question.level);
    const double a_km = 1000 * standards[laid.price];
    const double line = c.route_m / 1000 * a_km, bay = c.public_line ? 0 : 1000 * standards[laid.bay];
    const double inside = std::min(question.to_red_line_m, c.route_m) / 1000 * a_km;
    switch (question.boundary) {
      case Boundary::meter: c.cost_utility = line + bay; break;
      case Boundary::red_line: c.cost_utility = line - inside + bay, c.cost_user = inside; break;
      case Boundary::ownership_point: c.cost_user = line + bay; break;
    }
  }

  [[nodiscard]] std::vector<Candidate> within_reach(const ConnectQuestion& question) const {
    const Point here = plane.at(question.longitude, question.latitude);
    const double reach = standards[new_line(question.level).reach];
    const auto ways = roads ? roads->from(roads->foot(metres(here)), reach) : Roads::Distances();
    std::vector<Candidate> out;
    const auto look = [&](const Tree& tree, unsigned count, bool public_line) {
      std::vector<Entry> found;
      tree.query(bg::index::nearest(here, count), std::back_inserter(found));
      std::ranges::sort(found, {}, [&](const Entry& e) { return std::pair(bg::distance(here, e.first), e.second); });
      for (const auto& [point, node] : found) {
        Candidate c;
        c.node = node;
        c.public_line = public_line;
        describe(question, here, ways, c);
        if (c.route_m <= reach) out.push_back(c);
      }
    };
    look(lines[static_cast<std::size_t>(question.level)], nearest_lines, true);
    if (question.sources > 1) add_other_feeders(question, here, ways, reach, out);
    look(busbars[static_cast<std::size_t>(question.level)], nearest_busbars, false);
    return out;
  }
  /// Two sources need two feeders: the nearest nodes may all be of one.
  void add_other_feeders(const ConnectQuestion& question, const Point& here, const Roads::Distances& ways, double reach,
                         std::vector<Candidate>& out) const {
    std::map<Row, int> per_feeder;
    for (const auto& c : out) ++per_feeder[c.feeder];
    unsigned seen = 0;
    const Tree& tree = lines[static_cast<std::size_t>(question.level)];
    for (auto it = tree.qbegin(bg::index::nearest(here, 2000)); it != tree.qend() && seen < 2000; ++it, ++seen) {
      Candidate c;
      c.node = it->second;
      describe(question, here, ways, c);
      if (c.route_m > reach || ++per_feeder[c.feeder] > 3) continue;
      if (std::none_of(out.begin(), out.end(), [&](const Candidate& o) { return o.node == c.node; })) out.push_back(c);
    }
  }

  void pair_up(const ConnectQuestion& question, ConnectAnswer& answer) const {
    struct Pair {
      bool apart;
      double cost;
      std::size_t a, b;
    };
    std::vector<Pair> pairs;
    for (std::size_t a = 0; a < answer.candidates.size() && answer.candidates[a].fits; ++a)
      for (std::size_t b = a + 1; b < answer.candidates.size() && answer.candidates[b].fits; ++b) {
        const auto &x = answer.candidates[a], &y = answer.candidates[b];
        const bool apart = x.substation != none && y.substation != none && x.substation != y.substation;
        if (x.busbar == y.busbar || (question.important && !apart)) continue;
        pairs.push_back({apart, x.cost_user + x.cost_utility + y.cost_user + y.cost_utility, a, b});
      }
    std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
      return std::tie(b.apart, a.cost, a.a, a.b) < std::tie(a.apart, b.cost, b.a, b.b);
    });
    for (std::size_t i = 0; i < std::min<std::size_t>(pairs.size(), 10); ++i)
      answer.pairs.emplace_back(pairs[i].a, pairs[i].b);
  }

  void find_cures(const ConnectQuestion& question, ConnectAnswer& answer) const {
    const double asked = question.kw / 1000;
    for (const auto& c : answer.candidates) {
      Cure cure{Cure::Kind::new_line, c.substation, asked};
      if (c.broken == Limit::overload && c.element != none)
        cure = {Cure::Kind::reinforce, c.element, c.value * network.base_mva};
      if (c.broken == Limit::undervoltage) cure = {Cure::Kind::regulate, c.element, asked};
      if (c.broken == Limit::firm) cure = {Cure::Kind::enlarge_substation, c.substation, asked};
      if (c.broken == Limit::n_minus_1) cure = {Cure::Kind::tie, c.feeder, asked};
      const bool known = std::any_of(answer.cures.begin(), answer.cures.end(),
                                     [&](const Cure& k) { return k.kind == cure.kind && k.element == cure.element; });
      if (!known && answer.cures.size() < 5) answer.cures.push_back(cure);
    }
    if (answer.candidates.empty()) answer.cures.push_back({Cure::Kind::new_line, none, asked});
    answer.outside_planned_grid = answer.candidates.empty();
    answer.micro_beyond_capacity =
        !answer.candidates.empty() && !answer.candidates.front().fits && question.kw <= standards["micro_kw"];
  }

  [[nodiscard]] ConnectAnswer ask(const ConnectQuestion& question) const {
    ConnectAnswer answer;
    answer.candidates = within_reach(question);
    Cache cache;
    for (auto& c : answer.candidates) check(question, c, cache);
    // Safe: it fits. Economic: what it costs everyone. Practical: public lines before lines of one's own, the nearest first.
    std::stable_sort(answer.candidates.begin(), answer.candidates.end(), [](const Candidate& a, const Candidate& b) {
      if (a.fits != b.fits) return a.fits;
      if (a.public_line != b.public_line) return a.public_line;
      if (!a.fits) return a.route_m < b.route_m;
      return std::tuple(a.cost_utility + a.cost_user, a.route_m, a.node) <
             std::tuple(b.cost_utility + b.cost_user, b.route_m, b.node);
    });
    const bool any = !answer.candidates.empty() && answer.candidates.front().fits;
    if (question.sources > 1) pair_up(question, answer);
    if (!any || (question.sources > 1 && answer.pairs.empty())) find_cures(question, answer);
    return answer;
  }
};

std::vector<Row> ConnectPoints::feeders() const {
  std::vector<Row> heads;
  for (const auto& part : city_->parts)
    for (Row i = 1; i < static_cast<Row>(part.via.size()); ++i)
      if (part.limits.feeder[i] == i && city_->is_feeder(part.via[i])) heads.push_back(part.via[i]);
  return heads;
}

Row ConnectPoints::feeder_of(Row node) const {
  const Row in = city_->part_of[node], top = in == none ? none : city_->parts[in].limits.feeder[city_->limb_of[node]];
  return top > 0 && city_->is_feeder(city_->parts[in].via[top]) ? city_->parts[in].via[top] : none;
}

std::optional<FeederState> ConnectPoints::feeder(Row head, Row node, double kw) const {
  for (std::size_t p = 0; p < city_->parts.size(); ++p) {
    const Part& part = city_->parts[p];
    const auto found = std::find(part.via.begin() + 1, part.via.end(), head);
    if (found == part.via.end()) continue;
    const auto top = static_cast<Row>(found - part.via.begin());
    if (part.limits.feeder[top] != top) return {};
    return city_->state_of(p, top, node, kw);
  }
  return {};
}

ConnectPoints::ConnectPoints(const Network& network, const Surroundings& around, const Standards& standards)
    : city_(std::make_unique<City>(network, around, standards)) {}
ConnectPoints::ConnectPoints(const ConnectPoints& before, const Surroundings& around)
    : city_(std::make_unique<City>(*before.city_, around)) {}
ConnectPoints::~ConnectPoints() = default;
ConnectPoints::ConnectPoints(ConnectPoints&&) noexcept = default;

bool ConnectPoints::ok() const { return !city_->parts.empty(); }
void ConnectPoints::use(const Capacity& capacity) {
  for (std::size_t p = 0; p < city_->parts.size(); ++p) (void)city_->flows_of(p);
  city_->capacity = &capacity;
}
bool ConnectPoints::has(Level level) const {
  const auto i = static_cast<std::size_t>(level);
  return !city_->lines[i].empty() || !city_->busbars[i].empty();
}
const Limits& ConnectPoints::limits() const { return city_->limits; }
ConnectAnswer ConnectPoints::ask(const ConnectQuestion& question) const { return city_->ask(question); }

}  // namespace tongdian::grid
