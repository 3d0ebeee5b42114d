#include "wire/field.hpp"

#include <algorithm>

namespace tongdian::wire {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// qvalue of RFC 9110 12.4.2: 0 or 1 with up to three decimals.
int read_weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
  if (text.size() > 1 && text[1] != '.') return 0;
  int value = (text[0] - '0') * 1000;
  int unit = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return 0;
    value += (c - '0') * unit;
    unit /= 10;
  }
  return value > 1000 ? 0 : value;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> next_item(std::string_view& rest, char separator) {
  if (rest.empty()) return {};
  const auto end = rest.find(separator);
  const auto item = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return trimmed(item);
}

Weighted weighted(std::string_view item) {
  Weighted out;
  out.name = next_item(item, ';').value_or("");
  while (const auto parameter = next_item(item, ';'))
    if (parameter->starts_with("q=") || parameter->starts_with("Q="))
      out.thousandths = read_weight(parameter->substr(2));
  return out;
}

bool list_admits(std::string_view list, std::string_view name) {
  bool by_star = false;
  while (const auto item = next_item(list, ',')) {
    const auto [word, weight] = weighted(*item);
    if (same_word(word, name)) return weight > 0;
    if (word == "*") by_star = weight > 0;
  }
  return by_star;
}

}  // namespace tongdian::wire
