// Numbers that are a standard's, a rule's or a planner's choice: read from a file in which each stands with its source
// (packs/standards/grid.csv), never from code.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "grid/transfer.hpp"

namespace tongdian::grid {

class Standards {
 public:
  /// Lines of `id,value,unit,source`; `grid.bad_standards` with the line where one is not.
  static Result<Standards> read(std::string_view csv, const std::string& name);
  /// ProblemError `grid.bad_standards` where it is not in the file.
  [[nodiscard]] double operator[](std::string_view id) const;
  [[nodiscard]] const std::string& source(std::string_view id) const;

  /// Reactive over active power of what is added.
  [[nodiscard]] double angle() const;

 private:
  struct Entry {
    double value;
    std::string source;
  };
  [[nodiscard]] const Entry& entry(std::string_view id) const;
  std::string name_;
  std::map<std::string, Entry, std::less<>> entries_;
};

/// The network's own limits, and the standard's voltages where a node has none.
Limits limits_of(const Network& network, const Circuit& circuit, const Standards& standards);

}  // namespace tongdian::grid
