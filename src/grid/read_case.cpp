#include "grid/read_case.hpp"

#include <numbers>
#include <vector>

#include "grid/record.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;
enum class BusType { pq, pv, ref, isolated };

class CaseReader {
 public:
  explicit CaseReader(const json::Value& document) : document_(document, "") {}

  Network read() {
    network_.name = document_.text_or("name", "");
    network_.base_mva = document_.number("base_mva");
    if (network_.base_mva <= 0) bad_value("/base_mva", "基准功率应为正", "the base power is not positive");
    each("bus", [this](const Record& bus, Row) { read_bus(bus); });
    read_generators();
    each("branch", [this](const Record& branch, Row i) { read_branch(branch, i); });
    mark_ties();
    for (const auto& entry : document_.object()) note_unread(entry.key());
    network_.shrink();
    return std::move(network_);
  }

 private:
  struct Held {  // generators at one bus add
    double p = 0, q = 0, v = 1;
    bool listed = false, running = false;
  };

  template <class Use>
  void each(std::string_view table, Use use) {
    const json::Value* rows = document_.find(table);
    if (!rows || !rows->is_array()) {
      bad_value('/' + std::string(table), "缺少表 " + std::string(table),
                "the table " + std::string(table) + " is missing");
    }
    Row i = 0;
    for (const auto& row : rows->get_array()) {
      use(Record(row, '/' + std::string(table) + '/' + std::to_string(i)), i);
      ++i;
    }
  }

  BusType type_of(const Record& bus) const {
    const std::string type = bus.text_or("type", "PQ");
    if (type == "PQ") return BusType::pq;
    if (type == "PV") return BusType::pv;
    if (type == "REF") return BusType::ref;
    if (type == "ISOLATED" || type == "ISO" || type == "NONE") return BusType::isolated;
    bad_value(bus.place("type"), "未知的节点类型 " + type, "unknown type of bus: " + type,
              {"用 REF、PV、PQ 或 ISOLATED", "write REF, PV, PQ or ISOLATED"});
  }

  void read_bus(const Record& bus) {
    const double kv = bus.number("base_kv");
    if (!(kv > 0)) bad_value(bus.place("base_kv"), "额定电压应为正", "the rated voltage is not positive");
    const Row row = bus.with_id("id", [&](const auto& id) {
      index_once(index_, id, network_.nodes.count(), bus.place("id"));
      return network_.add_node(id, kv);
    });
    network_.nodes.min_pu[row] = static_cast<float>(bus.number_or("vmin_pu", 0));
    network_.nodes.max_pu[row] = static_cast<float>(bus.number_or("vmax_pu", unlimited));
    types_.push_back(type_of(bus));
    const Complex s = Complex(bus.number_or("pd_mw", 0), bus.number_or("qd_mvar", 0)) / network_.base_mva;
    const Complex y = Complex(bus.number_or("gs_mw", 0), bus.number_or("bs_mvar", 0)) / network_.base_mva;
    bus.with_id("id", [&](const auto& id) {
      if (s != 0.0) network_.add_load(id, row, s);
      if (y != 0.0) network_.add_shunt(id, row, y);
    });
  }

  void read_generators() {
    std::vector<Held> held(types_.size());
    if (document_.find("gen"))
      each("gen", [&](const Record& gen, Row) {
        Held& here = held[gen.node("bus", index_)];
        here.listed = true;
        if (!gen.flag_or("status", true)) return;
        const double v = gen.number_or("vg_pu", 1);
        if (!(v > 0)) bad_value(gen.place("vg_pu"), "电压设定应为正", "the voltage set point is not positive");
        here.p += gen.number_or("pg_mw", 0) / network_.base_mva;
        here.q += gen.number_or("qg_mvar", 0) / network_.base_mva;
        // The last one's set point holds where they differ, as in MATPOWER.
        here.v = v;
        here.running = true;
      });
    for (Row n = 0; n < network_.nodes.count(); ++n) place_generator(n, held[n]);
  }

  void place_generator(Row n, const Held& here) {
    const auto with_id = [&](auto use) {
      if (network_.nodes.id.is_text(n)) return use(network_.nodes.id.text(n));
      return use(network_.nodes.id.number(n));
    };
    // A REF bus whose generators are all off has lost its source; one without any in the table holds 1 p.u.
    if (types_[n] == BusType::ref && (here.running || !here.listed))
      with_id([&](const auto& id) { network_.add_source(id, n, here.v); });
    else if (here.running && types_[n] == BusType::pv)
      with_id([&](const auto& id) { network_.add_regulating(id, n, here.p, here.v); });
    else if (here.running && (here.p != 0 || here.q != 0))
      network_.add_load(std::string_view("gen " + network_.nodes.id.shown(n)), n, Complex(-here.p, -here.q));
  }

  void read_branch(const Record& branch, Row i) {
    const Row from = branch.node("from", index_);
    const Row to = branch.node("to", index_);
    if (from == to)
      bad_value(branch.place(), "支路两端是同一节点", "both ends of the branch are the same node",
                {"改正 from 或 to", "mend from or to"});
    const Complex z(branch.number("r_pu"), branch.number("x_pu"));
    const Complex y(0, branch.number_or("b_pu", 0) / 2);
    const double tap = branch.number_or("tap", 0);
    if (tap < 0) bad_value(branch.place("tap"), "变比为负", "the tap is negative");
    const double shift = branch.number_or("shift_deg", 0) * std::numbers::pi / 180;
    const bool transforms = tap != 0 || shift != 0 || network_.nodes.rated_kv[from] != network_.nodes.rated_kv[to];
    const Complex ratio = shift == 0 ? Complex(tap == 0 ? 1 : tap) : std::polar(tap == 0 ? 1 : tap, shift);
    const auto kind = transforms ? BranchKind::transformer : BranchKind::line;
    const auto add = [&](const auto& id) {
      index_once(branches_, id, 0, branch.place("i"));
      return network_.add_branch(id, from, to, kind, z, y, ratio);
    };
    const Row row = branch.find("i") ? branch.with_id("i", add) : add(std::int64_t{i} + 1);
    const bool cut_off = types_[from] == BusType::isolated || types_[to] == BusType::isolated;
    network_.branches.close(row, branch.flag_or("closed", true) && !cut_off);
    if (const double rate = branch.number_or("rate_a_mva", 0); rate > 0)
      network_.branches.rate_mva[row] = static_cast<float>(rate);
  }

  /// Branch rows from 1 that are open in normal operation.
  void mark_ties() {
    const json::Value* rows = document_.find("normally_open_branches");
    if (!rows || !rows->is_array()) return;
    for (const auto& row : rows->get_array()) {
      const auto number = integer_of(row);
      if (number && *number >= 1 && *number <= network_.branches.count())
        network_.branches.kind[*number - 1] = BranchKind::tie;
    }
  }

  void note_unread(std::string_view key) {
    static constexpr std::string_view known[] = {
        "name", "base_mva", "bus", "branch", "gen", "normally_open_branches", "source", "frequency_note"};
    for (const auto each : known)
      if (each == key) return;
    network_.unread.push_back({std::string(key), 1, {"该键未被使用", "the key is not used"}});
  }

  Record document_;
  Network network_;
  IdIndex index_, branches_;
  std::vector<BusType> types_;
};

}  // namespace

Result<Network> read_case(const json::Value& document) {
  try {
    return CaseReader(document).read();
  } catch (const ProblemError& e) {
    return e.problem;
  }
}

}  // namespace tongdian::grid
