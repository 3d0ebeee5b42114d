#include "wire/target.hpp"

#include <doctest/doctest.h>

using namespace tongdian;
using namespace tongdian::wire;

TEST_CASE("a target is read strictly") {
  struct Row {
    std::string_view target;
    bool taken;
    std::vector<std::string> segments;
    Pairs query;
  };
  const Row rows[] = {
      {"/", true, {""}, {}},
      {"/a/b", true, {"a", "b"}, {}},
      {"/a/", true, {"a", ""}, {}},
      {"//a", true, {"", "a"}, {}},
      {"/%E7%83%9F%E5%8F%B0", true, {"烟台"}, {}},
      {"/a?x=1&y=%20+z", true, {"a"}, {{"x", "1"}, {"y", "  z"}}},
      {"/a?x", true, {"a"}, {{"x", ""}}},
      {"/a?", true, {"a"}, {}},
      {"/a?x=a=b&", true, {"a"}, {{"x", "a=b"}}},
      {"http://host:80/a?x=1", true, {"a"}, {{"x", "1"}}},
      {"http://host", true, {""}, {}},
      {"http://host?x=1", true, {""}, {{"x", "1"}}},
      {"", false, {}, {}},
      {"*", false, {}, {}},
      {"a", false, {}, {}},
      {"host:443", false, {}, {}},
      {"/..", false, {}, {}},
      {"/a/../b", false, {}, {}},
      {"/%2e%2e/b", false, {}, {}},
      {"/.%2E", false, {}, {}},
      {"/./a", false, {}, {}},
      {"/a%2fb", false, {}, {}},
      {"/a%5cb", false, {}, {}},
      {"/a\\b", false, {}, {}},
      {"/a%00", false, {}, {}},
      {"/a%0d%0a", false, {}, {}},
      {"/a%", false, {}, {}},
      {"/a%1", false, {}, {}},
      {"/a%zz", false, {}, {}},
      {"/%ff", false, {}, {}},
      {"/%c0%af", false, {}, {}},
      {"/%ed%a0%80", false, {}, {}},
      {"/a#b", false, {}, {}},
      {"/a?x=1&x=2", false, {}, {}},
      {"/a?x=%4", false, {}, {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.target);
    const auto target = read_target(row.target);
    REQUIRE(target.has_value() == row.taken);
    if (!row.taken) {
      CHECK(target.error().code == "http.bad_target");
      continue;
    }
    CHECK(target->segments == row.segments);
    CHECK(target->query == row.query);
  }
}

TEST_CASE("percent encoding comes back") {
  std::string all;
  for (char32_t c : U" !\"#%&'()*+,/:;=?@[]{}~-._aZ09") all.push_back(static_cast<char>(c));
  all.pop_back();  // the literal's end
  all += "烟台𠀀é";
  CHECK(percent_decoded(percent_encoded(all)) == all);
}

TEST_CASE("well-formed UTF-8") {
  for (const std::string_view good :
       {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    CHECK(is_utf8(good));
  for (const std::string_view bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                                     "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc2", "\xe4\xb8", "\xe4\xb8\x41"})
    CHECK_FALSE(is_utf8(bad));
}
