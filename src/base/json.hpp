// JSON to structs and back, over Boost.Describe, strict: every complaint names its place as a JSON pointer (RFC 6901).
//
// A struct is mapped by BOOST_DESCRIBE_STRUCT; an enumeration by a specialisation of EnumNames. What may be missing:
// a bool (false), a text (empty), a list (empty), an optional. Numbers, enumerations and structs must be there.
// An unknown key is an error: a misspelt fact must not pass as absent.
#pragma once

#include <array>
#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.hpp"

namespace tongdian {

/// The names of an enumeration's values 0, 1, 2 … in JSON: `static constexpr std::array<std::string_view, N> values`.
template <class E>
struct EnumNames;

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires {
  EnumNames<E>::values.size();
};

template <NamedEnum E>
constexpr std::string_view name_of(E e) {
  return EnumNames<E>::values[static_cast<std::size_t>(e)];
}

template <NamedEnum E>
constexpr std::optional<E> enum_of(std::string_view name) {
  for (std::size_t i = 0; i < EnumNames<E>::values.size(); ++i)
    if (EnumNames<E>::values[i] == name) return static_cast<E>(i);
  return {};
}

namespace json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

/// One JSON document. `json.syntax` names line and column; nesting over 32 levels is refused.
Result<Value> parse(std::string_view text);

/// RFC 8785: keys sorted by UTF-16 code units, shortest numbers, no blanks. The form that is hashed.
std::string canonical(const Value& value);
void append_canonical(std::string& out, const Value& value);
/// As `canonical`, but with the keys in their own order: what people and programs are shown.
std::string text(const Value& value);
/// A JSON string literal, escaped as RFC 8785 does.
void append_string(std::string& out, std::string_view text);

/// A place inside a document: linked frames on the stack, written out only when something is wrong there.
struct Place {
  const Place* parent = nullptr;
  std::string_view key{};
  std::size_t index = npos;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  [[nodiscard]] std::string pointer() const;
};

Problem wrong(const Place& at, std::string_view code, std::string zh, std::string en);

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
concept Described = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;

template <class T>
std::optional<Problem> read_into(const Value& from, T& to, const Place& at);

namespace detail {
std::optional<Problem> read_bool(const Value& from, bool& to, const Place& at);
std::optional<Problem> read_text(const Value& from, std::string& to, const Place& at);
std::optional<Problem> read_real(const Value& from, double& to, const Place& at);
std::optional<Problem> read_integer(const Value& from, std::int64_t& to, std::int64_t low, std::int64_t high,
                                    const Place& at);
Problem unknown_value(std::string_view got, std::span<const std::string_view> known, const Place& at);
Problem wrong_kind(const Value& from, std::string_view wanted, const Place& at);
Problem missing(const Place& at);
Problem unknown_key(std::string_view key, const Place& at);

template <Described T>
std::optional<Problem> read_struct(const Value& from, T& to, const Place& at) {
  const Object* object = from.if_object();
  if (!object) return wrong_kind(from, "object", at);
  std::optional<Problem> problem;
  std::size_t known = 0;
  boost::mp11::mp_for_each<
      boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>>(
      [&](auto member) {
        if (problem) return;
        auto& field = to.*member.pointer;
        using Field = std::remove_cvref_t<decltype(field)>;
        const Place here{&at, member.name};
        if (const Value* value = object->if_contains(member.name)) {
          ++known;
          problem = read_into(*value, field, here);
        } else if constexpr (!IsOptional<Field>::value && !IsVector<Field>::value && !std::is_same_v<Field, bool> &&
                             !std::is_same_v<Field, std::string> && !std::is_same_v<Field, Value>) {
          problem = missing(here);
        }
      });
  if (problem || known == object->size()) return problem;
  for (const auto& entry : *object) {
    const auto key = entry.key();  // clang 14, which fuzzes, captures no structured binding
    bool found = false;
    boost::mp11::mp_for_each<
        boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>>(
        [&](auto member) { found = found || key == member.name; });
    if (!found) return unknown_key(key, Place{&at, key});
  }
  return {};
}
}  // namespace detail

template <class T>
std::optional<Problem> read_into(const Value& from, T& to, const Place& at) {
  if constexpr (std::is_same_v<T, Value>) {
    to = from;
    return {};
  } else if constexpr (std::is_same_v<T, bool>) {
    return detail::read_bool(from, to, at);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return detail::read_text(from, to, at);
  } else if constexpr (std::is_floating_point_v<T>) {
    double value = 0;
    auto problem = detail::read_real(from, value, at);
    to = static_cast<T>(value);
    return problem;
  } else if constexpr (std::is_integral_v<T>) {
    std::int64_t value = 0;
    constexpr auto high = sizeof(T) == 8 ? std::numeric_limits<std::int64_t>::max()
                                         : static_cast<std::int64_t>(std::numeric_limits<T>::max());
    auto problem =
        detail::read_integer(from, value, static_cast<std::int64_t>(std::numeric_limits<T>::min()), high, at);
    to = static_cast<T>(value);
    return problem;
  } else if constexpr (NamedEnum<T>) {
    if (!from.is_string()) return detail::wrong_kind(from, "string", at);
    const std::string_view name{from.get_string()};
    const auto value = enum_of<T>(name);
    if (!value) return detail::unknown_value(name, EnumNames<T>::values, at);
    to = *value;
    return {};
  } else if constexpr (IsOptional<T>::value) {
    if (from.is_null()) {
      to.reset();
      return {};
    }
    return read_into(from, to.emplace(), at);
  } else if constexpr (IsVector<T>::value) {
    const Array* array = from.if_array();
    if (!array) return detail::wrong_kind(from, "array", at);
    to.clear();
    to.reserve(array->size());
    for (std::size_t i = 0; i < array->size(); ++i)
      if (auto problem = read_into((*array)[i], to.emplace_back(), Place{&at, {}, i})) return problem;
    return {};
  } else {
    return detail::read_struct(from, to, at);
  }
}

/// A struct from a JSON value; a problem's `path` is a JSON pointer.
template <class T>
Result<T> read(const Value& from) {
  T to{};
  if (auto problem = read_into(from, to, Place{})) return *std::move(problem);
  return to;
}

/// A struct from JSON text.
template <class T>
Result<T> read_text(std::string_view text) {
  auto value = parse(text);
  if (!value) return value.error();
  return read<T>(*value);
}

/// A struct as a JSON value, members in the order of their description; an empty optional is left out.
template <class T>
Value write(const T& from) {
  if constexpr (std::is_same_v<T, Value>) {
    return from;
  } else if constexpr (NamedEnum<T>) {
    return Value(name_of(from));
  } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    return Value(static_cast<std::int64_t>(from));
  } else if constexpr (IsOptional<T>::value) {
    return from ? write(*from) : Value();
  } else if constexpr (IsVector<T>::value) {
    Array out;
    out.reserve(from.size());
    for (const auto& each : from) out.push_back(write(each));
    return out;
  } else if constexpr (Described<T>) {
    Object out;
    boost::mp11::mp_for_each<
        boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>>(
        [&](auto member) {
          const auto& field = from.*member.pointer;
          if constexpr (IsOptional<std::remove_cvref_t<decltype(field)>>::value) {
            if (!field) return;
          }
          out.emplace(member.name, write(field));
        });
    return out;
  } else {
    return Value(from);
  }
}

}  // namespace json
}  // namespace tongdian
