#include "grid/read_csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <optional>
#include <set>

#include "base/time_text.hpp"
#include "grid/csv_table.hpp"
#include "grid/read_surroundings.hpp"
#include "grid/record.hpp"
#include "grid/symmetrical.hpp"
#include "grid/winding.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;
using Cells = CsvTable::Cells;

constexpr std::pair<std::string_view, NodeKind> node_kinds[] = {{"junction", NodeKind::junction},
                                                                {"busbar", NodeKind::busbar},
                                                                {"customer", NodeKind::customer},
                                                                {"internal", NodeKind::internal}};
constexpr std::pair<std::string_view, BranchKind> branch_kinds[] = {
    {"line", BranchKind::line},
    {"cable", BranchKind::cable},
    {"low_voltage_line", BranchKind::low_voltage_line},
    {"transformer", BranchKind::transformer},
    {"distribution_transformer", BranchKind::distribution_transformer},
    {"link", BranchKind::link},
    {"breaker", BranchKind::breaker},
    {"load_switch", BranchKind::load_switch},
    {"disconnector", BranchKind::disconnector},
    {"fuse", BranchKind::fuse},
    {"tie", BranchKind::tie},
    {"other", BranchKind::other}};
constexpr std::pair<std::string_view, LoadKind> load_kinds[] = {
    {"power", LoadKind::power}, {"current", LoadKind::current}, {"impedance", LoadKind::impedance}};

template <class Kind, std::size_t N>
Kind kind_of(const Cells& row, std::string_view column, const std::pair<std::string_view, Kind> (&names)[N],
             Kind otherwise) {
  const auto given = row.text(column);
  if (given.empty()) return otherwise;
  std::string known;
  for (const auto& [name, kind] : names) {
    if (name == given) return kind;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  bad_value(row.place(column), "未知：" + std::string(given), "unknown: " + std::string(given),
            {"可写：" + known, "known are " + known});
}

class CsvReader {
 public:
  CsvReader(const std::map<std::string, std::string>& files, bool phases) : files_(files), phases_(phases) {
    for (const auto& [file, columns] : surroundings_tables) read_.insert(std::string(file));
  }

  Network read() {
    for (const char* needed : {"nodes.csv", "sources.csv"})
      if (!files_.contains(needed))
        bad_value(needed, std::string("缺少 ") + needed, std::string(needed) + " is missing",
                  {"补上该表", "add the table"});
    each("network.csv", {"name", "base_mva", "as_of"}, &CsvReader::read_network);
    each("nodes.csv", {"id", "rated_kv", "kind", "min_pu", "max_pu", "longitude", "latitude"}, &CsvReader::read_node);
    each("branches.csv",
         {"id", "from", "to", "kind", "r_pu", "x_pu", "g_pu", "b_pu", "tap", "shift_deg", "closed_from", "closed_to",
          "rate_mva"},
         &CsvReader::read_branch);
    each("lines.csv",
         {"id", "from", "to", "kind", "length_km", "r_ohm_per_km", "x_ohm_per_km", "b_us_per_km", "r0_ohm_per_km",
          "x0_ohm_per_km", "b0_us_per_km", "rated_a", "closed_from", "closed_to"},
         &CsvReader::read_line);
    each("transformers.csv",
         {"id", "from", "to", "kind", "rated_kva", "from_kv", "to_kv", "uk_percent", "pk_kw", "i0_percent", "p0_kw",
          "vector_group", "tap_percent", "closed_from", "closed_to"},
         &CsvReader::read_transformer);
    each("switches.csv", {"id", "from", "to", "kind", "closed", "rated_a"}, &CsvReader::read_switch);
    each("loads.csv",
         {"id", "node", "p_kw", "q_kvar", "p_a_kw", "q_a_kvar", "p_b_kw", "q_b_kvar", "p_c_kw", "q_c_kvar",
          "connection", "model", "closed"},
         &CsvReader::read_load);
    each("shunts.csv", {"id", "node", "p_kw", "q_kvar", "closed"}, &CsvReader::read_shunt);
    each("sources.csv",
         {"id", "node", "u_pu", "angle_deg", "sk_mva", "rx_ratio", "z01_ratio", "r_pu", "x_pu", "r0_pu", "x0_pu",
          "closed"},
         &CsvReader::read_source);
    each("generators.csv", {"id", "node", "p_kw", "u_pu", "closed"}, &CsvReader::read_generator);
    for (const auto& [file, bytes] : files_)
      if (!read_.contains(file)) network_.unread.push_back({file, 1, {"未知的表", "a table that is not known"}});
    network_.shrink();
    return std::move(network_);
  }

 private:
  void each(const std::string& file, const std::set<std::string_view>& known, void (CsvReader::*take)(const Cells&)) {
    read_.insert(file);
    const auto it = files_.find(file);
    if (it == files_.end()) return;
    const CsvTable table(file, it->second);
    for (const auto& column : table.columns())
      if (!known.contains(column))
        network_.unread.push_back({file + ": " + column, table.rows(), {"未知的列", "a column that is not known"}});
    IdIndex ids;
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const auto row = table.row(i);
      if (known.contains("id")) index_once(ids, row.required("id"), 0, row.place("id"));
      (this->*take)(row);
    }
  }

  void read_network(const Cells& row) {
    network_.name = std::string(row.text("name"));
    network_.as_of = std::string(row.text("as_of"));
    if (!network_.as_of.empty() && !parse_date(network_.as_of))
      bad_value(row.place("as_of"), "日期格式应为 YYYY-MM-DD", "a date is written YYYY-MM-DD",
                {"改为数据截至的日期", "give the day up to which the loads are measured"});
    if (row.has("base_mva")) network_.base_mva = row.positive("base_mva");
  }

  void read_node(const Cells& row) {
    const Row n = network_.add_node(row.required("id"), row.positive("rated_kv"),
                                    kind_of(row, "kind", node_kinds, NodeKind::junction));
    nodes_.add(row.text("id"), n);
    network_.nodes.min_pu[n] = static_cast<float>(row.number_or("min_pu", 0));
    network_.nodes.max_pu[n] = static_cast<float>(row.number_or("max_pu", unlimited));
    if (!row.has("longitude") && !row.has("latitude") && network_.nodes.longitude.empty()) return;
    network_.nodes.longitude.resize(n + 1, std::nan(""));
    network_.nodes.latitude.resize(n + 1, std::nan(""));
    if (!row.has("longitude")) return;
    network_.nodes.longitude[n] = row.number("longitude");
    network_.nodes.latitude[n] = row.number("latitude");
  }

  Row node(const Cells& row, std::string_view column) const {
    const auto id = row.required(column);
    if (const auto found = nodes_.find(id)) return *found;
    throw ProblemError(bad_input("grid.unknown_node", row.place(column),
                                 {"没有节点 " + std::string(id), "there is no node " + std::string(id)},
                                 {"改正该引用，或补上该节点", "mend the reference, or add the node"}));
  }

  Row add_branch(const Cells& row, BranchKind kind, Complex z, Complex y, Complex ratio) {
    const Row from = node(row, "from"), to = node(row, "to");
    if (from == to)
      bad_value(row.place("to"), "支路两端是同一节点", "both ends of the branch are the same node",
                {"改正 from 或 to", "mend from or to"});
    if (!branches_.add(row.text("id"), 0))
      throw ProblemError(bad_input("grid.duplicate_id", row.place("id"),
                                   {"标识 " + std::string(row.text("id")) + " 已被另一支路使用",
                                    "another branch has the id " + std::string(row.text("id"))},
                                   {"给其中一个另取标识", "give one of the two another id"}));
    const Row b = network_.add_branch(row.text("id"), from, to, kind, z, y, ratio);
    network_.branches.closed_from[b] = row.flag_or("closed_from", row.flag_or("closed", true));
    network_.branches.closed_to[b] = row.flag_or("closed_to", row.flag_or("closed", true));
    return b;
  }

  void limit_current(Row b, const Cells& row) {
    if (row.has("rated_a"))
      network_.branches.rate_mva[b] =
          static_cast<float>(std::numbers::sqrt3 * rated(network_.branches.from[b]) * row.positive("rated_a") / 1000);
  }

  double rated(Row n) const { return network_.nodes.rated_kv[n]; }
  double ohm(Row n) const { return rated(n) * rated(n) / network_.base_mva; }

  void give_port(Row b, const PhasePort& port) {
    network_.branches.phase_port[b] = static_cast<Row>(network_.phase_ports.size());
    network_.phase_ports.push_back(port);
  }

  void read_branch(const Cells& row) {
    const Row b = add_branch(
        row, kind_of(row, "kind", branch_kinds, BranchKind::other), {row.number("r_pu"), row.number("x_pu")},
        {row.number_or("g_pu", 0), row.number_or("b_pu", 0)},
        std::polar(row.has("tap") ? row.positive("tap") : 1, row.number_or("shift_deg", 0) * std::numbers::pi / 180));
    if (row.has("rate_mva")) network_.branches.rate_mva[b] = static_cast<float>(row.positive("rate_mva"));
  }

  void read_line(const Cells& row) {
    const Row from = node(row, "from");
    if (rated(from) != rated(node(row, "to")))
      bad_value(row.place("to"), "线路两端额定电压不同", "the line joins nodes of different rated voltage",
                {"改正节点，或改用变压器", "mend the nodes, or use a transformer"});
    const double length = row.positive("length_km"), base = ohm(from);
    const auto z = [&](const char* r, const char* x) { return Complex(row.number(r), row.number(x)) * length / base; };
    const auto y = [&](const char* b) { return Complex(0, row.number_or(b, 0) * 1e-6) * length * base / 2.0; };
    const Complex z1 = z("r_ohm_per_km", "x_ohm_per_km"), y1 = y("b_us_per_km");
    const Row b = add_branch(row, kind_of(row, "kind", branch_kinds, BranchKind::line), z1, y1, 1);
    limit_current(b, row);
    if (!phases_ || z1 == 0.0) return;
    if (!row.has("r0_ohm_per_km")) {
      network_.unread.push_back({row.place("r0_ohm_per_km"),
                                 1,
                                 {"没有零序参数，按正序处理", "no zero sequence is given: taken as the positive one"}});
      return;
    }
    give_port(b, line_port(symmetric(z1, z("r0_ohm_per_km", "x0_ohm_per_km")), symmetric(y1, y("b0_us_per_km"))));
  }

  /// "Dyn11", "Yyn0", "YNd5": windings from side `from` to side `to`, and the clock.
  void read_group(const Cells& row, Nameplate& plate) const {
    const std::string_view group = row.required("vector_group");
    std::size_t at = 0;
    const auto winding = [&]() -> std::optional<Winding> {
      if (at >= group.size()) return {};
      const char c = static_cast<char>(std::toupper(static_cast<unsigned char>(group[at++])));
      const bool n = at < group.size() && (group[at] == 'N' || group[at] == 'n');
      if (n) ++at;
      if (c == 'Y') return n ? Winding::wye_n : Winding::wye;
      if (c == 'Z') return n ? Winding::zigzag_n : Winding::zigzag;
      if (c == 'D' && !n) return Winding::delta;
      return {};
    };
    const auto one = winding(), two = winding();
    const auto hours = group.substr(std::min(at, group.size()));
    int clock = -1;
    std::from_chars(hours.data(), hours.data() + hours.size(), clock);
    if (!one || !two || clock < 0 || clock > 12 || std::to_string(clock) != hours)
      bad_value(row.place("vector_group"), "不是接线组别：" + std::string(group),
                "not a vector group: " + std::string(group), {"如 Dyn11、Yyn0", "write Dyn11, Yyn0 and the like"});
    plate.from = *one;
    plate.to = *two;
    plate.clock = clock;
  }

  void read_transformer(const Cells& row) {
    const Row from = node(row, "from"), to = node(row, "to");
    Nameplate plate;
    plate.u1_rated = rated(from) * 1000;
    plate.u2_rated = rated(to) * 1000;
    plate.u1 = (row.has("from_kv") ? row.positive("from_kv") : rated(from)) * 1000 *
               (1 + row.number_or("tap_percent", 0) / 100);
    plate.u2 = (row.has("to_kv") ? row.positive("to_kv") : rated(to)) * 1000;
    if (!(plate.u1 > 0))
      bad_value(row.place("tap_percent"), "分接头使电压不为正", "the tap leaves no positive voltage");
    plate.sn = row.positive("rated_kva") * 1000;
    plate.uk = row.positive("uk_percent") / 100;
    plate.pk = row.number_or("pk_kw", 0) * 1000;
    plate.i0 = plate.i0_zero = row.number_or("i0_percent", 0) / 100;
    plate.p0 = plate.p0_zero = row.number_or("p0_kw", 0) * 1000;
    read_group(row, plate);
    // Nameplates come out on 1 MVA.
    const auto two_port = branch_of(plate);
    const double base = network_.base_mva;
    const Row b = add_branch(row, kind_of(row, "kind", branch_kinds, BranchKind::transformer), two_port.z * base,
                             two_port.y / base, two_port.ratio);
    network_.branches.rate_mva[b] = static_cast<float>(plate.sn / 1e6);
    if (!phases_) return;
    PhasePort port = phase_port_of(plate);
    for (auto* m : {&port.ff, &port.ft, &port.tf, &port.tt, &port.ff_alone, &port.tt_alone}) *m = scaled(*m, 1 / base);
    give_port(b, port);
  }

  void read_switch(const Cells& row) {
    const BranchKind kind = kind_of(row, "kind", branch_kinds, BranchKind::load_switch);
    if (!is_switch(kind) && kind != BranchKind::link)
      bad_value(row.place("kind"), "不是开关", "not a switch",
                {"可写 breaker、load_switch、disconnector、fuse、tie、link",
                 "write breaker, load_switch, disconnector, fuse, tie or link"});
    limit_current(add_branch(row, kind, 0, 0, 1), row);
  }

  void read_load(const Cells& row) {
    const Row n = node(row, "node");
    const double to_pu = 1 / (1000 * network_.base_mva);
    PhaseLoad own;
    bool by_phase = false;
    const char* const p_of[3] = {"p_a_kw", "p_b_kw", "p_c_kw"};
    const char* const q_of[3] = {"q_a_kvar", "q_b_kvar", "q_c_kvar"};
    for (int p = 0; p < 3; ++p) {
      by_phase |= row.has(p_of[p]) || row.has(q_of[p]);
      own.s[p] = Complex(row.number_or(p_of[p], 0), row.number_or(q_of[p], 0)) * to_pu * 3.0;
    }
    const Complex total = by_phase ? (own.s[0] + own.s[1] + own.s[2]) / 3.0
                                   : Complex(row.number("p_kw"), row.number_or("q_kvar", 0)) * to_pu;
    const Row l = network_.add_load(row.text("id"), n, total, kind_of(row, "model", load_kinds, LoadKind::power));
    network_.loads.closed[l] = row.flag_or("closed", true);
    const auto connection = row.text("connection");
    if (!connection.empty() && connection != "wye" && connection != "delta")
      bad_value(row.place("connection"), "应为 wye 或 delta", "wye or delta belongs here");
    own.delta = connection == "delta";
    if (!by_phase) own.s = {total, total, total};
    if (!by_phase && !own.delta) return;
    network_.loads.phase_load[l] = static_cast<Row>(network_.phase_loads.size());
    network_.phase_loads.push_back(own);
  }

  void read_shunt(const Cells& row) {
    const Complex y = Complex(row.number_or("p_kw", 0), row.number_or("q_kvar", 0)) / (1000 * network_.base_mva);
    const Row s = network_.add_shunt(row.text("id"), node(row, "node"), y);
    network_.shunts.closed[s] = row.flag_or("closed", true);
  }

  void read_source(const Cells& row) {
    const Complex u =
        std::polar(row.has("u_pu") ? row.positive("u_pu") : 1, row.number_or("angle_deg", 0) * std::numbers::pi / 180);
    Complex z(row.number_or("r_pu", 0), row.number_or("x_pu", 0)),
        z0(row.number_or("r0_pu", 0), row.number_or("x0_pu", 0));
    if (row.has("sk_mva")) {
      const double rx = row.number_or("rx_ratio", 0.1);
      const double x = network_.base_mva / row.positive("sk_mva") / std::sqrt(1 + rx * rx);
      z = {rx * x, x};
      z0 = z * row.number_or("z01_ratio", 1);
    }
    const Row s = network_.add_source(row.text("id"), node(row, "node"), u, z, z0);
    network_.sources.closed[s] = row.flag_or("closed", true);
  }

  void read_generator(const Cells& row) {
    const Row g = network_.add_regulating(row.text("id"), node(row, "node"),
                                          row.number_or("p_kw", 0) / (1000 * network_.base_mva), row.positive("u_pu"));
    network_.regulating.closed[g] = row.flag_or("closed", true);
  }

  const std::map<std::string, std::string>& files_;
  bool phases_;
  Network network_;
  IdIndex nodes_, branches_;
  std::set<std::string> read_;
};

template <class Kind, std::size_t N>
std::string_view name_of(Kind kind, const std::pair<std::string_view, Kind> (&names)[N]) {
  return std::ranges::find_if(names, [&](const auto& each) { return each.second == kind; })->first;
}

}  // namespace

Result<Network> read_csv(const std::map<std::string, std::string>& files, bool phases) {
  try {
    return CsvReader(files, phases).read();
  } catch (const ProblemError& e) {
    return e.problem;
  }
}

std::map<std::string, std::string> write_csv(const Network& network) {
  const double kw = 1000 * network.base_mva;
  const auto node = [&](Row n) { return network.nodes.id.shown(n); };
  CsvWriter head("name,base_mva,as_of");
  head.cell(network.name).cell(network.base_mva).cell(network.as_of).end();
  CsvWriter nodes("id,rated_kv,kind,min_pu,max_pu,longitude,latitude");
  const auto& n = network.nodes;
  for (Row i = 0; i < n.count(); ++i) {
    nodes.cell(node(i)).cell(n.rated_kv[i]).cell(name_of(n.kind[i], node_kinds)).cell(n.min_pu[i]).cell(n.max_pu[i]);
    nodes.cell(n.longitude.empty() ? std::nan("") : n.longitude[i])
        .cell(n.latitude.empty() ? std::nan("") : n.latitude[i])
        .end();
  }
  CsvWriter branches("id,from,to,kind,r_pu,x_pu,g_pu,b_pu,tap,shift_deg,closed_from,closed_to,rate_mva");
  const auto& b = network.branches;
  for (Row i = 0; i < b.count(); ++i) {
    branches.cell(b.id.shown(i))
        .cell(node(b.from[i]))
        .cell(node(b.to[i]))
        .cell(name_of(b.kind[i], branch_kinds))
        .cell(b.z[i])
        .cell(b.y[i]);
    branches.cell(std::abs(b.ratio[i])).cell(std::arg(b.ratio[i]) * 180 / std::numbers::pi);
    branches.flag(b.closed_from[i]).flag(b.closed_to[i]).cell(b.rate_mva[i]).end();
  }
  CsvWriter loads("id,node,p_kw,q_kvar,model,closed");
  const auto& l = network.loads;
  for (Row i = 0; i < l.count(); ++i)
    loads.cell(l.id.shown(i))
        .cell(node(l.node[i]))
        .cell(l.s[i] * kw)
        .cell(name_of(l.kind[i], load_kinds))
        .flag(l.closed[i])
        .end();
  CsvWriter shunts("id,node,p_kw,q_kvar,closed");
  const auto& s = network.shunts;
  for (Row i = 0; i < s.count(); ++i)
    shunts.cell(s.id.shown(i)).cell(node(s.node[i])).cell(s.y[i] * kw).flag(s.closed[i]).end();
  CsvWriter sources("id,node,u_pu,angle_deg,r_pu,x_pu,r0_pu,x0_pu,closed");
  const auto& e = network.sources;
  for (Row i = 0; i < e.count(); ++i)
    sources.cell(e.id.shown(i))
        .cell(node(e.node[i]))
        .cell(std::abs(e.voltage[i]))
        .cell(std::arg(e.voltage[i]) * 180 / std::numbers::pi)
        .cell(e.z[i])
        .cell(e.z0[i])
        .flag(e.closed[i])
        .end();
  CsvWriter generators("id,node,p_kw,u_pu,closed");
  const auto& g = network.regulating;
  for (Row i = 0; i < g.count(); ++i)
    generators.cell(g.id.shown(i)).cell(node(g.node[i])).cell(g.p[i] * kw).cell(g.v_pu[i]).flag(g.closed[i]).end();
  return {{"network.csv", head.text()},         {"nodes.csv", nodes.text()},   {"branches.csv", branches.text()},
          {"loads.csv", loads.text()},          {"shunts.csv", shunts.text()}, {"sources.csv", sources.text()},
          {"generators.csv", generators.text()}};
}

}  // namespace tongdian::grid
