#include "wire/target.hpp"

#include <algorithm>
#include <cstdint>

namespace tongdian::wire {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

Problem bad_target(std::string zh, std::string en) {
  return bad_input("http.bad_target", "", {std::move(zh), std::move(en)}, {"请检查网址", "check the address"});
}

// RFC 9112 3.2.2: a server takes the absolute form too, and the path is all that matters here.
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const auto end = target.find_first_of("/?", scheme.size());
    if (end == std::string_view::npos) return "/";
    return target.substr(end);
  }
  return target;
}

std::optional<Problem> read_path(std::string_view path, std::vector<std::string>& segments) {
  std::size_t begin = 1;
  while (true) {
    const auto end = std::min(path.find('/', begin), path.size());
    auto segment = percent_decoded(path.substr(begin, end - begin));
    if (!segment || segment->find_first_of("/\\") != std::string::npos)
      return bad_target("网址的路径写法不对", "the path of the address is malformed");
    if (*segment == "." || *segment == "..") return bad_target("网址里不能有 . 或 ..", "no dot segments in an address");
    segments.push_back(*std::move(segment));
    if (end == path.size()) return {};
    begin = end + 1;
  }
}

std::optional<Problem> read_query(std::string_view text, Pairs& query) {
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto item = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (item.empty()) continue;
    const auto equals = std::min(item.find('='), item.size());
    auto name = percent_decoded(item.substr(0, equals), true);
    auto value = percent_decoded(item.substr(std::min(equals + 1, item.size())), true);
    if (!name || !value) return bad_target("网址的查询部分写法不对", "the query of the address is malformed");
    // Which of two would count is anybody's guess, so neither does.
    if (std::ranges::any_of(query, [&](const auto& pair) { return pair.first == *name; }))
      return bad_target("查询参数重复：" + *name, "query parameter given twice: " + *name);
    query.emplace_back(*std::move(name), *std::move(value));
  }
  return {};
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xc2 && lead < 0xe0   ? 2
                               : lead >= 0xe0 && lead < 0xf0 ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    // The second byte's range is narrower after these leads: overlong forms, surrogates, beyond U+10FFFF.
    const auto second = static_cast<std::uint8_t>(text[i + 1]);
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
        (lead == 0xf4 && second > 0x8f))
      return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<std::uint8_t>(text[i + k]) & 0xc0) != 0x80) return false;
    i += length;
  }
  return true;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_blank) {
      c = ' ';
    } else if (c == '%') {
      if (i + 2 >= text.size()) return {};
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return {};
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (is_control(c)) return {};
    out.push_back(c);
  }
  if (!is_utf8(out)) return {};
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter_or_digit || c == '-' || c == '.' || c == '_' || c == '~')
      out.push_back(c);
    else
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return out;
}

Result<Target> read_target(std::string_view target) {
  target = without_authority(target);
  const auto path = target.substr(0, target.find('?'));
  const bool only_query = path.empty() && !target.empty();
  if (!only_query && !path.starts_with('/'))
    return bad_target("网址应以 / 开头", "the address must start with a slash");
  if (target.find('#') != std::string_view::npos) return bad_target("网址里不能有 #", "no fragment in a request");
  Target out;
  if (auto problem = read_path(only_query ? "/" : path, out.segments)) return *std::move(problem);
  if (path.size() < target.size())
    if (auto problem = read_query(target.substr(path.size() + 1), out.query)) return *std::move(problem);
  return out;
}

}  // namespace tongdian::wire
