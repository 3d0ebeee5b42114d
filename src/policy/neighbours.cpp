#include "policy/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace tongdian::policy {
namespace {

int place_in(std::initializer_list<std::string_view> order, std::string_view id) {
  const auto found = std::ranges::find(order, id);
  return static_cast<int>(found - order.begin());
}

struct Asking {
  const Pack& pack;
  const calendar::Calendar& calendar;

  std::optional<Decision> operator()(const Facts& facts) const {
    Decision decision;
    if (pack.decide(facts, calendar, decision)) return {};
    return decision;
  }
};

struct Neighbour {
  Change change;
  Facts facts;
};

/// Changes one answer; the neighbour is kept where it is another one.
class Neighbours {
 public:
  explicit Neighbours(const Facts& facts) : facts_(facts) {}

  template <class T>
  void add(std::string pointer, T now, std::initializer_list<T> values, const std::function<void(Facts&, T)>& set) {
    for (const T value : values)
      if (value != now) {
        Neighbour n{{pointer, json::write(value)}, facts_};
        set(n.facts, value);
        all_.push_back(std::move(n));
      }
  }
  void add_flip(std::string pointer, bool now, const std::function<void(Facts&, bool)>& set) {
    add<bool>(std::move(pointer), now, {!now}, set);
  }
  void keep(Neighbour n) { all_.push_back(std::move(n)); }
  std::vector<Neighbour> take() { return std::move(all_); }

 private:
  const Facts& facts_;
  std::vector<Neighbour> all_;
};

/// The largest whole number below `now` that is decided otherwise than `now` and better; found by halving, for a decision
/// changes at few places as a quantity falls.
std::optional<double> better_below(const Asking& ask, double now, const std::function<Facts(double)>& with) {
  const auto worth = [&](double n) -> std::optional<Worth> {
    const auto decision = ask(with(n));
    return decision ? std::optional(worth_of(*decision)) : std::nullopt;
  };
  const auto here = worth(now);
  const auto lowest = worth(1);
  if (now <= 1 || !here || !lowest || !improves(*lowest, *here)) return {};
  double better = 1, same = std::ceil(now);
  while (same - better > 1) {
    const double middle = std::floor((same + better) / 2);
    const auto at = worth(middle);
    (at && improves(*at, *here) ? better : same) = middle;
  }
  return better;
}

void add_quantities(Neighbours& out, const Asking& ask, const Facts& facts) {
  const auto with_kw = [&](double kw) {
    Facts f = facts;
    // What is connected at the address includes this request, so it falls with it.
    if (f.enterprise)
      f.enterprise->connected_kva_at_address =
          std::max(0.0, f.enterprise->connected_kva_at_address - (facts.requested_kw - kw));
    f.requested_kw = kw;
    return f;
  };
  if (const auto kw = better_below(ask, facts.requested_kw, with_kw)) out.keep({{"/requested_kw", *kw}, with_kw(*kw)});
}

void add_enterprise(Neighbours& out, const Facts& facts) {
  if (!facts.enterprise) return;
  const Enterprise& e = *facts.enterprise;
  out.add_flip("/enterprise/business_licence", e.business_licence,
               [](Facts& f, bool v) { f.enterprise->business_licence = v; });
  out.add_flip("/enterprise/registered_address_is_supply_address", e.registered_address_is_supply_address,
               [](Facts& f, bool v) { f.enterprise->registered_address_is_supply_address = v; });
  out.add_flip("/enterprise/direct_supply", e.direct_supply, [](Facts& f, bool v) { f.enterprise->direct_supply = v; });
  out.add<Tariff>("/enterprise/tariff", e.tariff, {Tariff::general_commercial},
                  [](Facts& f, Tariff v) { f.enterprise->tariff = v; });
}

void add_route(Neighbours& out, const Facts& facts) {
  if (!facts.route) return;
  const Route& r = *facts.route;
  out.add<Road>("/route/road", r.road, {Road::none, Road::urban_other}, [](Facts& f, Road v) { f.route->road = v; });
  out.add_flip("/route/reroutes_highway", r.reroutes_highway, [](Facts& f, bool v) { f.route->reroutes_highway = v; });
  out.add_flip("/route/occupies_green", r.occupies_green, [](Facts& f, bool v) { f.route->occupies_green = v; });
  out.add<Trees>("/route/trees", r.trees, {Trees::none, Trees::ordinary},
                 [](Facts& f, Trees v) { f.route->trees = v; });
  out.add_flip("/route/interested_party", r.interested_party, [](Facts& f, bool v) { f.route->interested_party = v; });
}

/// What an applicant can choose, or bring about. Who they are and what they need power for is not a choice, nor is the voltage: it
/// follows from what the grid can carry.
std::vector<Neighbour> neighbours(const Asking& ask, const Facts& facts) {
  Neighbours out(facts);
  add_quantities(out, ask, facts);
  if (!facts.important) out.add<int>("/sources", facts.sources, {1}, [](Facts& f, int v) { f.sources = v; });
  out.add_flip("/self_built", facts.self_built, [](Facts& f, bool v) { f.self_built = v; });
  out.add_flip("/commitment_conditions_met", facts.commitment_conditions_met,
               [](Facts& f, bool v) { f.commitment_conditions_met = v; });
  add_enterprise(out, facts);
  add_route(out, facts);
  return out.take();
}

/// Takes over the change into facts that others have changed already.
Facts merged(Facts into, const Neighbour& n) {
  if (n.change.pointer == "/requested_kw") {
    const double less = into.requested_kw - n.facts.requested_kw;
    into.requested_kw = n.facts.requested_kw;
    if (into.enterprise)
      into.enterprise->connected_kva_at_address = std::max(0.0, into.enterprise->connected_kva_at_address - less);
    return into;
  }
  json::Value tree = json::write(into);
  json::Value* at = &tree;
  std::string_view rest = n.change.pointer;
  while (!rest.empty()) {
    const auto end = rest.find('/', 1);
    at = &at->as_object()[rest.substr(1, end == rest.npos ? end : end - 1)];
    rest = end == rest.npos ? std::string_view() : rest.substr(end);
  }
  *at = n.change.value;
  auto read = json::read<Facts>(tree);
  return read ? *std::move(read) : into;
}

/// Where several conditions of the four-zero service fail, meeting one of them changes nothing yet: all together might. Each
/// step takes the neighbour that leaves the fewest unmet.
std::optional<Better> together(const Asking& ask, const Facts& facts, const Decision& base) {
  Better out{{}, facts, base};
  while (!out.decision.four_zero_failed.empty()) {
    std::optional<Better> best;
    for (const auto& n : neighbours(ask, out.facts)) {
      const Facts next = merged(out.facts, n);
      const auto decision = ask(next);
      const auto& least = best ? best->decision : out.decision;
      if (!decision || decision->four_zero_failed.size() >= least.four_zero_failed.size()) continue;
      best = Better{out.changes, next, *decision};
      best->changes.push_back(n.change);
    }
    if (!best) return {};
    out = *std::move(best);
  }
  if (out.changes.size() < 2 || !improves(worth_of(out.decision), worth_of(base))) return {};
  return out;
}

auto rank(const Better& b) {
  const Worth w = worth_of(b.decision);
  return std::tuple(w.boundary, w.target_wd, w.permit, w.papers, b.changes.size());
}

}  // namespace

Worth worth_of(const Decision& d) {
  Worth w;
  w.target_wd = d.target_wd;
  w.permit = place_in({"none", "exempt", "commitment", "ordinary"}, d.permit);
  w.boundary = place_in({"meter", "planning_red_line", "ownership_point"}, d.boundary);
  for (const auto& stage : d.documents) w.papers += static_cast<int>(stage.documents.size());
  return w;
}

bool improves(const Worth& to, const Worth& from) {
  const bool worse = to.target_wd > from.target_wd || to.permit > from.permit || to.boundary > from.boundary ||
                     to.papers > from.papers;
  return !worse && !(to == from);
}

std::vector<Better> what_would_help(const Pack& pack, const calendar::Calendar& calendar, const Facts& facts,
                                    std::size_t limit) {
  const Asking ask{pack, calendar};
  const auto base = ask(facts);
  if (!base) return {};
  const Worth from = worth_of(*base);
  std::vector<Better> out;
  for (auto& n : neighbours(ask, facts)) {
    auto decision = ask(n.facts);
    if (decision && improves(worth_of(*decision), from))
      out.push_back({{std::move(n.change)}, std::move(n.facts), *std::move(decision)});
  }
  if (auto all = together(ask, facts, *base)) out.push_back(*std::move(all));
  std::ranges::stable_sort(out, {}, rank);
  if (out.size() > limit) out.resize(limit);
  return out;
}

}  // namespace tongdian::policy
