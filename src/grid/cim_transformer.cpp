#include "grid/cim_transformer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "grid/record.hpp"
#include "grid/symmetrical.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;
constexpr double base_va = 1e6;

/// One winding a phase unit, p.u.: its voltage is `turns` times the phase voltages of its node (rows are units, columns phases).
struct Winding {
  Row node = none;
  double rated = 0;  ///< V over the winding, with the tap
  Matrix3 turns{};
  bool earthed = true;  ///< or a delta, which needs no neutral
  bool delta = false;
  Complex earthing;  ///< p.u. in the neutral
  double tap = 1;
  int clock = 0;
};

struct Unit {
  std::vector<Winding> windings;
  std::vector<std::vector<Complex>> z;  ///< short circuit between windings, p.u.
  Complex core;                         ///< at the first winding
  std::uint8_t units = 0;               ///< which phase units there are
};

class Transformers {
 public:
  Transformers(const CimObjects& objects, const NodeOfTerminal& node_of, Network& network)
      : objects_(objects), node_of_(node_of), network_(network) {}

  void read() {
    for (const auto* transformer : objects_.of("PowerTransformer")) {
      const auto tanks = objects_.referring("TransformerTank", "TransformerTank.PowerTransformer", transformer->id);
      std::vector<Unit> units;
      if (tanks.empty())
        units.push_back(by_ends(*transformer));
      else
        for (const auto* tank : tanks) units.push_back(by_tests(*tank));
      place(*transformer, units);
    }
  }

 private:
  static void in_order(std::vector<const CimObject*>& ends, std::string_view number) {
    std::ranges::stable_sort(ends, {}, [&](const CimObject* e) { return e->number_or(number, 0); });
  }

  /// 1 + steps from neutral.
  double tap(const CimObject& end) const {
    double factor = 1;
    for (const auto* changer : objects_.referring("RatioTapChanger", "RatioTapChanger.TransformerEnd", end.id)) {
      const double steps = changer->number_or("TapChanger.step", 0) - changer->number_or("TapChanger.neutralStep", 0);
      factor += steps * changer->number_or("RatioTapChanger.stepVoltageIncrement", 0) / 100;
    }
    if (!(factor > 0)) bad_value(end.place(), "分接头使电压不为正", "the tap leaves no positive voltage");
    return factor;
  }

  double phase_base(Row node) const { return network_.nodes.rated_kv[node] * 1000 / std::numbers::sqrt3; }

  /// The pair of conductors whose voltage has the unit's angle, looked for among all; the other units turn with it.
  void connect(Winding& w, bool delta, double emf_degrees, int clock, const CimObject& end) const {
    const auto angle = [&](int phase) { return -30.0 * clock - 120.0 * phase; };
    const auto same = [&](double a) { return std::abs(std::remainder(a - emf_degrees, 360)) < 1; };
    for (int plus = 0; plus < 3; ++plus)
      for (int other = 0; other < (delta ? 3 : 2); ++other) {
        // A star: the phase, or the phase reversed. A delta: from `plus` to `other`.
        if (delta && other == plus) continue;
        double at = angle(plus);
        if (delta)
          at += (other - plus + 3) % 3 == 1 ? 30 : -30;
        else if (other == 1)
          at += 180;
        if (!same(at)) continue;
        const double scale = phase_base(w.node) / w.rated;
        for (int unit = 0; unit < 3; ++unit) {
          const double sign = !delta && other == 1 ? -1 : 1;
          w.turns[3 * unit + (plus + unit) % 3] += sign * scale;
          if (delta) w.turns[3 * unit + (other + unit) % 3] -= scale;
        }
        return;
      }
    bad_value(end.place(), "该绕组接法没有这个钟点数", "these windings have no such clock number");
  }

  void earth(Winding& w, const CimObject& end, double u) const {
    w.earthed = end.flag_or("TransformerEnd.grounded", false);
    w.earthing = Complex(end.number_or("TransformerEnd.rground", 0), end.number_or("TransformerEnd.xground", 0)) *
                 base_va / (u * u);
  }

  Unit by_ends(const CimObject& transformer) {
    Unit out;
    out.units = abc;
    auto ends = objects_.referring("PowerTransformerEnd", "PowerTransformerEnd.PowerTransformer", transformer.id);
    in_order(ends, "TransformerEnd.endNumber");
    double emf = 0;
    std::vector<double> rated;
    for (const auto* end : ends) {
      const double u = positive(*end, "PowerTransformerEnd.ratedU");
      const auto kind = end->text("PowerTransformerEnd.connectionKind");
      const bool delta = kind.ends_with(".D");
      if (!delta && !kind.ends_with(".Y") && !kind.ends_with(".Yn"))
        network_.unread.push_back({end->place() + ": " + std::string(kind), 1, {"按星形处理", "taken as a star"}});
      Winding w;
      w.node = node_of_(*end);
      w.delta = delta;
      w.tap = tap(*end);
      w.clock = static_cast<int>(end->number_or("PowerTransformerEnd.phaseAngleClock", 0));
      w.rated = (delta ? u : u / std::numbers::sqrt3) * w.tap;
      if (out.windings.empty() && delta) emf = -30;
      connect(w, delta, emf, w.clock, *end);
      earth(w, *end, u);
      rated.push_back(u);
      out.windings.push_back(w);
    }
    read_mesh(out, ends, rated);
    return out;
  }

  static std::size_t place_of(const std::vector<const CimObject*>& ends, std::string_view id) {
    return static_cast<std::size_t>(std::ranges::find_if(ends, [&](const auto* e) { return e->id == id; }) -
                                    ends.begin());
  }

  void read_mesh(Unit& out, const std::vector<const CimObject*>& ends, const std::vector<double>& rated) const {
    out.z.assign(ends.size(), std::vector<Complex>(ends.size()));
    for (std::size_t i = 0; i < ends.size(); ++i) {
      for (const auto* mesh :
           objects_.referring("TransformerMeshImpedance", "TransformerMeshImpedance.FromTransformerEnd", ends[i]->id)) {
        const auto to = place_of(ends, mesh->text("TransformerMeshImpedance.ToTransformerEnd"));
        if (to == ends.size()) continue;
        const Complex z(mesh->number_or("TransformerMeshImpedance.r", 0),
                        mesh->number_or("TransformerMeshImpedance.x", 0));
        out.z[i][to] = out.z[to][i] = z * base_va / (rated[i] * rated[i]);
      }
      for (const auto* core :
           objects_.referring("TransformerCoreAdmittance", "TransformerCoreAdmittance.TransformerEnd", ends[i]->id))
        out.core += Complex(core->number_or("TransformerCoreAdmittance.g", 0),
                            core->number_or("TransformerCoreAdmittance.b", 0)) *
                    (rated[i] * rated[i] / base_va);
    }
  }

  static double positive(const CimObject& object, std::string_view name) {
    const double value = object.number(name);
    if (!(value > 0))
      bad_value(object.place() + ", " + std::string(name), "应为正数", "a positive number belongs here");
    return value;
  }

  /// "AN", "AB", "s1N", "Ns2": from the first conductor to the second; phases as columns, the neutral as none.
  static std::optional<std::array<int, 2>> conductors(std::string_view ordered) {
    std::array<int, 2> out{-1, -1};
    int found = 0;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
      if (found == 2) return {};
      const char c = ordered[i];
      if (c == 'N')
        out[found++] = -1;
      else if (c >= 'A' && c <= 'C')
        out[found++] = c - 'A';
      else if (c == 's' && i + 1 < ordered.size())
        out[found++] = ordered[++i] - '1';
      else
        return {};
    }
    return found == 0 || std::max(out[0], out[1]) > 2 ? std::nullopt : std::optional(out);
  }

  Unit by_tests(const CimObject& tank) {
    Unit out;
    auto ends = objects_.referring("TransformerTankEnd", "TransformerTankEnd.TransformerTank", tank.id);
    in_order(ends, "TransformerEnd.endNumber");
    auto infos = objects_.referring("TransformerEndInfo", "TransformerEndInfo.TransformerTankInfo",
                                    std::string(tank.text("TransformerTank.TransformerTankInfo")));
    in_order(infos, "TransformerEndInfo.endNumber");
    if (ends.size() > infos.size())
      bad_value(tank.place(), "缺少绕组资料 TransformerEndInfo", "TransformerEndInfo is missing for its windings");
    int unit = -1;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const auto ordered = ends[i]->text("TransformerTankEnd.orderedPhases");
      const auto pair = conductors(ordered.substr(std::min(ordered.size(), ordered.find('.') + 1)));
      if (!pair) {
        network_.unread.push_back(
            {ends[i]->place() + ": " + std::string(ordered), 1, {"三相油箱未支持", "a tank of several phases"}});
        return {};
      }
      if (unit < 0) unit = std::max(0, (*pair)[0] >= 0 ? (*pair)[0] : (*pair)[1]);
      Winding w;
      w.node = node_of_(*ends[i]);
      w.tap = tap(*ends[i]);
      w.rated = positive(*infos[i], "TransformerEndInfo.ratedU") * w.tap;
      const double scale = phase_base(w.node) / w.rated;
      if ((*pair)[0] >= 0) w.turns[3 * unit + (*pair)[0]] += scale;
      if ((*pair)[1] >= 0) w.turns[3 * unit + (*pair)[1]] -= scale;
      w.delta = (*pair)[0] >= 0 && (*pair)[1] >= 0;
      out.windings.push_back(w);
    }
    out.units = static_cast<std::uint8_t>(1 << std::max(unit, 0));
    infos.resize(ends.size());
    read_tests(out, infos);
    return out;
  }

  /// One unit has a third of the power base. |z| in ohm of the energised end, losses in kW, exciting current in per cent.
  void read_tests(Unit& out, const std::vector<const CimObject*>& infos) const {
    out.z.assign(infos.size(), std::vector<Complex>(infos.size()));
    const double share = base_va / 3;
    for (std::size_t i = 0; i < infos.size(); ++i) {
      const double u = positive(*infos[i], "TransformerEndInfo.ratedU");
      for (const auto* test : objects_.referring("ShortCircuitTest", "ShortCircuitTest.EnergisedEnd", infos[i]->id)) {
        const auto to = place_of(infos, test->text("ShortCircuitTest.GroundedEnds"));
        if (to == infos.size()) continue;
        const double power = positive(*test, "TransformerTest.basePower");
        const double z = test->number("ShortCircuitTest.leakageImpedance") / (u * u / power);
        const double r = test->number_or("ShortCircuitTest.loss", 0) * 1000 / power;
        out.z[i][to] = out.z[to][i] = Complex(r, std::sqrt(std::max(0.0, z * z - r * r))) * share / power;
      }
      for (const auto* test : objects_.referring("NoLoadTest", "NoLoadTest.EnergisedEnd", infos[i]->id)) {
        const double power = positive(*test, "TransformerTest.basePower");
        const double y = test->number_or("NoLoadTest.excitingCurrent", 0) / 100;
        const double g = test->number_or("NoLoadTest.loss", 0) * 1000 / power;
        out.core += Complex(g, -std::sqrt(std::max(0.0, y * y - g * g))) * power / share;
      }
    }
  }

  /// Series admittances of the units; neutrals behind impedances couple them, one that floats lets no zero sequence through.
  static Matrix3 series(const Unit& unit, Complex z, std::initializer_list<const Winding*> ends) {
    Matrix3 out{};
    if (unit.units != abc) {
      for (int u = 0; u < 3; ++u)
        if (unit.units >> u & 1) out[4 * u] = 1.0 / z;
      return out;
    }
    Complex neutral = 0;
    bool floats = false;
    for (const auto* w : ends) {
      if (w->delta) continue;
      floats |= !w->earthed;
      neutral += w->earthing;
    }
    const Complex y0 = floats ? 0.0 : 1.0 / (z + 3.0 * neutral);
    return symmetric(1.0 / z, y0);
  }

  static Matrix3 seen(const Matrix3& left, const Matrix3& y, const Matrix3& right) {
    return product(transposed(left), product(y, right));
  }

  /// What keeps a side from floating whose windings say nothing of its voltage to earth.
  static Matrix3 hold(const Winding& w, Complex z) {
    Matrix3 out{};
    if (!w.delta && w.earthed) return out;
    for (int p = 0; p < 3; ++p)
      for (int u = 0; u < 3; ++u)
        if (w.turns[3 * u + p] != 0.0) out[4 * p] = Complex(0, -1e-8 / std::abs(z));
    return out;
  }

  static Matrix3 core_of(const Unit& unit) {
    Matrix3 out{};
    for (int u = 0; u < 3; ++u)
      if (unit.units >> u & 1) out[4 * u] = unit.core;
    return out;
  }

  static Complex usable(Complex z) { return std::abs(z) < 1e-9 ? Complex(0, 1e-9) : z; }

  void place(const CimObject& transformer, const std::vector<Unit>& units) {
    struct Bank {
      Row from, to;
      PhasePort port;
      Complex z, ratio, y;
      double count = 0;
    };
    std::vector<Bank> banks;
    for (const auto& unit : units) {
      if (unit.windings.size() == 3) {
        place_star(transformer, unit);
        continue;
      }
      if (unit.windings.size() != 2) {
        network_.unread.push_back(
            {transformer.place(), 1, {"绕组数不是 2 或 3", "it has neither two nor three windings"}});
        continue;
      }
      const auto &one = unit.windings[0], &two = unit.windings[1];
      auto bank = std::ranges::find_if(banks, [&](const Bank& b) { return b.from == one.node && b.to == two.node; });
      if (bank == banks.end()) bank = banks.insert(banks.end(), Bank{one.node, two.node, {}, 0, 0, 0});
      const Complex z = usable(unit.z[0][1]);
      const Matrix3 y = series(unit, z, {&one, &two});
      auto& port = bank->port;
      port.ff = sum(port.ff, sum(seen(one.turns, sum(y, core_of(unit)), one.turns), hold(one, z)));
      port.ft = sum(port.ft, seen(one.turns, y, two.turns), -1.0);
      port.tf = sum(port.tf, seen(two.turns, y, one.turns), -1.0);
      port.tt = sum(port.tt, sum(seen(two.turns, y, two.turns), hold(two, z)));
      port.ff_alone = sum(port.ff_alone, sum(seen(one.turns, core_of(unit), one.turns), hold(one, z)));
      port.tt_alone = sum(port.tt_alone, sum(seen(two.turns, core_of(unit), two.turns), hold(two, z)));
      bank->z += z;
      bank->y += unit.core / 2.0;
      bank->ratio += ratio(one, two);
      bank->count += 1;
    }
    for (const auto& bank : banks)
      add(transformer, bank.from, bank.to, bank.z / bank.count, bank.y / bank.count, bank.ratio / bank.count,
          bank.port);
  }

  /// For the balanced view: rated ratio and clock.
  Complex ratio(const Winding& one, const Winding& two) const {
    const auto star = [](const Winding& w) { return w.delta ? w.rated / std::numbers::sqrt3 : w.rated; };
    const double k = star(one) / star(two) * phase_base(two.node) / phase_base(one.node);
    return std::polar(k, (two.clock - one.clock) * std::numbers::pi / 6);
  }

  void add(const CimObject& transformer, Row from, Row to, Complex z, Complex y, Complex ratio, const PhasePort& port) {
    const std::string name = transformer.name();
    const Row b = network_.add_branch(std::string_view(name), from, to, BranchKind::transformer, z, y, ratio);
    network_.branches.phase_port[b] = static_cast<Row>(network_.phase_ports.size());
    network_.phase_ports.push_back(port);
  }

  /// Three windings: each against the units' common voltage, which is a node.
  void place_star(const CimObject& transformer, const Unit& unit) {
    const Row middle = network_.add_node(std::string_view(transformer.name()),
                                         network_.nodes.rated_kv[unit.windings[0].node], NodeKind::internal);
    const Complex z12 = unit.z[0][1], z13 = unit.z[0][2], z23 = unit.z[1][2];
    const Complex legs[3] = {usable((z12 + z13 - z23) / 2.0), usable((z12 + z23 - z13) / 2.0),
                             usable((z13 + z23 - z12) / 2.0)};
    for (int i = 0; i < 3; ++i) {
      const auto& w = unit.windings[i];
      const Matrix3 y = series(unit, legs[i], {&w});
      PhasePort port;
      port.ff = sum(seen(w.turns, y, w.turns), hold(w, legs[i]));
      port.ft = scaled(product(transposed(w.turns), y), -1.0);
      port.tf = scaled(product(y, w.turns), -1.0);
      port.tt = y;
      if (i == 0) {
        port.tt = sum(port.tt, core_of(unit));
        port.tt_alone = core_of(unit);
      }
      const Complex a = std::polar(w.rated / (w.delta ? std::numbers::sqrt3 : 1) / phase_base(w.node),
                                   (unit.windings[0].clock - w.clock) * std::numbers::pi / 6);
      add(transformer, w.node, middle, legs[i], 0, a, port);
    }
  }

  const CimObjects& objects_;
  const NodeOfTerminal& node_of_;
  Network& network_;
};

}  // namespace

void read_cim_transformers(const CimObjects& objects, const NodeOfTerminal& node_of, Network& network) {
  Transformers(objects, node_of, network).read();
}

}  // namespace tongdian::grid
