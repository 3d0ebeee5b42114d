#include "grid/read_cim.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/files.hpp"
#include "grid/flow.hpp"
#include "grid/three_phase.hpp"

using namespace tongdian;
using namespace tongdian::grid;

namespace {

std::string object(const std::string& type, const std::string& id, const std::string& rest) {
  return "<cim:" + type + " rdf:ID=\"" + id + "\"><cim:IdentifiedObject.name>" + id + "</cim:IdentifiedObject.name>" +
         rest + "</cim:" + type + ">\n";
}
std::string text(const std::string& name, const std::string& value) {
  return "<cim:" + name + ">" + value + "</cim:" + name + ">";
}
std::string to(const std::string& name, const std::string& id) {
  return "<cim:" + name + " rdf:resource=\"#" + id + "\"/>";
}
std::string kind(const std::string& name, const std::string& value) {
  return "<cim:" + name + " rdf:resource=\"http://iec.ch/TC57/CIM100#" + value + "\"/>";
}
std::string terminal(const std::string& of, int number, const std::string& node) {
  const std::string n = std::to_string(number);
  return object("Terminal", of + "_T" + n,
                to("Terminal.ConductingEquipment", of) + text("ACDCTerminal.sequenceNumber", n) +
                    to("Terminal.ConnectivityNode", node));
}

/// Made up: source at a, a line of phases a and b to b, a switch to c, a Dyn1 transformer to d with a delta load between a and b.
std::string feeder() {
  std::string out =
      "<?xml version=\"1.0\"?>\n<rdf:RDF xmlns:cim=\"http://iec.ch/TC57/CIM100#\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n";
  out += object("BaseVoltage", "hv", text("BaseVoltage.nominalVoltage", "10000"));
  out += object("BaseVoltage", "lv", text("BaseVoltage.nominalVoltage", "400"));
  for (const char* node : {"a", "b", "c", "d"}) out += object("ConnectivityNode", node, "");
  const std::string hv = to("ConductingEquipment.BaseVoltage", "hv");
  out += object("EnergySource", "grid",
                hv + text("EnergySource.voltageMagnitude", "10200") + text("EnergySource.voltageAngle", "0") +
                    text("EnergySource.r", "0.01") + text("EnergySource.x", "0.1"));
  out += terminal("grid", 1, "a");
  out += object("PerLengthSequenceImpedance", "code",
                text("PerLengthSequenceImpedance.r", "0.0003") + text("PerLengthSequenceImpedance.x", "0.0003"));
  out += object("ACLineSegment", "line",
                hv + text("Conductor.length", "1000") + to("ACLineSegment.PerLengthImpedance", "code"));
  out += terminal("line", 1, "a") + terminal("line", 2, "b");
  out += object("Breaker", "breaker", hv + text("Switch.open", "false") + text("Switch.ratedCurrent", "630"));
  out += terminal("breaker", 1, "b") + terminal("breaker", 2, "c");
  out += object("PowerTransformer", "transformer", "");
  for (const auto& [number, volts, winding, clock, base, grounded] :
       {std::tuple{"1", "10000", "D", "0", "hv", "false"}, {"2", "400", "Yn", "1", "lv", "true"}})
    out +=
        object("PowerTransformerEnd", std::string("end") + number,
               to("PowerTransformerEnd.PowerTransformer", "transformer") + text("PowerTransformerEnd.ratedU", volts) +
                   kind("PowerTransformerEnd.connectionKind", std::string("WindingConnection.") + winding) +
                   text("PowerTransformerEnd.phaseAngleClock", clock) + text("TransformerEnd.endNumber", number) +
                   text("TransformerEnd.grounded", grounded) + to("TransformerEnd.BaseVoltage", base) +
                   to("TransformerEnd.Terminal", std::string("transformer_T") + number));
  out += terminal("transformer", 1, "c") + terminal("transformer", 2, "d");
  out += object("TransformerMeshImpedance", "mesh",
                text("TransformerMeshImpedance.r", "2") + text("TransformerMeshImpedance.x", "10") +
                    to("TransformerMeshImpedance.FromTransformerEnd", "end1") +
                    to("TransformerMeshImpedance.ToTransformerEnd", "end2"));
  out += object("EnergyConsumer", "load",
                to("ConductingEquipment.BaseVoltage", "lv") + text("EnergyConsumer.p", "60000") +
                    text("EnergyConsumer.q", "20000") +
                    kind("EnergyConsumer.phaseConnection", "PhaseShuntConnectionKind.D"));
  out +=
      object("EnergyConsumerPhase", "load_a",
             to("EnergyConsumerPhase.EnergyConsumer", "load") + kind("EnergyConsumerPhase.phase", "SinglePhaseKind.A") +
                 text("EnergyConsumerPhase.p", "60000") + text("EnergyConsumerPhase.q", "20000"));
  out += terminal("load", 1, "d");
  out += object("DiagramObject", "picture", "");
  return out + "</rdf:RDF>\n";
}

std::string with(std::string whole, const std::string& from, const std::string& to_what) {
  const auto at = whole.find(from);
  REQUIRE(at != whole.npos);
  return whole.replace(at, from.size(), to_what);
}

PhaseFlow solved(const Network& network) {
  auto solver = PhaseFlowSolver::prepare(network, {Method::automatic, 1e-11}).value();
  solver.solve();
  return solver.answer();
}

double degrees(std::complex<double> v) { return std::arg(v) * 57.29577951308232; }

}  // namespace

TEST_CASE("a small feeder with a delta-wye transformer") {
  const auto network = read_cim(feeder()).value();
  CHECK(network.nodes.count() == 4);
  CHECK(network.nodes.id.text(3) == "d");
  REQUIRE(network.unread.size() == 1);
  CHECK(network.unread[0].what == "DiagramObject");
  const auto flow = solved(network);
  CHECK(flow.converged);
  CHECK(std::abs(flow.voltage[0][0]) == doctest::Approx(1.02).epsilon(0.001));
  // Dyn1: the low side is 30 degrees behind. A load between a and b leaves c alone, but for the source's impedance.
  CHECK(degrees(flow.voltage[3][2]) == doctest::Approx(90).epsilon(0.005));
  CHECK(degrees(flow.voltage[3][0]) < -29);
  CHECK(std::abs(flow.voltage[3][2]) > std::abs(flow.voltage[3][0]));
  CHECK(flow.losses_mw > 0);

  // Newton's method and current injection are two ways to one answer.
  auto newton = PhaseFlowSolver::prepare(network, {Method::newton, 1e-11}).value();
  CHECK(newton.solve());
  for (int n = 0; n < 4; ++n)
    for (int p = 0; p < 3; ++p) CHECK(std::abs(newton.answer().voltage[n][p] - flow.voltage[n][p]) < 1e-9);
  CHECK(grid::flow(network).value().converged);
}

TEST_CASE("what the load takes arrives: power of the source is load and losses") {
  auto network = read_cim(feeder()).value();
  const auto flow = solved(network);
  const auto& s = network.sources;
  std::complex<double> given = 0;
  for (int p = 0; p < 3; ++p) {
    const auto e = s.voltage[0] * std::polar(1.0, -p * 2.0943951023931953);
    const auto i = (e - flow.voltage[0][p]) / s.z[0];
    given += flow.voltage[0][p] * std::conj(i) / 3.0;
  }
  CHECK(given.real() == doctest::Approx(0.06 + flow.losses_mw).epsilon(1e-8));
}

TEST_CASE("an open breaker leaves the rest dead") {
  const auto network = read_cim(with(feeder(), "Switch.open>false", "Switch.open>true")).value();
  const auto flow = solved(network);
  CHECK(flow.voltage[3][0] == 0.0);
  CHECK(std::abs(flow.voltage[1][0]) > 1);
}

TEST_CASE("what is wrong is named with its line") {
  struct Wrong {
    std::string from, to_what, code;
  };
  for (const auto& [from, to_what, code] : {
           Wrong{"</rdf:RDF>", "", "grid.bad_xml"},
           Wrong{"<rdf:RDF", "<!DOCTYPE r [<!ENTITY a \"aaaa\">]><rdf:RDF", "grid.bad_xml"},
           Wrong{to("Terminal.ConnectivityNode", "b"), to("Terminal.ConnectivityNode", "nowhere"), "grid.unknown_node"},
           Wrong{"ratedU>10000<", "ratedU>0<", "grid.bad_value"},
           Wrong{"ratedU>10000<", "ratedU>nan<", "grid.bad_value"},
           Wrong{"phaseAngleClock>1<", "phaseAngleClock>2<", "grid.bad_value"},
           Wrong{"voltageMagnitude>10200<", "voltageMagnitude>-1<", "grid.bad_value"},
           Wrong{"nominalVoltage>400<", "nominalVoltage>0<", "grid.bad_value"},
       }) {
    CAPTURE(to_what);
    const auto network = read_cim(with(feeder(), from, to_what));
    REQUIRE_FALSE(network.has_value());
    CHECK(network.error().code == code);
    CHECK_FALSE(network.error().path.empty());
  }
}

TEST_CASE("IEEE 123 as OpenDSS solves it, where it is there") {
  const std::string folder = std::string(TONGDIAN_SOURCE_DIR) + "/../shared/data/grid/cim/";
  if (!std::filesystem::exists(folder)) return;
  const auto network = read_cim(read_file(folder + "IEEE123.xml").value()).value();
  const auto flow = solved(network);
  CHECK(flow.converged);
  const auto upper = [](std::string s) {
    std::ranges::transform(s, s.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return s;
  };
  std::map<std::string, Row> nodes;
  for (Row n = 0; n < network.nodes.count(); ++n) nodes[upper(network.nodes.id.shown(n))] = n;
  std::istringstream rows(read_file(folder + "IEEE123_OpenDSSC_v.csv").value());
  int compared = 0;
  std::string row;
  std::getline(rows, row);
  while (std::getline(rows, row)) {
    std::vector<std::string> cells;
    std::istringstream cut(row);
    for (std::string cell; std::getline(cut, cell, ',');) {
      std::erase_if(cell, [](char c) { return c == ' ' || c == '"' || c == '\r'; });
      cells.push_back(cell);
    }
    const auto node = nodes.find(upper(cells[0]));
    if (node == nodes.end()) continue;  // the open ends of two switches are no nodes in CIM
    CAPTURE(cells[0]);
    for (std::size_t k = 2; k + 3 < cells.size(); k += 4) {
      const int phase = std::stoi(cells[k]);
      if (phase == 0) continue;
      const double expected = std::stod(cells[k + 3]);
      CHECK(std::abs(flow.voltage[node->second][phase - 1]) == doctest::Approx(expected).epsilon(0.002));
      ++compared;
    }
  }
  CHECK(compared > 250);
}
