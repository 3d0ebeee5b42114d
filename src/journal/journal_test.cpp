#include "journal/journal.hpp"

#include <doctest/doctest.h>

#include "base/temporary_folder.hpp"
#include "base/time_text.hpp"
#include "journal/vault.hpp"
#include "store/database_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::journal;

namespace {

const store::Migration tables[] = {migration, vault_migration};

Event event(std::uint64_t n) {
  Event e;
  e.stream = "case/" + std::to_string(n);
  e.sequence = 1;
  e.type = "case.submitted";
  e.recorded_at = *parse_instant("2021-11-15T09:00:00+08:00") + std::chrono::milliseconds(n);
  e.actor = {"customer", "applicant"};
  e.channel = "online";
  e.command = "c-" + std::to_string(n);
  e.pack = "yantai-2021-168@1";
  e.payload = json::Object{{"requested_kw", 8.5}, {"area", "370602"}, {"注", "\"引号\""}};
  return e;
}

struct City {
  store::DatabaseForTests place;
  SeededRandom random{1};
  std::unique_ptr<store::Database> db = place.open();
  City() { store::migrate(*db, tables); }
  Journal open() { return {db->writer(), SigningKey(Hash{1}), random}; }

  void grow(Journal& journal, std::uint64_t by, std::uint64_t batch) {
    while (by > 0) {
      const auto n = std::min(by, batch);
      store::Transaction t(db->writer());
      for (std::uint64_t i = 0; i < n; ++i) {
        Event e = event(journal.size() + 1);
        journal.append(db->writer(), e, journal.size() + 1, 0);
      }
      journal.seal(db->writer(), journal.last_recorded());
      t.commit();
      by -= n;
    }
  }
};

}  // namespace

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
  City city;
  Frontier whole;
  for (std::uint64_t step : {1, 2, 250, 3, 1, 255, 600, 66000}) {
    Journal journal = city.open();
    for (std::uint64_t n = journal.size() + 1; n <= journal.size() + step; ++n) {
      Event e = event(n);
      e.position = n;
      whole.append(leaf_hash(bytes_of(encode(e))));
    }
    city.grow(journal, step, 1000);
    REQUIRE(journal.root() == whole.root());
    REQUIRE(city.open().root() == whole.root());
    REQUIRE(root_of(journal.size(), nodes_of(city.db->writer())) == whole.root());
  }
  const auto found = verify(city.db->writer());
  CHECK(found.events == whole.size());
  CHECK(found.wrong.empty());

  auto reader = city.db->reader();
  const auto nodes = nodes_of(*reader);
  for (std::uint64_t i : {std::uint64_t{0}, std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{65535},
                          std::uint64_t{65536}, whole.size() - 1}) {
    Event e = event(i + 1);
    e.position = i + 1;
    CHECK(verify_inclusion(leaf_hash(bytes_of(encode(e))), i, whole.size(), inclusion_path(i, whole.size(), nodes),
                           whole.root()));
  }
  for (std::uint64_t from : {1, 256, 511, 65536, 66000})
    CHECK(verify_consistency(from, whole.size(), root_of(from, nodes), whole.root(),
                             consistency_path(from, whole.size(), nodes)));
}

TEST_CASE("verify finds what was altered, removed or cut off") {
  struct Row {
    const char* what;
    const char* sql;
    std::size_t zeros = 0;  ///< bytes for $1
  };
  for (const Row& row :
       {Row{"one byte", "UPDATE event SET body = replace(body, '8.5', '9.5') WHERE position = 40"},
        Row{"an event removed", "DELETE FROM event WHERE position = 40"},
        Row{"the end cut off", "DELETE FROM event WHERE position > 295"},
        Row{"a recorded time",
            "UPDATE event SET body = replace(body, '01:00:00.030Z', '00:00:00.030Z') WHERE position = 30"},
        Row{"a tile", "UPDATE tile SET hashes = $1", 8192},
        Row{"a head's signature", "UPDATE head SET signature = $1 WHERE size = 100", 64},
        Row{"a head's root", "UPDATE head SET root = $1 WHERE size = 100", 32}}) {
    INFO(row.what);
    City city;
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
  City city;
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

TEST_CASE("the vault opens what it sealed, and nothing that was altered") {
  City city;
  auto& session = city.db->writer();
  const Vault vault(Hash{7}, city.random);
  const auto sealed = vault.seal({{"name", "王小明"}, {"phone", "13800000000"}}, "13800000000", "370602/1");
  put(session, 5, sealed);
  const auto open = vault.open(session, 5);
  REQUIRE(open.has_value());
  CHECK(open->at("name").as_string() == "王小明");
  CHECK(sha256(json::canonical(*open)) == sealed.commitment);
  CHECK(vault.phone_matches(session, 5, "13800000000"));
  CHECK(!vault.phone_matches(session, 5, "13800000001"));
  CHECK(!vault.phone_matches(session, 6, "13800000000"));
  CHECK(!vault.open(session, 6).has_value());
  const std::string box(text_of(sealed.box));
  CHECK(box.find("13800000000") == std::string::npos);
  CHECK_THROWS_AS((void)Vault(Hash{8}, city.random).open(session, 5), ProblemError);
  const Bytes zeros(200);
  session.run("UPDATE vault SET box = $1", {ByteView(zeros)});
  CHECK_THROWS_AS((void)vault.open(session, 5), ProblemError);
}

TEST_CASE("keys are made once, kept private, and changed with the old one kept") {
  const TemporaryFolder folder;
  SeededRandom random(3);
  const auto first = load_or_make_keys(folder.path, random);
  REQUIRE(first.has_value());
  CHECK(load_or_make_keys(folder.path, random)->head_seed == first->head_seed);
  CHECK((std::filesystem::status(folder.path / "keys" / "vault.key").permissions() & std::filesystem::perms(077)) ==
        std::filesystem::perms::none);
  const auto second = rotate_head_key(folder.path, random);
  REQUIRE(second.has_value());
  CHECK(second->head_seed != first->head_seed);
  CHECK(second->vault == first->vault);
  std::filesystem::remove(folder.path / "keys" / "vault.key");
  CHECK(load_or_make_keys(folder.path, random).has_error());
}
