#include "journal/journal.hpp"

#include <doctest/doctest.h>

#include "journal/verify.hpp"
#include "journal/world_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::journal;
using namespace tongdian::journal::tests;

TEST_CASE("an event's bytes are canonical JSON and come back") {
  Event e = event(7);
  e.position = 12;
  e.occurred_at = e.recorded_at - std::chrono::hours(2);
  const std::string bytes = encode(e);
  CHECK(bytes == json::canonical(*json::parse(bytes)));
  const auto back = decode(bytes);
  REQUIRE(back.has_value());
  CHECK(encode(*back) == bytes);
  CHECK(back->actor == e.actor);
  CHECK(back->occurred_at == e.occurred_at);
  for (const char* bad : {"", "{}", "[]", R"({"actor":{},"type":"x"})"}) CHECK(!decode(bad).has_value());
}

TEST_CASE("the journal goes on where it was after reopening, whatever its size") {
  for (const Suite suite : suites) {
    CAPTURE(name_of(suite));
    City city(suite);
    Frontier whole(suite);
    for (std::uint64_t step : {1, 2, 250, 3, 1, 255, 600, 66000}) {
      Journal journal = city.open();
      for (std::uint64_t n = journal.size() + 1; n <= journal.size() + step; ++n) {
        Event e = event(n);
        e.position = n;
        whole.append(leaf_hash(suite, bytes_of(encode(e))));
      }
      city.grow(journal, step, 1000);
      REQUIRE(journal.root() == whole.root());
      REQUIRE(city.open().root() == whole.root());
      REQUIRE(root_of(journal.size(), nodes_of(city.db->writer())) == whole.root());
    }
    const auto found = verify(city.db->writer());
    CHECK(found.events == whole.size());
    CHECK(found.suite == suite);
    CHECK(found.wrong.empty());

    auto reader = city.db->reader();
    const auto nodes = nodes_of(*reader);
    for (std::uint64_t i : {std::uint64_t{0}, std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{65535},
                            std::uint64_t{65536}, whole.size() - 1}) {
      Event e = event(i + 1);
      e.position = i + 1;
      CHECK(verify_inclusion(suite, leaf_hash(suite, bytes_of(encode(e))), i, whole.size(),
                             inclusion_path(i, whole.size(), nodes), whole.root()));
    }
    for (std::uint64_t from : {1, 256, 511, 65536, 66000})
      CHECK(verify_consistency(suite, from, whole.size(), root_of(from, nodes), whole.root(),
                               consistency_path(from, whole.size(), nodes)));
  }
}

TEST_CASE("every published head is consistent with the next one, and with the last") {
  for (const Suite suite : suites) {
    CAPTURE(name_of(suite));
    City city(suite);
    Journal journal = city.open();
    for (std::uint64_t batch : {1, 1, 3, 7, 252, 300, 1}) city.grow(journal, batch * 3, batch);
    auto reader = city.db->reader();
    const auto nodes = nodes_of(*reader);
    const auto heads = heads_after(*reader, 0, 1000);
    REQUIRE(heads.size() == 21);
    for (std::size_t i = 1; i < heads.size(); ++i)
      for (const Head* next : {&heads[i], &heads.back()})
        REQUIRE(verify_consistency(suite, heads[i - 1].size, next->size, heads[i - 1].root, next->root,
                                   consistency_path(heads[i - 1].size, next->size, nodes)));
  }
}

TEST_CASE("verify finds what was altered, removed or cut off") {
  struct Row {
    const char* what;
    const char* sql;
    std::size_t zeros = 0;  ///< bytes for $1
  };
  for (const Suite suite : suites)
    for (const Row& row :
         {Row{"one byte", "UPDATE event SET body = replace(body, '8.5', '9.5') WHERE position = 40"},
          Row{"an event removed", "DELETE FROM event WHERE position = 40"},
          Row{"the end cut off", "DELETE FROM event WHERE position > 295"},
          Row{"a recorded time",
              "UPDATE event SET body = replace(body, '01:00:00.030Z', '00:00:00.030Z') WHERE position = 30"},
          Row{"a tile", "UPDATE tile SET hashes = $1", 8192},
          Row{"a head's signature", "UPDATE head SET signature = $1 WHERE size = 100", 64},
          Row{"a head's root", "UPDATE head SET root = $1 WHERE size = 100", 32},
          Row{"a head's time", "UPDATE head SET signed_at = signed_at + 1 WHERE size = 100"},
          Row{"the last head", "DELETE FROM head WHERE size = 300"},
          Row{"the log's name", "UPDATE journal_meta SET value = 'other' WHERE name = 'log'"},
          Row{"the public key", "UPDATE head_key SET public_key = $1", 32}}) {
      INFO(name_of(suite) << ": " << row.what);
      City city(suite);
      Journal journal = city.open();
      city.grow(journal, 300, 100);
      CHECK(verify(city.db->writer()).wrong.empty());
      const Bytes zeros(row.zeros);
      if (row.zeros > 0)
        city.db->writer().run(row.sql, {ByteView(zeros)});
      else
        city.db->writer().script(row.sql);
      CHECK(!verify(city.db->writer()).wrong.empty());
    }
}

TEST_CASE("a head kept outside shows a journal that was cut and sealed again") {
  for (const Suite suite : suites) {
    City city(suite);
    Journal journal = city.open();
    city.grow(journal, 200, 100);
    const Head outside = latest_head(city.db->writer());
    city.grow(journal, 100, 100);
    CHECK(verify(city.db->writer(), outside).wrong.empty());
    city.db->writer().script(
        "DELETE FROM event WHERE position > 100; DELETE FROM head WHERE size > 100; DELETE FROM tile");
    CHECK(verify(city.db->writer()).wrong.empty());
    CHECK(verify(city.db->writer(), outside).wrong.size() == 1);
  }
}

TEST_CASE("a journal keeps the suite that it was made with") {
  for (const Suite suite : suites) {
    City city(suite);
    Journal journal = city.open();
    CHECK(suite_of(city.db->writer()) == suite);
    const Suite other = suite == Suite::sm ? Suite::standard : Suite::sm;
    CHECK_THROWS_WITH_AS(Journal(city.db->writer(), SigningKey(other, city.seed), city.random),
                         doctest::Contains("journal.other_suite"), ProblemError);
  }
}
