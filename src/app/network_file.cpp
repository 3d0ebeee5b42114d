#include "app/network_file.hpp"

#include <map>

#include "base/files.hpp"
#include "grid/read_csv.hpp"
#include "grid/read_network.hpp"

namespace tongdian::app {

grid::Network network_file(const std::filesystem::path& path, bool phases) {
  constexpr std::size_t largest = 512u << 20;
  if (!std::filesystem::is_directory(path)) return grid::read_network(read_file(path, largest).value(), phases).value();
  std::map<std::string, std::string> files;
  std::size_t left = largest;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().extension() != ".csv") continue;
    auto bytes = read_file(entry.path(), left).value();
    left -= bytes.size();
    files.emplace(entry.path().filename().string(), std::move(bytes));
  }
  return grid::read_csv(files, phases).value();
}

}  // namespace tongdian::app
