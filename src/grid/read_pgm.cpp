#include "grid/read_pgm.hpp"

#include <algorithm>
#include <numbers>

#include "grid/pgm_rows.hpp"
#include "grid/pgm_transformer.hpp"
#include "grid/symmetrical.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;
constexpr double base_va = 1e6;
constexpr double omega = 2 * std::numbers::pi * 50;
// A link is an ideal connection in theory and 10⁶·(1 + j) S at 10 kV in power-grid-model's numbers; the same here, to agree to the digit.
const Complex link_z = 1.0 / Complex(1e8, 1e8);

class PgmReader {
 public:
  PgmReader(const json::Value& document, bool phases) : rows_(document), phases_(phases) {}

  Network read() {
    network_.base_mva = base_va / 1e6;
    each("node", {"id", "u_rated"}, &PgmReader::read_node);
    each("line", {"r1", "x1", "c1", "tan1", "r0", "x0", "c0", "tan0", "i_n"}, &PgmReader::read_line);
    each("asym_line", asym_line_attributes(), &PgmReader::read_asym_line);
    each("link", {}, &PgmReader::read_link);
    each("generic_branch", {"r1", "x1", "g1", "b1", "k", "theta", "sn"}, &PgmReader::read_generic_branch);
    each("transformer", pgm_transformer_attributes(), &PgmReader::read_transformer);
    each("three_winding_transformer", pgm_three_winding_attributes(), &PgmReader::read_three_winding);
    each("source", {"u_ref", "u_ref_angle", "sk", "rx_ratio", "z01_ratio"}, &PgmReader::read_source);
    each("sym_load", load_attributes, &PgmReader::read_load);
    each("asym_load", load_attributes, &PgmReader::read_asym_load);
    each("sym_gen", load_attributes, &PgmReader::read_generator);
    each("asym_gen", load_attributes, &PgmReader::read_asym_generator);
    each("shunt", {"g1", "b1", "g0", "b0"}, &PgmReader::read_shunt);
    list_unread();
    network_.shrink();
    return std::move(network_);
  }

 private:
  using Names = std::vector<std::string_view>;
  inline static const Names load_attributes{"type", "p_specified", "q_specified"};

  static Names asym_line_attributes() {
    Names out{"i_n", "c0", "c1"};
    static const auto all = [] {
      std::vector<std::string> names;
      for (const char* pair : {"aa", "ba", "bb", "ca", "cb", "cc", "na", "nb", "nc", "nn"})
        for (const char* kind : {"r_", "x_", "c_"}) names.push_back(std::string(kind) + pair);
      return names;
    }();
    out.insert(out.end(), all.begin(), all.end());
    return out;
  }

  void each(const std::string& component, const Names& known, void (PgmReader::*take)(const Record&)) {
    static const Names common{"id",     "from_node", "to_node", "from_status", "to_status", "node",    "status",
                              "node_1", "node_2",    "node_3",  "status_1",    "status_2",  "status_3"};
    read_.insert(component);
    for (const auto& record : rows_.of(component)) {
      for (const auto& entry : record.object()) {
        const auto is = [&](std::string_view name) { return name == std::string_view(entry.key()); };
        if (!std::ranges::any_of(known, is) && !std::ranges::any_of(common, is))
          ++unknown_[component + '.' + std::string(entry.key())];
      }
      record.with_id("id", [&](const auto& id) { index_once(ids_, id, 0, record.place("id")); });
      (this->*take)(record);
    }
  }

  void read_node(const Record& r) {
    const double u = positive(r, "u_rated");
    r.with_id("id", [&](const auto& id) { nodes_.add(id, network_.add_node(id, u / 1000)); });
  }

  static double positive(const Record& r, std::string_view key) {
    const double value = r.number(key);
    if (!(value > 0)) bad_value(r.place(key), "应为正数", "a positive number belongs here");
    return value;
  }

  double rated(Row node) const { return network_.nodes.rated_kv[node] * 1000; }
  double ohm(Row node) const { return rated(node) * rated(node) / base_va; }

  struct Ends {
    Row from, to;
  };
  Ends ends(const Record& r, bool same_voltage) const {
    const Ends e{r.node("from_node", nodes_), r.node("to_node", nodes_)};
    if (same_voltage && std::abs(rated(e.from) - rated(e.to)) > 1e-8)
      bad_value(r.place(), "线路两端额定电压不同", "the line joins nodes of different rated voltage",
                {"改正节点，或改用变压器", "mend the nodes, or use a transformer"});
    return e;
  }

  Row add_branch(const Record& r, Ends e, BranchKind kind, Complex z, Complex y, Complex ratio = 1) {
    const Row b = r.with_id("id", [&](const auto& id) {
      if (e.from == e.to) {
        // Into itself: the other end is a node of its own that a lossless switch ties to the same bus.
        e.to = network_.add_node(id, network_.nodes.rated_kv[e.from], NodeKind::internal);
        network_.add_branch(id, e.from, e.to, BranchKind::link, 0.0);
      }
      return network_.add_branch(id, e.from, e.to, kind, z, y, ratio);
    });
    network_.branches.closed_from[b] = r.flag_or("from_status", true);
    network_.branches.closed_to[b] = r.flag_or("to_status", true);
    return b;
  }

  /// Infinity is a text in power-grid-model's JSON.
  static bool endless(const Record& r, std::string_view key) {
    const json::Value* value = r.find(key);
    return value && value->is_string() && (value->get_string() == "inf" || value->get_string() == "+inf");
  }

  void limit_current(const Record& r, Row b, Row node) {
    if (endless(r, "i_n")) return;
    if (const double amperes = r.number_or("i_n", 0); amperes > 0)
      network_.branches.rate_mva[b] = static_cast<float>(std::numbers::sqrt3 * rated(node) * amperes / 1e6);
  }

  void give_port(Row b, const PhasePort& port) {
    network_.branches.phase_port[b] = static_cast<Row>(network_.phase_ports.size());
    network_.phase_ports.push_back(port);
  }

  void read_line(const Record& r) {
    const Ends e = ends(r, true);
    const double base = ohm(e.from);
    const auto series = [&](const char* rk, const char* xk) { return Complex(r.number(rk), r.number(xk)) / base; };
    const auto shunt = [&](const char* c, const char* tan) {
      return omega * r.number_or(c, 0) * base * Complex(r.number_or(tan, 0), 1) / 2.0;
    };
    const Complex z1 = series("r1", "x1"), y1 = shunt("c1", "tan1");
    const Row b = add_branch(r, e, BranchKind::line, z1, y1);
    limit_current(r, b, e.from);
    if (!phases_ || z1 == 0.0) return;
    const bool own = r.maybe("r0") && r.maybe("x0");
    if (!own) network_.unread.push_back({"line " + network_.branches.id.shown(b) + ": r0, x0", 1, no_zero_});
    const Complex z0 = own ? series("r0", "x0") : z1;
    const Complex y0 = own ? shunt("c0", "tan0") : y1;
    give_port(b, line_port(symmetric(z1, z0), symmetric(y1, y0)));
  }

  void read_asym_line(const Record& r) {
    const Ends e = ends(r, true);
    const double base = ohm(e.from);
    Matrix3 z = matrix(r, "r_", "x_");
    if (r.maybe("r_na") || r.maybe("x_na")) fold_neutral(r, z);
    Matrix3 c{};
    if (r.maybe("c0") && r.maybe("c1"))
      c = symmetric(r.number("c1"), r.number("c0"));
    else
      c = matrix(r, "c_", nullptr);
    const PhasePort port = line_port(scaled(z, 1 / base), scaled(c, Complex(0, omega * base / 2)));
    const Complex series = -positive_sequence(port.ft);
    const Row b = add_branch(r, e, BranchKind::line, 1.0 / series, positive_sequence(port.ff) - series);
    limit_current(r, b, e.from);
    if (phases_) give_port(b, port);
  }

  /// Symmetric, from its lower half.
  static Matrix3 matrix(const Record& r, const char* real, const char* imaginary) {
    Matrix3 out{};
    for (const auto& [name, row, column] :
         {std::tuple{"aa", 0, 0}, {"ba", 1, 0}, {"bb", 1, 1}, {"ca", 2, 0}, {"cb", 2, 1}, {"cc", 2, 2}}) {
      const double re = r.number(std::string(real) + name);
      const double im = imaginary ? r.number(std::string(imaginary) + name) : 0;
      out[3 * row + column] = out[3 * column + row] = {re, im};
    }
    return out;
  }

  /// Kron: the neutral, earthed at both ends, carries what it must.
  static void fold_neutral(const Record& r, Matrix3& z) {
    Complex to_neutral[3];
    const char* const names[3] = {"na", "nb", "nc"};
    for (int p = 0; p < 3; ++p)
      to_neutral[p] = {r.number(std::string("r_") + names[p]), r.number(std::string("x_") + names[p])};
    const Complex own(r.number("r_nn"), r.number("x_nn"));
    for (int p = 0; p < 3; ++p)
      for (int q = 0; q < 3; ++q) z[3 * p + q] -= to_neutral[p] * to_neutral[q] / own;
  }

  void read_link(const Record& r) { add_branch(r, ends(r, false), BranchKind::link, link_z, 0); }

  void read_generic_branch(const Record& r) {
    const Ends e = ends(r, false);
    const double base = ohm(e.to);
    const Row b = add_branch(r, e, BranchKind::other, Complex(r.number("r1"), r.number("x1")) / base,
                             Complex(r.number_or("g1", 0), r.number_or("b1", 0)) * base / 2.0,
                             std::polar(r.number_or("k", 1), r.number_or("theta", 0)));
    if (const double sn = endless(r, "sn") ? 0 : r.number_or("sn", 0); sn > 0)
      network_.branches.rate_mva[b] = static_cast<float>(sn / 1e6);
    if (phases_) network_.unread.push_back({"generic_branch " + network_.branches.id.shown(b) + ": z0", 1, no_zero_});
  }

  void read_transformer(const Record& r) {
    const Ends e = ends(r, false);
    add_transformer(r, e, pgm_nameplate(r, rated(e.from), rated(e.to)), BranchKind::transformer);
  }

  Row add_transformer(const Record& r, Ends e, const Nameplate& plate, BranchKind kind) {
    const auto two_port = branch_of(plate);
    const Row b = add_branch(r, e, kind, two_port.z, two_port.y, two_port.ratio);
    network_.branches.rate_mva[b] = static_cast<float>(plate.sn / 1e6);
    if (phases_) give_port(b, phase_port_of(plate));
    return b;
  }

  /// A star of three two-winding transformers; its middle is a node of its own on side 1's voltage.
  void read_three_winding(const Record& r) {
    const Row node[3] = {r.node("node_1", nodes_), r.node("node_2", nodes_), r.node("node_3", nodes_)};
    if (node[0] == node[1] || node[0] == node[2] || node[1] == node[2])
      bad_value(r.place(), "三绕组变压器的两侧接在同一节点", "two sides of the transformer are the same node");
    const Row star = r.with_id(
        "id", [&](const auto& id) { return network_.add_node(id, rated(node[0]) / 1000, NodeKind::internal); });
    const auto plates = pgm_star(r, {rated(node[0]), rated(node[1]), rated(node[2])});
    const char* const status[3] = {"status_1", "status_2", "status_3"};
    for (int side = 0; side < 3; ++side) {
      const Row b = add_transformer(r, {node[side], star}, plates[side], BranchKind::transformer);
      network_.branches.closed_from[b] = r.flag_or(status[side], true);
    }
  }

  void read_source(const Record& r) {
    const Row node = r.node("node", nodes_);
    const bool ideal = endless(r, "sk");
    const double sk = ideal ? 1 : r.maybe("sk") ? positive(r, "sk") : 1e10;
    const double rx = r.number_or("rx_ratio", 0.1);
    const double x = ideal ? 0 : base_va / sk / std::sqrt(rx * rx + 1);
    const Complex z(rx * x, x);
    const Complex u = std::polar(r.number("u_ref"), r.number_or("u_ref_angle", 0));
    const Row row = r.with_id(
        "id", [&](const auto& id) { return network_.add_source(id, node, u, z, z * r.number_or("z01_ratio", 1)); });
    network_.sources.closed[row] = r.flag_or("status", true);
  }

  static LoadKind kind_of(const Record& r) {
    switch (r.integer("type")) {
      case 0: return LoadKind::power;
      case 1: return LoadKind::impedance;
      case 2: return LoadKind::current;
      default:
        bad_value(r.place("type"), "未知的负荷类型", "unknown type of load",
                  {"0 恒功率，1 恒阻抗，2 恒电流", "0 constant power, 1 impedance, 2 current"});
    }
  }

  Row add_load(const Record& r, Complex s) {
    const Row node = r.node("node", nodes_);
    const LoadKind kind = kind_of(r);
    const Row row = r.with_id("id", [&](const auto& id) { return network_.add_load(id, node, s, kind); });
    network_.loads.closed[row] = r.flag_or("status", true);
    return row;
  }

  void read_load(const Record& r) { add_load(r, symmetric_power(r)); }
  void read_generator(const Record& r) { add_load(r, -symmetric_power(r)); }
  void read_asym_load(const Record& r) { add_asym_load(r, 1); }
  void read_asym_generator(const Record& r) { add_asym_load(r, -1); }

  static Complex symmetric_power(const Record& r) {
    return Complex(r.number_or("p_specified", 0), r.number_or("q_specified", 0)) / base_va;
  }

  void add_asym_load(const Record& r, double sign) {
    PhaseLoad load;
    for (int p = 0; p < 3; ++p)
      load.s[p] = sign * Complex(by_phase(r, "p_specified", p), by_phase(r, "q_specified", p)) / (base_va / 3);
    const Row row = add_load(r, (load.s[0] + load.s[1] + load.s[2]) / 3.0);
    if (!phases_) return;
    network_.loads.phase_load[row] = static_cast<Row>(network_.phase_loads.size());
    network_.phase_loads.push_back(load);
  }

  static double by_phase(const Record& r, std::string_view key, int phase) {
    const json::Value* value = r.find(key);
    if (!value || value->is_null()) return 0;
    if (!value->is_array() || value->get_array().size() != 3)
      bad_value(r.place(key), "应为三个数", "three numbers belong here");
    const json::Object one{{std::string("v"), value->get_array()[phase]}};
    return Record(json::Value(one), r.place(key)).number_or("v", 0);
  }

  void read_shunt(const Record& r) {
    const Row node = r.node("node", nodes_);
    const double base = ohm(node);
    const Complex y1 = Complex(r.number_or("g1", 0), r.number_or("b1", 0)) * base;
    const Complex y0 = Complex(r.number_or("g0", 0), r.number_or("b0", 0)) * base;
    const Row row = r.with_id("id", [&](const auto& id) { return network_.add_shunt(id, node, y1); });
    network_.shunts.closed[row] = r.flag_or("status", true);
    if (!phases_) return;
    network_.shunts.phase_shunt[row] = static_cast<Row>(network_.phase_shunts.size());
    network_.phase_shunts.push_back({symmetric(y1, y0)});
  }

  void list_unread() {
    for (const auto& component : rows_.components())
      if (!read_.contains(component))
        network_.unread.push_back(
            {component, rows_.count(component), {"潮流计算不使用", "a power flow does not use it"}});
    for (const auto& [name, count] : unknown_)
      network_.unread.push_back({name, count, {"未知的属性", "an attribute that is not known"}});
  }

  PgmRows rows_;
  bool phases_;
  Network network_;
  IdIndex nodes_, ids_;
  std::set<std::string> read_;
  std::map<std::string, std::size_t> unknown_;
  const Sentence no_zero_{"没有零序参数，按正序处理", "no zero sequence is given: taken as the positive one"};
};

}  // namespace

Result<Network> read_pgm(const json::Value& document, bool phases) {
  try {
    return PgmReader(document, phases).read();
  } catch (const ProblemError& e) {
    return e.problem;
  }
}

}  // namespace tongdian::grid
