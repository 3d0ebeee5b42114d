// tongdian grid: the network computed on the command line.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <map>
#include <numbers>

#include "app/commands.hpp"
#include "app/grid_city.hpp"
#include "app/grid_flow_branches.hpp"
#include "app/network_file.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "grid/findings.hpp"
#include "grid/flow.hpp"
#include "grid/read_csv.hpp"
#include "grid/read_pgm.hpp"
#include "grid/read_surroundings.hpp"
#include "grid/three_phase.hpp"

namespace tongdian::app {
namespace {

struct FlowCommand {
  std::string file, update, method = "auto";
  double tolerance = 1e-8;
  int bench = 0;
  bool three_phase = false, branches = false, json = false;
};

json::Value id_of(const grid::Ids& ids, grid::Row row) {
  if (ids.is_text(row)) return json::Value(ids.text(row));
  return json::Value(ids.number(row));
}

/// Microseconds of each of N solves.
template <class Solver>
json::Object bench(Solver& solver, int count) {
  std::vector<double> took;
  for (int i = 0; i < count; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    solver.solve();
    took.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun).count());
  }
  std::ranges::sort(took);
  return {{"solve_us_min", took.front()}, {"solve_us_median", took[took.size() / 2]}};
}

double degrees(std::complex<double> v) { return std::arg(v) * 180 / std::numbers::pi; }

void put_voltage(json::Object& node, std::complex<double> v) {
  node.emplace("vm_pu", std::abs(v));
  node.emplace("va_deg", degrees(v));
}

void put_voltage(json::Object& node, const grid::PhaseVoltages& v) {
  node.emplace("vm_pu", json::Array{std::abs(v[0]), std::abs(v[1]), std::abs(v[2])});
  node.emplace("va_deg", json::Array{degrees(v[0]), degrees(v[1]), degrees(v[2])});
}

template <class Voltage>
json::Array nodes_of(const grid::Network& network, const std::vector<Voltage>& voltage) {
  json::Array out;
  for (grid::Row n = 0; n < network.nodes.count(); ++n) {
    if (network.nodes.kind[n] == grid::NodeKind::internal) continue;
    json::Object node{{"id", id_of(network.nodes.id, n)}};
    put_voltage(node, voltage[n]);
    out.push_back(std::move(node));
  }
  return out;
}

json::Array unread_of(const grid::Network& network) {
  json::Array out;
  for (const auto& each : network.unread)
    out.push_back(
        json::Object{{"what", each.what}, {"count", each.count}, {"why", each.why.en}, {"why_zh", each.why.zh}});
  return out;
}

json::Array findings_of(const grid::Network& network) {
  json::Array out;
  for (const auto& each : grid::findings(network))
    out.push_back(json::Object{{"element", each.element},
                               {"what", each.what.en},
                               {"what_zh", each.what.zh},
                               {"mend", each.mend.en},
                               {"mend_zh", each.mend.zh}});
  return out;
}

template <class Answer>
void print_text(const grid::Network& network, const Answer& flow) {
  std::cout << (flow.converged ? "converged" : "no solution") << " after " << flow.iterations << " iterations ("
            << flow.method << ")";
  if (flow.converged) std::cout << ", losses " << flow.losses_mw * 1000 << " kW";
  std::cout << '\n';
  for (const auto& each : grid::findings(network))
    std::cout << each.element << (each.element.empty() ? "" : ": ") << each.what.en << '\n';
  for (const auto& each : network.unread)
    std::cout << "not used: " << each.what << " (" << each.count << "): " << each.why.en << '\n';
}

/// Losses of voltages that solve nothing are none.
template <class Answer>
json::Object answer_of(const grid::Network& network, const Answer& flow, const FlowCommand& options) {
  json::Object out{{"converged", flow.converged},
                   {"iterations", flow.iterations},
                   {"method", flow.method},
                   {"losses_kw", flow.converged ? json::Value(flow.losses_mw * 1000) : json::Value()},
                   {"nodes", nodes_of(network, flow.voltage)},
                   {"findings", findings_of(network)},
                   {"unread", unread_of(network)}};
  if (flow.collapse != grid::none) {
    out.emplace("collapse", id_of(network.nodes.id, flow.collapse));
    out.emplace("solvable_share", flow.solvable_share);
  }
  if (options.branches && flow.converged) out.emplace("branches", branches_of(network, flow));
  return out;
}

template <class Answer>
void say_unsolved(const grid::Network& network, const Answer& flow) {
  if (flow.converged) return;
  exit_code = 1;
  std::cerr << "tongdian: the loads have no solution";
  if (flow.collapse != grid::none)
    std::cerr << "; voltage gives way first at node " << network.nodes.id.shown(flow.collapse) << ", beyond "
              << std::floor(flow.solvable_share * 100) << " % of all loads";
  std::cerr << "\n  reduce the load there, or check its unit and the impedances on the way\n";
}

template <class Solver>
void solve(const grid::Network& network, const FlowCommand& options, grid::Method method) {
  auto solver = Solver::prepare(network, {method, options.tolerance}).value();
  solver.solve();
  const auto flow = solver.answer();
  if (options.json) {
    auto out = answer_of(network, flow, options);
    if (options.bench > 0) out.emplace("bench", bench(solver, options.bench));
    std::cout << json::text(out) << '\n';
  } else {
    print_text(network, flow);
  }
  say_unsolved(network, flow);
}

/// Every scenario of a power-grid-model update dataset on its input.
template <class Solver>
void solve_batch(const FlowCommand& options, grid::Method method) {
  const auto batch = pgm_batch(options.file, options.update);
  json::Array scenarios;
  for (std::size_t i = 0; i < batch.count(); ++i) {
    const auto network = grid::read_pgm(batch.scenario(i).value(), options.three_phase).value();
    auto solver = Solver::prepare(network, {method, options.tolerance}).value();
    solver.solve();
    const auto flow = solver.answer();
    if (options.json) {
      scenarios.push_back(answer_of(network, flow, options));
    } else {
      std::cout << "scenario " << i << ": ";
      print_text(network, flow);
    }
    say_unsolved(network, flow);
  }
  if (options.json) std::cout << json::text(json::Object{{"scenarios", std::move(scenarios)}}) << '\n';
}

void run(const FlowCommand& options) {
  static const std::map<std::string, grid::Method> methods{{"auto", grid::Method::automatic},
                                                           {"sweep", grid::Method::sweep},
                                                           {"newton", grid::Method::newton},
                                                           {"current", grid::Method::current}};
  const auto method = methods.at(options.method);
  if (!options.update.empty()) {
    if (options.three_phase)
      solve_batch<grid::PhaseFlowSolver>(options, method);
    else
      solve_batch<grid::FlowSolver>(options, method);
    return;
  }
  const auto network = network_file(options.file, options.three_phase);
  if (options.three_phase)
    solve<grid::PhaseFlowSolver>(network, options, method);
  else
    solve<grid::FlowSolver>(network, options, method);
}

/// Every table of a network, with its surroundings, in a folder that must be new or empty.
void write_tables(const std::string& name, const std::filesystem::path& folder) {
  const auto city = grid_city(name);
  if (std::filesystem::exists(folder) && (!std::filesystem::is_directory(folder) || !std::filesystem::is_empty(folder)))
    throw ProblemError(refusal("grid.folder_not_empty",
                               {folder.string() + " 已存在且不为空", folder.string() + " is there and not empty"},
                               {"请给出一个新目录", "name a new folder"}));
  std::filesystem::create_directories(folder);
  auto tables = grid::write_csv(city.network);
  tables.merge(grid::write_surroundings(city));
  for (const auto& [file, text] : tables) write_file_atomically(folder / file, text, 0644).value();
  std::cout << tables.size() << " tables\n";
}

}  // namespace

void add_grid(CLI::App& program) {
  auto* command = program.add_subcommand("grid", "the network: where, how much, at what cost");
  command->require_subcommand(1);
  command->footer("Example: tongdian grid flow network.json --json");
  auto options = std::make_shared<FlowCommand>();
  auto* flow = command->add_subcommand("flow", "voltages and losses of a network as it is switched");
  flow->add_option(
          "FILE", options->file,
          "case JSON, power-grid-model JSON, CIM100 XML, or a folder of CSV tables; docs/grid.md has the formats")
      ->required();
  flow->add_option("--method", options->method, "how it is solved")
      ->check(CLI::IsMember({"auto", "sweep", "newton", "current"}))
      ->capture_default_str();
  flow->add_flag("--three-phase", options->three_phase, "every phase by itself");
  flow->add_option("--tolerance", options->tolerance, "largest change of |V| between iterations, p.u.")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  auto* update =
      flow->add_option("--update", options->update,
                       "a power-grid-model update dataset: each of its scenarios on FILE, its input dataset");
  flow->add_option("--bench", options->bench, "solve N times more and say how long one takes")
      ->check(CLI::PositiveNumber)
      ->excludes(update);
  auto* as_json = flow->add_flag("--json", options->json, "print the answer as JSON");
  flow->add_flag("--branches", options->branches, "what flows in each branch, too")->needs(as_json);
  flow->footer("Example: tongdian grid flow network.json --json");
  flow->callback([options] { run(*options); });
  auto* write = command->add_subcommand("write", "a network of any format as a folder of CSV tables");
  auto network = std::make_shared<std::string>(), folder = std::make_shared<std::string>();
  write->add_option("NETWORK", *network, "made-up, made-up-full, a file or a folder")->required();
  write->add_option("FOLDER", *folder, "where to; new or empty")->required();
  write->footer("Example: tongdian grid write made-up tables");
  write->callback([network, folder] { write_tables(*network, *folder); });
  add_grid_applications(*command);
}

}  // namespace tongdian::app
