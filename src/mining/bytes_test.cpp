#include "mining/bytes.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include "mining/log_for_tests.hpp"
#include "mining/text_stream.hpp"

using namespace tongdian::mining;

namespace {

/// One gzip member.
std::string packed(std::string_view text) {
  z_stream z{};
  REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&z, static_cast<uLong>(text.size())) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(out.size() - z.avail_out);
  deflateEnd(&z);
  return out;
}

/// ASCII and the two characters of 受理 in UTF-16.
std::string utf16(std::string_view text, bool little, bool mark) {
  std::string out;
  const auto unit = [&](unsigned u) {
    const char high = static_cast<char>(u >> 8), low = static_cast<char>(u & 0xFF);
    out += little ? low : high;
    out += little ? high : low;
  };
  if (mark) unit(0xFEFF);
  for (const char c : text) {
    if (c == '@') {
      unit(0x53D7);
      unit(0x7406);
    } else {
      unit(static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("gzip is known by its bytes, members one behind the other are one file, and a damaged one says so") {
  const std::string a = "case,activity,time\n1,a,2021-06-01\n", b = "1,b,2021-06-02\n";
  struct Row {
    const char* why;
    std::string bytes;
    std::uint64_t events;
    const char* code;
  };
  auto flipped = packed(a + b);
  flipped[flipped.size() - 6] = static_cast<char>(flipped[flipped.size() - 6] ^ 1);
  const Row rows[] = {
      {"one member", packed(a + b), 2, ""},
      {"two", packed(a) + packed(b), 2, ""},
      {"an empty one between", packed(a) + packed("") + packed(b), 2, ""},
      {"padded with zeros", packed(a + b) + std::string(100, '\0'), 2, ""},
      {"not packed", a + b, 2, ""},
      {"cut short", packed(a + b).substr(0, packed(a + b).size() - 4), 2, "mine.broken_gzip"},
      {"a check that does not fit", flipped, 2, "mine.broken_gzip"},
      {"something behind it", packed(a + b) + "x", 2, "mine.broken_gzip"},
      {"a magic number and nothing else", "\x1f\x8b", 0, "mine.broken_gzip"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    const auto mined = mine_text(row.bytes);
    CHECK(mined->figures.events == row.events);
    CHECK((mined->broken ? mined->broken->code : "") == row.code);
  }
}

TEST_CASE("a log reads the same in every encoding") {
  const std::string body = "<log><trace><event><string key=\"concept:name\" value=\"@\"/></event></trace></log>";
  const auto filled = [&](const std::string& characters, const std::string& declared) {
    auto text = body;
    text.replace(text.find('@'), 1, characters);
    return (declared.empty() ? "" : "<?xml version=\"1.0\" encoding=\"" + declared + "\"?>\n") + text;
  };
  const std::string utf8 = "受理", gb = "\xCA\xDC\xC0\xED";
  struct Row {
    const char* why;
    std::string bytes;
    const char* encoding;
  };
  const Row rows[] = {
      {"UTF-8 without a word", filled(utf8, ""), "UTF-8"},
      {"UTF-8 with a mark", "\xEF\xBB\xBF" + filled(utf8, "UTF-8"), "UTF-8"},
      {"GB18030, declared", filled(gb, "GB18030"), "GB18030"},
      {"GB2312, a part of it", filled(gb, "gb2312"), "GB18030"},
      {"GB18030 that says UTF-8", filled(gb, "UTF-8"), "GB18030"},
      {"UTF-16 with a mark", utf16("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + body, true, true), "UTF-16LE"},
      {"the other way round", utf16("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + body, false, true), "UTF-16BE"},
      {"without a mark", utf16(body, true, false), "UTF-16LE"},
      {"UTF-8 that says UTF-16", filled(utf8, "UTF-16"), "UTF-8"},
      {"packed", packed(filled(gb, "GBK")), "GB18030"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    const auto mined = mine_text(row.bytes);
    CHECK(!mined->broken);
    CHECK(mined->source.encoding == row.encoding);
    CHECK(activities_of(*mined) == utf8 + " 1");
    CHECK(mined->notes.replaced_bytes == 0);
  }
  const auto faulty = mine_text(filled("受\xFF理", "UTF-8"));
  CHECK(activities_of(*faulty) == "受\xEF\xBF\xBD理 1");
  CHECK(faulty->notes.replaced_bytes == 1);
  CHECK(activities_of(*mine_text(filled("caf\xE9", "ISO-8859-1"))) == "café 1");
}
