// A WHERE clause that grows with its parameters.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "store/database.hpp"

namespace tongdian::connection {

/// Texts are the caller's and outlive it, for parameters are views. Values never stand in the text: it is what statements are
/// kept by.
class Where {
 public:
  void add(std::string_view condition) { sql_ += (sql_.empty() ? "WHERE " : " AND ") + std::string(condition); }
  /// Each `?` in the condition becomes the next parameter.
  template <class... Values>
  void add(std::string condition, store::Param value, Values... more) {
    for (const store::Param& each : {value, store::Param{more}...}) {
      params_.push_back(each);
      condition.replace(condition.find('?'), 1, "$" + std::to_string(params_.size()));
    }
    add(std::string_view(condition));
  }
  /// "$4, $5, $6": the values as parameters, the last one again until there are `length`.
  template <class Value>
  std::string list(const std::vector<Value>& values, std::size_t length) {
    std::string out;
    for (std::size_t i = 0; i < length; ++i) {
      const auto& value = values[std::min(i, values.size() - 1)];
      if constexpr (std::is_same_v<Value, std::string>)
        params_.emplace_back(std::string_view(value));
      else
        params_.emplace_back(value);
      out += (out.empty() ? "$" : ", $") + std::to_string(params_.size());
    }
    return out;
  }
  template <class Value>
  void one_of(std::string_view column, const std::vector<Value>& values, std::size_t length) {
    add(std::string(column) + " IN (" + list(values, length) + ")");
  }
  /// Every value passes where there are none.
  void one_of(std::string_view column, const std::vector<std::string>& values) {
    if (!values.empty()) one_of(column, values, values.size());
  }
  [[nodiscard]] const std::string& sql() const { return sql_; }
  [[nodiscard]] std::span<const store::Param> params() const { return params_; }

 private:
  std::string sql_;
  std::vector<store::Param> params_;
};

/// As case_view keeps a day: days since 1970-01-01, and one that sorts after every date where none binds.
inline constexpr std::int64_t undated = 99'999'999;
inline std::int64_t day_number(LocalDate d) { return d.time_since_epoch().count(); }
inline std::optional<LocalDate> day_from(std::int64_t n) {
  return n == undated ? std::nullopt : std::optional(LocalDate{std::chrono::days{n}});
}

}  // namespace tongdian::connection
