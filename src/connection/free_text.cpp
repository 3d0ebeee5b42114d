#include "connection/free_text.hpp"

#include <algorithm>

namespace tongdian::connection {
namespace {

constexpr std::size_t text_limit = 600;

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<Problem> blank(const std::string& text, std::string_view path, std::size_t limit) {
  const bool empty = text.find_first_not_of(" \t\r\n") == std::string::npos;
  if (empty) return bad_input("connection.required", std::string(path), {"此项必填", "this is required"});
  if (text.size() > limit)
    return bad_input("connection.too_long", std::string(path), {"内容过长", "the text is too long"});
  return {};
}

std::optional<Problem> personal(const std::string& text, std::string_view path) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && digit(text[end])) ++end;
    const std::size_t n = end - i;
    const bool identity = n == 18 || (n == 17 && end < text.size() && (text[end] == 'X' || text[end] == 'x'));
    if (identity || (n == 11 && text[i] == '1'))
      return bad_input("connection.personal_data", std::string(path),
                       {"此处不能填写电话或证件号码：内容会公开且不能删除",
                        "no phone or identity number here: the text becomes public and cannot be removed"},
                       {"请删去个人信息后再提交", "take the personal data out and send again"});
    i = std::max(end, i + 1);
  }
  return {};
}

std::optional<Problem> letter(const std::string& text, std::string_view path, const policy::Pack& pack) {
  for (const auto& word : pack.banned_words())
    if (text.find(word) != std::string::npos) {
      Problem p = refusal(
          "connection.letter_demanded",
          {"不得要求客户签订“" + word + "”一类的文书", "no letter of the kind \"" + word + "\" may be demanded"},
          {"请删去这项要求", "take the demand out"});
      p.path = path;
      return p;
    }
  return {};
}

std::optional<Problem> unfit(const std::string& text, std::string_view path, const policy::Pack& pack) {
  if (auto problem = blank(text, path, text_limit)) return problem;
  if (auto problem = personal(text, path)) return problem;
  return letter(text, path, pack);
}

std::optional<Problem> not_a_number(const std::string& text, std::string_view path) {
  const bool good = !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
    return digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  });
  if (good) return {};
  return bad_input("connection.bad_number", std::string(path),
                   {"编号只能由字母、数字和连字符组成", "a number of letters, digits and hyphens, at most 40"},
                   {"请只填写编号", "give the number alone"});
}

}  // namespace tongdian::connection
