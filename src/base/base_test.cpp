#include <doctest/doctest.h>

#include "base/digest.hpp"
#include "base/time_text.hpp"

using namespace tongdian;

TEST_CASE("RFC 3339 instants: what is read, what is refused") {
  for (const char* good :
       {"2021-11-15T09:00:00+08:00", "2021-11-15T01:00:00Z", "2021-11-15T01:00:00.000Z", "2021-11-14T20:00:00-05:00"}) {
    INFO(good);
    REQUIRE(parse_instant(good));
    CHECK(format_utc(*parse_instant(good)) == "2021-11-15T01:00:00.000Z");
    CHECK(format_instant(*parse_instant(good), Zone{}) == "2021-11-15T09:00:00+08:00");
  }
  for (const char* bad : {"", "2021-11-15", "2021-11-15T09:00:00", "2021-02-29T00:00:00Z", "2021-11-15T24:00:00Z",
                          "2021-11-15T09:60:00Z", "2021-11-15T09:00:00+0800", "2021-11-15T09:00:00+08:00x",
                          "2021-11-15T09:00:00.Z", "21-11-15T09:00:00Z", "2021-13-01T00:00:00Z"}) {
    INFO(bad);
    CHECK(!parse_instant(bad));
  }
  CHECK(to_ms(*parse_instant("1970-01-01T00:00:00.1239Z")) == 123);
}

TEST_CASE("the civil day is the zone's") {
  const Zone beijing;
  CHECK(format_date(beijing.date_of(*parse_instant("2021-11-14T15:59:59Z"))) == "2021-11-14");
  CHECK(format_date(beijing.date_of(*parse_instant("2021-11-14T16:00:00Z"))) == "2021-11-15");
  CHECK(beijing.start_of(*parse_date("2021-11-15")) == *parse_instant("2021-11-15T00:00:00+08:00"));
}

TEST_CASE("dates are real days") {
  CHECK(parse_date("2020-02-29"));
  for (const char* bad : {"2021-02-29", "2021-2-9", "2021-00-10", "2021-01-32", "2021-01-01 ", "x"})
    CHECK(!parse_date(bad));
}

TEST_CASE("digests and encodings") {
  CHECK(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256({bytes_of("a"), bytes_of("bc")})) == to_hex(sha256("abc")));
  // RFC 4231, case 2
  CHECK(to_hex(hmac_sha256(bytes_of("Jefe"), "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  for (std::string_view text : {"", "f", "fo", "foo", "foob"}) {
    const auto back = from_base64(to_base64(bytes_of(text)));
    REQUIRE(back);
    CHECK(text_of(*back) == text);
  }
  for (const char* bad : {"Zg=", "Zg", "Z===", "Zh==", "Zm 9", "Zm9v\n"}) CHECK(!from_base64(bad));
  CHECK(!from_hex("abc"));
  CHECK(!from_hex("zz"));
}
