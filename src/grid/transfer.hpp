// Load transfer 负荷转供: after a section has opened for good, the switching order that gives most customers their supply back,
// within the limits of every section and node, with fewest operations.
//
// A plan closes ties and, where one tie cannot carry all, first opens sections inside the dark part, so that each tie feeds its
// own piece. What a plan does to every feeder that it touches is solved exactly. Where the dark part has few switches every plan
// is tried; where it has many, one tie alone, then pieces grown tie by tie (see docs/grid-applications.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grid/forest.hpp"
#include "grid/limbs.hpp"

namespace tongdian::grid {

/// What binds: by row of the circuit, so that limits may come from a file, a standard or a case.
struct Limits {
  std::vector<double> min_pu, max_pu;   ///< by node
  std::vector<double> current;          ///< by branch, p.u. of current at the lower end; infinite where none is known
  std::vector<bool> operable;           ///< by branch: may be switched
  std::vector<std::int32_t> customers;  ///< by node
};
/// The network's own: its ratings, its nodes' limits; where it has switches only they are operable.
Limits limits_of(const Network& network, const Circuit& circuit);

enum class Breach : std::uint8_t { nothing, overload, undervoltage, overvoltage, no_solution, no_tie };

/// The element that limits: a branch for an overload, a node for a voltage.
struct Limiting {
  Breach breach = Breach::nothing;
  Row element = none;
  double value = 0, limit = 0;  ///< p.u.
};

struct Operation {
  Row branch;
  bool close;
};

struct TransferPlan {
  std::vector<Operation> operations;  ///< in this order: dead sections open before a tie closes
  std::int64_t dark_customers = 0, restored_customers = 0;
  std::int64_t dark_nodes = 0, restored_nodes = 0;
  double restored_load = 0, dark_load = 0;  ///< p.u. of active power, before losses
  Limiting limiting;                        ///< what kept more from coming back; nothing where all came back
  double lowest_pu = 0;                     ///< of the plan: the lowest voltage among the nodes that it touches
  double heaviest = 0;                      ///< and the highest current over its limit
  [[nodiscard]] bool complete() const {
    return restored_customers == dark_customers && (restored_nodes == dark_nodes || restored_load >= dark_load - 1e-9);
  }
};

class Transfer {
 public:
  /// Solves the network as it stands; `ok()` is false where that does not converge. All three must outlive it.
  Transfer(const Circuit& circuit, const Forest& forest, const Limits& limits);
  [[nodiscard]] bool ok() const { return ok_; }

  /// After branch `b` has opened and stays open.
  TransferPlan plan(Row b);
  /// Whether the plan keeps the limits, worked out anew: for tests and for a person's own plan. nullopt: not radial.
  std::optional<TransferPlan> judge(Row b, const std::vector<Row>& opened, const std::vector<Row>& closed);

  /// Step by step, for whoever wants more than a plan: the ties that reach what branch `b` feeds; then, with one of them closed
  /// and nothing opened, whether all of it is carried within the limits, and the limbs as solved then. A source's tree that has no
  /// solution, which `ok` counts against the whole, carries nothing here and is no matter to the others.
  std::size_t ties_after(Row b);
  [[nodiscard]] Row tie(std::size_t i) const { return ties_[i].branch; }
  bool carry(std::size_t i);
  [[nodiscard]] const std::vector<Limb>& carried() const { return laid_; }
  [[nodiscard]] const std::vector<Row>& carried_nodes() const { return laid_node_; }
  [[nodiscard]] const std::vector<Row>& carried_by() const { return laid_via_; }
  [[nodiscard]] bool dark(Row node) const { return at_[node] >= dark_begin_ && at_[node] <= dark_end_; }
  /// What is dark, as places of a walk, first and last, and the node at a place.
  [[nodiscard]] std::pair<Row, Row> dark_places() const { return {dark_begin_, dark_end_}; }
  [[nodiscard]] Row node_at(Row place) const { return order_[place]; }

 private:
  struct Tie {
    Row branch, inside, outside;
  };
  struct Verdict {
    bool feasible = false;
    Limiting worst;
    double lowest = 0, heaviest = 0, load = 0;
    std::int64_t customers = 0, nodes = 0;
  };

  [[nodiscard]] bool solved(Row node) const;
  void darken(Row child);
  Verdict evaluate(const std::vector<Tie>& closed, const std::vector<Row>& opened);
  bool lay_pieces(const std::vector<Tie>& closed, const std::vector<Row>& opened);
  void lay_feeders(const std::vector<Tie>& closed);
  void lay_feeder(Row outside);
  Verdict check() const;
  void try_all(TransferPlan& best);
  void grow(TransferPlan& best);
  Verdict shed(std::vector<Tie>& closed, std::vector<Row>& opened);
  [[nodiscard]] Row halving_cut(Row tie) const;
  void refine(const std::vector<Tie>& closed, std::vector<Row>& opened, Verdict& verdict);
  [[nodiscard]] std::vector<Row> outward_from(Row cut) const;
  void take(TransferPlan& best, const Verdict& verdict, const std::vector<Tie>& closed,
            const std::vector<Row>& opened) const;
  [[nodiscard]] double headroom(const Tie& tie) const;

  const Circuit& circuit_;
  const Forest& forest_;
  const Limits& limits_;
  bool ok_ = false, with_current_loads_ = false;
  std::vector<std::pair<Row, Row>> unsolved_;   // trees, as places from and to
  std::vector<Row> order_, at_, last_;          // preorder; by node its place; by place the last below
  std::vector<std::int64_t> customers_before_;  // by place
  std::vector<Row> best_opened_;
  std::vector<Limb> base_;                       // by place, solved
  std::vector<std::vector<Row>> open_at_;        // by node: usable open branches
  std::vector<std::pair<Row, Row>> tie_places_;  // place of an end, branch; sorted
  std::vector<std::vector<Row>> near_;           // by node: closed branches

  Row dark_begin_ = 0, dark_end_ = -1, failed_ = none;
  std::vector<Tie> ties_;
  std::vector<Row> feeders_, laid_ties_;  // places of the tops of what is laid; the ties it is laid for
  std::size_t feeders_end_ = 0;           // behind them in laid_ stand the pieces
  std::vector<Limb> laid_;
  std::vector<Row> laid_node_, laid_via_;
  std::vector<Row> local_;  // by node: its place in laid_, valid where mark_ says so
  std::vector<std::uint32_t> mark_;
  std::uint32_t round_ = 0;
};

/// N-1 of the whole network: a plan for every closed branch of the network whose loss darkens a node, in order of rows.
std::vector<std::pair<Row, TransferPlan>> transfer_all(const Circuit& circuit, const Forest& forest,
                                                       const Limits& limits);

}  // namespace tongdian::grid
