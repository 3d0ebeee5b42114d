#include "journeys/sheet.hpp"

#include <doctest/doctest.h>

using namespace tongdian::journeys;

TEST_CASE("a text is a text in a spreadsheet, whatever it begins with") {
  const auto cell = [](const std::string& text) {
    const std::string csv = to_csv({"", {}, {{text}}});
    return csv.substr(csv.find("\r\n") + 2);
  };
  CHECK(cell("王**") == "王**\r\n");
  CHECK(cell("=1+1") == "'=1+1\r\n");
  CHECK(cell("+86 138") == "'+86 138\r\n");
  CHECK(cell("-1") == "'-1\r\n");
  CHECK(cell("@SUM(A1)") == "'@SUM(A1)\r\n");
  CHECK(cell("\t=cmd|' /C calc'!A0") == "'\t=cmd|' /C calc'!A0\r\n");
  CHECK(cell("\n=1") == "\"'\n=1\"\r\n");
  CHECK(cell("＝1") == "'＝1\r\n");
  CHECK(cell("a=b") == "a=b\r\n");
  CHECK(cell("a,\"b\"") == "\"a,\"\"b\"\"\"\r\n");
}

TEST_CASE("CSV begins with the mark that Excel needs, numbers stay numbers") {
  CHECK(to_csv({"待办", {"编号", "千瓦"}, {{std::string("TD1"), -8.5}}}) == "\xEF\xBB\xBF编号,千瓦\r\nTD1,-8.5\r\n");
}

TEST_CASE("a workbook is a workbook") {
  const auto book = to_xlsx({"待办", {"编号"}, {{std::string("=1+1")}, {2.0}}});
  REQUIRE(book.size() > 1000);
  CHECK(book.starts_with("PK\x03\x04"));
  CHECK(book.find("xl/worksheets/sheet1.xml") != std::string::npos);
  CHECK(book.find("<f>") == std::string::npos);
}
