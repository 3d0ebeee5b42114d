// A WHERE clause that grows with its parameters.
#pragma once

#include <span>
#include <string>
#include <string_view>
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
  /// Every value passes where there are none.
  void one_of(std::string_view column, const std::vector<std::string>& values) {
    if (values.empty()) return;
    std::string list;
    for (const auto& v : values) {
      params_.emplace_back(std::string_view(v));
      list += (list.empty() ? "$" : ", $") + std::to_string(params_.size());
    }
    add(std::string(column) + " IN (" + list + ")");
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
