#include "grid/reconfigure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <tuple>

#include "grid/radial_flow.hpp"

namespace tongdian::grid {
namespace {

/// An exchange and what it changes of the loss while the nodes' currents stay.
struct Move {
  Row child = none;
  double change = 0;
};

/// A forest with the currents of its branches, the nodes' own currents frozen.
class FrozenFlow {
 public:
  FrozenFlow(const Circuit& circuit, Forest forest) : circuit_(circuit), forest_(std::move(forest)) {}

  [[nodiscard]] const Forest& forest() const { return forest_; }
  void set(Forest forest) { forest_ = std::move(forest); }

  /// Sums up the frozen currents along the forest. What was done before cannot be undone after.
  void freeze(const std::vector<Complex>& own) {
    forest_.preorder(order_);
    through_ = own;
    for (std::size_t i = order_.size(); i-- > 0;)
      if (const Row parent = forest_.parent(order_[i]); parent != none) through_[parent] += through_[order_[i]];
    done_.clear();
  }

  void look(std::size_t slot) {
    slot_ = slot;
    const Row tie = forest_.ties()[slot];
    forest_.find_loop(circuit_, tie, loop_);
    resistance_ = circuit_.z[tie].real();
    moment_ = 0;
    for (const Row node : loop_.at_from) around(node, 1);
    for (const Row node : loop_.at_to) around(node, -1);
  }
  [[nodiscard]] std::size_t loop_size() const { return loop_.at_from.size() + loop_.at_to.size(); }
  [[nodiscard]] Move at(std::size_t i) const {
    const bool low = i < loop_.at_from.size();
    const Row child = low ? loop_.at_from[i] : loop_.at_to[i - loop_.at_from.size()];
    if (forest_.via(child) >= circuit_.network_branches) return {};
    const Complex j = through_[child];
    const double along = j.real() * moment_.real() + j.imag() * moment_.imag();
    return {child, resistance_ * std::norm(j) - (low ? 2 : -2) * along};
  }
  [[nodiscard]] Move best() const {
    Move best;
    for (std::size_t i = 0; i < loop_size(); ++i)
      if (const Move move = at(i); move.child != none && (best.child == none || move.change < best.change)) best = move;
    return best;
  }

  /// Of the loop that was looked at.
  void apply(Row child) {
    done_.push_back({slot_, forest_.ties()[slot_], forest_.via(child)});
    turn(child);
  }
  /// Back to where the last freeze or forget was.
  void undo() {
    while (!done_.empty()) {
      const Done last = done_.back();
      done_.pop_back();
      look(last.slot);
      for (std::size_t i = 0; i < loop_size(); ++i) {
        const Row child = i < loop_.at_from.size() ? loop_.at_from[i] : loop_.at_to[i - loop_.at_from.size()];
        if (forest_.via(child) != last.closed) continue;
        turn(child);
        break;
      }
    }
  }
  void forget() { done_.clear(); }

 private:
  struct Done {
    std::size_t slot;
    Row closed, opened;
  };

  void around(Row node, double sign) {
    const double r = circuit_.z[forest_.via(node)].real();
    resistance_ += r;
    moment_ += sign * r * through_[node];
  }

  void turn(Row child) {
    const Complex moved = through_[child];
    const bool below_from = std::find(loop_.at_from.begin(), loop_.at_from.end(), child) != loop_.at_from.end();
    const auto& losing = below_from ? loop_.at_from : loop_.at_to;
    const auto& gaining = below_from ? loop_.at_to : loop_.at_from;
    for (const Row node : gaining) through_[node] += moved;
    bool above = false;
    Complex carried = moved;  // by the branch that will be above the node: its own turns round to the node's parent
    for (const Row node : losing) {
      if (above) {
        through_[node] -= moved;
        continue;
      }
      const Complex old = through_[node];
      through_[node] = carried;
      carried = moved - old;
      above = node == child;
    }
    forest_.exchange(circuit_, slot_, loop_, child);
  }

  const Circuit& circuit_;
  Forest forest_;
  std::vector<Row> order_;
  std::vector<Complex> through_;
  Forest::Loop loop_;
  std::size_t slot_ = 0;
  double resistance_ = 0;
  Complex moment_;
  std::vector<Done> done_;
};

class Search {
 public:
  Search(const Circuit& circuit, const Forest& start, const ReconfigureOptions& options)
      : circuit_(circuit),
        options_(options),
        exact_(circuit),
        state_(circuit, start),
        here_(start),
        random_(options.seed) {}

  void run() {
    freeze_flat();
    descend();
    here_ = state_.forest();
    at_ = solve();
    polish();
    keep();
    const auto ties = static_cast<std::int64_t>(here_.ties().size());
    if (ties == 0) return;
    const std::int64_t patience = options_.patience > 0 ? options_.patience : 200 + 100 * ties;
    for (std::int64_t idle = 0; idle < patience && options_.go_on(); ++idle)
      if (frozen_kick()) idle = -1;
    const std::int64_t last = solves_ + 3'000'000 / circuit_.nodes();
    for (std::int64_t idle = 0; idle < patience / 10 && solves_ < last && options_.go_on(); ++idle)
      if (exact_kick()) idle = -1;
  }

  [[nodiscard]] std::optional<double> loss() const { return loss_; }
  [[nodiscard]] const Forest& best() const { return best_ ? *best_ : here_; }

 private:
  std::size_t below(std::size_t n) {  // the same on every platform, which uniform_int_distribution is not
    return static_cast<std::size_t>(random_() % n);
  }
  std::optional<double> solve() {
    ++solves_;
    return exact_.solve(state_.forest());
  }
  /// Two sums of the same configuration differ in their rounding; that is no gain.
  static bool better(const std::optional<double>& a, const std::optional<double>& b) {
    return a && (!b || *a < *b - std::abs(*b) * 1e-11);
  }

  void freeze_flat() {
    own_.resize(circuit_.power.size());
    for (Row node = 0; node < circuit_.nodes(); ++node)
      own_[node] = std::conj(circuit_.power[node] + circuit_.current[node]) + circuit_.shunt[node];
    state_.freeze(own_);
  }
  /// The state is here_ again, its nodes' currents those of an exact solution.
  void freeze_here() {
    state_.set(here_);
    if (solve())
      for (Row node = 0; node < circuit_.nodes(); ++node) own_[node] = exact_.drawn(node);
    state_.freeze(own_);
  }
  bool keep() {
    if (!better(at_, loss_)) return false;
    loss_ = at_;
    best_ = here_;
    return true;
  }
  void go_back() {
    here_ = *best_;
    at_ = loss_;
    freeze_here();
  }

  /// Exchanges with the frozen currents until no loop gains; what was gained.
  double descend() {
    const std::size_t ties = state_.forest().ties().size();
    const double least = loss_ ? *loss_ * 1e-10 : 1e-15;
    double gained = 0;
    std::size_t quiet = 0;
    for (std::size_t slot = ties ? below(ties) : 0; quiet < ties; slot = (slot + 1) % ties) {
      if (slot == 0 && !options_.go_on()) break;
      state_.look(slot);
      const Move move = state_.best();
      if (move.child != none && move.change < -least) {
        state_.apply(move.child);
        gained -= move.change;
        quiet = 0;
      } else {
        ++quiet;
      }
    }
    return gained;
  }

  /// Solves exactly what lies one exchange from here, the most promising first, until none of it is better.
  void polish() {
    while (options_.go_on() && better_neighbour()) {}
    freeze_here();
  }
  bool better_neighbour() {
    struct Candidate {
      double change;
      std::size_t slot;
      Row child;
    };
    freeze_here();
    std::vector<Candidate> candidates;
    const std::size_t ties = state_.forest().ties().size();
    for (std::size_t slot = 0; slot < ties; ++slot) {
      state_.look(slot);
      for (std::size_t i = 0; i < state_.loop_size(); ++i)
        if (const Move move = state_.at(i); move.child != none) candidates.push_back({move.change, slot, move.child});
    }
    const auto most = std::min(candidates.size(), std::max<std::size_t>(4 * ties, 200));
    std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(most), candidates.end(),
                      [](const auto& a, const auto& b) {
                        return std::tie(a.change, a.slot, a.child) < std::tie(b.change, b.slot, b.child);
                      });
    candidates.resize(most);
    for (const auto& candidate : candidates) {
      if (most > 200 && at_ && candidate.change > error_ * *at_) break;
      if (!options_.go_on()) return false;
      state_.look(candidate.slot);
      state_.apply(candidate.child);
      const auto loss = solve();
      if (loss && at_) error_ = std::max(error_, 2 * std::abs(*loss - *at_ - candidate.change) / std::abs(*at_));
      if (better(loss, at_)) {
        at_ = loss;
        here_ = state_.forest();
        return true;
      }
      state_.undo();
    }
    return false;
  }

  double kick() {
    const std::size_t ties = state_.forest().ties().size();
    double change = 0;
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      state_.look(below(ties));
      if (state_.loop_size() == 0) continue;
      const Move move = state_.at(below(state_.loop_size()));
      if (move.child == none) continue;
      state_.apply(move.child);
      change += move.change;
    }
    return change;
  }

  /// From the best a few exchanges at random, then down with frozen currents, and one exact solution where that looks good: what
  /// frozen currents mistake, `error_` has seen. True where it found something better.
  bool frozen_kick() {
    const double change = kick() - descend();
    const double whole = loss_ ? std::abs(*loss_) : 0;
    if (!loss_ || (change < error_ * whole && std::abs(change) > 1e-9 * whole)) {
      if (const auto loss = solve(); better(loss, loss_)) {
        here_ = state_.forest();
        at_ = loss;
        polish();
        return keep();
      }
    }
    state_.undo();
    return false;
  }

  /// The same with exact solutions all the way down: sources of different voltage and transformers are more than frozen
  /// currents understand.
  bool exact_kick() {
    kick();
    here_ = state_.forest();
    at_ = solve();
    polish();
    if (keep()) return true;
    if (best_) go_back();
    return false;
  }

  const Circuit& circuit_;
  const ReconfigureOptions& options_;
  RadialFlow exact_;
  FrozenFlow state_;
  Forest here_;
  std::optional<double> at_;  // loss of here_
  std::optional<Forest> best_;
  std::optional<double> loss_;
  std::vector<Complex> own_;
  double error_ = 0.002;  // of frozen currents, relative to the loss
  std::int64_t solves_ = 0;
  std::mt19937_64 random_;
};

}  // namespace

std::optional<Reconfiguration> reconfigure(const Circuit& circuit, const ReconfigureOptions& options) {
  Reconfiguration answer;
  std::optional<Forest> start = Forest::as_closed(circuit);
  if (start) {
    RadialFlow flow(circuit);
    answer.initial_loss = flow.solve(*start);
  } else {
    start = Forest::of_shortest_paths(circuit);
  }
  if (!start) return {};
  Search search(circuit, *start, options);
  search.run();
  answer.loss = search.loss();
  answer.open = search.best().open(circuit);
  return answer;
}

Row some_unreachable(const Circuit& circuit) {
  std::vector<Row> root(circuit.power.size());
  for (Row node = 0; node < circuit.nodes(); ++node) root[node] = node;
  const auto find = [&](Row node) {
    while (root[node] != node) node = root[node] = root[root[node]];
    return node;
  };
  for (Row b = 0; b < circuit.branches(); ++b) root[find(circuit.from[b])] = find(circuit.to[b]);
  std::vector<bool> fed(root.size());
  for (Row node = 0; node < circuit.nodes(); ++node)
    if (circuit.source[node] != 0.0) fed[find(node)] = true;
  for (Row node = 0; node < circuit.nodes(); ++node)
    if (!fed[find(node)]) return node;
  return none;
}

}  // namespace tongdian::grid
