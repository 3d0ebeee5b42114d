#include "grid/three_phase.hpp"

#include <algorithm>
#include <optional>

#include "grid/conductors.hpp"
#include "grid/symmetrical.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;

Complex power(const PhaseVoltages& v, const PhaseVoltages& i) {
  return v[0] * std::conj(i[0]) + v[1] * std::conj(i[1]) + v[2] * std::conj(i[2]);
}

PhaseVoltages times(const Matrix3& m, const PhaseVoltages& v) {
  PhaseVoltages out{};
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c) out[r] += m[3 * r + c] * v[c];
  return out;
}

/// What a branch takes from both its ends together, p.u. of one phase.
Complex lost_in(const Network& network, const std::vector<PhaseVoltages>& voltage, Row b) {
  const auto& br = network.branches;
  if (!br.closed_from[b] && !br.closed_to[b]) return 0;
  const auto &from = voltage[br.from[b]], &to = voltage[br.to[b]];
  if (br.phase_port[b] == none && br.z[b] == 0.0) return 0;
  if (br.phase_port[b] == none && br.closed(b) && br.ratio[b].imag() == 0) {
    Complex sum = 0;  // by the drop: a tiny impedance would lose every digit in sums of large admittances
    for (int p = 0; p < 3; ++p) {
      const Complex inner = from[p] / br.ratio[b];
      if (inner == 0.0 || to[p] == 0.0) continue;
      sum += std::norm(inner - to[p]) / std::conj(br.z[b]) + (std::norm(inner) + std::norm(to[p])) * std::conj(br.y[b]);
    }
    return sum;
  }
  const PhasePort port = phase_port(network, b);
  if (!br.closed(b))
    return br.closed_from[b] ? power(from, times(port.ff_alone, from)) : power(to, times(port.tt_alone, to));
  return power(from, times(port.ff, from)) + power(from, times(port.ft, to)) + power(to, times(port.tf, from)) +
         power(to, times(port.tt, to));
}

}  // namespace

PhasePort phase_port(const Network& network, Row b) {
  const auto& br = network.branches;
  if (br.phase_port[b] != none) return network.phase_ports[br.phase_port[b]];
  const Complex z = br.z[b], y = br.y[b], a = br.ratio[b];
  const Complex series = 1.0 / z, own = series + y;
  const double square = std::norm(a), k = std::abs(a);
  const Complex alone = y == 0.0 ? 0.0 : y + y / (1.0 + z * y);
  PhasePort out;
  out.ff = symmetric(own / square, own / square);
  out.tt = symmetric(own, own);
  out.ft = phases_of(-series / k, -series / std::conj(a), -series / a);
  out.tf = phases_of(-series / k, -series / a, -series / std::conj(a));
  out.ff_alone = symmetric(alone / square, alone / square);
  out.tt_alone = symmetric(alone, alone);
  return out;
}

std::optional<PhaseBranchPower> branch_power(const Network& network, const std::vector<PhaseVoltages>& voltage, Row b) {
  const auto& br = network.branches;
  if (br.phase_port[b] == none && br.z[b] == 0.0) return std::nullopt;
  PhaseBranchPower out;
  const auto &from = voltage[br.from[b]], &to = voltage[br.to[b]];
  const auto put = [](PhaseVoltages& s, const PhaseVoltages& v, const PhaseVoltages& i) {
    for (int p = 0; p < 3; ++p) s[p] += v[p] * std::conj(i[p]);
  };
  if (br.phase_port[b] == none && br.closed(b) && br.ratio[b].imag() == 0) {
    // By the drop, as above: a link's huge admittance would leave no digit of its current.
    for (int p = 0; p < 3; ++p) {
      const Complex inner = from[p] / br.ratio[b];
      if (inner == 0.0 || to[p] == 0.0) continue;
      const Complex current = (inner - to[p]) / br.z[b];
      out.from[p] = inner * std::conj(current + br.y[b] * inner);
      out.to[p] = to[p] * std::conj(-current + br.y[b] * to[p]);
    }
    return out;
  }
  const PhasePort port = phase_port(network, b);
  if (!br.closed(b)) {
    if (br.closed_from[b]) put(out.from, from, times(port.ff_alone, from));
    if (br.closed_to[b]) put(out.to, to, times(port.tt_alone, to));
    return out;
  }
  put(out.from, from, times(port.ff, from));
  put(out.from, from, times(port.ft, to));
  put(out.to, to, times(port.tf, from));
  put(out.to, to, times(port.tt, to));
  return out;
}

struct PhaseFlowSolver::Parts {
  const Network* network = nullptr;
  FlowOptions options;
  Conductors conductors;
  std::optional<NodalSolver> solver;
  NodalEnd end;
  bool by_newton = false;
};

PhaseFlowSolver::PhaseFlowSolver(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PhaseFlowSolver::PhaseFlowSolver(PhaseFlowSolver&&) noexcept = default;
PhaseFlowSolver& PhaseFlowSolver::operator=(PhaseFlowSolver&&) noexcept = default;
PhaseFlowSolver::~PhaseFlowSolver() = default;

Result<PhaseFlowSolver> PhaseFlowSolver::prepare(const Network& network, const FlowOptions& options) {
  auto built = grid::conductors(network);
  if (!built) return built.error();
  auto parts = std::make_unique<Parts>();
  parts->network = &network;
  parts->options = options;
  parts->conductors = *std::move(built);
  parts->solver.emplace(parts->conductors.system);
  parts->by_newton = options.method == Method::newton || !parts->conductors.system.held.empty();
  return PhaseFlowSolver(std::move(parts));
}

bool PhaseFlowSolver::solve() {
  auto& p = *parts_;
  if (p.conductors.system.voltages == 0) {
    p.end = {true, 0, 0, none};
    return true;
  }
  if (!p.by_newton) {
    p.end = p.solver->current_injection(p.options.tolerance, 10 * p.options.limit);
    // Slow close to collapse, where Newton's method still arrives.
    p.by_newton = !p.end.converged && p.options.method != Method::current;
  }
  if (p.by_newton) p.end = p.solver->newton(p.options.tolerance, p.options.limit);
  return p.end.converged;
}

PhaseFlow PhaseFlowSolver::answer() const {
  const auto& p = *parts_;
  PhaseFlow out;
  out.converged = p.end.converged;
  out.iterations = p.end.iterations;
  out.method = p.by_newton ? "newton" : "current";
  const auto found = p.solver->voltage();
  out.voltage.resize(p.network->nodes.count());
  for (std::size_t c = 0; c < p.conductors.of.size(); ++c) {
    const auto& conductor = p.conductors.of[c];
    out.voltage[c / 3][c % 3] = conductor.row == none ? conductor.known : found[conductor.row];
  }
  if (!out.converged) {
    const auto limit = loadability(p.conductors.system);
    out.solvable_share = limit.share;
    if (limit.weakest != none) out.collapse = p.conductors.node_of[limit.weakest];
  }
  Complex lost = 0;
  for (Row b = 0; b < p.network->branches.count(); ++b) lost += lost_in(*p.network, out.voltage, b);
  out.losses_mw = lost.real() * p.network->base_mva / 3;
  return out;
}

}  // namespace tongdian::grid
