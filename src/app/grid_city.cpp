#include "app/grid_city.hpp"

#include "app/network_file.hpp"
#include "base/files.hpp"
#include "grid/flow.hpp"
#include "policy/pack.hpp"

namespace tongdian::app {

GridCity grid_city(const std::string& name) {
  if (name == "made-up") return grid::made_up_city(grid::small_city());
  if (name == "made-up-full") return grid::made_up_city(grid::whole_city());
  GridCity city;
  city.network = network_file(name, false);
  return city;
}

namespace {
std::filesystem::path standards_file() { return policy::packs_folder() / "standards" / "grid.csv"; }
}  // namespace

std::unique_ptr<supply::SupplyGrid> supply_grid(const std::string& name) {
  const auto bytes = read_file(standards_file().string()).value();
  return std::make_unique<supply::SupplyGrid>(name, grid_city(name), standards(), bytes);
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
