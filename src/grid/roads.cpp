#include "grid/roads.hpp"

#include <algorithm>
#include <boost/geometry.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <queue>
#include <unordered_map>

namespace tongdian::grid {
namespace {

namespace bg = boost::geometry;
using PlanePoint = bg::model::point<double, 2, bg::cs::cartesian>;
using Segment = bg::model::segment<PlanePoint>;
using Entry = std::pair<Segment, std::int32_t>;

constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

struct Roads::Graph {
  struct Edge {
    std::int32_t from, to;
    double metres;
  };
  std::vector<Point> crossings;
  std::vector<Edge> edges;
  std::vector<std::vector<std::int32_t>> at;  ///< edges by crossing
  std::vector<std::int32_t> piece;            ///< by crossing: crossings of one piece are joined
  bg::index::rtree<Entry, bg::index::quadratic<16>> tree;

  void find_pieces() {
    piece.assign(crossings.size(), -1);
    std::vector<std::int32_t> open;
    for (std::int32_t first = 0; first < static_cast<std::int32_t>(crossings.size()); ++first) {
      if (piece[first] != -1) continue;
      piece[first] = first;
      open.assign(1, first);
      while (!open.empty()) {
        const auto crossing = open.back();
        open.pop_back();
        for (const auto e : at[crossing])
          for (const auto end : {edges[e].from, edges[e].to})
            if (piece[end] == -1) piece[end] = first, open.push_back(end);
      }
    }
  }
};

Roads::Roads(const std::vector<std::vector<Point>>& lines) : graph_(std::make_unique<Graph>()) {
  auto& g = *graph_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::int32_t> known;
  const auto crossing = [&](const Point& p) {
    const auto [it, fresh] = known.try_emplace({std::llround(p.first * 100), std::llround(p.second * 100)},
                                               static_cast<std::int32_t>(g.crossings.size()));
    if (fresh) {
      g.crossings.push_back(p);
      g.at.emplace_back();
    }
    return it->second;
  };
  std::vector<Entry> entries;
  for (const auto& line : lines)
    for (std::size_t i = 1; i < line.size(); ++i) {
      const auto from = crossing(line[i - 1]), to = crossing(line[i]);
      if (from == to) continue;
      const auto &a = g.crossings[from], &b = g.crossings[to];
      const auto edge = static_cast<std::int32_t>(g.edges.size());
      g.edges.push_back({from, to, std::hypot(a.first - b.first, a.second - b.second)});
      g.at[from].push_back(edge);
      g.at[to].push_back(edge);
      entries.emplace_back(Segment({a.first, a.second}, {b.first, b.second}), edge);
    }
  g.tree = decltype(g.tree)(entries);
  g.find_pieces();
}
Roads::~Roads() = default;
Roads::Roads(Roads&&) noexcept = default;

Roads::Foot Roads::foot(Point place) const {
  Foot out;
  std::vector<Entry> nearest;
  graph_->tree.query(bg::index::nearest(PlanePoint(place.first, place.second), 1), std::back_inserter(nearest));
  if (nearest.empty()) return out;
  out.edge = nearest.front().second;
  const auto& edge = graph_->edges[out.edge];
  const auto &a = graph_->crossings[edge.from], &b = graph_->crossings[edge.to];
  const double east = (b.first - a.first) / edge.metres, north = (b.second - a.second) / edge.metres;
  out.along = std::clamp((place.first - a.first) * east + (place.second - a.second) * north, 0.0, edge.metres);
  out.away = std::hypot(place.first - a.first - east * out.along, place.second - a.second - north * out.along);
  return out;
}

bool Roads::joined(const Foot& one, const Foot& other) const {
  if (one.edge < 0 || other.edge < 0) return false;
  return graph_->piece[graph_->edges[one.edge].from] == graph_->piece[graph_->edges[other.edge].from];
}

Roads::Distances Roads::from(const Foot& place, double most) const {
  Distances out;
  out.roads_ = this;
  out.from_ = place;
  out.most_ = most;
  if (place.edge < 0) return out;
  std::unordered_map<std::int32_t, double> settled;
  using Next = std::pair<double, std::int32_t>;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next;
  const auto& edge = graph_->edges[place.edge];
  next.emplace(place.away + place.along, edge.from);
  next.emplace(place.away + edge.metres - place.along, edge.to);
  while (!next.empty() && next.top().first <= most) {
    const auto [metres, at] = next.top();
    next.pop();
    if (!settled.try_emplace(at, metres).second) continue;
    for (const auto e : graph_->at[at]) {
      const auto& way = graph_->edges[e];
      next.emplace(metres + way.metres, way.from == at ? way.to : way.from);
    }
  }
  out.reached_.assign(settled.begin(), settled.end());
  std::ranges::sort(out.reached_);
  return out;
}

double Roads::Distances::at(std::int32_t crossing) const {
  const auto found =
      std::ranges::lower_bound(reached_, crossing, {}, [](const auto& reached) { return reached.first; });
  return found != reached_.end() && found->first == crossing ? found->second : infinite;
}

double Roads::Distances::to(const Foot& place) const {
  if (!roads_ || place.edge < 0 || from_.edge < 0) return infinite;
  const auto& edge = roads_->graph_->edges[place.edge];
  double along = std::min(at(edge.from) + place.along, at(edge.to) + edge.metres - place.along);
  if (place.edge == from_.edge) along = std::min(along, from_.away + std::abs(place.along - from_.along));
  const double way = along + place.away;
  return way <= most_ ? way : infinite;  // a longer one may not be the shortest
}

}  // namespace tongdian::grid
