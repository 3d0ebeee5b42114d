#include "journal/export.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "journal/world_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::journal;
using namespace tongdian::journal::tests;

namespace {

std::string exported(City& city) {
  std::string out;
  write_export(*city.db->reader(), [&](std::string_view line) { out += std::string(line) + "\n"; });
  return out;
}

Verification verified(const std::string& text, const std::optional<Head>& expected = {}) {
  std::istringstream in(text);
  return verify_export(in, expected);
}

/// Refused as a file, or found wanting.
bool refused(const std::string& text) {
  try {
    return !verified(text).wrong.empty();
  } catch (const ProblemError&) {
    return true;
  }
}

/// A journal of 700 events, three keys and some thirty heads.
void fill(City& city) {
  for (std::uint64_t batch : {300, 399, 1}) {
    if (batch != 300) city.rotate_key();
    Journal journal = city.open();
    city.grow(journal, batch, 25);
  }
}

}  // namespace

TEST_CASE("an exported journal is found as sound as the database, and has every byte of its events") {
  for (const Suite suite : suites) {
    CAPTURE(name_of(suite));
    City city(suite);
    fill(city);
    const std::string file = exported(city);
    const auto found = verified(file, latest_head(city.db->writer()));
    const auto live = verify(city.db->writer());
    CHECK(found.wrong.empty());
    CHECK(live.wrong.empty());
    CHECK(found.events == 700);
    CHECK(found.events == live.events);
    CHECK(found.heads == live.heads);
    CHECK(found.keys == 3);
    CHECK(found.root == live.root);
    CHECK(found.log == live.log);
    read_all(city.db->writer(), 650, [&](std::uint64_t, std::string_view bytes) {
      CHECK(file.find("\n" + std::string(bytes) + "\n") != std::string::npos);
    });
  }
}

TEST_CASE("an empty journal is exported and verified too") {
  City city(Suite::sm);
  (void)city.open();
  CHECK(verified(exported(city)).wrong.empty());
}

TEST_CASE("one changed byte anywhere in an exported journal is found") {
  for (const Suite suite : suites) {
    City city(suite);
    fill(city);
    const std::string file = exported(city);
    SeededRandom random(5);
    // Each event in turn somewhere, then any place of the file.
    std::size_t at = 0;
    for (int line = 0; line < 760 && at < file.size(); ++line) {
      const auto end = file.find('\n', at);
      if (suite == Suite::standard || line % 20 == 0) {
        std::string bad = file;
        bad[at + random.engine()() % (end - at)] ^= 1;
        INFO("line " << line);
        REQUIRE(refused(bad));
      }
      at = end + 1;
    }
  }
}

TEST_CASE("lines that are missing, doubled, moved or of another file are found") {
  City city(Suite::standard);
  fill(city);
  const std::string file = exported(city);
  std::vector<std::string> lines;
  std::istringstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  const auto joined = [](const std::vector<std::string>& list) {
    std::string out;
    for (const auto& line : list) out += line + "\n";
    return out;
  };
  REQUIRE(joined(lines) == file);
  for (std::size_t i : {0, 1, 2, 3, 4, 28, 29, 30, 200, 700}) {
    CAPTURE(lines[i].substr(0, 60));
    auto without = lines, twice = lines, moved = lines;
    // A head fewer is another, equally true export, unless it was the last.
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    if (!lines[i].starts_with(R"({"head":)")) CHECK(refused(joined(without)));
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    if (!lines[i].starts_with(R"({"head":)")) CHECK(refused(joined(twice)));
    std::swap(moved[i], moved[i + 1]);
    CHECK(refused(joined(moved)));
  }
  lines.pop_back();
  CHECK(refused(joined(lines)));
  CHECK(refused(""));
  CHECK(refused("not a journal\n"));
  CHECK(refused(R"({"events":0,"format":"something-else","log":"x","suite":"sha256-ed25519","version":1})"));
}
