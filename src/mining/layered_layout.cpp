#include "mining/layered_layout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tongdian::mining {
namespace {

constexpr double between_layers = 62, between_nodes = 34, margin = 24;

/// Nodes of the graph and, behind them, the bends of arcs that span several layers.
struct Drawing {
  struct Link {
    int above = 0, below = 0;
    double weight = 1;
  };
  std::vector<int> layer;
  std::vector<double> width, x;
  std::vector<Link> links;
  std::vector<std::vector<int>> rows;  ///< by layer, from left to right
  std::vector<std::vector<std::pair<int, double>>> up, down;

  int add(int on_layer, double wide) {
    layer.push_back(on_layer);
    width.push_back(wide);
    x.push_back(0);
    return static_cast<int>(layer.size()) - 1;
  }
};

/// Longest paths along the order. What nothing leads down to stands right above what it leads to, and the last node below all.
void set_layers(std::vector<LayoutNode>& nodes, const std::vector<LayoutArc>& arcs, const std::vector<int>& order,
                int last) {
  for (auto& node : nodes) node.layer = 0;
  for (const int v : order)
    for (const auto& arc : arcs) {
      const int from = arc.upwards ? arc.to : arc.from, to = arc.upwards ? arc.from : arc.to;
      if (from == v)
        nodes[static_cast<std::size_t>(to)].layer =
            std::max(nodes[static_cast<std::size_t>(to)].layer, nodes[static_cast<std::size_t>(v)].layer + 1);
    }
  for (std::size_t v = 0; v < nodes.size(); ++v) {
    int above = 1 << 30;
    bool led_to = false;
    for (const auto& arc : arcs) {
      const auto from = static_cast<std::size_t>(arc.upwards ? arc.to : arc.from),
                 to = static_cast<std::size_t>(arc.upwards ? arc.from : arc.to);
      if (from == v) above = std::min(above, nodes[to].layer - 1);
      led_to = led_to || to == v;
    }
    if (!led_to && above < 1 << 30) nodes[v].layer = above;
  }
  if (last < 0) return;
  int deepest = 0;
  for (const auto& node : nodes) deepest = std::max(deepest, node.layer);
  auto& end = nodes[static_cast<std::size_t>(last)];
  const bool alone = std::ranges::count(nodes, deepest, &LayoutNode::layer) == 1 && end.layer == deepest;
  if (!alone) end.layer = deepest + 1;
}

std::size_t crossings(const Drawing& d) {
  std::vector<std::size_t> place(d.layer.size());
  for (const auto& row : d.rows)
    for (std::size_t i = 0; i < row.size(); ++i) place[static_cast<std::size_t>(row[i])] = i;
  std::size_t n = 0;
  for (std::size_t i = 0; i < d.links.size(); ++i)
    for (std::size_t j = i + 1; j < d.links.size(); ++j) {
      const auto &a = d.links[i], &b = d.links[j];
      if (d.layer[static_cast<std::size_t>(a.above)] != d.layer[static_cast<std::size_t>(b.above)]) continue;
      const auto pa = place[static_cast<std::size_t>(a.above)], pb = place[static_cast<std::size_t>(b.above)];
      const auto qa = place[static_cast<std::size_t>(a.below)], qb = place[static_cast<std::size_t>(b.below)];
      n += (pa < pb && qa > qb) || (pa > pb && qa < qb) ? 1 : 0;
    }
  return n;
}

/// Sorts one row by the mean place of its neighbours in the row beside it; who has none stays.
void sort_row(Drawing& d, std::vector<int>& row, const std::vector<std::vector<std::pair<int, double>>>& neighbours) {
  std::vector<std::size_t> place(d.layer.size(), 0);
  for (const auto& each : d.rows)
    for (std::size_t i = 0; i < each.size(); ++i) place[static_cast<std::size_t>(each[i])] = i;
  std::vector<std::pair<double, int>> keys;
  for (std::size_t i = 0; i < row.size(); ++i) {
    double sum = 0, weight = 0;
    for (const auto& [other, w] : neighbours[static_cast<std::size_t>(row[i])]) {
      sum += w * static_cast<double>(place[static_cast<std::size_t>(other)]);
      weight += w;
    }
    keys.emplace_back(weight > 0 ? sum / weight : static_cast<double>(i), row[i]);
  }
  std::ranges::stable_sort(keys, {}, &std::pair<double, int>::first);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = keys[i].second;
}

void reduce_crossings(Drawing& d) {
  auto best = d.rows;
  auto fewest = crossings(d);
  for (int sweep = 0; sweep < 16 && fewest > 0; ++sweep) {
    if (sweep % 2 == 0)
      for (std::size_t i = 1; i < d.rows.size(); ++i) sort_row(d, d.rows[i], d.up);
    else
      for (std::size_t i = d.rows.size() - 1; i-- > 0;) sort_row(d, d.rows[i], d.down);
    if (const auto now = crossings(d); now < fewest) {
      fewest = now;
      best = d.rows;
    }
  }
  d.rows = best;
}

/// Places of one row nearest to those wanted, in the least squares, that keep their distance: pooled adjacent violators.
void place_row(Drawing& d, const std::vector<int>& row, const std::vector<double>& wanted,
               const std::vector<double>& weight) {
  struct Pool {
    double sum = 0, weight = 0;
    std::size_t count = 0;
    [[nodiscard]] double at() const { return sum / weight; }
  };
  std::vector<double> offset(row.size(), 0);
  for (std::size_t i = 1; i < row.size(); ++i)
    offset[i] = offset[i - 1] +
                (d.width[static_cast<std::size_t>(row[i - 1])] + d.width[static_cast<std::size_t>(row[i])]) / 2 +
                between_nodes;
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < row.size(); ++i) {
    pools.push_back({(wanted[i] - offset[i]) * weight[i], weight[i], 1});
    while (pools.size() > 1 && pools[pools.size() - 2].at() > pools.back().at()) {
      const auto top = pools.back();
      pools.pop_back();
      pools.back().sum += top.sum;
      pools.back().weight += top.weight;
      pools.back().count += top.count;
    }
  }
  std::size_t i = 0;
  for (const auto& pool : pools)
    for (std::size_t k = 0; k < pool.count; ++k, ++i) d.x[static_cast<std::size_t>(row[i])] = pool.at() + offset[i];
}

void place(Drawing& d, std::size_t real) {
  const auto sweep = [&](const std::vector<int>& row, const auto& neighbours) {
    std::vector<double> wanted, weight;
    for (const int v : row) {
      double sum = 0, total = 0;
      for (const auto& [other, w] : neighbours[static_cast<std::size_t>(v)]) {
        // Two bends of one arc pull each other straight.
        const double pull = static_cast<std::size_t>(v) >= real && static_cast<std::size_t>(other) >= real ? 8 : 1;
        sum += pull * w * d.x[static_cast<std::size_t>(other)];
        total += pull * w;
      }
      wanted.push_back(total > 0 ? sum / total : d.x[static_cast<std::size_t>(v)]);
      weight.push_back(total > 0 ? total : 0.01);
    }
    place_row(d, row, wanted, weight);
  };
  for (const auto& row : d.rows)
    place_row(d, row, std::vector<double>(row.size(), 0), std::vector<double>(row.size(), 1));
  for (int round = 0; round < 12; ++round) {
    if (round % 2 == 0)
      for (std::size_t i = 1; i < d.rows.size(); ++i) sweep(d.rows[i], d.up);
    else
      for (std::size_t i = d.rows.size() - 1; i-- > 0;) sweep(d.rows[i], d.down);
  }
}

}  // namespace

LayoutSize lay_out(std::vector<LayoutNode>& nodes, std::vector<LayoutArc>& arcs, int last) {
  if (nodes.empty()) return {};
  std::vector<int> order(nodes.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](int v) { return nodes[static_cast<std::size_t>(v)].order; });
  std::vector<std::size_t> rank(nodes.size());
  for (std::size_t i = 0; i < order.size(); ++i) rank[static_cast<std::size_t>(order[i])] = i;
  for (auto& arc : arcs)
    arc.upwards = rank[static_cast<std::size_t>(arc.from)] > rank[static_cast<std::size_t>(arc.to)];
  set_layers(nodes, arcs, order, last);

  Drawing d;
  for (const auto& node : nodes) d.add(node.layer, node.width);
  std::vector<std::vector<int>> chains;  // of each arc, from above
  for (const auto& arc : arcs) {
    const int above = arc.upwards ? arc.to : arc.from, below = arc.upwards ? arc.from : arc.to;
    std::vector<int> chain{above};
    for (int layer = nodes[static_cast<std::size_t>(above)].layer + 1;
         layer < nodes[static_cast<std::size_t>(below)].layer; ++layer)
      chain.push_back(d.add(layer, 10));
    chain.push_back(below);
    for (std::size_t i = 1; i < chain.size(); ++i) d.links.push_back({chain[i - 1], chain[i], arc.weight});
    chains.push_back(std::move(chain));
  }
  d.up.resize(d.layer.size());
  d.down.resize(d.layer.size());
  for (const auto& [above, below, weight] : d.links) {
    d.down[static_cast<std::size_t>(above)].emplace_back(below, weight);
    d.up[static_cast<std::size_t>(below)].emplace_back(above, weight);
  }
  d.rows.resize(static_cast<std::size_t>(*std::ranges::max_element(d.layer)) + 1);
  for (const int v : order) d.rows[static_cast<std::size_t>(d.layer[static_cast<std::size_t>(v)])].push_back(v);
  for (std::size_t v = nodes.size(); v < d.layer.size(); ++v)
    d.rows[static_cast<std::size_t>(d.layer[v])].push_back(static_cast<int>(v));
  reduce_crossings(d);
  place(d, nodes.size());

  LayoutSize size;
  double leftmost = 1e300, rightmost = -1e300;
  for (std::size_t v = 0; v < d.x.size(); ++v) {
    leftmost = std::min(leftmost, d.x[v] - d.width[v] / 2);
    rightmost = std::max(rightmost, d.x[v] + d.width[v] / 2);
  }
  std::vector<double> y(d.rows.size());
  double top = margin;
  for (std::size_t i = 0; i < d.rows.size(); ++i) {
    double tallest = 0;
    for (const int v : d.rows[i])
      if (static_cast<std::size_t>(v) < nodes.size())
        tallest = std::max(tallest, nodes[static_cast<std::size_t>(v)].height);
    y[i] = top + tallest / 2;
    top += tallest + between_layers;
  }
  const auto at = [&](int v) {
    return Point{d.x[static_cast<std::size_t>(v)] - leftmost + margin,
                 y[static_cast<std::size_t>(d.layer[static_cast<std::size_t>(v)])]};
  };
  for (std::size_t v = 0; v < nodes.size(); ++v) nodes[v].centre = at(static_cast<int>(v));
  for (std::size_t a = 0; a < arcs.size(); ++a) {
    const auto& chain = chains[a];
    // There and back between two nodes are drawn beside each other.
    const double aside = arcs[a].upwards ? 9 : -9;
    std::vector<Point> path;
    for (std::size_t i = 0; i < chain.size(); ++i) {
      auto p = at(chain[i]);
      if (i == 0) p = {p.x + aside, p.y + nodes[static_cast<std::size_t>(chain[i])].height / 2};
      if (i + 1 == chain.size()) p = {p.x + aside, p.y - nodes[static_cast<std::size_t>(chain[i])].height / 2};
      path.push_back(p);
    }
    if (arcs[a].upwards) std::ranges::reverse(path);
    arcs[a].path = std::move(path);
  }
  size.width = rightmost - leftmost + 2 * margin;
  size.height = top - between_layers + margin;
  return size;
}

}  // namespace tongdian::mining
