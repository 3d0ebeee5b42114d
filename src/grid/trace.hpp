// What hangs on what: the nodes and customers that lose supply when a branch opens, and the way from a node up to its source.
//
// Each part of the network (what remains together when the sources' nodes are taken away) is walked depth first; what hangs on a
// branch is then an interval of that walk, and the customers in it a difference of two sums. Where the walk finds a second way
// to a source (R. Tarjan's low numbers, SIAM J. Comput. 1 (1972)) nobody loses supply. A switching operation walks only the
// parts at the branch anew.
#pragma once

#include <span>
#include <vector>

#include "grid/network.hpp"

namespace tongdian::grid {

class Trace {
 public:
  /// `customers` by node; empty: every load is one. The network must outlive the trace; its switches are copied.
  explicit Trace(const Network& network, std::vector<std::int32_t> customers = {});

  struct Affected {
    std::span<const Row> nodes;  ///< in the order of the walk; valid until the next operation
    std::int64_t customers = 0;
  };
  /// What loses supply when the branch opens. Nothing where it is open already, dead, or part of a loop.
  [[nodiscard]] Affected affected(Row branch) const;

  /// Branches from the node up to its source, the nearest first; empty at a source and where the node is dead.
  [[nodiscard]] std::vector<Row> upstream(Row node) const;
  [[nodiscard]] bool live(Row node) const { return source_[node] || parts_[place_[node].part].live; }
  /// The source node that feeds it, `none` where it is dead.
  [[nodiscard]] Row source_of(Row node) const;
  [[nodiscard]] Row parent(Row node) const { return place_[node].parent; }
  [[nodiscard]] Row via(Row node) const { return place_[node].via; }
  [[nodiscard]] std::int32_t customers(Row node) const { return customers_[node]; }
  [[nodiscard]] bool closed(Row branch) const { return closed_[branch]; }

  /// Opens or closes a branch. Where it alone joins two parts, what stands behind it in the walk is renumbered, and only a dark part
  /// that comes to light is walked; else the parts at its ends are.
  void operate(Row branch, bool close);

 private:
  struct Place {
    Row part = none;
    Row at = none, last = none;  ///< in the part's order: itself, and the last that hangs on it
    Row low = none;              ///< the earliest reached by another way; −1: a source
    Row parent = none, via = none;
  };
  struct Part {
    bool live = false;
    std::vector<Row> order;
    std::vector<std::int64_t> before;  ///< customers in front of each place, and the sum behind the last
  };
  struct Arc {
    Row other, branch;
  };

  void walk_all(std::vector<Row> nodes);
  void walk(Row top, Row source, Row via, Row part);
  Row new_part(bool live);
  void collect(Row node, std::vector<Row>& nodes);
  bool cut_off(Row branch);
  bool hang_on(Row branch);
  void move_behind(Part& part, Row from, Row by);

  const Network& network_;
  std::vector<std::int32_t> customers_;
  std::vector<bool> closed_, source_;
  std::vector<Row> first_;  // arcs of node n: first_[n] … first_[n + 1] − 1
  std::vector<Arc> arcs_;
  std::vector<Place> place_;
  std::vector<Part> parts_;
  std::vector<Row> free_parts_;
  std::vector<std::pair<Row, Row>> stack_;  // node, its next arc
};

}  // namespace tongdian::grid
