// A journal in a folder of its own, for the tests of this room; every test runs on both suites.
#pragma once

#include <algorithm>

#include "base/time_text.hpp"
#include "journal/glances.hpp"
#include "journal/journal.hpp"
#include "journal/person_search.hpp"
#include "journal/vault_files.hpp"
#include "store/database_for_tests.hpp"

namespace tongdian::journal::tests {

inline constexpr Suite suites[] = {Suite::standard, Suite::sm};

/// The room's tables, numbered as a database of this room alone has them.
inline const store::Migration tables[] = {migration,
                                          vault_migration,
                                          {3, rotation_migration.name, rotation_migration.sql},
                                          {4, files_migration.name, files_migration.sql},
                                          {5, search_migration.name, search_migration.sql},
                                          {6, belongs_migration.name, belongs_migration.sql},
                                          {7, glance_migration.name, glance_migration.sql},
                                          {8, listed_migration.name, listed_migration.sql}};

inline Event event(std::uint64_t n, const std::string& stream = "", std::uint64_t sequence = 1) {
  Event e;
  e.stream = stream.empty() ? "case/" + std::to_string(n) : stream;
  e.sequence = sequence;
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
  Suite suite;
  Hash seed{1};
  store::DatabaseForTests place;
  SeededRandom random{1};
  std::unique_ptr<store::Database> db = place.open();

  explicit City(Suite s) : suite(s) { store::migrate(*db, tables); }
  [[nodiscard]] SigningKey key() const { return {suite, seed}; }
  Journal open() { return {db->writer(), key(), random}; }

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

  /// A case of several events among others; the position of its last one.
  std::uint64_t a_case(Journal& journal, const std::string& number, std::uint64_t events) {
    std::uint64_t first = 0, previous = 0;
    for (std::uint64_t i = 1; i <= events; ++i) {
      store::Transaction t(db->writer());
      Event e = event(journal.size() + 1, "case/" + number, i);
      if (first == 0) first = journal.size() + 1;
      journal.append(db->writer(), e, first, previous);
      previous = e.position;
      journal.seal(db->writer(), journal.last_recorded());
      t.commit();
      grow(journal, 2, 1);
    }
    return previous;
  }

  /// The key in force hands over to another; a journal that was open is to be opened anew.
  void rotate_key() {
    const Hash next = new_seed(random);
    const auto now = *parse_instant("2022-01-01T00:00:00Z");
    rotate(db->writer(), key(), SigningKey(suite, next), now).value();
    seed = next;
  }
};

}  // namespace tongdian::journal::tests
