#include "mining/process_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "base/html.hpp"
#include "mining/layered_layout.hpp"
#include "mining/words.hpp"

namespace tongdian::mining {
namespace {

constexpr std::uint32_t begin_node = 0xFFFFFFFE, end_node = 0xFFFFFFFD;

struct MapArc {
  std::uint32_t from = 0, to = 0;
  std::uint64_t count = 0;
};

struct Choice {
  std::vector<std::uint32_t> nodes;  ///< activities, then begin and end
  std::vector<MapArc> arcs, loops;
  double share = 0;
};

std::vector<MapArc> all_arcs(const Mined& mined, const std::set<std::uint32_t>& kept) {
  std::vector<MapArc> arcs;
  const auto& f = mined.figures.by_time;
  for (const auto& [key, count] : f.arcs) {
    const auto from = static_cast<std::uint32_t>(key >> 32), to = static_cast<std::uint32_t>(key);
    if (kept.contains(from) && kept.contains(to)) arcs.push_back({from, to, count});
  }
  for (const auto& [activity, count] : f.starts)
    if (kept.contains(activity)) arcs.push_back({begin_node, activity, count});
  for (const auto& [activity, count] : f.ends)
    if (kept.contains(activity)) arcs.push_back({activity, end_node, count});
  std::ranges::sort(arcs, [](const MapArc& a, const MapArc& b) {
    return a.count != b.count ? a.count > b.count : std::pair(a.from, a.to) < std::pair(b.from, b.to);
  });
  return arcs;
}

Choice choose(const Mined& mined, std::size_t most_activities, std::size_t most_arcs) {
  Choice out;
  const auto& counts = mined.figures.activities;
  for (std::uint32_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0) out.nodes.push_back(i);
  std::ranges::stable_sort(out.nodes, [&](std::uint32_t a, std::uint32_t b) { return counts[a] > counts[b]; });
  if (out.nodes.size() > most_activities) out.nodes.resize(most_activities);
  const auto arcs = all_arcs(mined, {out.nodes.begin(), out.nodes.end()});
  std::set<std::uint32_t> has_in, has_out;
  std::size_t frequent = 0;
  double drawn = 0, all = 0;
  for (const auto& [key, count] : mined.figures.by_time.arcs) all += static_cast<double>(count);
  for (const auto& arc : arcs) {
    const bool loop = arc.from == arc.to;
    const bool needed = !loop && (has_in.insert(arc.to).second | has_out.insert(arc.from).second);
    const bool fits = frequent < most_arcs / 2 + out.nodes.size() && arc.count * 100 >= arcs.front().count;
    if (!needed && !fits) continue;
    ++frequent;
    if (arc.from != begin_node && arc.to != end_node) drawn += static_cast<double>(arc.count);
    (loop ? out.loops : out.arcs).push_back(arc);
  }
  out.share = all > 0 ? drawn / all : 1;
  out.nodes.push_back(begin_node);
  out.nodes.push_back(end_node);
  return out;
}

std::string number(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", v);
  return text;
}

/// Green for quick, through amber, to red for slow: by where the median stands between the drawing's quickest and slowest.
std::string colour(double share) {
  const double t = std::clamp(share, 0.0, 1.0);
  const int r = static_cast<int>(t < 0.5 ? 70 + t * 2 * 135 : 205 - (t - 0.5) * 2 * 25);
  const int g = static_cast<int>(t < 0.5 ? 140 - t * 2 * 20 : 120 - (t - 0.5) * 2 * 80);
  const int b = static_cast<int>(t < 0.5 ? 130 - t * 2 * 80 : 50 - (t - 0.5) * 2 * 10);
  char text[16];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", r, g, b);
  return text;
}

class Painter {
 public:
  Painter(const Mined& mined, const Choice& choice) : mined_(mined), choice_(choice) {}

  std::string paint() {
    place();
    std::string body;
    for (std::size_t i = 0; i < arcs_.size(); ++i) arc(body, choice_.arcs[i], arcs_[i].path);
    for (const auto& each : choice_.loops) loop(body, each);
    for (std::size_t i = 0; i < nodes_.size(); ++i) node(body, i);
    body += labels_;
    return "<svg class=\"map\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(size_.width) + " " +
           number(size_.height) + "\" style=\"min-width:" + number(size_.width * 0.6) +
           "px;max-width:" + number(size_.width) +
           "px\" role=\"img\"><defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
           "markerHeight=\"7\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#59636e\"/></marker></defs>" +
           body + "</svg>";
  }

 private:
  static constexpr double loop_width = 64;

  [[nodiscard]] bool has_loop(std::uint32_t activity) const {
    return std::ranges::any_of(choice_.loops, [&](const MapArc& a) { return a.from == activity; });
  }
  [[nodiscard]] std::size_t index_of(std::uint32_t node) const {
    return static_cast<std::size_t>(std::ranges::find(choice_.nodes, node) - choice_.nodes.begin());
  }

  void place() {
    for (const auto node : choice_.nodes) {
      if (node >= end_node) {
        nodes_.push_back({34, 34, node == begin_node ? -1.0 : 1e9, {}, 0});
        continue;
      }
      const auto name = shortened(mined_.labels.activities[node], 30);
      const double wide = std::max(96.0, static_cast<double>(columns_of(name)) * 7.2 + 24);
      nodes_.push_back({wide + (has_loop(node) ? 2 * loop_width : 0), 44, mined_.figures.mean_place[node], {}, 0});
    }
    double most = 1;
    for (const auto& each : choice_.arcs) most = std::max(most, static_cast<double>(each.count));
    for (const auto& each : choice_.arcs)
      arcs_.push_back({static_cast<int>(index_of(each.from)),
                       static_cast<int>(index_of(each.to)),
                       0.05 + static_cast<double>(each.count) / most,
                       {},
                       false});
    most_ = most;
    size_ = lay_out(nodes_, arcs_, static_cast<int>(index_of(end_node)));
    for (const auto& each : choice_.arcs) note_median(each);
    for (const auto& each : choice_.loops) note_median(each);
  }

  [[nodiscard]] const Lasting* lasting(const MapArc& a) const {
    const auto at = mined_.times.arcs().find(mining::arc(a.from, a.to));
    return at == mined_.times.arcs().end() ? nullptr : &at->second;
  }
  void note_median(const MapArc& a) {
    const auto* l = lasting(a);
    if (l == nullptr) return;
    const double v = std::log1p(l->ms.percentile(50));
    slowest_ = std::max(slowest_, v);
    quickest_ = std::min(quickest_, v);
  }
  [[nodiscard]] std::string stroke(const MapArc& a) const {
    const auto* l = lasting(a);
    if (l == nullptr) return "#8c959f";
    return colour(slowest_ > quickest_ ? (std::log1p(l->ms.percentile(50)) - quickest_) / (slowest_ - quickest_) : 0);
  }
  [[nodiscard]] std::string width(const MapArc& a) const {
    return number(1.1 + 6.5 * std::sqrt(static_cast<double>(a.count) / most_));
  }

  void title(std::string& out, const MapArc& a) const {
    const auto name = [&](std::uint32_t n) {
      return n == begin_node ? std::string("▶")
             : n == end_node ? std::string("■")
                             : std::string(mined_.labels.activities[n]);
    };
    out += "<title>" + html_escaped(name(a.from) + " → " + name(a.to) + ": " + grouped(a.count));
    if (const auto* l = lasting(a))
      out += html_escaped(" · " + how_long(l->ms.percentile(50) / 1000).en + " (p95 " +
                          how_long(l->ms.percentile(95) / 1000).en + ")");
    out += "</title>";
  }

  void label(const MapArc& a, Point at) {
    const auto place = "x=\"" + number(at.x) + "\" y=\"" + number(at.y);
    labels_ += "<text class=\"n\" " + place + "\">" + grouped(a.count) + "</text>";
    if (const auto* l = lasting(a)) {
      const auto time = how_long(l->ms.percentile(50) / 1000);
      const auto below = "x=\"" + number(at.x) + "\" y=\"" + number(at.y + 12) + "\">";
      labels_ +=
          "<text class=\"t zh\" " + below + time.zh + "</text><text class=\"t en\" " + below + time.en + "</text>";
    }
  }

  void arc(std::string& out, const MapArc& a, const std::vector<Point>& path) {
    std::string d = "M" + number(path[0].x) + " " + number(path[0].y);
    for (std::size_t i = 1; i < path.size(); ++i) {
      const auto &p = path[i - 1], &q = path[i];
      const auto middle = number((p.y + q.y) / 2);
      d += "C" + number(p.x) + " " + middle + " " + number(q.x) + " " + middle + " " + number(q.x) + " " + number(q.y);
    }
    out += "<path class=\"a\" d=\"" + d + "\" stroke=\"" + stroke(a) + "\" stroke-width=\"" + width(a) +
           "\" marker-end=\"url(#tip)\">";
    title(out, a);
    out += "</path>";
    // Before the middle, so that the labels of there and back do not lie on each other.
    const auto k = (path.size() - 1) / 2;
    const auto &p = path[k], &q = path[k + 1];
    constexpr double t = 0.4, near = (1 - t) * (1 - t) * (1 - t) + 3 * (1 - t) * (1 - t) * t,
                     begin = (1 - t) * (1 - t) * (1 - t), end = t * t * t;
    label(a, {p.x * near + q.x * (1 - near), p.y * begin + q.y * end + (p.y + q.y) / 2 * (1 - begin - end)});
  }

  void loop(std::string& out, const MapArc& a) {
    const auto& n = nodes_[index_of(a.from)];
    const double x = n.centre.x + n.width / 2 - loop_width, y = n.centre.y;
    out += "<path class=\"a\" d=\"M" + number(x) + " " + number(y - 9) + "C" + number(x + 34) + " " + number(y - 30) +
           " " + number(x + 34) + " " + number(y + 30) + " " + number(x) + " " + number(y + 9) + "\" stroke=\"" +
           stroke(a) + "\" stroke-width=\"" + width(a) + "\" marker-end=\"url(#tip)\">";
    title(out, a);
    out += "</path>";
    label(a, {x + 44, y});
  }

  void node(std::string& out, std::size_t i) {
    const auto id = choice_.nodes[i];
    const auto& n = nodes_[i];
    if (id >= end_node) {
      out += "<circle class=\"" + std::string(id == begin_node ? "begin" : "end") + "\" cx=\"" + number(n.centre.x) +
             "\" cy=\"" + number(n.centre.y) + "\" r=\"13\"/>";
      return;
    }
    const std::string name(mined_.labels.activities[id]);
    const auto count = mined_.figures.activities[id];
    const double share = static_cast<double>(count) /
                         static_cast<double>(std::max<std::uint64_t>(1, mined_.figures.activities[choice_.nodes[0]]));
    const double wide = n.width - (has_loop(id) ? 2 * loop_width : 0);
    out += "<g><title>" + html_escaped(name) + "</title><rect class=\"b\" x=\"" + number(n.centre.x - wide / 2) +
           "\" y=\"" + number(n.centre.y - n.height / 2) + "\" width=\"" + number(wide) + "\" height=\"" +
           number(n.height) + "\" rx=\"7\" style=\"fill:hsl(212 60% " + number(96 - 22 * share) +
           "%)\"/><text class=\"l\" x=\"" + number(n.centre.x) + "\" y=\"" + number(n.centre.y - 3) + "\">" +
           html_escaped(name.empty() ? "（无名 · no name）" : shortened(name, 30)) + "</text><text class=\"c\" x=\"" +
           number(n.centre.x) + "\" y=\"" + number(n.centre.y + 14) + "\">" + grouped(count) + "</text></g>";
  }

  const Mined& mined_;
  const Choice& choice_;
  std::vector<LayoutNode> nodes_;
  std::vector<LayoutArc> arcs_;
  LayoutSize size_;
  double most_ = 1, slowest_ = 0, quickest_ = 1e300;
  std::string labels_;
};

}  // namespace

ProcessMap draw_process_map(const Mined& mined, std::size_t most_activities, std::size_t most_arcs) {
  const auto choice = choose(mined, most_activities, most_arcs);
  ProcessMap map;
  map.activities = choice.nodes.size() - 2;
  map.all_activities =
      static_cast<std::size_t>(std::ranges::count_if(mined.figures.activities, [](auto n) { return n > 0; }));
  map.share = choice.share;
  if (map.activities > 0) map.svg = Painter(mined, choice).paint();
  return map;
}

}  // namespace tongdian::mining
