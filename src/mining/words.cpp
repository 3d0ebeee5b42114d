#include "mining/words.hpp"

#include <cmath>

namespace tongdian::mining {
namespace {

/// The length of the character that begins at `at`; texts here are valid UTF-8.
std::size_t length_at(std::string_view text, std::size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  const std::size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  return std::min(n, text.size() - at);
}
std::size_t width(std::size_t bytes) { return bytes >= 3 ? 2 : 1; }

}  // namespace

std::string short_number(double value) {
  const auto n = std::llround(value * 10);
  return std::to_string(n / 10) + (n % 10 == 0 ? "" : "." + std::to_string(std::llabs(n % 10)));
}

Sentence how_long(double seconds) {
  if (seconds < 90) return {short_number(seconds) + " 秒", short_number(seconds) + " s"};
  if (seconds < 5'400) return {short_number(seconds / 60) + " 分钟", short_number(seconds / 60) + " min"};
  if (seconds < 129'600) return {short_number(seconds / 3'600) + " 小时", short_number(seconds / 3'600) + " h"};
  return {short_number(seconds / 86'400) + " 天", short_number(seconds / 86'400) + " days"};
}

std::string grouped(std::uint64_t n) {
  auto text = std::to_string(n);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto n = length_at(text, at);
    columns += width(n);
    at += n;
  }
  return columns;
}

std::string shortened(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string(text);
  std::size_t used = 1, at = 0;
  while (at < text.size()) {
    const auto n = length_at(text, at);
    if (used + width(n) > columns) break;
    used += width(n);
    at += n;
  }
  return std::string(text.substr(0, at)) + "…";
}

}  // namespace tongdian::mining
