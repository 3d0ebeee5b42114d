// A spanning forest: every node hangs on its parent by one branch, up to a source; the other usable branches are ties. Closing a
// tie makes one loop, opening any branch of that loop makes a forest again: an exchange, which is its own inverse.
#pragma once

#include <optional>
#include <vector>

#include "grid/circuit.hpp"

namespace tongdian::grid {

class Forest {
 public:
  /// The configuration as it stands, where it is a spanning forest with one source in each tree.
  static std::optional<Forest> as_closed(const Circuit& circuit);
  /// The same of what the sources reach. Islands stay outside: each of their nodes stands alone like a source, and no tie leads
  /// there. nullopt where there is a loop, where two sources are joined, or without a source.
  static std::optional<Forest> of_the_fed(const Circuit& circuit);
  /// Every node on its path of least impedance from a source; nullopt where a node has no path at all.
  static std::optional<Forest> of_shortest_paths(const Circuit& circuit);

  [[nodiscard]] Row parent(Row node) const { return parent_[node]; }
  /// The branch to the parent, `none` at a source.
  [[nodiscard]] Row via(Row node) const { return via_[node]; }
  [[nodiscard]] Row nodes() const { return static_cast<Row>(parent_.size()); }
  /// Usable branches that are open, in no order.
  [[nodiscard]] const std::vector<Row>& ties() const { return ties_; }
  /// Open branches of the network, unusable ones too, as rows in order.
  [[nodiscard]] std::vector<Row> open(const Circuit& circuit) const;

  /// The loop that a tie would close: nodes from each end up to where the ways meet, that node (or two sources) excluded.
  struct Loop {
    std::vector<Row> at_from, at_to;
  };
  void find_loop(const Circuit& circuit, Row tie, Loop& loop);
  /// Closes ties()[slot], whose loop is given, and opens the branch above `child`, a node of that loop. The opened branch
  /// stands in ties()[slot] then.
  void exchange(const Circuit& circuit, std::size_t slot, const Loop& loop, Row child);

  /// Parents before children; the nodes below one stand behind it without a gap (preorder).
  void preorder(std::vector<Row>& order) const;

 private:
  explicit Forest(Row nodes);
  static std::optional<Forest> as_it_stands(const Circuit& circuit, bool whole);
  std::vector<Row> parent_, via_, ties_;
  std::vector<std::uint64_t> seen_;  // stamps of the walk in find_loop
  std::uint64_t walk_ = 0;
};

}  // namespace tongdian::grid
