#include "wire/message.hpp"

#include <algorithm>

#include "wire/field.hpp"

namespace tongdian::wire {
namespace {

const std::string* value_of(const Pairs& pairs, std::string_view name) {
  const auto found = std::ranges::find(pairs, name, &Pairs::value_type::first);
  return found == pairs.end() ? nullptr : &found->second;
}

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::delete_: return "DELETE";
    case Method::options: return "OPTIONS";
    case Method::other: break;
  }
  return "other";
}

const std::string* Headers::find(std::string_view name) const {
  for (const auto& [key, value] : fields_)
    if (same_word(key, name)) return &value;
  return nullptr;
}

std::string_view Headers::get(std::string_view name) const {
  const std::string* value = find(name);
  return value ? std::string_view{*value} : std::string_view{};
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields_, [&](const auto& field) { return same_word(field.first, name); }));
}

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(fields_, [&](const auto& field) { return same_word(field.first, name); });
  fields_.emplace_back(name, std::move(value));
}

std::string_view Request::parameter(std::string_view name) const {
  const std::string* value = value_of(parameters, name);
  return value ? std::string_view{*value} : std::string_view{};
}

std::optional<std::string_view> Request::query(std::string_view name) const {
  const std::string* value = value_of(target.query, name);
  return value ? std::optional<std::string_view>{*value} : std::nullopt;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (!same_word(key, "Cookie")) continue;
    std::string_view rest = value;
    while (const auto item = next_item(rest, ';')) {
      const auto equals = item->find('=');
      if (equals != std::string_view::npos && item->substr(0, equals) == name) return item->substr(equals + 1);
    }
  }
  return {};
}

}  // namespace tongdian::wire
