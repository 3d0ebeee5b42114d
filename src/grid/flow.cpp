#include "grid/flow.hpp"

#include <algorithm>
#include <cmath>

#include "grid/balanced.hpp"
#include "grid/feeders.hpp"
#include "grid/nodal.hpp"
#include "grid/sweep.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;

/// The meshed buses of a network as a system of conductors; `row_of` by bus.
Nodal nodal_of(const Balanced& balanced, const std::vector<Row>& meshed, std::vector<Row>& row_of) {
  Nodal out;
  row_of.assign(balanced.count, none);
  for (const Row bus : meshed) row_of[bus] = out.voltages++;
  out.unknowns = out.voltages;
  out.b.resize(out.voltages);
  const auto conductor = [&](Row bus) {
    return row_of[bus] == none ? Nodal::Conductor{none, balanced.fixed[bus]} : Nodal::Conductor{row_of[bus], 0.0};
  };
  for (const Row bus : meshed) {
    const Row row = row_of[bus];
    out.entries.push_back({row, row, balanced.admittance[bus]});
    if (balanced.power[bus] != 0.0 || balanced.current[bus] != 0.0)
      out.loads.push_back({row, none, balanced.power[bus], balanced.current[bus]});
    if (balanced.kind[bus] == BusKind::held) out.held.push_back({row, balanced.held[bus]});
  }
  for (const auto& e : balanced.edges) {
    if (row_of[e.from] == none && row_of[e.to] == none) continue;
    const auto from = conductor(e.from), to = conductor(e.to);
    const Complex a = e.ratio, ac = std::conj(a);
    out.add(from, from, e.y / std::norm(a));
    out.add(to, to, e.y);
    if (std::abs(e.z) < stiff_impedance) {
      // Unknown: the current I through z. It leaves `from` as I/conj a, reaches `to`; v_from/a − v_to − z·I = 0.
      const Nodal::Conductor current{out.add_current(), 0.0};
      out.add(from, current, 1.0 / ac);
      out.add(to, current, -1.0);
      out.add(current, from, 1.0 / a);
      out.add(current, to, -1.0);
      out.add(current, current, -e.z);
    } else {
      const Complex series = 1.0 / e.z;
      out.add(from, from, series / std::norm(a));
      out.add(from, to, -series / ac);
      out.add(to, from, -series / a);
      out.add(to, to, series);
    }
  }
  return out;
}

}  // namespace

struct FlowSolver::Parts {
  const Network* network = nullptr;
  FlowOptions options;
  Balanced balanced;
  grid::Parts apart;
  std::optional<Sweep> sweep;
  Nodal nodal;
  std::vector<Row> nodal_row;
  std::optional<NodalSolver> nodal_solver;
  std::vector<Complex> voltage;  // by bus
  SweepEnd swept;
  NodalEnd solved;
  bool fell_back = false;  // the sweep found no end, and Newton's method took over

  void use_nodal(const std::vector<Row>& buses) {
    nodal = nodal_of(balanced, buses, nodal_row);
    nodal_solver.emplace(nodal);
  }

  bool by_injection() const { return options.method == Method::current && nodal.held.empty(); }

  bool solve_nodal() {
    solved = by_injection() ? nodal_solver->current_injection(options.tolerance, 10 * options.limit)
                            : nodal_solver->newton(options.tolerance, options.limit);
    const auto found = nodal_solver->voltage();
    for (Row bus = 0; bus < balanced.count; ++bus)
      if (nodal_row[bus] != none) voltage[bus] = found[nodal_row[bus]];
    return solved.converged;
  }

  bool solve() {
    bool converged = true;
    if (!apart.feeders.groups.empty()) {
      swept = sweep->solve(options.tolerance, voltage, options.limit);
      converged = swept.converged;
    }
    if (!converged && options.method == Method::automatic) {
      // Close to collapse a sweep crawls or strays where Newton's method still arrives.
      fell_back = true;
      sweep.reset();
      apart = take_apart(balanced, false);
      use_nodal(apart.meshed);
      converged = true;
    }
    if (nodal_solver) converged = solve_nodal() && converged;
    return converged;
  }

  std::string method() const {
    const bool by_sweep = !apart.feeders.groups.empty();
    const std::string of_mesh = by_injection() ? "current" : "newton";
    if (!nodal_solver) return "sweep";
    return by_sweep ? "sweep+" + of_mesh : of_mesh;
  }

  /// The whole network at once: what gives way need not be what was solved last.
  void find_limit(Flow& out) const {
    std::vector<Row> rows;
    const auto buses = take_apart(balanced, false).meshed;
    const auto limit = loadability(nodal_of(balanced, buses, rows));
    out.solvable_share = limit.share;
    if (limit.weakest != none) out.collapse = balanced.node_of[buses[limit.weakest]];
  }
};

FlowSolver::FlowSolver(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
FlowSolver::FlowSolver(FlowSolver&&) noexcept = default;
FlowSolver& FlowSolver::operator=(FlowSolver&&) noexcept = default;
FlowSolver::~FlowSolver() = default;

Result<FlowSolver> FlowSolver::prepare(const Network& network, const FlowOptions& options) {
  auto reduced = grid::balanced(network);
  if (!reduced) return reduced.error();
  auto parts = std::make_unique<Parts>();
  parts->network = &network;
  parts->options = options;
  parts->balanced = *std::move(reduced);
  const bool sweep = options.method == Method::automatic || options.method == Method::sweep;
  parts->apart = take_apart(parts->balanced, sweep);
  parts->voltage.resize(parts->balanced.count);
  for (const Row bus : parts->apart.fixed) parts->voltage[bus] = parts->balanced.fixed[bus];
  if (!parts->apart.feeders.groups.empty()) parts->sweep.emplace(parts->apart.feeders);
  if (!parts->apart.meshed.empty()) parts->use_nodal(parts->apart.meshed);
  return FlowSolver(std::move(parts));
}

bool FlowSolver::solve() { return parts_->solve(); }

Flow FlowSolver::answer() const {
  const Parts& p = *parts_;
  Flow out;
  out.converged = (p.apart.feeders.groups.empty() || p.swept.converged) && (!p.nodal_solver || p.solved.converged);
  out.iterations = std::max(p.apart.feeders.groups.empty() ? 0 : p.swept.iterations, p.solved.iterations);
  out.method = p.method();
  out.voltage.reserve(p.network->nodes.count());
  for (Row n = 0; n < p.network->nodes.count(); ++n) out.voltage.push_back(p.voltage[p.balanced.bus_of[n]]);
  if (!out.converged) p.find_limit(out);
  Complex lost = 0;
  for (Row b = 0; b < p.network->branches.count(); ++b)
    if (const auto power = branch_power(*p.network, out.voltage, b)) lost += power->from + power->to;
  out.losses_mw = lost.real() * p.network->base_mva;
  return out;
}

Result<Flow> flow(const Network& network, const FlowOptions& options) {
  auto solver = FlowSolver::prepare(network, options);
  if (!solver) return solver.error();
  solver->solve();
  return solver->answer();
}

std::optional<BranchPower> branch_power(const Network& network, const std::vector<Complex>& voltage, Row b) {
  const auto& br = network.branches;
  const Complex from = voltage[br.from[b]], to = voltage[br.to[b]];
  if (!br.closed(b)) {
    const Complex y = open_end_admittance(br, b);
    return BranchPower{br.closed_from[b] ? std::norm(from) * std::conj(y) : 0.0,
                       br.closed_to[b] ? std::norm(to) * std::conj(y) : 0.0};
  }
  if (br.z[b] == 0.0) {
    if (br.ratio[b] == 1.0 && br.y[b] == 0.0) return std::nullopt;
    return BranchPower{std::norm(from / br.ratio[b]) * std::conj(br.y[b]), std::norm(to) * std::conj(br.y[b])};
  }
  // By the drop, not by sums of large admittances: a tiny impedance would lose every digit.
  const Complex inner = from / br.ratio[b];
  const Complex current = (inner - to) / br.z[b];
  const Complex s_from = inner * std::conj(current + br.y[b] * inner);
  const Complex s_to = to * std::conj(-current + br.y[b] * to);
  return BranchPower{s_from, s_to};
}

}  // namespace tongdian::grid
