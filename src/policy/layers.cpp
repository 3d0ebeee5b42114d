#include "policy/layers.hpp"

#include <algorithm>
#include <map>

#include "policy/yaml_reader.hpp"

namespace tongdian::policy {
namespace {

/// An amendment of an amendment and so on; a city that needs more should write a whole pack.
constexpr std::size_t most = 8;

}  // namespace

Layers::Layers(const std::filesystem::path& folder, Problems& problems) : folders_{folder} {
  std::error_code none;
  for (auto at = folder; std::filesystem::exists(at / "pack.yaml", none);) {
    Problems unread;  // the file is read again, and complained about, by whoever needs it
    const Yaml amends = Yaml::load(at / "pack.yaml", unread).get("amends");
    if (!amends) break;
    const auto below = at / amends.raw();
    const bool there = std::filesystem::is_regular_file(below / "pack.yaml", none);
    if (!there || folders_.size() >= most) {
      problems.add("pack.missing", amends.place(),
                   {"找不到被修订的政策包 " + below.string(), "no pack to amend at " + below.string()},
                   {"改正相对于政策包的路径", "mend the path, relative to the pack's folder"});
      break;
    }
    folders_.insert(folders_.begin(), below);
    at = below;
  }
}

std::filesystem::path Layers::file(std::string_view name) const {
  std::error_code none;
  for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder)
    if (std::filesystem::exists(*folder / name, none)) return *folder / name;
  return top() / name;
}

std::vector<std::filesystem::path> Layers::files(std::string_view subfolder, std::string_view extension) const {
  std::map<std::filesystem::path, std::filesystem::path> by_name;
  std::error_code none;
  for (const auto& folder : folders_)
    for (const auto& entry : std::filesystem::directory_iterator(folder / subfolder, none))
      if (entry.path().extension() == extension) by_name[entry.path().filename()] = entry.path();
  std::vector<std::filesystem::path> out;
  for (const auto& [name, path] : by_name) out.push_back(path);
  return out;
}

}  // namespace tongdian::policy
