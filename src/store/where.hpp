// A WHERE clause that grows with its parameters.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "store/database.hpp"

namespace tongdian::store {

/// Texts are the caller's and outlive it, for parameters are views. Values never stand in the text: it is what statements are
/// kept by.
class Where {
 public:
  void add(std::string_view condition) { sql_ += (sql_.empty() ? "WHERE " : " AND ") + std::string(condition); }
  /// Each `?` in the condition becomes the next parameter.
  template <class... Values>
  void add(std::string condition, Param value, Values... more) {
    for (const Param& each : {value, Param{more}...}) {
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
  /// Every value passes where there are none.
  void one_of(std::string_view column, const std::vector<std::string>& values) {
    if (!values.empty()) add(std::string(column) + " IN (" + list(values, values.size()) + ")");
  }
  /// None passes where there are none. Filled up with repeats to a power of two: few lengths are few statements to keep.
  void among(std::string_view column, const std::vector<std::int64_t>& keys) {
    if (keys.empty()) return add("1 = 0");
    add(std::string(column) + " IN (" + list(keys, std::bit_ceil(keys.size())) + ")");
  }
  [[nodiscard]] const std::string& sql() const { return sql_; }
  [[nodiscard]] std::span<const Param> params() const { return params_; }

 private:
  std::string sql_;
  std::vector<Param> params_;
};

}  // namespace tongdian::store
