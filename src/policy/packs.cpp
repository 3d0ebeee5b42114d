// Where packs are found.
#include <cstdlib>

#include "base/files.hpp"
#include "policy/pack.hpp"

namespace tongdian::policy {
namespace {

bool is_pack(const std::filesystem::path& folder) {
  std::error_code none;
  return std::filesystem::is_regular_file(folder / "pack.yaml", none);
}

Problem not_found(const std::string& what, const std::filesystem::path& where) {
  return refusal("pack.not_found",
                 {"找不到政策包 " + what + "（" + where.string() + "）", "no pack " + what + " in " + where.string()},
                 {"用 --pack 给出政策包名或文件夹，或设置 TONGDIAN_PACKS",
                  "give a pack's id or folder with --pack, or set TONGDIAN_PACKS"});
}

}  // namespace

std::filesystem::path packs_folder() {
  if (const char* set = std::getenv("TONGDIAN_PACKS"); set && *set) return set;
  std::error_code none;
  auto up = program_folder();
  // build/tongdian, build/asan/tongdian or …/bin/tongdian.
  for (int level = 0; level < 4; ++level, up = up.parent_path())
    for (const char* below : {"packs", "share/tongdian/packs"})
      if (std::filesystem::is_directory(up / below, none)) return up / below;
  return "packs";
}

Result<std::filesystem::path> find_pack(const std::string& id_or_folder) {
  const auto packs = packs_folder();
  if (!id_or_folder.empty()) {
    // A folder wins only when it looks like one, so that a pack's id is not shadowed by chance.
    // Examples are found when they are asked for; left unsaid, a city never gets one.
    if (is_pack(packs / id_or_folder)) return packs / id_or_folder;
    if (is_pack(packs / "examples" / id_or_folder)) return packs / "examples" / id_or_folder;
    if (is_pack(id_or_folder)) return std::filesystem::path(id_or_folder);
    return not_found(id_or_folder, packs);
  }
  std::filesystem::path only;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(packs, none)) {
    if (!is_pack(entry.path())) continue;
    if (!only.empty())
      return refusal("pack.not_found", {"有多个政策包，请指明", "there are several packs"},
                     {"用 --pack 选一个", "choose one with --pack"});
    only = entry.path();
  }
  if (only.empty()) return not_found("*", packs);
  return only;
}

}  // namespace tongdian::policy
