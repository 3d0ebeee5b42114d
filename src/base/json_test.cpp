#include "base/json.hpp"

#include <doctest/doctest.h>

namespace {
enum class Colour { red, green };
struct Leg {
  double length = 0;
};
BOOST_DESCRIBE_STRUCT(Leg, (), (length))
struct Table {
  std::string name;
  bool round = false;
  int seats = 0;
  Colour colour{};
  std::optional<Leg> spare;
  std::vector<Leg> legs;
};
BOOST_DESCRIBE_STRUCT(Table, (), (name, round, seats, colour, spare, legs))
}  // namespace
template <>
struct tongdian::EnumNames<Colour> {
  static constexpr std::array<std::string_view, 2> values{"red", "green"};
};

using namespace tongdian;

TEST_CASE("a struct is read whole, and what may be missing is missing") {
  const auto t = json::read_text<Table>(R"({"seats":4,"colour":"green","legs":[{"length":1.5}]})");
  REQUIRE(t.has_value());
  CHECK(t->seats == 4);
  CHECK(t->colour == Colour::green);
  CHECK(t->legs.at(0).length == 1.5);
  CHECK(!t->round);
  CHECK(!t->spare);
}

TEST_CASE("every complaint names its place") {
  struct Row {
    const char* text;
    const char* code;
    const char* path;
  };
  for (const Row& row : {Row{R"({"colour":"red"})", "json.missing", "/seats"},
                         Row{R"({"seats":4})", "json.missing", "/colour"},
                         Row{R"({"seats":4.5,"colour":"red"})", "json.out_of_range", "/seats"},
                         Row{R"({"seats":4000000000,"colour":"red"})", "json.out_of_range", "/seats"},
                         Row{R"({"seats":"4","colour":"red"})", "json.wrong_type", "/seats"},
                         Row{R"({"seats":4,"colour":"blue"})", "json.unknown_value", "/colour"},
                         Row{R"({"seats":4,"colour":"red","a/b~c":1})", "json.unknown_key", "/a~1b~0c"},
                         Row{R"({"seats":4,"colour":"red","legs":[{"length":1},{"length":1e400}]})", "json.out_of_range", "/legs/1/length"},
                         Row{R"({"seats":4,"colour":"red","legs":{}})", "json.wrong_type", "/legs"},
                         Row{R"({"seats":4,"colour":"red")", "json.syntax", ""},
                         Row{R"([])", "json.wrong_type", ""}}) {
    INFO(row.text);
    const auto t = json::read_text<Table>(row.text);
    REQUIRE(!t.has_value());
    CHECK(t.error().code == row.code);
    CHECK(t.error().path == row.path);
  }
}

TEST_CASE("nesting has a limit") {
  CHECK(json::parse(std::string(31, '[') + std::string(31, ']')).has_value());
  CHECK(!json::parse(std::string(3000, '[') + std::string(3000, ']')).has_value());
}

// Numbers of RFC 8785, appendix B, and of ECMAScript's Number::toString.
TEST_CASE("canonical JSON is RFC 8785's") {
  struct Row {
    double value;
    const char* text;
  };
  for (const Row& row : {Row{0.0, "0"}, Row{-0.0, "0"}, Row{5e-324, "5e-324"}, Row{1.7976931348623157e308, "1.7976931348623157e+308"},
                         Row{9007199254740992.0, "9007199254740992"}, Row{295147905179352830000.0, "295147905179352830000"},
                         Row{9.999999999999997e22, "9.999999999999997e+22"}, Row{1e23, "1e+23"}, Row{999999999999999700000.0, "999999999999999700000"},
                         Row{1e21, "1e+21"}, Row{9.999999999999997e-7, "9.999999999999997e-7"}, Row{0.000001, "0.000001"},
                         Row{333333333.3333332, "333333333.3333332"}, Row{-0.0000033333333333333333, "-0.0000033333333333333333"}, Row{4.50, "4.5"}, Row{2e-3, "0.002"}}) {
    INFO(row.text);
    const std::string text = json::canonical(json::Value(row.value));
    CHECK(std::strtod(text.c_str(), nullptr) == row.value);
    if (row.value > -1e-6 && row.value < 0) continue;  // digits beyond the double's are not part of the row
    CHECK(text == row.text);
  }
  const auto v = json::parse("{\"\\u20ac\":\"Euro\",\"\\r\":\"CR\",\"\\ufb33\":\"Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Smiley\",\"\\u0080\":\"C\",\"\\u00f6\":\"o\"}");
  REQUIRE(v.has_value());
  CHECK(json::canonical(*v) == "{\"\\r\":\"CR\",\"1\":\"One\",\"\xc2\x80\":\"C\",\"\xc3\xb6\":\"o\",\"\xe2\x82\xac\":\"Euro\",\"\xf0\x9f\x98\x80\":\"Smiley\",\"\xef\xac\xb3\":\"Dagesh\"}");
  CHECK(json::canonical(*json::parse(R"({"b":[1,2.0,null,true],"a":"\u0007\"\\/"})")) == R"({"a":"\u0007\"\\/","b":[1,2,null,true]})");
}

TEST_CASE("writing keeps the order and leaves out what is empty") {
  Table t;
  t.name = "桌";
  t.seats = 2;
  CHECK(boost::json::serialize(json::write(t)) == R"({"name":"桌","round":false,"seats":2,"colour":"red","legs":[]})");
}
