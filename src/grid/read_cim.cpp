#include "grid/read_cim.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "grid/cim_line.hpp"
#include "grid/cim_objects.hpp"
#include "grid/cim_transformer.hpp"
#include "grid/record.hpp"
#include "grid/symmetrical.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;

class CimReader {
 public:
  explicit CimReader(const CimObjects& objects) : objects_(objects) {}

  Network read() {
    network_.base_mva = 1;
    number_terminals();
    add_nodes();
    const NodeOfEquipment node_of = [this](const CimObject& equipment, int number) {
      return terminal(equipment, number);
    };
    read_cim_lines(objects_, node_of, network_);
    read_switches();
    read_cim_transformers(
        objects_, [this](const CimObject& end) { return of_terminal(end); }, network_);
    read_sources();
    read_consumers();
    read_inverters();
    read_capacitors();
    list_unread();
    network_.shrink();
    return std::move(network_);
  }

 private:
  void number_terminals() {
    for (const auto* t : objects_.of("Terminal"))
      terminals_[std::string(t->text("Terminal.ConductingEquipment"))].push_back(t);
    for (auto& [equipment, list] : terminals_)
      std::ranges::stable_sort(list, {},
                               [](const CimObject* t) { return t->number_or("ACDCTerminal.sequenceNumber", 1); });
  }

  double base_volts(const CimObject& object, std::string_view reference) const {
    const auto* base = objects_.find(object.text(reference));
    return base ? base->number_or("BaseVoltage.nominalVoltage", 0) : 0;
  }

  /// A node has the rated voltage of the equipment on it; a transformer's ends say their own.
  void add_nodes() {
    std::unordered_map<std::string, double> volts;
    const auto note = [&](const CimObject* terminal, double base) {
      if (terminal && base > 0) volts.emplace(std::string(terminal->text("Terminal.ConnectivityNode")), base);
    };
    for (const char* type : {"TransformerTankEnd", "PowerTransformerEnd"})
      for (const auto* end : objects_.of(type))
        note(objects_.find(end->text("TransformerEnd.Terminal")), base_volts(*end, "TransformerEnd.BaseVoltage"));
    for (const auto* t : objects_.of("Terminal"))
      if (const auto* equipment = objects_.find(t->text("Terminal.ConductingEquipment")))
        note(t, base_volts(*equipment, "ConductingEquipment.BaseVoltage"));
    for (const auto* node : objects_.of("ConnectivityNode")) {
      const auto known = volts.find(node->id);
      if (known == volts.end())
        bad_value(node->place(), "该节点没有额定电压", "nothing on this node has a rated voltage",
                  {"给其上设备补上 BaseVoltage", "give the equipment on it a BaseVoltage"});
      const std::string name = node->name();
      index_once(nodes_, std::string_view(node->id), network_.nodes.count(), node->place());
      network_.add_node(std::string_view(name.empty() ? node->id : name), known->second / 1000);
    }
  }

  Row node_of(const CimObject& terminal) const {
    const auto row = nodes_.find(terminal.text("Terminal.ConnectivityNode"));
    if (row) return *row;
    throw ProblemError(
        bad_input("grid.unknown_node", terminal.place(),
                  {"端子没有接到文件中的 ConnectivityNode", "the terminal is on no ConnectivityNode of the file"},
                  {"改正该引用，或补上该节点", "mend the reference, or add the node"}));
  }

  Row terminal(const CimObject& equipment, int number) const {
    const auto it = terminals_.find(equipment.id);
    if (it == terminals_.end() || static_cast<int>(it->second.size()) < number)
      throw ProblemError(
          bad_input("grid.unknown_node", equipment.place(),
                    {"缺少第 " + std::to_string(number) + " 个端子", "it has no terminal " + std::to_string(number)},
                    {"补上该端子", "add the terminal"}));
    return node_of(*it->second[number - 1]);
  }

  Row of_terminal(const CimObject& end) const {
    const auto* t = objects_.find(end.text("TransformerEnd.Terminal"));
    if (t) return node_of(*t);
    throw ProblemError(bad_input("grid.unknown_node", end.place(), {"该绕组没有端子", "the winding has no terminal"},
                                 {"补上该端子", "add the terminal"}));
  }

  void read_switches() {
    static const std::pair<const char*, BranchKind> kinds[] = {{"Breaker", BranchKind::breaker},
                                                               {"Recloser", BranchKind::breaker},
                                                               {"LoadBreakSwitch", BranchKind::load_switch},
                                                               {"Sectionaliser", BranchKind::load_switch},
                                                               {"Disconnector", BranchKind::disconnector},
                                                               {"Jumper", BranchKind::disconnector},
                                                               {"Fuse", BranchKind::fuse},
                                                               {"Switch", BranchKind::load_switch}};
    for (const auto& [type, kind] : kinds) {
      read_.insert(type);
      for (const auto* s : objects_.of(type)) read_switch(*s, kind);
    }
  }

  void read_switch(const CimObject& s, BranchKind kind) {
    const bool open = s.flag_or("Switch.open", s.flag_or("Switch.normalOpen", false));
    const auto parts = objects_.referring("SwitchPhase", "SwitchPhase.Switch", s.id);
    std::uint8_t phases = parts.empty() ? abc : 0;
    for (const auto* part : parts) {
      const int one = cim_phase(part->text("SwitchPhase.phaseSide1")),
                two = cim_phase(part->text("SwitchPhase.phaseSide2"));
      if (one != two)
        network_.unread.push_back({part->place(), 1, {"换相开关未支持", "it turns phases, which is not supported"}});
      if (one >= 0 && one < 3 && one == two && part->flag_or("SwitchPhase.closed", !open))
        phases |= static_cast<std::uint8_t>(1 << one);
    }
    const std::string name = s.name();
    const Row b = network_.add_branch(std::string_view(name), terminal(s, 1), terminal(s, 2),
                                      s.flag_or("Switch.normalOpen", false) ? BranchKind::tie : kind, 0.0);
    network_.branches.phases[b] = phases;
    network_.branches.close(b, !open && phases != 0);
    limit(b, s.number_or("Switch.ratedCurrent", 0));
  }

  void limit(Row b, double amperes) {
    if (amperes > 0)
      network_.branches.rate_mva[b] =
          static_cast<float>(std::sqrt(3.0) * network_.nodes.rated_kv[network_.branches.from[b]] * amperes / 1000);
  }

  double ohm(Row node) const {
    return network_.nodes.rated_kv[node] * network_.nodes.rated_kv[node] / network_.base_mva;
  }

  void read_sources() {
    for (const auto* s : objects_.of("EnergySource")) {
      const Row node = terminal(*s, 1);
      const auto z = [&](const char* r, const char* x) {
        return Complex(s->number_or(r, 0), s->number_or(x, 0)) / ohm(node);
      };
      const double volts =
          s->number_or("EnergySource.voltageMagnitude", s->number_or("EnergySource.nominalVoltage", 0));
      if (!(volts > 0)) bad_value(s->place(), "电源电压应为正", "the source's voltage is not positive");
      const std::string name = s->name();
      network_.add_source(
          std::string_view(name), node,
          std::polar(volts / 1000 / network_.nodes.rated_kv[node], s->number_or("EnergySource.voltageAngle", 0)),
          z("EnergySource.r", "EnergySource.x"), z("EnergySource.r0", "EnergySource.x0"));
    }
  }

  /// What each phase takes, VA; equal thirds where the file names no phases.
  std::array<Complex, 3> powers(const CimObject& c, const std::string& type, const std::string& owner,
                                double sign) const {
    const auto power = [&](const CimObject& o, const std::string& prefix) {
      return sign * Complex(o.number_or(prefix + ".p", 0), o.number_or(prefix + ".q", 0));
    };
    std::array<Complex, 3> out{};
    const auto parts = objects_.referring(type + "Phase", type + "Phase." + owner, c.id);
    for (const auto* part : parts)
      if (const int phase = cim_phase(part->text(type + "Phase.phase")); phase >= 0 && phase < 3)
        out[phase] += power(*part, type + "Phase");
    if (parts.empty()) out.fill(power(c, type) / 3.0);
    return out;
  }

  void add_load(const CimObject& c, const std::array<Complex, 3>& va, bool delta, LoadKind kind) {
    PhaseLoad load;
    load.delta = delta;
    for (int p = 0; p < 3; ++p) load.s[p] = va[p] / 1e6 * 3.0 / network_.base_mva;
    const Complex total = (load.s[0] + load.s[1] + load.s[2]) / 3.0;
    if (load.s[0] == 0.0 && load.s[1] == 0.0 && load.s[2] == 0.0) return;
    const std::string name = c.name();
    const Row row = network_.add_load(std::string_view(name), terminal(c, 1), total, kind);
    network_.loads.phase_load[row] = static_cast<Row>(network_.phase_loads.size());
    network_.phase_loads.push_back(load);
  }

  void read_consumers() {
    for (const auto* c : objects_.of("EnergyConsumer")) {
      const auto va = powers(*c, "EnergyConsumer", "EnergyConsumer", 1);
      const bool delta = c->text("EnergyConsumer.phaseConnection").ends_with(".D");
      const auto* response = objects_.find(c->text("EnergyConsumer.LoadResponse"));
      for (const LoadKind kind : {LoadKind::power, LoadKind::current, LoadKind::impedance}) {
        const auto [p, q] = shares(response, kind);
        std::array<Complex, 3> part;
        for (int i = 0; i < 3; ++i) part[i] = {va[i].real() * p, va[i].imag() * q};
        add_load(*c, part, delta, kind);
      }
    }
  }

  /// How much of P and Q follows the voltage as `kind` does.
  std::pair<double, double> shares(const CimObject* r, LoadKind kind) const {
    if (!r) return kind == LoadKind::power ? std::pair{1.0, 1.0} : std::pair{0.0, 0.0};
    const std::string prefix = "LoadResponseCharacteristic.";
    if (r->flag_or(prefix + "exponentModel", false)) {
      const auto share = [&](const char* name) {
        return std::clamp(std::lround(r->number_or(prefix + name, 0)), 0L, 2L) == static_cast<long>(kind) ? 1.0 : 0.0;
      };
      return {share("pVoltageExponent"), share("qVoltageExponent")};
    }
    static const char* const names[] = {"ConstantPower", "ConstantCurrent", "ConstantImpedance"};
    const std::string name = names[static_cast<int>(kind)];
    const auto share = [&](const std::string& of) {
      double sum = 0;
      for (const char* each : names) sum += r->number_or(prefix + of + each, 0);
      if (sum == 0) return kind == LoadKind::power ? 1.0 : 0.0;
      return r->number_or(prefix + of + name, 0) / sum;
    };
    return {share("p"), share("q")};
  }

  /// What an inverter gives is a negative load of constant power.
  void read_inverters() {
    for (const auto* c : objects_.of("PowerElectronicsConnection"))
      add_load(*c, powers(*c, "PowerElectronicsConnection", "PowerElectronicsConnection", -1), false, LoadKind::power);
  }

  void read_capacitors() {
    for (const auto* c : objects_.of("LinearShuntCompensator")) {
      const Row node = terminal(*c, 1);
      const double sections = c->number_or("ShuntCompensator.sections", 1);
      const std::string own = "LinearShuntCompensator.";
      const Complex y1 =
          Complex(c->number_or(own + "gPerSection", 0), c->number_or(own + "bPerSection", 0)) * sections * ohm(node);
      const Complex y0 =
          Complex(c->number_or(own + "g0PerSection", 0), c->number_or(own + "b0PerSection", 0)) * sections * ohm(node);
      const bool delta = c->text("ShuntCompensator.phaseConnection").ends_with(".D");
      PhaseShunt shunt{symmetric(y1, delta ? 0.0 : y0)};
      Complex balanced = y1;
      const auto parts =
          objects_.referring("LinearShuntCompensatorPhase", "ShuntCompensatorPhase.ShuntCompensator", c->id);
      if (!parts.empty()) shunt.y = by_phase(parts, delta, ohm(node), balanced);
      const std::string name = c->name();
      const Row row = network_.add_shunt(std::string_view(name), node, balanced);
      network_.shunts.phase_shunt[row] = static_cast<Row>(network_.phase_shunts.size());
      network_.phase_shunts.push_back(shunt);
    }
  }

  static Matrix3 by_phase(const std::vector<const CimObject*>& parts, bool delta, double base, Complex& balanced) {
    Matrix3 out{};
    balanced = 0;
    for (const auto* part : parts) {
      const int p = cim_phase(part->text("ShuntCompensatorPhase.phase"));
      if (p < 0 || p > 2) continue;
      const Complex y = Complex(part->number_or("LinearShuntCompensatorPhase.gPerSection", 0),
                                part->number_or("LinearShuntCompensatorPhase.bPerSection", 0)) *
                        part->number_or("ShuntCompensatorPhase.sections", 1) * base;
      out[4 * p] += y;
      balanced += y / 3.0;
      if (!delta) continue;
      const int q = (p + 1) % 3;
      out[4 * q] += y;
      out[3 * p + q] -= y;
      out[3 * q + p] -= y;
    }
    return out;
  }

  void list_unread() {
    for (const char* used : {"Terminal",
                             "ConnectivityNode",
                             "BaseVoltage",
                             "ACLineSegment",
                             "ACLineSegmentPhase",
                             "PerLengthPhaseImpedance",
                             "PerLengthSequenceImpedance",
                             "PhaseImpedanceData",
                             "SwitchPhase",
                             "PowerTransformer",
                             "PowerTransformerEnd",
                             "TransformerTank",
                             "TransformerTankEnd",
                             "TransformerTankInfo",
                             "TransformerEndInfo",
                             "TransformerMeshImpedance",
                             "TransformerCoreAdmittance",
                             "ShortCircuitTest",
                             "NoLoadTest",
                             "RatioTapChanger",
                             "EnergySource",
                             "EnergyConsumer",
                             "EnergyConsumerPhase",
                             "LoadResponseCharacteristic",
                             "PowerElectronicsConnection",
                             "PowerElectronicsConnectionPhase",
                             "LinearShuntCompensator",
                             "LinearShuntCompensatorPhase"})
      read_.insert(used);
    for (const auto& [type, list] : objects_.types())
      if (!read_.contains(type))
        network_.unread.push_back({type, list.size(), {"潮流计算不使用", "the flow does not use it"}});
  }

  const CimObjects& objects_;
  Network network_;
  IdIndex nodes_;
  std::unordered_map<std::string, std::vector<const CimObject*>> terminals_;
  std::set<std::string> read_;
};

}  // namespace

Result<Network> read_cim(std::string_view xml) {
  const auto objects = CimObjects::parse(xml);
  if (!objects) return objects.error();
  try {
    return CimReader(*objects).read();
  } catch (const ProblemError& e) {
    return e.problem;
  }
}

}  // namespace tongdian::grid
