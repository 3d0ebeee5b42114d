#include "journal/receipt.hpp"

#include <doctest/doctest.h>

#include "journal/world_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::journal;
using namespace tongdian::journal::tests;

namespace {

struct Issued {
  std::string receipt;
  std::string first_key;
};

/// A case of three events among others, and its receipt.
Issued issue(City& city) {
  Journal journal = city.open();
  city.grow(journal, 20, 10);
  const auto last = city.a_case(journal, "TD211115-7KQ4MX", 3);
  auto& session = city.db->writer();
  return {json::text(make_receipt(session, "TD211115-7KQ4MX", last)), to_hex(keys_of(session).front().public_key)};
}

std::string first_code(const std::string& receipt, const std::string& key = "") {
  const auto report = check_receipt(receipt, key);
  return report.wrong.empty() ? "" : report.wrong.front().code;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("a receipt verifies by itself; by a key that is known; and after rotations and thousands of events") {
  for (const Suite suite : suites) {
    CAPTURE(name_of(suite));
    City city(suite);
    const auto [receipt, first_key] = issue(city);
    const auto report = check_receipt(receipt, first_key);
    CHECK(report.wrong.empty());
    CHECK(report.number == "TD211115-7KQ4MX");
    CHECK(report.positions.size() == 3);
    CHECK(report.suite == name_of(suite));
    for (int i = 0; i < 2; ++i) {
      city.rotate_key();
      Journal journal = city.open();
      city.grow(journal, 2000, 500);
    }
    CHECK(verify(city.db->writer()).wrong.empty());
    // Nothing of it is asked of the data: the text alone is checked again.
    CHECK(check_receipt(receipt, first_key).wrong.empty());
    CHECK(first_code(receipt, to_hex(city.key().public_key())) == "receipt.key");

    // A receipt of after the rotation is joined to the first key by the announcements.
    Journal journal = city.open();
    const auto last = city.a_case(journal, "TD220101-000000", 2);
    const std::string later = json::text(make_receipt(city.db->writer(), "TD220101-000000", last));
    CHECK(first_code(later, first_key).empty());
    CHECK(first_code(later, to_hex(city.key().public_key())).empty());
    CHECK(first_code(later, std::string(64, 'a')) == "receipt.key");
  }
}

TEST_CASE("one changed byte of a receipt is refused, whichever it is") {
  for (const Suite suite : suites) {
    CAPTURE(name_of(suite));
    City city(suite);
    std::string receipt = issue(city).receipt;
    int tried = 0;
    for (std::size_t i = 0; i < receipt.size(); ++i)
      for (const char bit : {'\x01', '\x20'}) {
        // SM2 takes ten times as long; every seventh byte of it.
        if (suite == Suite::sm && i % 7 != 0) continue;
        receipt[i] = static_cast<char>(receipt[i] ^ bit);
        CAPTURE(i);
        CAPTURE(receipt.substr(i < 30 ? 0 : i - 30, 60));
        REQUIRE(!check_receipt(receipt).wrong.empty());
        receipt[i] = static_cast<char>(receipt[i] ^ bit);
        ++tried;
      }
    CHECK(tried > 500);
    CHECK(check_receipt(receipt).wrong.empty());
  }
}

TEST_CASE("a refusal names the part that does not hold") {
  for (const Suite suite : suites) {
    City city(suite);
    const std::string good = issue(city).receipt;
    const auto field = [&](const std::string& name) {
      const auto at = good.find("\"" + name + "\":\"") + name.size() + 4;
      return good.substr(at, good.find('"', at) - at);
    };
    const auto flipped = [](std::string hex) {
      hex[5] = hex[5] == '0' ? '1' : '0';
      return hex;
    };
    CHECK(first_code("") == "receipt.form");
    CHECK(first_code("{}") == "receipt.form");
    CHECK(first_code(replaced(good, "tongdian-receipt", "another-receipt")) == "receipt.form");
    CHECK(first_code(replaced(good, "370602", "370603")) == "receipt.event");
    CHECK(first_code(replaced(good, "\"number\":\"TD211115-7KQ4MX\"", "\"number\":\"TD211115-7KQ4MY\"")) ==
          "receipt.event");
    CHECK(first_code(replaced(good, field("leaf"), flipped(field("leaf")))) == "receipt.event");
    CHECK(first_code(replaced(good, field("root"), flipped(field("root")))) == "receipt.head");
    CHECK(first_code(replaced(good, field("signature"), flipped(field("signature")))) == "receipt.head");
    CHECK(first_code(replaced(good, field("log"), flipped(field("log")))) == "receipt.head");
    const auto path = good.find("\"path\":[\"") + 9;
    CHECK(first_code(good.substr(0, path) + flipped(good.substr(path, 64)) + good.substr(path + 64)) == "receipt.path");
    const auto key = good.rfind(field("public_key"));
    CHECK(first_code(good.substr(0, key) + flipped(field("public_key")) +
                     good.substr(key + field("public_key").size())) == "receipt.key");
    // A case whose later events were left out is still genuine as of an earlier head; one whose first was left out is not.
    auto parsed = json::parse(good)->get_object();
    auto& events = parsed.at("events").as_array();
    events.erase(events.begin());
    CHECK(first_code(json::text(parsed)) == "receipt.event");
  }
}
