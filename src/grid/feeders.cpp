#include "grid/feeders.hpp"

#include <algorithm>

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;

// 84 bytes a row in a sweep: a group of so many stays in the second-level cache, with enough rows a level to keep the
// processor's pipelines full.
constexpr Row rows_of_a_group = 1024;

class Splitter {
 public:
  Splitter(const Balanced& balanced, bool sweep)
      : balanced_(balanced),
        near_(adjacency(balanced)),
        sweep_(sweep),
        seen_(balanced.count),
        up_(balanced.count, none),
        up_edge_(balanced.count, none),
        depth_(balanced.count) {}

  Parts split() {
    for (Row bus = 0; bus < balanced_.count; ++bus)
      if (balanced_.kind[bus] == BusKind::fixed) out_.fixed.push_back(bus);
    for (const Row root : out_.fixed)
      for (Row i = near_.first[root]; i < near_.first[root + 1]; ++i) explore(root, near_.edge[i]);
    flush();
    for (Row bus = 0; bus < balanced_.count; ++bus)
      if (!seen_[bus] && balanced_.kind[bus] != BusKind::fixed) out_.dead.push_back(bus);
    return std::move(out_);
  }

 private:
  Row other_end(Row edge, Row bus) const {
    const auto& e = balanced_.edges[edge];
    return e.from == bus ? e.to : e.from;
  }

  /// Everything behind `edge` of a root, up to other fixed buses.
  void explore(Row root, Row edge) {
    const Row start = other_end(edge, root);
    if (balanced_.kind[start] == BusKind::fixed || seen_[start]) return;
    std::vector<Row> part{start};
    seen_[start] = true;
    up_[start] = root;
    up_edge_[start] = edge;
    depth_[start] = 1;
    bool tree = sweep_;
    for (std::size_t at = 0; at < part.size(); ++at) {
      const Row bus = part[at];
      tree = tree && balanced_.kind[bus] == BusKind::plain;
      for (Row i = near_.first[bus]; i < near_.first[bus + 1]; ++i) {
        const Row next_edge = near_.edge[i];
        if (next_edge == up_edge_[bus]) continue;
        const Row next = other_end(next_edge, bus);
        if (balanced_.kind[next] == BusKind::fixed || seen_[next]) {
          // An edge down the tree is met again from its lower end only as up_edge_, so this one closes a loop.
          if (up_edge_[next] != next_edge) tree = false;
          continue;
        }
        seen_[next] = true;
        up_[next] = bus;
        up_edge_[next] = next_edge;
        depth_[next] = depth_[bus] + 1;
        part.push_back(next);
      }
    }
    if (tree)
      keep(part);
    else
      out_.meshed.insert(out_.meshed.end(), part.begin(), part.end());
  }

  void keep(const std::vector<Row>& part) {
    if (!waiting_.empty() && static_cast<Row>(waiting_.size() + part.size()) > rows_of_a_group) flush();
    waiting_.insert(waiting_.end(), part.begin(), part.end());
  }

  /// Lays the waiting parts down as one group.
  void flush() {
    if (waiting_.empty()) return;
    auto& f = out_.feeders;
    std::stable_sort(waiting_.begin(), waiting_.end(), [this](Row a, Row b) { return depth_[a] < depth_[b]; });
    Feeders::Group group{f.count(), 0, 0};
    if (row_of_.empty()) row_of_.assign(balanced_.count, none);
    std::vector<Row> roots;
    for (const Row bus : waiting_)
      if (depth_[bus] == 1 && row_of_[up_[bus]] == none) {
        roots.push_back(up_[bus]);
        add_root(up_[bus]);
      }
    group.first = f.count();
    for (const Row bus : waiting_) add_bus(bus);
    group.end = f.count();
    f.groups.push_back(group);
    for (const Row root : roots) row_of_[root] = none;  // the next group has its own row for it
    waiting_.clear();
  }

  void add_row(Row bus, Row parent, Row edge, Complex ratio) {
    auto& f = out_.feeders;
    row_of_[bus] = f.count();
    f.bus.push_back(bus);
    f.parent.push_back(parent);
    f.edge.push_back(edge);
    for (auto* column : {&f.r, &f.x, &f.p, &f.q, &f.g, &f.b}) column->push_back(0);
    if (balanced_.with_current) {
      f.ip.push_back(0);
      f.iq.push_back(0);
    }
    f.root_voltage.emplace_back();
    if (f.ratio.empty() && ratio != 1.0) f.ratio.assign(f.bus.size() - 1, 1.0);
    if (!f.ratio.empty() || ratio != 1.0) f.ratio.push_back(ratio);
  }

  void add_root(Row bus) {
    add_row(bus, none, none, 1.0);
    out_.feeders.root_voltage.back() = balanced_.fixed[bus];
  }

  Complex ratio_of(Row row) const { return out_.feeders.ratio.empty() ? Complex(1) : out_.feeders.ratio[row]; }

  void add_bus(Row bus) {
    auto& f = out_.feeders;
    const Row parent = row_of_[up_[bus]];
    const auto& e = balanced_.edges[up_edge_[bus]];
    const bool downwards = e.to == bus;
    const Complex above = ratio_of(parent);
    // z and y stand on the `to` side of the ideal transformer.
    const Complex here = downwards ? above * e.ratio : above / e.ratio;
    const double inner = std::norm(downwards ? here : above);
    add_row(bus, parent, up_edge_[bus], here);
    f.r.back() = e.z.real() * inner;
    f.x.back() = e.z.imag() * inner;
    add_admittance(parent, e.y / inner);
    add_admittance(f.count() - 1, e.y / inner + balanced_.admittance[bus] / std::norm(here));
    f.p.back() = balanced_.power[bus].real();
    f.q.back() = balanced_.power[bus].imag();
    if (balanced_.with_current) {
      f.ip.back() = balanced_.current[bus].real() / std::abs(here);
      f.iq.back() = balanced_.current[bus].imag() / std::abs(here);
    }
  }

  void add_admittance(Row row, Complex y) {
    auto& f = out_.feeders;
    if (y == 0.0 || f.parent[row] == none) return;  // what a root takes changes no voltage
    f.g[row] += y.real();
    f.b[row] += y.imag();
    f.with_admittance = true;
  }

  const Balanced& balanced_;
  Adjacency near_;
  bool sweep_;
  std::vector<bool> seen_;
  std::vector<Row> up_, up_edge_, depth_;
  std::vector<Row> row_of_, waiting_;
  Parts out_;
};

}  // namespace

Parts take_apart(const Balanced& balanced, bool sweep) { return Splitter(balanced, sweep).split(); }

}  // namespace tongdian::grid
