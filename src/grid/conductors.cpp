#include "grid/conductors.hpp"

#include <cmath>
#include <map>
#include <numbers>
#include <optional>

#include "grid/balanced.hpp"
#include "grid/joined.hpp"
#include "grid/symmetrical.hpp"
#include "grid/three_phase.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;

class Builder {
 public:
  explicit Builder(const Network& network)
      : network_(network), same_(3 * network.nodes.count()), reached_(3 * network.nodes.count() + 1) {}

  Conductors build() {
    join();
    number();
    add_branches();
    add_loads();
    add_shunts();
    add_sources();
    add_held();
    return std::move(out_);
  }

 private:
  bool has(Row node, int phase) const { return (network_.nodes.phases[node] >> phase & 1) != 0; }

  /// Which phases a branch joins one to one where it has no port of its own.
  bool carries(Row b, int phase) const {
    return (network_.branches.phases[b] >> phase & 1) != 0 && has(network_.branches.from[b], phase) &&
           has(network_.branches.to[b], phase);
  }

  /// One conductor through closed switches; one reach through everything that is closed. The last of `reached_` is the sources.
  void join() {
    const auto& br = network_.branches;
    const Row sources = 3 * network_.nodes.count();
    for (Row b = 0; b < br.count(); ++b) {
      if (!br.closed(b)) continue;
      if (br.phase_port[b] == none) {
        for (int p = 0; p < 3; ++p) {
          if (!carries(b, p)) continue;
          if (br.z[b] == 0.0 && br.ratio[b] == 1.0) same_.join(3 * br.from[b] + p, 3 * br.to[b] + p);
          reached_.join(3 * br.from[b] + p, 3 * br.to[b] + p);
        }
      } else {
        reach_by_port(b);
      }
    }
    for (Row i = 0; i < network_.sources.count(); ++i)
      if (network_.sources.closed[i])
        for (int p = 0; p < 3; ++p)
          if (has(network_.sources.node[i], p)) reached_.join(3 * network_.sources.node[i] + p, sources);
  }

  void reach_by_port(Row b) {
    const auto& port = network_.phase_ports[network_.branches.phase_port[b]];
    for (int p = 0; p < 3; ++p)
      for (int q = 0; q < 3; ++q)
        if (port.ft[3 * p + q] != 0.0 || port.tf[3 * q + p] != 0.0)
          reached_.join(3 * network_.branches.from[b] + p, 3 * network_.branches.to[b] + q);
  }

  void number() {
    const Row count = 3 * network_.nodes.count();
    find_fixed();
    out_.of.assign(count, {});
    std::vector<Row> row(count, none);
    const Row live = reached_.top(count);
    for (Row c = 0; c < count; ++c) {
      if (!has(c / 3, c % 3) || reached_.top(c) != live) continue;
      const Row top = same_.top(c);
      if (fixed_[top]) {
        out_.of[c] = {none, *fixed_[top]};
        continue;
      }
      if (row[top] == none) {
        row[top] = out_.system.voltages++;
        out_.node_of.push_back(c / 3);
      }
      out_.of[c].row = row[top];
    }
    out_.system.unknowns = out_.system.voltages;
    out_.system.b.resize(out_.system.voltages);
  }

  void find_fixed() {
    const auto& s = network_.sources;
    fixed_.resize(3 * network_.nodes.count());
    for (Row i = 0; i < s.count(); ++i) {
      if (!s.closed[i] || s.z[i] != 0.0) continue;
      for (int p = 0; p < 3; ++p) {
        auto& known = fixed_[same_.top(3 * s.node[i] + p)];
        const Complex voltage = driven(i, p);
        if (known && std::abs(*known - voltage) > 1e-9) throw ProblemError(contradiction(s.id.shown(i)));
        known = voltage;
      }
    }
  }

  Complex driven(Row source, int phase) const {
    const Complex v = network_.sources.voltage[source];
    return phase == 0 ? v : phase == 1 ? v * std::conj(turn) : v * turn;
  }

  const Nodal::Conductor& at(Row node, int phase) const { return out_.of[3 * node + phase]; }
  bool live(Row node, int phase) const {
    const auto& c = at(node, phase);
    return c.row != none || c.known != 0.0;
  }

  void add(Row node_at, int p, Row node_of, int q, Complex y) {
    if (live(node_at, p) && live(node_of, q)) out_.system.add(at(node_at, p), at(node_of, q), y);
  }

  void add_block(Row node_at, Row node_of, const Matrix3& y) {
    for (int p = 0; p < 3; ++p)
      for (int q = 0; q < 3; ++q) add(node_at, p, node_of, q, y[3 * p + q]);
  }

  void add_branches() {
    const auto& br = network_.branches;
    for (Row b = 0; b < br.count(); ++b) {
      const Row from = br.from[b], to = br.to[b];
      if (!br.closed_from[b] && !br.closed_to[b]) continue;
      if (br.phase_port[b] == none && std::abs(br.z[b]) < stiff_impedance) {
        add_stiff(b);
        continue;
      }
      const PhasePort port = phase_port(network_, b);
      if (br.closed(b)) {
        add_block(from, from, port.ff);
        add_block(from, to, port.ft);
        add_block(to, from, port.tf);
        add_block(to, to, port.tt);
      } else if (br.closed_from[b]) {
        add_block(from, from, port.ff_alone);
      } else {
        add_block(to, to, port.tt_alone);
      }
    }
  }

  /// Next to no impedance: the current of each phase becomes an unknown. A shift turns the sequences apart, which only a port can say.
  void add_stiff(Row b) {
    const auto& br = network_.branches;
    const Complex y = br.y[b], a = std::abs(br.ratio[b]);
    for (int p = 0; p < 3; ++p) {
      if (!carries(b, p) || !br.closed(b)) continue;
      add(br.from[b], p, br.from[b], p, y / (a * a));
      add(br.to[b], p, br.to[b], p, y);
      if (br.z[b] == 0.0 && br.ratio[b] == 1.0) continue;
      if (!live(br.from[b], p)) continue;
      const auto &from = at(br.from[b], p), &to = at(br.to[b], p);
      if (from.row == none && to.row == none) continue;
      const Nodal::Conductor current{out_.system.add_current(), 0.0};
      out_.system.add(from, current, 1.0 / a);
      out_.system.add(to, current, -1.0);
      out_.system.add(current, from, 1.0 / a);
      out_.system.add(current, to, -1.0);
      out_.system.add(current, current, -br.z[b]);
    }
  }

  void add_loads() {
    const auto& loads = network_.loads;
    for (Row i = 0; i < loads.count(); ++i) {
      if (!loads.closed[i]) continue;
      PhaseLoad own;
      if (loads.phase_load[i] == none)
        own.s = {loads.s[i], loads.s[i], loads.s[i]};
      else
        own = network_.phase_loads[loads.phase_load[i]];
      for (int p = 0; p < 3; ++p) add_load(loads.node[i], p, own.delta ? (p + 1) % 3 : -1, own.s[p], loads.kind[i]);
    }
  }

  /// Between a phase and earth (`other` −1) or two phases.
  void add_load(Row node, int phase, int other, Complex s, LoadKind kind) {
    if (s == 0.0 || !live(node, phase) || (other >= 0 && !live(node, other))) return;
    const double rated = other < 0 ? 1 : std::numbers::sqrt3;
    if (kind == LoadKind::impedance) {
      const Complex y = std::conj(s) / (rated * rated);
      add(node, phase, node, phase, y);
      if (other < 0) return;
      add(node, phase, node, other, -y);
      add(node, other, node, phase, -y);
      add(node, other, node, other, y);
      return;
    }
    const Row plus = at(node, phase).row, minus = other < 0 ? none : at(node, other).row;
    // Loads beside a fixed voltage change nothing; one between a fixed and a free phase cannot be, for sources fix all three.
    if (plus == none || (other >= 0 && minus == none)) return;
    const bool power = kind == LoadKind::power;
    out_.system.loads.push_back({plus, minus, power ? s : 0.0, power ? 0.0 : s / rated});
  }

  void add_shunts() {
    const auto& shunts = network_.shunts;
    for (Row i = 0; i < shunts.count(); ++i) {
      if (!shunts.closed[i]) continue;
      const Row own = shunts.phase_shunt[i];
      add_block(shunts.node[i], shunts.node[i],
                own == none ? symmetric(shunts.y[i], shunts.y[i]) : network_.phase_shunts[own].y);
    }
  }

  void add_sources() {
    const auto& s = network_.sources;
    for (Row i = 0; i < s.count(); ++i) {
      if (!s.closed[i] || s.z[i] == 0.0) continue;
      const Complex z0 = s.z0[i] == 0.0 ? s.z[i] : s.z0[i];
      const Matrix3 y = symmetric(1.0 / s.z[i], 1.0 / z0);
      add_block(s.node[i], s.node[i], y);
      for (int p = 0; p < 3; ++p)
        if (const Row row = at(s.node[i], p).row; row != none)
          for (int q = 0; q < 3; ++q) out_.system.b[row] += y[3 * p + q] * driven(i, q);
    }
  }

  /// Each phase takes a third of the power and holds its own |V|.
  void add_held() {
    const auto& held = network_.regulating;
    std::map<Row, double> kept_at;  // two generators on one bus hold it once
    for (Row i = 0; i < held.count(); ++i) {
      if (!held.closed[i]) continue;
      for (int p = 0; p < 3; ++p) {
        const Row row = at(held.node[i], p).row;
        if (row == none) continue;
        out_.system.loads.push_back({row, none, -held.p[i], 0.0});
        const auto [kept, first] = kept_at.try_emplace(row, held.v_pu[i]);
        if (first)
          out_.system.held.push_back({row, held.v_pu[i]});
        else if (std::abs(kept->second - held.v_pu[i]) > 1e-9)
          throw ProblemError(contradiction(held.id.shown(i)));
      }
    }
  }

  const Network& network_;
  Joined same_, reached_;
  std::vector<std::optional<Complex>> fixed_;
  Conductors out_;
};

}  // namespace

Result<Conductors> conductors(const Network& network) {
  try {
    return Builder(network).build();
  } catch (const ProblemError& e) {
    return e.problem;
  }
}

}  // namespace tongdian::grid
