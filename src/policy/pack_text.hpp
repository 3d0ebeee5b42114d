// The document's text by clause. A file of `text/` holds clauses one after another:
//
//   @ 二·省力
//   办电更省力。…
//
// An empty line before the next `@` belongs to no clause. A ledger task has three lines: task, who answers, by when.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/layers.hpp"
#include "policy/pack.hpp"
#include "policy/problems.hpp"
#include "policy/yaml_reader.hpp"

namespace tongdian::policy {

class PackText {
 public:
  /// Reads `text/*.txt` in the order of their names; `source.txt`, the document as it was received, is not read. A clause of
  /// an amendment takes the place of the clause that it amends.
  void load(const Layers& layers, Problems& problems);
  /// Reads `laws/*.txt`, if there are any: articles that the document stands under, in the same form, after its own.
  void load_laws(const Layers& layers, Problems& problems);

  [[nodiscard]] const std::vector<Clause>& clauses() const { return clauses_; }
  /// The clause's place in the document, or -1.
  [[nodiscard]] int find(std::string_view id) const;
  [[nodiscard]] const Clause* get(std::string_view id) const;

  /// The clauses that a list in YAML names; at least one, each known.
  [[nodiscard]] std::vector<int> cited(const Yaml& list) const;
  [[nodiscard]] std::vector<std::string> ids(const std::vector<int>& clauses) const;
  /// Whether the words stand in the clause, blanks aside.
  [[nodiscard]] bool quotes(int clause, std::string_view words) const;
  /// Whether the number stands in the clause as a number of its own ("16" does not stand in "160").
  [[nodiscard]] bool has_number(int clause, std::string_view number) const;

 private:
  void load_folder(const Layers& layers, const char* name, Problems& problems);
  void load_file(const std::filesystem::path& file, int layer, Problems& problems);

  std::vector<Clause> clauses_;
  std::vector<int> layer_;  ///< by clause: the folder that it stands in
  std::map<std::string, int, std::less<>> index_;
};

}  // namespace tongdian::policy
