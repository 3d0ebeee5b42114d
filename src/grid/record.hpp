// One JSON object of a file, read attribute by attribute. Whatever is missing, not a number or absurd is a ProblemError with
// its place and mend; readers catch none of them and turn them into a Result at their door.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "grid/ids.hpp"

namespace tongdian::grid {

/// `grid.bad_value` at `place`, with what would be right.
[[noreturn]] void bad_value(std::string place, std::string zh, std::string en, Sentence mend = {});

class Record {
 public:
  /// `place` is the object's JSON pointer, as "/bus/3".
  Record(const json::Value& value, std::string place);

  [[nodiscard]] const json::Value* find(std::string_view key) const { return object_->if_contains(key); }
  /// A number that must be there.
  [[nodiscard]] double number(std::string_view key) const;
  /// Absent or null is nothing.
  [[nodiscard]] std::optional<double> maybe(std::string_view key) const;
  [[nodiscard]] double number_or(std::string_view key, double otherwise) const;
  [[nodiscard]] std::int64_t integer(std::string_view key) const;
  [[nodiscard]] std::int64_t integer_or(std::string_view key, std::int64_t otherwise) const;
  /// 0, 1, false, true.
  [[nodiscard]] bool flag_or(std::string_view key, bool otherwise) const;
  [[nodiscard]] std::string text_or(std::string_view key, std::string otherwise) const;
  [[nodiscard]] std::string place(std::string_view key) const { return place_ + '/' + std::string(key); }
  [[nodiscard]] const std::string& place() const { return place_; }
  [[nodiscard]] const json::Object& object() const { return *object_; }

  /// The id under `key`, an integer or a text, handed to `use` in its type.
  template <class Use>
  auto with_id(std::string_view key, Use use) const;
  /// The row that an id under `key` names; `grid.unknown_node`.
  [[nodiscard]] std::int32_t node(std::string_view key, const IdIndex& nodes) const;

 private:
  const json::Value& id(std::string_view key) const;
  const json::Object* object_;
  std::string place_;
};

/// The integer of a JSON number, also of 3.0; nothing where it has a fraction or is none.
std::optional<std::int64_t> integer_of(const json::Value& value);

template <class Use>
auto Record::with_id(std::string_view key, Use use) const {
  const json::Value& value = id(key);
  if (const auto number = integer_of(value)) return use(*number);
  return use(std::string_view(value.get_string()));
}

/// Adds an id to its index; `grid.duplicate_id`.
template <class Id>
void index_once(IdIndex& index, const Id& id, std::int32_t row, const std::string& place);
extern template void index_once(IdIndex&, const std::int64_t&, std::int32_t, const std::string&);
extern template void index_once(IdIndex&, const std::string_view&, std::int32_t, const std::string&);

}  // namespace tongdian::grid
