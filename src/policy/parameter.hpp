// A legal number: dated values with a unit, the clauses that print it, and the day someone last checked it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "policy/pack_text.hpp"

namespace tongdian::policy {

struct DatedValue {
  LocalDate from{};
  double value = 0;  ///< a date's is its day_number
};

struct Parameter {
  std::string id;
  Sentence title;
  std::string unit;
  std::vector<DatedValue> values;  ///< ascending by date
  std::vector<int> clauses;
  std::string resolution;  ///< why the number is not printed, or empty

  /// The value on a day; the first one's before it.
  [[nodiscard]] double on(LocalDate day) const;
};

class Parameters {
 public:
  /// Reads `parameters/*.yaml`, an amendment's in place of those that it amends. A value must stand in each of its clauses unless a resolution says why it does not.
  void load(const Layers& layers, const PackText& text, Problems& problems);

  [[nodiscard]] const std::vector<Parameter>& all() const { return parameters_; }
  [[nodiscard]] const Parameter& operator[](int index) const { return parameters_[static_cast<std::size_t>(index)]; }
  /// The parameter that a scalar names, of this unit; -1 and a problem where there is none.
  [[nodiscard]] int named(const Yaml& at, std::string_view id, std::string_view unit) const;

 private:
  void read(const Yaml& file, const std::filesystem::path& path, const PackText& text);

  std::vector<Parameter> parameters_;
};

}  // namespace tongdian::policy
