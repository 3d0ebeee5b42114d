#include "grid/read_surroundings.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "grid/csv_table.hpp"
#include "grid/record.hpp"

namespace tongdian::grid {
namespace {

using Cells = CsvTable::Cells;
using Files = std::map<std::string, std::string>;

constexpr std::size_t most_curves = Surroundings::flat;  // load_curve counts in a byte, of which one says "flat"
constexpr std::size_t hours_of_a_leap_year = 8784;

[[noreturn]] void unknown(std::string place, const std::string& zh, const std::string& en, std::string_view id) {
  throw ProblemError(bad_input("grid.unknown_element", std::move(place),
                               {"没有" + zh + " " + std::string(id), "there is no " + en + " " + std::string(id)},
                               {"改正该引用，或补上被引用的一行", "mend the reference, or add the row that it names"}));
}

std::int64_t whole(const Cells& row, std::string_view column, std::int64_t most) {
  const double value = row.number(column);
  if (!(value >= 0 && value <= static_cast<double>(most)) || value != std::floor(value))
    bad_value(row.place(column), "应为 0 到 " + std::to_string(most) + " 的整数",
              "a whole number from 0 to " + std::to_string(most) + " belongs here");
  return static_cast<std::int64_t>(value);
}

class Reader {
 public:
  Reader(const Files& files, const Network& network)
      : files_(files), network_(network), nodes_(network.nodes.id), branches_(network.branches.id) {}

  Surroundings read() {
    each("substations.csv", "id", [&](const Cells& row) {
      out_.substations.push_back({std::string(row.required("id")),
                                  std::string(row.has("name") ? row.text("name") : row.text("id")),
                                  std::string(row.text("area")),
                                  row.number("longitude"),
                                  row.number("latitude"),
                                  {},
                                  {}});
    });
    for (std::size_t i = 0; i < out_.substations.size(); ++i)
      substations_.add(out_.substations[i].id, static_cast<Row>(i));
    each("substation_busbars.csv", "node",
         [&](const Cells& row) { substation(row).busbars.push_back(node(row, "node")); });
    each("substation_transformers.csv", "branch",
         [&](const Cells& row) { substation(row).transformers.push_back(branch(row, "branch")); });
    read_customers();
    read_curves();
    each("approved.csv", "id", [&](const Cells& row) {
      const double kw = row.number("kw");
      if (!(kw >= 0)) bad_value(row.place("kw"), "不小于 0", "0 or more belongs here");
      out_.approved.push_back({std::string(row.required("id")), node(row, "node"), kw});
    });
    if (files_.contains("faults.csv")) out_.faults.resize(network_.branches.id.size());
    each("faults.csv", "branch", [&](const Cells& row) {
      out_.faults[static_cast<std::size_t>(branch(row, "branch"))] =
          static_cast<std::uint16_t>(whole(row, "faults", 65'535));
    });
    read_roads();
    return std::move(out_);
  }

 private:
  /// Every row of the table, if it is there; none may have a `key` that another has.
  template <class Take>
  void each(const char* file, std::string_view key, Take take) {
    const auto found = files_.find(file);
    if (found == files_.end()) return;
    const CsvTable table(file, found->second);
    IdIndex once;
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const auto row = table.row(i);
      index_once(once, row.required(key), 0, row.place(key));
      take(row);
    }
  }

  Row node(const Cells& row, std::string_view column) const {
    const auto id = row.required(column);
    if (const auto found = nodes_.find_spelt(id)) return *found;
    throw ProblemError(bad_input("grid.unknown_node", row.place(column),
                                 {"没有节点 " + std::string(id), "there is no node " + std::string(id)},
                                 {"改正该引用，或补上该节点", "mend the reference, or add the node"}));
  }
  Row branch(const Cells& row, std::string_view column) const {
    const auto id = row.required(column);
    if (const auto found = branches_.find_spelt(id)) return *found;
    unknown(row.place(column), "支路", "branch", id);
  }
  Substation& substation(const Cells& row) {
    const auto id = row.required("substation");
    if (const auto found = substations_.find_spelt(id)) return out_.substations[static_cast<std::size_t>(*found)];
    unknown(row.place("substation"), "变电站", "substation", id);
  }

  void read_customers() {
    if (files_.contains("customers.csv")) out_.customers.resize(network_.nodes.id.size());
    each("customers.csv", "node", [&](const Cells& row) {
      out_.customers[static_cast<std::size_t>(node(row, "node"))] =
          static_cast<std::int32_t>(whole(row, "customers", 10'000'000));
    });
  }

  /// Points in their order; the rows of a road stand together.
  void read_roads() {
    const auto found = files_.find("roads.csv");
    if (found == files_.end()) return;
    const CsvTable table("roads.csv", found->second);
    IdIndex once;
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const auto row = table.row(i);
      const auto id = row.required("road");
      if (out_.roads.empty() || out_.roads.back().id != id) {
        index_once(once, id, 0, row.place("road"));
        out_.roads.push_back({std::string(id), {}});
      }
      const double longitude = row.number("longitude"), latitude = row.number("latitude");
      if (std::abs(longitude) > 180 || std::abs(latitude) > 90)
        bad_value(row.place("longitude"), "经纬度超出范围", "longitude or latitude out of range");
      out_.roads.back().points.emplace_back(longitude, latitude);
    }
  }

  /// The hours of a year in their order, 0 first; every other column is a curve. Then which load follows which.
  void read_curves() {
    const auto found = files_.find("curves.csv");
    IdIndex curves;
    if (found != files_.end()) {
      const CsvTable table("curves.csv", found->second);
      for (const auto& column : table.columns()) {
        if (column == "hour") continue;
        if (out_.curves.size() == most_curves)
          bad_value("curves.csv:1:" + column, "最多 255 条曲线", "there are at most 255 curves");
        curves.add(column, static_cast<Row>(out_.curves.size()));
        out_.curves.push_back({column, {}});
      }
      if (table.rows() > hours_of_a_leap_year)
        bad_value("curves.csv", "一年最多 8784 小时", "a year has at most 8,784 hours");
      for (std::size_t i = 0; i < table.rows(); ++i) {
        const auto row = table.row(i);
        if (whole(row, "hour", hours_of_a_leap_year) != static_cast<std::int64_t>(i))
          bad_value(row.place("hour"), "小时应从 0 起逐行递增", "hours go from 0, one a row");
        for (auto& curve : out_.curves) curve.share.push_back(static_cast<float>(row.number(curve.name)));
      }
      if (table.rows() == 0) out_.curves.clear();
    }
    if (!files_.contains("load_curves.csv")) return;
    const IdIndex loads(network_.loads.id);
    out_.load_curve.assign(network_.loads.id.size(), Surroundings::flat);
    each("load_curves.csv", "load", [&](const Cells& row) {
      const auto load = loads.find_spelt(row.required("load"));
      if (!load) unknown(row.place("load"), "负荷", "load", row.text("load"));
      const auto curve = curves.find(row.required("curve"));
      if (!curve || out_.curves.empty()) unknown(row.place("curve"), "曲线", "curve", row.text("curve"));
      out_.load_curve[static_cast<std::size_t>(*load)] = static_cast<std::uint8_t>(*curve);
    });
  }

  const Files& files_;
  const Network& network_;
  const IdIndex nodes_, branches_;
  IdIndex substations_;
  Surroundings out_;
};

}  // namespace

Result<Surroundings> read_surroundings(const Files& files, const Network& network) {
  try {
    return Reader(files, network).read();
  } catch (const ProblemError& e) {
    return e.problem;
  }
}

std::map<std::string, std::string> write_surroundings(const CityNetwork& city) {
  const auto& [network, around] = city;
  Files out;
  const auto keep = [&](const char* file, bool any, CsvWriter& table) {
    if (any) out.emplace(file, table.text());
  };
  CsvWriter substations("id,name,area,longitude,latitude"), busbars("substation,node"),
      transformers("substation,branch");
  for (const auto& s : around.substations) {
    substations.cell(s.id).cell(s.name).cell(s.area).cell(s.longitude).cell(s.latitude).end();
    for (const Row n : s.busbars) busbars.cell(s.id).cell(network.nodes.id.shown(n)).end();
    for (const Row b : s.transformers) transformers.cell(s.id).cell(network.branches.id.shown(b)).end();
  }
  keep("substations.csv", !around.substations.empty(), substations);
  keep("substation_busbars.csv", !around.substations.empty(), busbars);
  keep("substation_transformers.csv", !around.substations.empty(), transformers);
  CsvWriter customers("node,customers");
  for (std::size_t n = 0; n < around.customers.size(); ++n)
    if (around.customers[n] > 0)
      customers.cell(network.nodes.id.shown(static_cast<Row>(n))).cell(double(around.customers[n])).end();
  keep("customers.csv", !around.customers.empty(), customers);
  std::string head = "hour";
  for (const auto& curve : around.curves) head += "," + curve.name;
  CsvWriter curves(head);
  const std::size_t hours = around.curves.empty() ? 0 : around.curves.front().share.size();
  for (std::size_t h = 0; h < hours; ++h) {
    curves.cell(double(h));
    for (const auto& curve : around.curves) curves.cell(double(curve.share[h]));
    curves.end();
  }
  keep("curves.csv", hours > 0, curves);
  CsvWriter load_curves("load,curve");
  for (std::size_t l = 0; l < around.load_curve.size(); ++l)
    if (around.load_curve[l] != Surroundings::flat)
      load_curves.cell(network.loads.id.shown(static_cast<Row>(l)))
          .cell(around.curves[around.load_curve[l]].name)
          .end();
  keep("load_curves.csv", !around.load_curve.empty(), load_curves);
  CsvWriter approved("id,node,kw");
  for (const auto& a : around.approved) approved.cell(a.id).cell(network.nodes.id.shown(a.node)).cell(a.kw).end();
  keep("approved.csv", !around.approved.empty(), approved);
  CsvWriter roads("road,longitude,latitude");
  for (const auto& road : around.roads)
    for (const auto& [longitude, latitude] : road.points) roads.cell(road.id).cell(longitude).cell(latitude).end();
  keep("roads.csv", !around.roads.empty(), roads);
  CsvWriter faults("branch,faults");
  for (std::size_t b = 0; b < around.faults.size(); ++b)
    if (around.faults[b] > 0)
      faults.cell(network.branches.id.shown(static_cast<Row>(b))).cell(double(around.faults[b])).end();
  keep("faults.csv", !around.faults.empty(), faults);
  return out;
}

}  // namespace tongdian::grid
