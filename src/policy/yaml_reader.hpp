// A strict reader over yaml-cpp. The library lets duplicate keys pass, takes `010` for 8 and `no` for false, and loses the
// place of a missing key; a pack is law, so here each of these is a problem that names file, line, column and the mend.
//
// Reading goes on after a problem: an absent or broken value reads as its type's empty value, and all problems are gathered.
#pragma once

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "policy/problems.hpp"

namespace tongdian::policy {

class Yaml {
 public:
  /// The file's one document, or an absent value where it cannot be read.
  static Yaml load(const std::filesystem::path& file, Problems& problems);
  /// An absent value that complains to nobody.
  Yaml() = default;

  [[nodiscard]] explicit operator bool() const { return there_; }
  [[nodiscard]] std::string place() const;  ///< FILE:LINE:COLUMN
  void complain(std::string code, Sentence detail, Sentence mend, std::vector<std::string> clauses = {}) const;

  /// A map with no other keys than these.
  void only(std::initializer_list<std::string_view> keys) const;
  [[nodiscard]] Yaml get(std::string_view key) const;   ///< absent where the key is
  [[nodiscard]] Yaml need(std::string_view key) const;  ///< complains at the map's place where the key is absent
  [[nodiscard]] std::vector<std::pair<Yaml, Yaml>> entries() const;  ///< of a map, in the file's order
  [[nodiscard]] std::vector<Yaml> items() const;                     ///< of a list
  [[nodiscard]] std::vector<Yaml> one_or_more() const;               ///< a list, or one scalar

  [[nodiscard]] bool is_scalar() const { return there_ && node_.IsScalar(); }
  [[nodiscard]] bool is_map() const { return there_ && node_.IsMap(); }
  /// The scalar as it is written, whatever its type.
  [[nodiscard]] std::string raw() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] int integer(int low, int high) const;
  [[nodiscard]] double number() const;
  [[nodiscard]] LocalDate date() const;
  [[nodiscard]] Sentence sentence() const;  ///< {zh: …, en: …}, both
  /// As JSON: plain true, false and numbers as themselves, everything else as text.
  [[nodiscard]] json::Value json() const;

 private:
  struct File {
    std::string name;
    Problems* problems;
  };
  Yaml(std::shared_ptr<const File> file, const YAML::Node& node);
  void inspect(int depth) const;
  void expected(Sentence what, Sentence mend) const;

  std::shared_ptr<const File> file_;
  YAML::Node node_;
  bool there_ = false;
};

}  // namespace tongdian::policy
