#include "grid/read_pgm.hpp"

#include <doctest/doctest.h>

#include <array>
#include <complex>
#include <string>

#include "base/json.hpp"
#include "grid/flow.hpp"
#include "grid/three_phase.hpp"

using namespace tongdian;
using namespace tongdian::grid;

namespace {

// Made up: a source, a line, a transformer and a load, in the compact form.
const char* const small = R"({"version":"1.0","type":"input","is_batch":false,
  "attributes":{"node":["id","u_rated"],"source":["id","node","status","u_ref","sk"]},
  "data":{"node":[[1,10000],[2,10000],[3,400]],
    "line":[{"id":4,"from_node":1,"to_node":2,"from_status":1,"to_status":1,"r1":0.3,"x1":0.2,"c1":1e-6,"tan1":0,"r0":1,"x0":0.7,"c0":1e-6,"tan0":0,"i_n":300}],
    "transformer":[{"id":5,"from_node":2,"to_node":3,"from_status":1,"to_status":1,"u1":10000,"u2":400,"sn":630000,"uk":0.04,"pk":6000,"i0":0.01,"p0":900,
      "winding_from":2,"winding_to":1,"clock":11,"tap_side":0,"tap_pos":null,"tap_min":-2,"tap_max":2,"tap_size":250}],
    "source":[[6,1,1,1.02,null]],
    "sym_load":[{"id":7,"node":3,"status":1,"type":0,"p_specified":300000,"q_specified":100000}],
    "asym_load":[{"id":9,"node":3,"status":1,"type":1,"p_specified":[30000,0,0],"q_specified":[0,0,null]}],
    "sym_voltage_sensor":[{"id":8,"measured_object":1}]}})";

Result<Network> read(std::string text, const char* from, const char* to) {
  const auto at = text.find(from);
  REQUIRE(at != text.npos);
  text.replace(at, std::string_view(from).size(), to);
  return read_pgm(json::parse(text).value(), true);
}

}  // namespace

TEST_CASE("a small network, balanced and by phase") {
  const auto network = read_pgm(json::parse(small).value(), true).value();
  CHECK(network.branches.rate_mva[0] == doctest::Approx(1.7320508 * 10 * 0.3));
  REQUIRE(network.unread.size() == 1);
  CHECK(network.unread[0].what == "sym_voltage_sensor");
  const auto one = flow(network, {Method::newton, 1e-11}).value();
  const auto swept = flow(network, {Method::sweep, 1e-11}).value();
  CHECK(one.converged);
  CHECK(swept.method == "sweep");
  for (int n = 0; n < 3; ++n) CHECK(std::abs(one.voltage[n] - swept.voltage[n]) < 1e-10);
  // Dyn11 turns by 330 degrees, so that the low side is ahead by 30 less what the load turns back.
  CHECK(std::arg(one.voltage[2]) > 0.45);
  CHECK(std::arg(one.voltage[2]) < 0.5236);

  auto solver = PhaseFlowSolver::prepare(network, {Method::automatic, 1e-11}).value();
  CHECK(solver.solve());
  const auto three = solver.answer();
  CHECK(std::abs(three.voltage[2][0]) < std::abs(three.voltage[2][2]));  // phase a is loaded more
  auto again = PhaseFlowSolver::prepare(network, {Method::newton, 1e-11}).value();
  CHECK(again.solve());
  for (int n = 0; n < 3; ++n)
    for (int p = 0; p < 3; ++p) CHECK(std::abs(three.voltage[n][p] - again.answer().voltage[n][p]) < 1e-10);
}

TEST_CASE("with equal phases, three are as one") {
  const auto network = read(small, "[30000,0,0]", "[10000,10000,10000]").value();
  const auto one = flow(network, {Method::newton, 1e-11}).value();
  auto solver = PhaseFlowSolver::prepare(network, {Method::automatic, 1e-11}).value();
  CHECK(solver.solve());
  const auto three = solver.answer();
  for (int n = 0; n < 3; ++n)
    for (int p = 0; p < 3; ++p)
      CHECK(std::abs(three.voltage[n][p]) == doctest::Approx(std::abs(one.voltage[n])).epsilon(1e-9));
  CHECK(three.losses_mw == doctest::Approx(one.losses_mw).epsilon(1e-8));
}

TEST_CASE("what flows into the branches by phase is what the loads take, and the losses") {
  const auto network = read_pgm(json::parse(small).value(), true).value();
  auto solver = PhaseFlowSolver::prepare(network, {Method::automatic, 1e-11}).value();
  REQUIRE(solver.solve());
  const auto three = solver.answer();
  const auto line = branch_power(network, three.voltage, 0).value(),
             transformer = branch_power(network, three.voltage, 1).value();
  std::complex<double> lost = 0;
  for (int p = 0; p < 3; ++p) {
    CHECK(std::abs(line.to[p] + transformer.from[p]) < 1e-9);  // nothing else hangs on node 2
    // On 1 MVA / 3: a third of the balanced load, and phase a's impedance.
    const std::complex<double> drawn(0.3 + (p == 0 ? 0.09 * std::norm(three.voltage[2][0]) : 0), 0.1);
    CHECK(std::abs(transformer.to[p] + drawn) < 1e-9);
    lost += line.from[p] + line.to[p] + transformer.from[p] + transformer.to[p];
  }
  CHECK(three.losses_mw == doctest::Approx(lost.real() / 3).epsilon(1e-8));
}

TEST_CASE("what is wrong is named with its place") {
  struct Wrong {
    const char *from, *to, *code, *place;
  };
  for (const auto& [from, to, code, place] : {
           Wrong{"\"from_node\":1", "\"from_node\":77", "grid.unknown_node", "/data/line/0/from_node"},
           Wrong{"[2,10000]", "[1,10000]", "grid.duplicate_id", "/data/node/1/id"},
           Wrong{"\"id\":5", "\"id\":4", "grid.duplicate_id", "/data/transformer/0/id"},
           Wrong{"[2,10000]", "[2,20000]", "grid.bad_value", "/data/line/0"},
           Wrong{"[2,10000]", "[2,-1]", "grid.bad_value", "/data/node/1/u_rated"},
           Wrong{"\"clock\":11", "\"clock\":10", "grid.bad_value", "/data/transformer/0/clock"},
           Wrong{"\"winding_to\":1", "\"winding_to\":9", "grid.bad_value", "/data/transformer/0/winding_to"},
           Wrong{"\"sn\":630000", "\"sn\":0", "grid.bad_value", "/data/transformer/0/sn"},
           Wrong{"\"type\":0", "\"type\":5", "grid.bad_value", "/data/sym_load/0/type"},
           Wrong{"[6,1,1,1.02,null]", "[6,1,1,1.02]", "grid.bad_value", "/data/source/0"},
           Wrong{"\"from_status\":1", "\"from_status\":2", "grid.bad_value", "/data/line/0/from_status"},
           Wrong{"[30000,0,0]", "[30000,0]", "grid.bad_value", "/data/asym_load/0/p_specified"},
           Wrong{"\"is_batch\":false", "\"is_batch\":true", "grid.bad_value", "/is_batch"},
       }) {
    CAPTURE(to);
    const auto network = read(small, from, to);
    REQUIRE_FALSE(network.has_value());
    CHECK(network.error().code == code);
    CHECK(network.error().path == place);
    CHECK_FALSE(network.error().detail.zh.empty());
  }
}

TEST_CASE("attributes that are not known are listed") {
  const auto network = read(small, "\"i_n\":300", "\"i_n\":300,\"colour\":1").value();
  REQUIRE(network.unread.size() == 2);
  CHECK(network.unread[1].what == "line.colour");
}

TEST_CASE("a branch into its own node is what it shunts there") {
  const std::string line =
      R"("line":[{"id":20,"from_node":2,"to_node":2,"from_status":FROM,"to_status":TO,"r1":100,"x1":100,"c1":4e-5,"tan1":0.1,"r0":100,"x0":100,"c0":4e-5,"tan0":0.1}])";
  const auto loop = [&](const char* from, const char* to) {
    // The line of `small` stands before, so that both are in one list.
    std::string text = line;
    text.replace(text.find("FROM"), 4, from);
    text.replace(text.find("TO"), 2, to);
    return text.substr(text.find('{'), text.rfind('}') - text.find('{') + 1);
  };
  const auto with = [&](const std::string& element, const std::string& shunt) {
    std::string text = small;
    if (!element.empty()) text.insert(text.find("\"line\":[") + 8, element + ",");
    if (!shunt.empty()) text.insert(text.find("\"sym_voltage_sensor\""), shunt + ",");
    const auto network = read_pgm(json::parse(text).value(), true).value();
    auto solver = PhaseFlowSolver::prepare(network, {Method::automatic, 1e-12}).value();
    REQUIRE(solver.solve());
    const auto three = solver.answer();
    return std::array<double, 4>{std::abs(flow(network, {Method::newton, 1e-12}).value().voltage[1]),
                                 std::abs(three.voltage[1][0]), std::abs(three.voltage[1][1]),
                                 std::abs(three.voltage[1][2])};
  };
  const auto shunt = [](double g, double b) {
    return R"("shunt":[)" +
           json::text(
               json::Object{{"id", 21}, {"node", 2}, {"status", 1}, {"g1", g}, {"b1", b}, {"g0", g}, {"b0", b}}) +
           "]";
  };
  const auto same = [](const auto& a, const auto& b, double within) {
    for (std::size_t k = 0; k < 4; ++k) CHECK(std::abs(a[k] - b[k]) < within);
  };
  const auto without = with("", "");
  const double b1 = 2 * 3.14159265358979 * 50 * 4e-5;
  CHECK(std::abs(with(loop("1", "1"), "")[0] - without[0]) > 1e-4);
  same(with(loop("1", "1"), ""), with("", shunt(0.1 * b1, b1)), 1e-7);
  same(with(loop("0", "0"), ""), without, 1e-12);
  // Open at one end it is half the charging there, and the other half behind the series impedance.
  const std::complex<double> half(0.1 * b1 / 2, b1 / 2), behind = 1.0 / (std::complex<double>(100, 100) + 1.0 / half);
  same(with(loop("1", "0"), ""), with("", shunt((half + behind).real(), (half + behind).imag())), 1e-7);
  same(with(loop("0", "1"), ""), with(loop("1", "0"), ""), 1e-12);
}

TEST_CASE("two generators that hold one bus hold it once, balanced and by phase; at two voltages they contradict") {
  for (const double second : {1.01, 1.02}) {
    auto network = read_pgm(json::parse(small).value(), true).value();
    network.add_regulating(std::int64_t{30}, 1, 0.2, 1.01);
    network.add_regulating(std::int64_t{31}, 1, 0.03, second);
    const auto balanced = flow(network, {Method::newton, 1e-12});
    auto solver = PhaseFlowSolver::prepare(network, {Method::newton, 1e-12});
    if (second != 1.01) {
      CHECK(balanced.error().code == "grid.contradiction");
      CHECK(solver.error().code == "grid.contradiction");
      continue;
    }
    CHECK(std::abs(balanced->voltage[1]) == doctest::Approx(1.01).epsilon(1e-11));
    REQUIRE(solver->solve());
    for (int p = 0; p < 3; ++p) CHECK(std::abs(solver->answer().voltage[1][p]) == doctest::Approx(1.01).epsilon(1e-11));
  }
}

TEST_CASE("a neutral on no ground: what holds to rounding is a solution, however small a change is asked for") {
  // Behind the delta node 2 has no ground but the tie of 1e-8: its neutral wanders by 1e-9 from step to step. The odd rating is one
  // of those at which it does.
  const auto network = read_pgm(json::parse(R"({"version":"1.0","type":"input","is_batch":false,"attributes":{},"data":{
    "node":[{"id":1,"u_rated":10000},{"id":2,"u_rated":10000},{"id":3,"u_rated":400},{"id":4,"u_rated":690}],
    "source":[{"id":5,"node":1,"status":1,"u_ref":1,"sk":110000000,"rx_ratio":2.6}],
    "sym_load":[{"id":6,"node":2,"status":1,"type":2,"p_specified":0,"q_specified":40000}],
    "transformer":[{"id":7,"from_node":2,"to_node":1,"from_status":1,"to_status":1,"u1":9800,"u2":10100,"sn":3019605.630958145,"uk":0.143,"pk":92000,
      "i0":0,"p0":0,"winding_from":2,"winding_to":1,"clock":7,"tap_side":0,"tap_pos":0,"tap_min":0,"tap_max":0,"tap_nom":0,"tap_size":0,"uk_max":0.13,
      "pk_max":95000,"r_grounding_from":0.32,"x_grounding_from":1.5}],
    "three_winding_transformer":[{"id":8,"node_1":1,"node_2":3,"node_3":4,"status_1":1,"status_2":0,"status_3":1,"u1":10000,"u2":400,"u3":690,
      "sn_1":7900000,"sn_2":3000000,"sn_3":5100000,"uk_12":0.14,"pk_12":12100,"uk_13":0.0993,"pk_13":15000,"uk_23":0.089,"pk_23":11000,"i0":0,"p0":0,
      "winding_1":4,"winding_2":3,"winding_3":2,"clock_12":0,"clock_13":12,"tap_side":1,"tap_pos":5,"tap_min":0,"tap_max":0,"tap_nom":0,"tap_size":0}]}})")
                                    .value(),
                                true)
                           .value();
  std::vector<PhaseVoltages> found;
  for (const double tolerance : {1e-7, 1e-10, 1e-12}) {
    auto solver = PhaseFlowSolver::prepare(network, {Method::automatic, tolerance}).value();
    REQUIRE(solver.solve());
    found.push_back(solver.answer().voltage[1]);
  }
  for (int p = 0; p < 3; ++p) CHECK(std::abs(found[2][p] - found[0][p]) < 1e-6);
}
