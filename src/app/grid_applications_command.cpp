// tongdian grid trace, transfer, reconfigure, capacity, connect, weak-spots: what is asked of a network beside its flow.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <thread>

#include "app/commands.hpp"
#include "app/grid_city.hpp"
#include "base/files.hpp"
#include "grid/connect.hpp"
#include "grid/reconfigure.hpp"
#include "grid/trace.hpp"
#include "grid/transfer.hpp"
#include "grid/weak_spots.hpp"

namespace tongdian::app {
namespace {

using grid::none;
using grid::Row;

struct Options {
  std::string file, open, node, voltage = "10kv", at, boundary = "ownership_point";
  double seconds = 0.8, kw = 0, to_red_line_m = 0;
  std::uint64_t seed = 1;
  int threads = 2, sources = 1;
  bool json = false, important = false, n_1 = true, all = false;
};

class Watch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

void print(const json::Value& out) { std::cout << json::text(out) << '\n'; }

double kw_of(const grid::Network& network, double pu) { return pu * network.base_mva * 1000; }

Row branch_of(const grid::Network& network, const std::string& typed) {
  const auto row = grid::IdIndex(network.branches.id).find_spelt(typed);
  if (!row)
    throw ProblemError(bad_input("grid.unknown_branch", typed,
                                 {"没有这个开关或线段：" + typed, "no switch or section has the id " + typed},
                                 {"请用网络文件中的支路标识", "use a branch id of the network's file"}));
  return *row;
}
Row node_of(const grid::Network& network, const std::string& typed) {
  const auto row = grid::IdIndex(network.nodes.id).find_spelt(typed);
  if (!row)
    throw ProblemError(
        bad_input("grid.unknown_node", typed, {"没有这个节点：" + typed, "no node has the id " + typed}));
  return *row;
}

void run_reconfigure(const Options& options) {
  const auto city = grid_city(options.file);
  const Watch watch;
  const auto circuit = grid::circuit_of(city.network);
  if (const Row lost = grid::some_unreachable(circuit); lost != none)
    throw ProblemError(
        refusal("grid.unreachable",
                {"没有电源能到达节点 " + city.network.nodes.id.shown(lost),
                 "no source reaches node " + city.network.nodes.id.shown(lost) + ", not even with every branch closed"},
                {"请检查该节点的支路", "check the branches at that node"}));
  grid::ReconfigureOptions search;
  search.seed = options.seed;
  search.go_on = [&] { return watch.seconds() < options.seconds; };
  const auto found = grid::reconfigure(circuit, search);
  if (!found || !found->loss)
    throw ProblemError(
        refusal("grid.no_radial_flow",
                {"没有一种辐射状运行方式的潮流收敛", "no radial configuration was found whose flow converges"},
                {"请减小负荷，或检查其单位", "reduce the loads, or check their unit"}));
  json::Object out;
  out.emplace("initial_loss_kw", found->initial_loss ? json::Value(kw_of(city.network, *found->initial_loss))
                                                     : initial_loss(city.network));
  out.emplace("loss_kw", kw_of(city.network, *found->loss));
  json::Array open, branches;
  for (const Row b : found->open) {
    open.emplace_back(b + 1);
    branches.push_back(id_json(city.network.branches.id, b));
  }
  out.emplace("open", std::move(open));
  out.emplace("branches", std::move(branches));
  out.emplace("seconds", watch.seconds());
  if (options.json) return print(out);
  std::cout << "loss " << kw_of(city.network, *found->loss) << " kW with these branches open:";
  for (const Row b : found->open) std::cout << ' ' << city.network.branches.id.shown(b);
  std::cout << '\n';
}

json::Value nodes_json(const grid::Network& network, std::span<const Row> rows) {
  json::Array out;
  for (const Row n : rows) out.push_back(id_json(network.nodes.id, n));
  return out;
}
json::Array branches_json(const grid::Network& network, std::span<const Row> rows) {
  json::Array out;
  for (const Row b : rows) out.push_back(id_json(network.branches.id, b));
  return out;
}

void run_trace(const Options& options) {
  const auto city = grid_city(options.file);
  const auto& network = city.network;
  grid::Trace trace(network, city.around.customers);
  json::Object out;
  if (!options.open.empty()) {
    const Row b = branch_of(network, options.open);
    const Watch watch;
    const auto affected = trace.affected(b);
    const double took = watch.seconds();
    out.emplace("branch", id_json(network.branches.id, b));
    out.emplace("closed", trace.closed(b));
    out.emplace("customers", affected.customers);
    out.emplace("nodes", nodes_json(network, affected.nodes));
    out.emplace("seconds", took);
  }
  if (!options.node.empty()) {
    const Row n = node_of(network, options.node);
    out.emplace("node", id_json(network.nodes.id, n));
    out.emplace("live", trace.live(n));
    const Row source = trace.source_of(n);
    out.emplace("source", source == none ? json::Value() : id_json(network.nodes.id, source));
    out.emplace("upstream", branches_json(network, trace.upstream(n)));
  }
  if (options.json) return print(out);
  if (!options.open.empty())
    std::cout << out.at("customers").as_int64() << " customers at " << out.at("nodes").as_array().size()
              << " nodes lose supply\n";
  if (!options.node.empty()) std::cout << "fed over " << out.at("upstream").as_array().size() << " branches\n";
}

constexpr std::string_view breaches[] = {"nothing", "overload", "undervoltage", "overvoltage", "no_solution", "no_tie"};

json::Object plan_json(const grid::Network& network, Row b, const grid::TransferPlan& plan) {
  json::Array operations;
  for (const auto& operation : plan.operations)
    operations.push_back(json::Object{{"branch", id_json(network.branches.id, operation.branch)},
                                      {"do", operation.close ? "close" : "open"}});
  json::Object out{{"opened", id_json(network.branches.id, b)},         {"dark_customers", plan.dark_customers},
                   {"restored_customers", plan.restored_customers},     {"dark_kw", kw_of(network, plan.dark_load)},
                   {"restored_kw", kw_of(network, plan.restored_load)}, {"operations", std::move(operations)}};
  if (!plan.operations.empty()) {
    out.emplace("lowest_pu", plan.lowest_pu);
    out.emplace("heaviest", plan.heaviest);
  }
  const auto& limiting = plan.limiting;
  if (limiting.breach == grid::Breach::nothing) return out;
  json::Object by{{"kind", breaches[static_cast<std::size_t>(limiting.breach)]}};
  if (limiting.breach == grid::Breach::overload && limiting.element < network.branches.count()) {
    by.emplace("branch", id_json(network.branches.id, limiting.element));
    by.emplace("value_mva", limiting.value * network.base_mva);
    by.emplace("limit_mva", limiting.limit * network.base_mva);
  } else if (limiting.element != none && limiting.element < network.nodes.count()) {
    by.emplace("node", id_json(network.nodes.id, limiting.element));
    by.emplace("value_pu", limiting.value);
    by.emplace("limit_pu", limiting.limit);
  }
  out.emplace("limited_by", std::move(by));
  return out;
}

/// "overload at branch S01-F02-L03": what stands in a JSON object of a limit.
std::string shown_limit(const json::Object& by, std::string_view kind) {
  std::string out(by.at(kind).as_string());
  std::ranges::replace(out, '_', ' ');
  for (const char* at : {"branch", "node", "substation"})
    if (const auto* id = by.if_contains(at))
      out += std::string(" at ") + at + ' ' + (id->is_string() ? std::string(id->get_string()) : json::text(*id));
  return out;
}

void run_transfer(const Options& options) {
  const auto city = grid_city(options.file);
  const auto& network = city.network;
  auto circuit = grid::circuit_of(network);
  const auto forest = forest_of(network, circuit);
  if (!city.around.curves.empty()) {  // as in the heaviest hour of the year
    const auto hours = grid::decisive_hours(network, city.around);
    const auto power = grid::power_in(network, city.around, hours.front(), standards().angle());
    std::copy(power.begin(), power.end(), circuit.power.begin());
  }
  auto limits = grid::limits_of(network, circuit, standards());
  if (!city.around.customers.empty())
    for (Row n = 0; n < network.nodes.count(); ++n) limits.customers[n] = city.around.customers[n];
  if (options.all) {
    const Watch watch;
    const auto plans = grid::transfer_all(circuit, forest, limits);
    const double took = watch.seconds();
    json::Array out;
    for (const auto& [b, plan] : plans) out.push_back(plan_json(network, b, plan));
    return print(json::Object{{"sections", out.size()}, {"seconds", took}, {"plans", std::move(out)}});
  }
  const Row b = branch_of(network, options.open);
  grid::Transfer transfer(circuit, forest, limits);
  if (!transfer.ok())
    throw ProblemError(
        refusal("grid.no_radial_flow", {"现状潮流不收敛", "the flow of the network as it stands does not converge"}));
  const auto plan = transfer.plan(b);
  const auto out = plan_json(network, b, plan);
  if (!plan.complete()) exit_code = 1;
  if (options.json) return print(out);
  std::cout << plan.restored_customers << " of " << plan.dark_customers << " customers get their supply back\n";
  for (const auto& operation : plan.operations)
    std::cout << "  " << (operation.close ? "close " : "open ") << network.branches.id.shown(operation.branch) << '\n';
  if (const auto* by = out.if_contains("limited_by"))
    std::cout << "no more: " << shown_limit(by->as_object(), "kind") << '\n';
}

constexpr std::string_view limits_names[] = {"overload",  "undervoltage", "no_solution", "substation",
                                             "n_minus_1", "none",         "no_supply"};

/// Adds what limits, by the names that people know.
void add_limit(json::Object& out, const grid::CityNetwork& city, grid::Limit limit, Row element) {
  out.emplace("limit", limits_names[static_cast<std::size_t>(limit)]);
  if (element == none) return;
  const auto& network = city.network;
  if (limit == grid::Limit::firm)
    out.emplace("substation", city.around.substations[static_cast<std::size_t>(element)].name);
  else if ((limit == grid::Limit::overload || limit == grid::Limit::n_minus_1) && element < network.branches.count())
    out.emplace("branch", id_json(network.branches.id, element));
  else if (element < network.nodes.count())
    out.emplace("node", id_json(network.nodes.id, element));
}

grid::CapacityRules rules_of(const Options& options) {
  grid::CapacityRules rules;
  rules.angle = standards().angle();
  rules.firm_share = standards()["firm_share"];
  rules.threads = options.threads;
  return rules;
}

void run_capacity(const Options& options) {
  const auto city = grid_city(options.file);
  const auto& network = city.network;
  const auto circuit = grid::circuit_of(network);
  forest_of(network, circuit);
  const auto limits = grid::limits_of(network, circuit, standards());
  const Watch watch;
  const auto capacity = grid::open_capacity(network, city.around, limits, rules_of(options));
  const double took = watch.seconds();
  json::Array nodes;
  for (Row n = 0; n < network.nodes.count(); ++n) {
    if (network.nodes.kind[n] == grid::NodeKind::internal) continue;
    const auto& node = capacity->nodes[n];
    json::Object out{{"id", id_json(network.nodes.id, n)}, {"kw", std::floor(kw_of(network, node.power))}};
    add_limit(out, city, node.limit, node.element);
    out.emplace("hour", node.hour);
    if (std::isfinite(node.firm)) out.emplace("substation_kw", std::floor(kw_of(network, node.firm)));
    if (std::isfinite(node.n_minus_1)) out.emplace("n_minus_1_kw", std::floor(kw_of(network, node.n_minus_1)));
    nodes.push_back(std::move(out));
  }
  json::Object out{{"nodes", std::move(nodes)},
                   {"decisive_hours", capacity->hours.size()},
                   {"flows", capacity->flows},
                   {"seconds", took}};
  if (options.json) return print(out);
  std::cout << network.nodes.count() << " nodes, " << capacity->hours.size() << " decisive hours, " << took << " s\n";
}

json::Object candidate_json(const grid::CityNetwork& city, const grid::Candidate& c) {
  const auto& network = city.network;
  json::Object out{{"node", id_json(network.nodes.id, c.node)},
                   {"fits", c.fits},
                   {"public_line", c.public_line},
                   {"route_m", std::round(c.route_m)},
                   {"cost_utility_yuan", std::round(c.cost_utility)},
                   {"cost_user_yuan", std::round(c.cost_user)}};
  if (!city.around.roads.empty()) out.emplace("route", c.by_road ? "road" : "straight");
  if (c.feeder != none && c.feeder < network.branches.count())
    out.emplace("feeder", id_json(network.branches.id, c.feeder));
  if (c.busbar != none && c.busbar < network.nodes.count()) out.emplace("busbar", id_json(network.nodes.id, c.busbar));
  if (c.substation != none)
    out.emplace("substation", city.around.substations[static_cast<std::size_t>(c.substation)].name);
  if (c.fits) {
    out.emplace("lowest_pu", c.lowest_pu);
    out.emplace("left_kw", std::floor(c.left_kw));
  } else {
    json::Object by;
    add_limit(by, city, c.broken, c.element);
    if (c.value > 0) by.emplace("value_pu", c.value);
    if (c.limit > 0 && std::isfinite(c.limit)) by.emplace("limit_pu", c.limit);
    out.emplace("breaks", std::move(by));
  }
  return out;
}

constexpr std::string_view cures[] = {"reinforce", "regulate_voltage", "enlarge_substation", "new_line", "new_tie"};

json::Object answer_json(const grid::CityNetwork& city, const grid::ConnectAnswer& answer) {
  json::Array candidates, pairs, works;
  for (const auto& c : answer.candidates) candidates.push_back(candidate_json(city, c));
  for (const auto& [a, b] : answer.pairs) pairs.push_back(json::Array{a, b});
  for (const auto& cure : answer.cures) {
    json::Object out{{"kind", cures[static_cast<std::size_t>(cure.kind)]}, {"need_mva", cure.need_mva}};
    if (cure.element != none) {
      if (cure.kind == grid::Cure::Kind::reinforce || cure.kind == grid::Cure::Kind::tie)
        out.emplace("branch", id_json(city.network.branches.id, cure.element));
      else if (cure.kind == grid::Cure::Kind::regulate)
        out.emplace("node", id_json(city.network.nodes.id, cure.element));
      else
        out.emplace("substation", city.around.substations[static_cast<std::size_t>(cure.element)].name);
    }
    works.push_back(std::move(out));
  }
  json::Object out{{"candidates", std::move(candidates)}, {"pairs", std::move(pairs)}, {"cures", std::move(works)}};
  if (answer.outside_planned_grid) out.emplace("whitelist", "outside_planned_grid");
  if (answer.micro_beyond_capacity) out.emplace("whitelist", "micro_beyond_capacity");
  return out;
}

void say_candidates(const grid::CityNetwork& city, const grid::ConnectAnswer& answer) {
  if (answer.candidates.empty()) std::cout << "no public point of this voltage is within reach\n";
  for (const auto& c : answer.candidates) {
    std::cout << city.network.nodes.id.shown(c.node) << (c.fits ? "  fits, " : "  does not fit, ")
              << std::round(c.route_m) << " m";
    if (!c.fits) std::cout << ": " << shown_limit(candidate_json(city, c).at("breaks").as_object(), "limit");
    std::cout << '\n';
  }
}

/// The works that would cure it, and the whitelist's entry.
void say_cures(const json::Object& answer) {
  for (const auto& cure : answer.at("cures").as_array())
    std::cout << "would cure it: " << shown_limit(cure.as_object(), "kind") << '\n';
  if (const auto* kind = answer.if_contains("whitelist")) {
    std::string words(kind->as_string());
    std::ranges::replace(words, '_', ' ');
    std::cout << "whitelist: " << words << '\n';
  }
}

void run_connect(const Options& options) {
  const auto city = grid_city(options.file);
  const auto numbers = standards();
  const auto comma = options.at.find(',');
  grid::ConnectQuestion question;
  try {
    question.longitude = std::stod(options.at.substr(0, comma));
    question.latitude = std::stod(options.at.substr(comma == std::string::npos ? options.at.size() : comma + 1));
  } catch (const std::logic_error&) {
    throw CLI::ValidationError("--at", "longitude and latitude, as 121.40,37.54");
  }
  if (!std::isfinite(question.longitude) || !std::isfinite(question.latitude) || std::abs(question.longitude) > 180 ||
      std::abs(question.latitude) > 90)
    throw CLI::ValidationError("--at", "longitude and latitude in degrees, as 121.40,37.54");
  // CLI11's bounds let NaN through, and no limit is broken by what is no number.
  if (std::isnan(options.kw)) throw CLI::ValidationError("--kw", "kilowatts, as 400");
  if (std::isnan(options.to_red_line_m)) throw CLI::ValidationError("--to-red-line", "metres, as 150");
  question.kw = options.kw;
  question.level = grid::level_named(options.voltage).value();
  question.sources = options.sources;
  question.important = options.important;
  question.to_red_line_m = options.to_red_line_m;
  question.boundary = options.boundary == "meter"      ? grid::Boundary::meter
                      : options.boundary == "red_line" ? grid::Boundary::red_line
                                                       : grid::Boundary::ownership_point;
  grid::ConnectPoints points(city.network, city.around, numbers);
  if (!points.ok()) throw ProblemError(unfit(city.network));
  if (!points.has(question.level)) throw ProblemError(supply::no_such_voltage());
  std::optional<grid::Capacity> capacity;
  if (options.n_1) {
    capacity = grid::open_capacity(city.network, city.around, points.limits(), rules_of(options));
    if (capacity) points.use(*capacity);
  }
  const Watch watch;
  const auto answer = points.ask(question);
  json::Object out = answer_json(city, answer);
  out.emplace("seconds", watch.seconds());
  const bool fits =
      options.sources > 1 ? !answer.pairs.empty() : !answer.candidates.empty() && answer.candidates.front().fits;
  if (!fits) exit_code = 1;
  if (options.json) return print(out);
  say_candidates(city, answer);
  if (options.sources > 1) {
    for (const auto& [a, b] : answer.pairs)
      std::cout << "two sources: " << city.network.nodes.id.shown(answer.candidates[a].node) << " and "
                << city.network.nodes.id.shown(answer.candidates[b].node) << '\n';
    if (answer.pairs.empty()) std::cout << "no two of them serve as two sources\n";
  }
  say_cures(out);
}

void run_weak_spots(const Options& options) {
  const auto city = grid_city(options.file);
  const auto circuit = grid::circuit_of(city.network);
  forest_of(city.network, circuit);
  const auto limits = grid::limits_of(city.network, circuit, standards());
  const auto spots = grid::weak_spots(city.network, city.around, limits);
  constexpr std::string_view kinds[] = {"overload", "low_voltage", "repeated_faults"};
  json::Array out;
  for (const auto& spot : spots) {
    json::Object one{{"kind", kinds[static_cast<std::size_t>(spot.kind)]}, {"customers", spot.customers}};
    if (spot.kind == grid::WeakSpot::Kind::low_voltage)
      one.emplace("node", id_json(city.network.nodes.id, spot.element));
    else
      one.emplace("branch", id_json(city.network.branches.id, spot.element));
    one.emplace("worst", spot.worst);
    one.emplace("limit", spot.limit);
    one.emplace("hours", spot.hours);
    one.emplace("hour", spot.hour);
    out.push_back(std::move(one));
  }
  print(json::Object{{"weak_spots", std::move(out)}});
}

CLI::App* add(CLI::App& grid, const char* name, const char* what, const std::shared_ptr<Options>& options,
              const char* example, void (*run)(const Options&)) {
  auto* command = grid.add_subcommand(name, what);
  command->add_option("FILE", options->file, "a network's file, or made-up, or made-up-full: the made-up city")
      ->required();
  command->add_flag("--json", options->json, "print JSON");
  command->footer(std::string("Example: tongdian grid ") + name + " " + example);
  command->callback([options, run] { run(*options); });
  return command;
}

}  // namespace

void add_grid_applications(CLI::App& grid) {
  auto o = std::make_shared<Options>();
  auto* reconfigure = add(grid, "reconfigure", "which branches to open, so that the network is radial and loses least",
                          o, "case33bw.case.json --json", run_reconfigure);
  reconfigure->add_option("--seconds", o->seconds, "how long to search at most")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  reconfigure->add_option("--seed", o->seed, "of the search")->capture_default_str();

  auto* trace = add(grid, "trace", "who loses supply when a switch opens; what feeds a node", o,
                    "made-up --open S01-F01-CB --json", run_trace);
  auto* opened = trace->add_option("--open", o->open, "the switch or section, by its id");
  auto* fed = trace->add_option("--node", o->node, "a node, by its id: what feeds it");
  trace->callback([o, opened, fed] {
    if (opened->count() + fed->count() == 0) throw CLI::RequiredError("--open or --node");
    run_trace(*o);
  });

  auto* transfer = add(grid, "transfer", "the switching order that restores most customers after a section opened", o,
                       "made-up --open S01-F01-L05 --json", run_transfer);
  auto* section = transfer->add_option("--open", o->open, "the section, by its id");
  auto* all = transfer->add_flag("--all", o->all, "every section in turn: N-1 of the whole network; prints JSON");
  transfer->callback([o, section, all] {
    if (section->count() + all->count() == 0) throw CLI::RequiredError("--open or --all");
    run_transfer(*o);
  });

  auto* capacity = add(grid, "capacity", "how much may be added at every node, and what limits it", o, "made-up --json",
                       run_capacity);
  capacity->add_option("--threads", o->threads, "threads")->check(CLI::Range(1, 64))->capture_default_str();

  auto* connect = add(grid, "connect", "where a load may be connected, ranked safe, economic, practical", o,
                      "made-up --at 121.40,37.54 --kw 400 --voltage 10kv --json", run_connect);
  connect->add_option("--at", o->at, "longitude,latitude")->required();
  connect->add_option("--kw", o->kw, "the load")->required()->check(CLI::PositiveNumber);
  connect->add_option("--voltage", o->voltage, "lv, 10kv or 35kv")
      ->check(CLI::IsMember({"lv", "10kv", "35kv"}))
      ->capture_default_str();
  connect->add_option("--sources", o->sources, "1 or 2")->check(CLI::Range(1, 2))->capture_default_str();
  connect->add_flag("--important", o->important, "an important customer: two sources come from two substations");
  connect->add_option("--boundary", o->boundary, "where the utility's investment ends")
      ->check(CLI::IsMember({"meter", "red_line", "ownership_point"}))
      ->capture_default_str();
  connect->add_option("--to-red-line", o->to_red_line_m, "metres from the place to its red line")
      ->check(CLI::NonNegativeNumber);
  connect->add_option("--threads", o->threads, "threads")->check(CLI::Range(1, 64))->capture_default_str();
  connect->add_flag("!--without-n-1", o->n_1, "do not work out N-1 and firm capacity first");

  add(grid, "weak-spots", "overloads, low voltages and repeated faults, ranked by customers; prints JSON", o,
      "made-up --json", run_weak_spots);
}

}  // namespace tongdian::app
