#include "app/network_file.hpp"

#include <map>

#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "grid/read_csv.hpp"
#include "grid/read_network.hpp"
#include "grid/read_surroundings.hpp"

namespace tongdian::app {

namespace {

constexpr std::size_t largest = 512u << 20;

std::map<std::string, std::string> tables_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  std::size_t left = largest;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".csv") continue;
    auto bytes = read_file(entry.path(), left).value();
    left -= bytes.size();
    files.emplace(entry.path().filename().string(), std::move(bytes));
  }
  return files;
}

}  // namespace

grid::Network network_file(const std::filesystem::path& path, bool phases) {
  if (std::filesystem::is_directory(path)) return grid::read_csv(tables_in(path), phases).value();
  return grid::read_network(read_file(path, largest).value(), phases).value();
}

grid::PgmBatch pgm_batch(const std::filesystem::path& input, const std::filesystem::path& update) {
  const auto document = [](const std::filesystem::path& path) {
    return json::parse(read_file(path, largest).value()).value();
  };
  return grid::PgmBatch::of(document(input), document(update)).value();
}

CityNetworkFile city_network_file(const std::filesystem::path& path) {
  CityNetworkFile out;
  if (!std::filesystem::is_directory(path)) {
    const auto bytes = read_file(path, largest).value();
    out.city.network = grid::read_network(bytes, false).value();
    out.digest = to_hex(sha256(bytes));
    return out;
  }
  const auto files = tables_in(path);
  out.city.network = grid::read_csv(files, false).value();
  out.city.around = grid::read_surroundings(files, out.city.network).value();
  std::string list;  // as `sha256sum *.csv` prints it
  for (const auto& [file, bytes] : files) list += to_hex(sha256(bytes)) + "  " + file + "\n";
  out.digest = to_hex(sha256(list));
  return out;
}

}  // namespace tongdian::app
