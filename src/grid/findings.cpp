#include "grid/findings.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "grid/joined.hpp"

namespace tongdian::grid {
namespace {

std::string figure(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

class Inspector {
 public:
  Inspector(const Network& network, std::size_t most)
      : n_(network), most_(most), joined_(network.nodes.count()), fed_(network.nodes.count()) {
    for (Row b = 0; b < n_.branches.count(); ++b)
      if (n_.branches.closed(b) && !joined_.join(n_.branches.from[b], n_.branches.to[b])) looping_.push_back(b);
    for (Row s = 0; s < n_.sources.count(); ++s)
      if (n_.sources.closed[s]) fed_[joined_.top(n_.sources.node[s])] = true;
  }

  std::vector<Finding> inspect_trees() {
    loops(true);
    return std::move(out_);
  }

  std::vector<Finding> inspect_islands() {
    islands();
    return std::move(out_);
  }

  std::vector<Finding> inspect() {
    loops(false);
    islands();
    nodes();
    branches();
    loads();
    all_loads();
    set_points();
    return std::move(out_);
  }

 private:
  std::string node(Row i) const { return "node " + n_.nodes.id.shown(i); }
  std::string branch(Row i) const { return "branch " + n_.branches.id.shown(i); }

  /// One kind of finding: the first ones by name, the others as a number.
  class Kind {
   public:
    Kind(Inspector& all, Sentence rest) : all_(all), rest_(std::move(rest)) {}
    ~Kind() {
      if (count_ <= all_.most_) return;
      const std::string more = std::to_string(count_ - all_.most_);
      all_.out_.push_back({"", {"另有 " + more + " 处：" + rest_.zh, more + " more: " + rest_.en}, {}});
    }
    Kind(const Kind&) = delete;
    Kind& operator=(const Kind&) = delete;
    void add(const std::string& element, std::string zh, std::string en, Sentence mend) {
      if (++count_ <= all_.most_) all_.out_.push_back({element, {std::move(zh), std::move(en)}, std::move(mend)});
    }

   private:
    Inspector& all_;
    Sentence rest_;
    std::size_t count_ = 0;
  };

  /// Where each part of a network must be a tree, joined sources are wrong, and loops are where a source feeds them.
  void loops(bool trees) {
    {
      Kind loops(*this, {"闭合成环的支路", "branches that close loops"});
      for (const Row b : looping_)
        if (!trees || fed_[joined_.top(n_.branches.from[b])])
          loops.add(
              branch(b), "该支路使网络成环", "it closes a loop",
              {"若应辐射状运行，断开环上一处开关", "open a switch of the loop if the network is to run radially"});
    }
    if (trees) joined_sources();
    if (std::ranges::find(n_.sources.closed, true) == n_.sources.closed.end())
      out_.push_back({"network",
                      {"没有投入的电源", "no source is in service"},
                      {"补上电源，或将其投入", "add a source, or put one in service"}});
  }

  void joined_sources() {
    std::vector<Row> source_of(n_.nodes.count(), none);
    Kind pairs(*this, {"相连的电源", "sources that are joined"});
    for (Row s = 0; s < n_.sources.count(); ++s) {
      if (!n_.sources.closed[s]) continue;
      Row& other = source_of[joined_.top(n_.sources.node[s])];
      if (other == none)
        other = s;
      else
        pairs.add("source " + n_.sources.id.shown(s), "与电源 " + n_.sources.id.shown(other) + " 相连",
                  "it is joined with source " + n_.sources.id.shown(other),
                  {"断开两者之间的联络开关", "open the tie between them"});
    }
  }

  void islands() {
    std::vector<Row> nodes(n_.nodes.count());
    std::vector<double> mw(n_.nodes.count());
    for (Row i = 0; i < n_.nodes.count(); ++i)
      if (n_.nodes.kind[i] != NodeKind::internal) ++nodes[joined_.top(i)];
    for (Row l = 0; l < n_.loads.count(); ++l)
      if (n_.loads.closed[l]) mw[joined_.top(n_.loads.node[l])] += n_.loads.s[l].real() * n_.base_mva;
    Kind islands(*this, {"没有电源的孤岛", "islands without a source"});
    for (Row i = 0; i < n_.nodes.count(); ++i) {
      if (joined_.top(i) != i || fed_[i] || nodes[i] == 0) continue;
      const std::string count = std::to_string(nodes[i]), power = figure(mw[i] * 1000);
      islands.add(node(i), "所在孤岛没有电源：" + count + " 个节点，" + power + " kW 负荷停电",
                  "no source reaches its island of " + count + (nodes[i] == 1 ? " node, " : " nodes, ") + power +
                      " kW are dark",
                  {"闭合通向电源的开关，或补上缺少的支路",
                   "close a switch towards a source, or add the branch that is missing"});
    }
  }

  void nodes() {
    Kind voltages(*this, {"额定电压可疑的节点", "nodes of implausible rated voltage"});
    for (Row i = 0; i < n_.nodes.count(); ++i) {
      const double kv = n_.nodes.rated_kv[i];
      if (kv < 0.05 || kv > 1200)
        voltages.add(node(i), "额定电压 " + figure(kv) + " kV 不可能",
                     "a rated voltage of " + figure(kv) + " kV cannot be",
                     {"检查单位：应为千伏", "check the unit: kilovolts belong here"});
    }
  }

  void branches() {
    const auto& br = n_.branches;
    Kind odd(*this, {"参数可疑的支路", "branches with implausible parameters"});
    for (Row b = 0; b < br.count(); ++b) {
      if (br.z[b].real() < 0 && n_.nodes.kind[br.to[b]] != NodeKind::internal)
        odd.add(branch(b), "电阻为负", "its resistance is negative", {"改正符号", "mend the sign"});
      if (const double tap = std::abs(br.ratio[b]); tap < 0.5 || tap > 2)
        odd.add(branch(b), "变比为 " + figure(tap), "its ratio is " + figure(tap) + " of the nodes' rated voltages",
                {"检查变比和两端节点的额定电压", "check the ratio and the rated voltages of its nodes"});
      const double rate = br.rate_mva[b] / n_.base_mva;
      if (!std::isfinite(rate) || rate <= 0) continue;
      // Ohms were taken for per unit, metres for kilometres, or kVA for VA: a transformer drops a tenth at its rating, and a line that
      // would drop six times its voltage was never built.
      const bool transformer =
          br.kind[b] == BranchKind::transformer || br.kind[b] == BranchKind::distribution_transformer;
      if (const double drop = std::abs(br.z[b]) * rate; drop > (transformer ? 1 : 6))
        odd.add(branch(b), "按其额定容量，压降将达 " + figure(drop) + " 倍额定电压",
                "at its rating it would drop " + figure(drop) + " times the rated voltage",
                {"检查阻抗、长度和容量的单位", "check the units of impedance, length and rating"});
      const double kv = std::min(n_.nodes.rated_kv[br.from[b]], n_.nodes.rated_kv[br.to[b]]);
      if (const double amperes = br.rate_mva[b] * 1000 / (kv * std::numbers::sqrt3);
          amperes < 1 || (kv < 1 && amperes > 10000))
        odd.add(branch(b), "在 " + figure(kv) + " kV 侧额定电流为 " + figure(amperes) + " A",
                "its rating at " + figure(kv) + " kV is " + figure(amperes) + " A",
                {"检查单位：安、千伏安", "check the unit: amperes, kilovolt-amperes"});
    }
  }

  /// A load far beyond all that can reach it: kilowatts were taken for megawatts. What the branches of its node could bring is their
  /// ratings, and never more than they would carry with the node short-circuited and full voltage behind them.
  void loads() {
    const auto& br = n_.branches;
    std::vector<double> rated(n_.nodes.count()), possible(n_.nodes.count());
    for (Row b = 0; b < br.count(); ++b) {
      const double all = br.z[b] == 0.0 ? unlimited : n_.base_mva / std::abs(br.z[b]);
      for (const Row end : {br.from[b], br.to[b]}) {
        rated[end] += br.rate_mva[b];
        possible[end] += all;
      }
    }
    for (Row s = 0; s < n_.sources.count(); ++s) possible[n_.sources.node[s]] = unlimited;
    Kind odd(*this, {"过大的负荷", "loads beyond what can reach them"});
    for (Row l = 0; l < n_.loads.count(); ++l) {
      const Row node = n_.loads.node[l];
      const double mva = std::abs(n_.loads.s[l]) * n_.base_mva;
      // An inductive load takes at most V²/2|z|, whatever its angle; 1.1 p.u. behind it are allowed for.
      const bool inductive = n_.loads.s[l].real() >= 0 && n_.loads.s[l].imag() >= 0;
      const double most = possible[node] * (inductive ? 0.6 : 1);
      const double limit = std::min(std::isfinite(rated[node]) ? 20 * rated[node] : unlimited, most);
      if (limit > 0 && std::isfinite(limit) && mva > limit)
        odd.add(
            "load " + n_.loads.id.shown(l),
            figure(mva) + " MVA，而其节点的支路总共最多只能送来 " + figure(limit) + " MVA",
            figure(mva) + " MVA, where the branches of its node could never bring more than " + figure(limit) + " MVA",
            {"检查单位：千瓦还是兆瓦", "check the unit: kilowatts or megawatts"});
    }
  }

  /// A small load is a street lamp; all of many together far below what was built for them were given in the wrong unit.
  void all_loads() {
    if (n_.loads.count() < 10) return;
    constexpr double least = 0.002;  // of what is built: a network at night still draws a tenth
    double drawn = 0, transformers = 0, heads = 0;
    for (Row l = 0; l < n_.loads.count(); ++l)
      if (n_.loads.closed[l]) drawn += std::abs(n_.loads.s[l]) * n_.base_mva;
    std::vector<bool> has_source(n_.nodes.count());
    for (Row s = 0; s < n_.sources.count(); ++s) has_source[n_.sources.node[s]] = true;
    const auto& br = n_.branches;
    for (Row b = 0; b < br.count(); ++b) {
      if (br.kind[b] == BranchKind::distribution_transformer) transformers += br.rate_mva[b];
      if (has_source[br.from[b]] || has_source[br.to[b]]) heads += br.rate_mva[b];
    }
    const double built = transformers > 0 ? transformers : heads;
    if (drawn == 0 || !std::isfinite(built) || drawn >= least * built) return;
    const std::string kw = figure(drawn * 1000), kva = figure(built * 1000);
    out_.push_back(
        {"network",
         {"全部负荷合计只有 " + kw + " kVA，而" + (transformers > 0 ? "配变" : "电源出线") + "容量合计 " + kva + " kVA",
          "all loads together are " + kw + " kVA, where the " +
              (transformers > 0 ? "distribution transformers" : "branches at the sources") + " are rated " + kva +
              " kVA"},
         {"检查负荷的单位：应为千瓦", "check the unit of the loads: kilowatts or megawatts"}});
  }

  void set_points() {
    Kind odd(*this, {"电压设定可疑的电源", "sources of implausible voltage"});
    const auto look = [&](const std::string& element, double v) {
      if (v < 0.8 || v > 1.2)
        odd.add(element, "电压设定为 " + figure(v) + " p.u.", "it holds " + figure(v) + " p.u.",
                {"检查设定值和节点的额定电压", "check the set point and the node's rated voltage"});
    };
    for (Row s = 0; s < n_.sources.count(); ++s)
      look("source " + n_.sources.id.shown(s), std::abs(n_.sources.voltage[s]));
    for (Row g = 0; g < n_.regulating.count(); ++g)
      look("generator " + n_.regulating.id.shown(g), n_.regulating.v_pu[g]);
  }

  const Network& n_;
  std::size_t most_;
  Joined joined_;             ///< by branches that are closed
  std::vector<Row> looping_;  ///< closed ones that joined nothing
  std::vector<bool> fed_;     ///< by top
  std::vector<Finding> out_;
};

}  // namespace

std::vector<Finding> findings(const Network& network, std::size_t most) { return Inspector(network, most).inspect(); }

std::vector<Finding> not_radial(const Network& network, std::size_t most) {
  return Inspector(network, most).inspect_trees();
}

std::vector<Finding> islands(const Network& network, std::size_t most) {
  return Inspector(network, most).inspect_islands();
}

}  // namespace tongdian::grid
