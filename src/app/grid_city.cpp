#include "app/grid_city.hpp"

#include <iostream>
#include <optional>

#include "app/network_file.hpp"
#include "base/files.hpp"
#include "grid/findings.hpp"
#include "grid/flow.hpp"
#include "policy/pack.hpp"

namespace tongdian::app {

namespace {

constexpr const char* made_up = "made-up";
constexpr const char* made_up_full = "made-up-full";

std::optional<grid::CityNetwork> made_up_named(const std::string& name) {
  if (name == made_up) return grid::made_up_city(grid::small_city());
  if (name == made_up_full) return grid::made_up_city(grid::whole_city());
  return {};
}

std::filesystem::path standards_file() { return policy::packs_folder() / "standards" / "grid.csv"; }

std::string name_of(const grid::Network& network, const std::filesystem::path& path) {
  if (!network.name.empty()) return network.name;
  const auto whole = std::filesystem::absolute(path).lexically_normal();
  return (whole.has_filename() ? whole.filename() : whole.parent_path().filename()).string();
}

}  // namespace

grid::CityNetwork grid_city(const std::string& name) {
  auto made = made_up_named(name);
  return made ? *std::move(made) : city_network_file(name).city;
}

std::unique_ptr<supply::SupplyGrid> supply_grid(const std::string& name) {
  const auto bytes = read_file(standards_file().string()).value();
  supply::SupplyGrid::Origin origin{name, "", true};
  auto city = made_up_named(name);
  if (city) {
    origin.digest = supply::digest_of(*city);
  } else {
    auto file = city_network_file(name);
    city = std::move(file.city);
    origin = {name_of(city->network, name), std::move(file.digest), false};
  }
  auto grid = std::make_unique<supply::SupplyGrid>(std::move(origin), *std::move(city), standards(), bytes);
  if (!grid->ok()) throw ProblemError(unfit(grid->network()));
  return grid;
}

grid::Forest forest_of(const grid::Network& network, const grid::Circuit& circuit) {
  if (auto forest = grid::Forest::of_the_fed(circuit)) {
    for (const auto& island : grid::islands(network))
      std::cerr << "left out: " << island.element << ": " << island.what.en << '\n';
    return *std::move(forest);
  }
  Sentence why{"网络不是辐射状运行（有环、没有电源，或两个电源相连）",
               "the network is not radial as it stands: it has a loop, no source, or two sources that are joined"};
  for (const auto& each : grid::not_radial(network)) {
    const std::string element = each.element.empty() ? "" : each.element + "：";
    why.zh += "；" + element + each.what.zh;
    why.en += "; " + (each.element.empty() ? "" : each.element + ": ") + each.what.en;
  }
  throw ProblemError(
      refusal("grid.not_radial", std::move(why),
              {"请断开联络开关后重试", "open the ties, or make it radial with tongdian grid reconfigure"}));
}

Problem unfit(const grid::Network& network) {
  forest_of(network, grid::circuit_of(network));
  return refusal("grid.no_places", {"网络文件没有坐标", "the network's file has no coordinates"},
                 {"请补充节点经纬度", "give its nodes longitude and latitude"});
}

const grid::Standards& standards() {
  static const grid::Standards loaded = [] {
    const auto file = standards_file().string();
    return grid::Standards::read(read_file(file).value(), file).value();
  }();
  return loaded;
}

json::Value id_json(const grid::Ids& ids, grid::Row row) {
  if (ids.is_text(row)) return json::Value(ids.text(row));
  return json::Value(ids.number(row));
}

json::Value initial_loss(const grid::Network& network) {
  const auto solved = grid::flow(network);
  if (!solved || !solved->converged) return {};
  return solved->losses_mw * 1000;
}

}  // namespace tongdian::app
