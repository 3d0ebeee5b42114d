// The folders that a pack is made of: its own, and below it the pack that it amends, if it amends one. A file of the upper
// folder stands for the lower one's of the same name; a clause of the upper text stands for the lower one's. So an amendment
// 修订 holds only what it changes, and what changed can be seen in its folder.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "policy/problems.hpp"

namespace tongdian::policy {

class Layers {
 public:
  /// Follows `amends` in each pack.yaml. An amended folder that is not there, or a chain without an end, is a problem.
  Layers(const std::filesystem::path& folder, Problems& problems);

  [[nodiscard]] const std::filesystem::path& top() const { return folders_.back(); }
  /// From the pack at the bottom to the one at the top.
  [[nodiscard]] const std::vector<std::filesystem::path>& folders() const { return folders_; }
  /// The file that counts; where no folder has it, the one that the top should have.
  [[nodiscard]] std::filesystem::path file(std::string_view name) const;
  /// The files of a subfolder with this extension that count, in the order of their names.
  [[nodiscard]] std::vector<std::filesystem::path> files(std::string_view subfolder, std::string_view extension) const;

 private:
  std::vector<std::filesystem::path> folders_;
};

}  // namespace tongdian::policy
