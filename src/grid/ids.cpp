#include "grid/ids.hpp"

#include <charconv>
#include <cstring>

namespace tongdian::grid {

void Ids::add(std::int64_t number) {
  value_.push_back(number);
  is_text_.push_back(false);
}

void Ids::add(std::string_view text) {
  value_.push_back(static_cast<std::int64_t>(texts_.size()));
  is_text_.push_back(true);
  const auto length = static_cast<std::uint32_t>(text.size());
  texts_.append(reinterpret_cast<const char*>(&length), sizeof length);
  texts_.append(text);
}

std::string_view Ids::text(std::size_t i) const {
  const char* at = texts_.data() + value_[i];
  std::uint32_t length = 0;
  std::memcpy(&length, at, sizeof length);
  return {at + sizeof length, length};
}

std::string Ids::shown(std::size_t i) const { return is_text_[i] ? std::string(text(i)) : std::to_string(value_[i]); }

std::size_t Ids::bytes() const { return value_.capacity() * 8 + is_text_.capacity() / 8 + texts_.capacity(); }

void Ids::shrink_to_fit() {
  value_.shrink_to_fit();
  is_text_.shrink_to_fit();
  texts_.shrink_to_fit();
}

IdIndex::IdIndex(const Ids& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto row = static_cast<std::int32_t>(i);
    if (ids.is_text(i))
      add(ids.text(i), row);
    else
      add(ids.number(i), row);
  }
}

std::optional<std::int32_t> IdIndex::find(std::int64_t number) const {
  const auto it = numbers_.find(number);
  return it == numbers_.end() ? std::nullopt : std::optional(it->second);
}

std::optional<std::int32_t> IdIndex::find(std::string_view text) const {
  const auto it = texts_.find(std::string(text));
  return it == texts_.end() ? std::nullopt : std::optional(it->second);
}

std::optional<std::int32_t> IdIndex::find_spelt(std::string_view typed) const {
  if (const auto row = find(typed)) return row;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  if (error != std::errc{} || end != typed.data() + typed.size()) return {};
  return find(number);
}

}  // namespace tongdian::grid
