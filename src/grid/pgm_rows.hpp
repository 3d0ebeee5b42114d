// The rows of a power-grid-model dataset, each as an object, whatever form the file has.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "grid/record.hpp"

namespace tongdian::grid {

/// The columns of each component whose rows are lists.
using PgmAttributes = std::map<std::string, std::vector<std::string>>;
PgmAttributes pgm_attributes(const json::Value& document);
/// A row that is a list, as an object; `grid.bad_value` where its columns are not named.
json::Object pgm_unfolded(const json::Array& row, const PgmAttributes& attributes, const std::string& component,
                          const std::string& place);

class PgmRows {
 public:
  /// `grid.bad_value` where the document is no input dataset.
  explicit PgmRows(const json::Value& document);
  /// A component's rows.
  [[nodiscard]] std::vector<Record> of(const std::string& component) const;
  [[nodiscard]] std::vector<std::string> components() const;
  [[nodiscard]] std::size_t count(const std::string& component) const;

 private:
  const json::Object* data_;
  PgmAttributes attributes_;
  mutable std::map<std::string, std::vector<json::Value>> unfolded_;
};

}  // namespace tongdian::grid
