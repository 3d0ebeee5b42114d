// Ids as their file wrote them. 7 and "7" are different ids, and an answer gives an id back in the type that it came in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tongdian::grid {

/// A column of ids: 8 bytes each, texts in one piece of memory beside them.
class Ids {
 public:
  void add(std::int64_t number);
  void add(std::string_view text);
  [[nodiscard]] std::size_t size() const { return value_.size(); }
  [[nodiscard]] bool is_text(std::size_t i) const { return is_text_[i]; }
  [[nodiscard]] std::int64_t number(std::size_t i) const { return value_[i]; }
  [[nodiscard]] std::string_view text(std::size_t i) const;
  /// For a message: 7, or the text as it is.
  [[nodiscard]] std::string shown(std::size_t i) const;
  [[nodiscard]] std::size_t bytes() const;
  void shrink_to_fit();

 private:
  std::vector<std::int64_t> value_;  // the number, or where the text begins in texts_
  std::vector<bool> is_text_;
  std::string texts_;  // each behind its length, four bytes: a text may hold any byte
};

/// From id to row, for as long as a file is read or a command line is answered.
class IdIndex {
 public:
  IdIndex() = default;
  explicit IdIndex(const Ids& ids);
  /// False where the id stands there already.
  bool add(std::int64_t number, std::int32_t row) { return numbers_.emplace(number, row).second; }
  bool add(std::string_view text, std::int32_t row) { return texts_.emplace(text, row).second; }
  [[nodiscard]] std::optional<std::int32_t> find(std::int64_t number) const;
  [[nodiscard]] std::optional<std::int32_t> find(std::string_view text) const;
  /// What a person typed: a text of that spelling, else the number that it spells.
  [[nodiscard]] std::optional<std::int32_t> find_spelt(std::string_view typed) const;

 private:
  std::unordered_map<std::int64_t, std::int32_t> numbers_;
  std::unordered_map<std::string, std::int32_t> texts_;
};

}  // namespace tongdian::grid
