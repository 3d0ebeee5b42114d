// What planning knows of a network, read from tables: written and read again it is the same, and what is wrong has its place.
#include "grid/read_surroundings.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/files.hpp"
#include "grid/capacity.hpp"
#include "grid/connect.hpp"
#include "grid/hours.hpp"
#include "grid/made_up_city.hpp"
#include "grid/read_csv.hpp"

using namespace tongdian;
using namespace tongdian::grid;

namespace {

std::map<std::string, std::string> village() {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(TONGDIAN_SOURCE_DIR "/docs/examples/grid-small"))
    out.emplace(entry.path().filename().string(), read_file(entry.path()).value());
  return out;
}

Result<Surroundings> read(const std::map<std::string, std::string>& files) {
  return read_surroundings(files, read_csv(files, false).value());
}

Standards standards() {
  return Standards::read(read_file(TONGDIAN_SOURCE_DIR "/packs/standards/grid.csv").value(), "grid.csv").value();
}

std::vector<double> open_kw(const CityNetwork& city) {
  const auto numbers = standards();
  const ConnectPoints points(city.network, city.around, numbers);
  REQUIRE(points.ok());
  const auto capacity = open_capacity(city.network, city.around, points.limits(), {}).value();
  std::vector<double> out;
  for (const auto& node : capacity.nodes) out.push_back(node.power * city.network.base_mva * 1000);
  return out;
}

}  // namespace

TEST_CASE("a made-up city written as tables and read again has the same open capacity everywhere") {
  CityPlan plan = small_city();
  plan.substations = 2;
  plan.transformers = 3;
  auto city = made_up_city(plan);
  for (auto& curve : city.around.curves) curve.share.resize(48);
  auto files = write_csv(city.network);
  files.merge(write_surroundings(city));
  CityNetwork again{read_csv(files, false).value(), {}};
  CHECK(again.network.unread.empty());
  again.around = read(files).value();
  CHECK(again.around.customers == city.around.customers);
  CHECK(again.around.load_curve == city.around.load_curve);
  CHECK(again.around.faults == city.around.faults);
  REQUIRE(again.around.substations.size() == city.around.substations.size());
  for (std::size_t i = 0; i < city.around.substations.size(); ++i) {
    CHECK(again.around.substations[i].name == city.around.substations[i].name);
    CHECK(again.around.substations[i].transformers == city.around.substations[i].transformers);
    CHECK(again.around.substations[i].busbars == city.around.substations[i].busbars);
  }
  const auto one = open_kw(city), other = open_kw(again);
  REQUIRE(one.size() == other.size());
  for (std::size_t n = 0; n < one.size(); ++n) CHECK(other[n] == doctest::Approx(one[n]).epsilon(1e-6));
}

TEST_CASE("the village: what its tables say counts") {
  const auto files = village();
  const auto network = read_csv(files, false).value();
  CHECK(network.unread.empty());
  const auto around = read(files).value();
  CHECK(around.substations.size() == 2);
  CHECK(around.curves.size() == 2);
  CHECK(around.curves[0].share.size() == 24);
  CHECK(around.approved.at(0).kw == 60);
  REQUIRE(around.roads.size() == 3);
  CHECK(around.roads[1].points.size() == 3);
  const IdIndex nodes(network.nodes.id), branches(network.branches.id);
  const auto mill = static_cast<std::size_t>(nodes.find(std::string_view("mill")).value());
  CHECK(around.customers[static_cast<std::size_t>(nodes.find(std::string_view("village")).value())] == 58);
  CHECK(around.faults[static_cast<std::size_t>(branches.find(std::string_view("west 2")).value())] == 3);
  // What was promised to the cold store is no longer free at the mill.
  auto without = files;
  without.erase("approved.csv");
  const double with_promise = open_kw({network, around})[mill], free = open_kw({network, read(without).value()})[mill];
  CHECK(free - with_promise == doctest::Approx(60).epsilon(0.1));
  // A folder of the network alone: every load is constant.
  auto bare = files;
  for (const auto& [file, columns] : surroundings_tables) bare.erase(std::string(file));
  const auto nothing = read(bare).value();
  CHECK(nothing.customers.empty());
  CHECK(nothing.curves.empty());
  CHECK(decisive_hours(network, around).size() > 1);
  CHECK(decisive_hours(network, nothing).size() == 1);
}

TEST_CASE("what is wrong is named with file, line and column") {
  struct Wrong {
    std::string file, from, to, code, place;
  };
  for (const auto& [file, from, to, code, place] : {
           Wrong{"substations.csv", "east,", "west,", "grid.duplicate_id", "substations.csv:3:id"},
           Wrong{"substations.csv", "121.46", "", "grid.bad_value", "substations.csv:3:longitude"},
           Wrong{"substation_busbars.csv", "busbar 2", "busbar 9", "grid.unknown_node",
                 "substation_busbars.csv:3:node"},
           Wrong{"substation_busbars.csv", "east,", "north,", "grid.unknown_element",
                 "substation_busbars.csv:3:substation"},
           Wrong{"substation_busbars.csv", "busbar 2", "busbar 1", "grid.duplicate_id",
                 "substation_busbars.csv:3:node"},
           Wrong{"customers.csv", "58", "-58", "grid.bad_value", "customers.csv:2:customers"},
           Wrong{"customers.csv", "58", "5.8", "grid.bad_value", "customers.csv:2:customers"},
           Wrong{"customers.csv", "mill", "millet", "grid.unknown_node", "customers.csv:4:node"},
           Wrong{"curves.csv", "\n5,", "\n6,", "grid.bad_value", "curves.csv:7:hour"},
           Wrong{"curves.csv", "0.42", "inf", "grid.bad_value", "curves.csv:2:homes"},
           Wrong{"curves.csv", "homes,mill", "mill,mill", "grid.bad_value", "curves.csv:1"},
           Wrong{"load_curves.csv", "load,mill", "load,saw", "grid.unknown_element", "load_curves.csv:4:curve"},
           Wrong{"load_curves.csv", "mill load", "saw load", "grid.unknown_element", "load_curves.csv:4:load"},
           Wrong{"approved.csv", "60", "-60", "grid.bad_value", "approved.csv:2:kw"},
           Wrong{"approved.csv", ",mill,", ",saw,", "grid.unknown_node", "approved.csv:2:node"},
           Wrong{"roads.csv", "121.45", "1121.45", "grid.bad_value", "roads.csv:9:longitude"},
           Wrong{"roads.csv", "mill lane,121.45,37.51", "coast road,121.45,37.51", "grid.duplicate_id",
                 "roads.csv:10:road"},
           Wrong{"faults.csv", "west 2", "west 9", "grid.unknown_element", "faults.csv:2:branch"},
           Wrong{"faults.csv", ",3", ",99999", "grid.bad_value", "faults.csv:2:faults"},
       }) {
    CAPTURE(file);
    CAPTURE(to);
    auto files = village();
    auto& text = files.at(file);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    const auto around = read(files);
    REQUIRE_FALSE(around.has_value());
    CHECK(around.error().code == code);
    CHECK(around.error().path == place);
  }
}

TEST_CASE("more curves than a byte counts, more hours than a year has") {
  auto files = village();
  std::string head = "hour", row = "0";
  for (int i = 0; i < 256; ++i) {
    head += ",c" + std::to_string(i);
    row += ",1";
  }
  files["curves.csv"] = head + "\n" + row + "\n";
  CHECK(read(files).error().path == "curves.csv:1:c255");
  std::string year = "hour,homes,mill\n";
  for (int h = 0; h < 8785; ++h) year += std::to_string(h) + ",1,1\n";
  files["curves.csv"] = year;
  CHECK(read(files).error().path == "curves.csv");
  files["curves.csv"] = "hour,homes,mill\n";
  CHECK(read(files).error().code == "grid.unknown_element");
  files.erase("load_curves.csv");
  CHECK(read(files).value().curves.empty());
}
