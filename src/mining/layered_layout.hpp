// A directed graph in layers from top to bottom (Sugiyama, Tagawa and Toda 1981): whoever draws says which node comes before
// which, and arcs against that run upwards; layers are longest paths, crossings are swept down by barycentres, and the places
// within a layer are the least squares that keep their distance. Geometry alone; deterministic.
#pragma once

#include <vector>

namespace tongdian::mining {

struct Point {
  double x = 0, y = 0;
};

struct LayoutNode {
  double width = 0, height = 0;
  double order = 0;  ///< smaller ones come first
  Point centre;      ///< out
  int layer = 0;     ///< out
};

struct LayoutArc {
  int from = 0, to = 0;     ///< not the same node
  double weight = 1;        ///< heavier arcs are drawn straighter
  std::vector<Point> path;  ///< out: from the border of `from` to the border of `to`
  bool upwards = false;     ///< out: against the flow
};

struct LayoutSize {
  double width = 0, height = 0;
};

/// `last` is put below all others; -1 where there is no such node.
LayoutSize lay_out(std::vector<LayoutNode>& nodes, std::vector<LayoutArc>& arcs, int last);

}  // namespace tongdian::mining
