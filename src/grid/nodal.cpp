#include "grid/nodal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "grid/sparse_lu.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;

Complex across(std::span<const Complex> x, const Nodal::Load& load) {
  return load.minus == none ? x[load.plus] : x[load.plus] - x[load.minus];
}

Complex load_current(const Nodal::Load& load, Complex v) {
  const double square = std::norm(v);
  Complex s = load.power;
  if (load.current != 0.0) s += load.current * std::sqrt(square);
  return std::conj(s) * v / square;
}

/// The lowest voltage, or the first that is none at all.
Row lowest(std::span<const Complex> x, Row voltages) {
  Row worst = voltages > 0 ? 0 : none;
  for (Row i = 0; i < voltages; ++i) {
    if (!std::isfinite(std::abs(x[i]))) return i;
    if (std::abs(x[i]) < std::abs(x[worst])) worst = i;
  }
  return worst;
}

/// Of changes: one that is no number stays, whatever comes after it.
double larger(double most, double moved) { return moved <= most || std::isnan(most) ? most : moved; }

}  // namespace

void Nodal::add(const Conductor& at, const Conductor& of, Complex y) {
  if (at.row == none || y == 0.0) return;
  if (of.row == none)
    b[at.row] -= y * of.known;
  else
    entries.push_back({at.row, of.row, y});
}

Row Nodal::add_current() {
  b.emplace_back();
  return unknowns++;
}

/// Real unknowns: 2i and 2i + 1 are the parts of x_i; behind them the reactive power of each held voltage.
struct NodalSolver::Newton {
  struct Block {  // slots of ∂(re, im)/∂(re, im)
    std::int32_t slot[4];
  };
  struct LoadBlocks {
    Block at[2][2];
  };
  struct HeldBlocks {
    std::int32_t by_q[2];  // ∂(re, im of the balance)/∂Q
    Block by_v;
    std::int32_t of_v[2];  // ∂(|V|²)/∂(re, im)
    std::int32_t own;      // 1 before Q counts, then 0
  };

  explicit Newton(const Nodal& s) : system(s), pattern(make_pattern()), lu(pattern), values(pattern.row.size()) {
    right.resize(pattern.size());
    q.resize(s.held.size());
  }

  SparsePattern make_pattern() {
    std::vector<Place> places;
    const auto block = [&](Row row, Row column) {
      for (int i = 0; i < 4; ++i) places.push_back({2 * row + i / 2, 2 * column + i % 2});
    };
    for (const auto& e : system.entries) block(e.row, e.column);
    for (const auto& load : system.loads) {
      const Row minus = load.minus == none ? load.plus : load.minus;  // earth has no place; its slots are not used
      for (const Row row : {load.plus, minus})
        for (const Row column : {load.plus, minus}) block(row, column);
    }
    const Row base = 2 * system.unknowns;
    for (std::size_t k = 0; k < system.held.size(); ++k) {
      const Row own = base + static_cast<Row>(k), v = 2 * system.held[k].row;
      places.push_back({v, own});
      places.push_back({v + 1, own});
      block(system.held[k].row, system.held[k].row);
      places.push_back({own, v});
      places.push_back({own, v + 1});
      places.push_back({own, own});
    }
    auto out = compress(base + static_cast<Row>(system.held.size()), places);
    take_slots(out.slot);
    return out;
  }

  void take_slots(const std::vector<std::int32_t>& slot) {
    std::size_t at = 0;
    const auto block = [&] {
      Block out{};
      for (auto& each : out.slot) each = slot[at++];
      return out;
    };
    for (std::size_t i = 0; i < system.entries.size(); ++i) entry_blocks.push_back(block());
    for (std::size_t i = 0; i < system.loads.size(); ++i) {
      LoadBlocks out{};
      for (auto& row : out.at)
        for (auto& each : row) each = block();
      load_blocks.push_back(out);
    }
    for (std::size_t i = 0; i < system.held.size(); ++i) {
      HeldBlocks out{};
      for (auto& each : out.by_q) each = slot[at++];
      out.by_v = block();
      for (auto& each : out.of_v) each = slot[at++];
      out.own = slot[at++];
      held_blocks.push_back(out);
    }
  }

  void add(const Block& block, double rr, double ri, double ir, double ii) {
    values[block.slot[0]] += rr;
    values[block.slot[1]] += ri;
    values[block.slot[2]] += ir;
    values[block.slot[3]] += ii;
  }

  void add_linear() {
    std::ranges::fill(values, 0.0);
    for (std::size_t i = 0; i < system.entries.size(); ++i) {
      const Complex y = system.entries[i].value;
      add(entry_blocks[i], y.real(), -y.imag(), y.imag(), y.real());
    }
  }

  /// The unloaded network.
  bool start(std::vector<Complex>& x) {
    add_linear();
    for (const auto& held : held_blocks) values[held.own] = 1;
    if (!lu.factor(values)) return false;
    std::ranges::fill(right, 0.0);
    for (Row i = 0; i < system.unknowns; ++i) {
      right[2 * i] = system.b[i].real();
      right[2 * i + 1] = system.b[i].imag();
    }
    lu.solve(right);
    for (Row i = 0; i < system.unknowns; ++i) x[i] = {right[2 * i], right[2 * i + 1]};
    std::ranges::fill(q, 0.0);
    return true;
  }

  void add_residual(Row row, Complex drawn) {
    right[2 * row] -= drawn.real();
    right[2 * row + 1] -= drawn.imag();
  }

  /// d(current) = w·conj(dV) + u·dV at load i, drawn at plus and given back at minus.
  void add_load(std::size_t i, std::span<const Complex> x) {
    const auto& load = system.loads[i];
    const Complex v = across(x, load);
    const Complex drawn = load_current(load, v);
    const double magnitude = std::abs(v);
    const Complex vc = std::conj(v);
    const Complex w = -std::conj(load.power) / (vc * vc) - std::conj(load.current) * v / (2.0 * vc * magnitude);
    const Complex u = std::conj(load.current) / (2 * magnitude);
    const Row at[2] = {load.plus, load.minus};
    for (int r = 0; r < 2; ++r) {
      if (at[r] == none) continue;
      add_residual(at[r], r == 0 ? drawn : -drawn);
      for (int c = 0; c < 2; ++c) {
        if (at[c] == none) continue;
        const double sign = r == c ? 1 : -1;
        add(load_blocks[i].at[r][c], sign * (w.real() + u.real()), sign * (w.imag() - u.imag()),
            sign * (w.imag() + u.imag()), sign * (u.real() - w.real()));
      }
    }
  }

  /// A generator gives −j·Q/conj(V); |V|² is what it must be.
  void add_held(std::size_t k, std::span<const Complex> x) {
    const Row row = system.held[k].row;
    const auto& blocks = held_blocks[k];
    const Complex v = x[row];
    const Complex by_q = Complex(0, 1) / std::conj(v);  // of the current drawn
    add_residual(row, by_q * q[k]);
    values[blocks.by_q[0]] += by_q.real();
    values[blocks.by_q[1]] += by_q.imag();
    const Complex w = -by_q * q[k] / std::conj(v);
    add(blocks.by_v, w.real(), w.imag(), w.imag(), -w.real());
    values[blocks.of_v[0]] += 2 * v.real();
    values[blocks.of_v[1]] += 2 * v.imag();
    right[2 * system.unknowns + static_cast<Row>(k)] = system.held[k].v * system.held[k].v - std::norm(v);
  }

  /// One step; the largest change of |V|, NaN where there is none.
  double step(std::vector<Complex>& x, bool first) {
    add_linear();
    std::ranges::fill(right, 0.0);
    for (Row i = 0; i < system.unknowns; ++i) add_residual(i, -system.b[i]);
    for (const auto& e : system.entries) add_residual(e.row, e.value * x[e.column]);
    for (std::size_t i = 0; i < system.loads.size(); ++i) add_load(i, x);
    for (std::size_t k = 0; k < system.held.size(); ++k) add_held(k, x);
    if (!(first ? lu.factor(values) : lu.refactor(values))) return std::nan("");
    lu.solve(right);
    double most = 0;
    for (Row i = 0; i < system.unknowns; ++i) {
      const Complex next = x[i] + Complex(right[2 * i], right[2 * i + 1]);
      if (i < system.voltages) {
        const double moved = std::abs(std::abs(next) - std::abs(x[i]));
        most = larger(most, moved);
      }
      x[i] = next;
    }
    for (std::size_t k = 0; k < q.size(); ++k) q[k] += right[2 * system.unknowns + static_cast<Row>(k)];
    return most;
  }

  /// Whether every equation holds to rounding. Where a conductor hangs on little more than nothing (a neutral on no ground) such a
  /// solution still moves in the digits that the equations do not fix, and no tolerance of |V| is ever met.
  bool holds_to_rounding(const std::vector<Complex>& x) {
    std::vector<double> terms(system.unknowns);
    std::ranges::fill(right, 0.0);
    const auto count = [&](Row row, Complex term) {
      add_residual(row, term);
      terms[row] += std::abs(term);
    };
    for (Row i = 0; i < system.unknowns; ++i) count(i, -system.b[i]);
    for (const auto& e : system.entries) count(e.row, e.value * x[e.column]);
    for (const auto& load : system.loads) {
      const Complex drawn = load_current(load, across(x, load));
      count(load.plus, drawn);
      if (load.minus != none) count(load.minus, -drawn);
    }
    for (std::size_t k = 0; k < system.held.size(); ++k) {
      const auto [row, v] = system.held[k];
      count(row, Complex(0, q[k]) / std::conj(x[row]));
      if (std::abs(std::abs(x[row]) - v) > 1e-13 * v) return false;
    }
    for (Row i = 0; i < system.unknowns; ++i)
      if (!(std::hypot(right[2 * i], right[2 * i + 1]) <= 64 * std::numeric_limits<double>::epsilon() * terms[i]))
        return false;
    return true;
  }

  const Nodal& system;
  std::vector<Block> entry_blocks;
  std::vector<LoadBlocks> load_blocks;
  std::vector<HeldBlocks> held_blocks;
  SparsePattern pattern;
  SparseLu<double> lu;
  std::vector<double> values, right, q;
};

struct NodalSolver::Injection {
  explicit Injection(const Nodal& s) : pattern(make_pattern(s)), lu(pattern), right(s.unknowns) {
    std::vector<Complex> values(pattern.row.size());
    for (std::size_t i = 0; i < s.entries.size(); ++i) values[pattern.slot[i]] += s.entries[i].value;
    regular = lu.factor(values);
  }

  static SparsePattern make_pattern(const Nodal& s) {
    std::vector<Place> places;
    for (const auto& e : s.entries) places.push_back({e.row, e.column});
    return compress(s.unknowns, places);
  }

  SparsePattern pattern;
  SparseLu<Complex> lu;
  std::vector<Complex> right;
  bool regular = false;
};

NodalSolver::NodalSolver(const Nodal& system) : system_(system), x_(system.unknowns) {}
NodalSolver::NodalSolver(NodalSolver&&) noexcept = default;
NodalSolver::~NodalSolver() = default;

std::span<const Complex> NodalSolver::voltage() const { return std::span(x_).first(system_.voltages); }

NodalEnd NodalSolver::newton(double tolerance, int limit) {
  if (!newton_) newton_ = std::make_unique<Newton>(system_);
  NodalEnd end;
  bool going = newton_->start(x_);
  double before = 1;
  while (going && end.iterations < limit) {
    end.change = newton_->step(x_, end.iterations == 0);
    ++end.iterations;
    end.converged = end.change <= std::max(tolerance, 1e-13);
    // Looked at where the steps have ceased to become smaller, and what they change are a solution's last digits.
    if (!end.converged && end.change < 1e-6 && end.change > before / 4) end.converged = newton_->holds_to_rounding(x_);
    before = end.change;
    going = !end.converged && std::isfinite(end.change);
  }
  if (!end.converged) end.worst = lowest(x_, system_.voltages);
  return end;
}

NodalEnd NodalSolver::current_injection(double tolerance, int limit) {
  if (!injection_) injection_ = std::make_unique<Injection>(system_);
  auto& right = injection_->right;
  NodalEnd end;
  end.worst = 0;
  if (!injection_->regular) return end;
  std::ranges::copy(system_.b, right.begin());
  injection_->lu.solve(right);
  std::swap(x_, right);
  while (end.iterations < limit) {
    std::ranges::copy(system_.b, right.begin());
    for (const auto& load : system_.loads) {
      const Complex drawn = load_current(load, across(x_, load));
      right[load.plus] -= drawn;
      if (load.minus != none) right[load.minus] += drawn;
    }
    injection_->lu.solve(right);
    std::swap(x_, right);
    end.change = 0;
    for (Row i = 0; i < system_.voltages; ++i) {
      const double moved = std::abs(std::abs(x_[i]) - std::abs(right[i]));
      end.change = larger(end.change, moved);
    }
    ++end.iterations;
    end.converged = end.change <= std::max(tolerance, 1e-13);
    if (end.converged || !std::isfinite(end.change)) break;
  }
  if (!end.converged) end.worst = lowest(x_, system_.voltages);
  return end;
}

Limit loadability(const Nodal& system) {
  Nodal part = system;
  std::vector<double> unloaded(system.voltages), loaded(system.voltages);
  const auto solvable = [&](double share, std::vector<double>& magnitudes) {
    for (std::size_t i = 0; i < system.loads.size(); ++i) {
      part.loads[i].power = share * system.loads[i].power;
      part.loads[i].current = share * system.loads[i].current;
    }
    NodalSolver solver(part);
    if (!solver.newton(1e-6, 20).converged) return false;
    for (Row i = 0; i < system.voltages; ++i) magnitudes[i] = std::abs(solver.voltage()[i]);
    return true;
  };
  Limit out;
  if (!solvable(0, unloaded)) return out;
  loaded = unloaded;
  double too_much = 1;
  for (int halving = 0; halving < 8; ++halving) {
    const double share = (out.share + too_much) / 2;
    (solvable(share, loaded) ? out.share : too_much) = share;
  }
  for (Row i = 0; i < system.voltages; ++i)
    if (out.weakest == none || loaded[i] * unloaded[out.weakest] < loaded[out.weakest] * unloaded[i]) out.weakest = i;
  return out;
}

}  // namespace tongdian::grid
