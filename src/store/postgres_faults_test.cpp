// What PostgreSQL, and the way to it, can do to a program: connections cut, the server gone and back, an answer lost.
#include <doctest/doctest.h>

#include "store/database_for_tests.hpp"
#include "store/migrations.hpp"
#include "store/relay_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::store;

namespace {

constexpr Migration tables[] = {{1, "things", "CREATE TABLE thing (id BIGINT_KEY)"}};

std::string code_thrown(const std::function<void()>& action) {
  try {
    action();
  } catch (const ProblemError& e) {
    return e.problem.code;
  }
  return "";
}

void add(Session& session, std::int64_t id) { session.run("INSERT INTO thing (id) VALUES ($1)", {id}); }

/// Ends the session's connection from another one, as an administrator would.
void cut(const DatabaseForTests& place, Session& session) {
  const auto pid = *session.integer("SELECT pg_backend_pid()");
  auto other = place.open();
  other->writer().integer("SELECT CAST(pg_terminate_backend(CAST($1 AS INTEGER)) AS INTEGER)", {pid});
  // Until it is gone.
  while (*other->writer().integer("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", {pid}) > 0) {}
}

}  // namespace

TEST_SUITE("postgresql" * doctest::skip(!tests_on_postgres())) {
  TEST_CASE("a connection cut in a transaction fails it; the next one works") {
    const DatabaseForTests place;
    auto db = place.open();
    migrate(*db, tables);
    auto& w = db->writer();
    CHECK(code_thrown([&] {
            Transaction t(w, Order::exclusive);
            add(w, 1);
            cut(place, w);
            add(w, 2);
            t.commit();
          }) != "");
    CHECK(code_thrown([&] {
            Transaction t(w, Order::exclusive);
            add(w, 1);
            cut(place, w);
            CHECK(code_thrown([&] { w.integer("SELECT count(*) FROM thing"); }) == "store.connection_lost");
            // What follows in the same transaction must not slip into a new one.
            add(w, 2);
            t.commit();
          }) == "store.connection_lost");
    Transaction t(w, Order::exclusive);
    CHECK(w.integer("SELECT count(*) FROM thing") == 0);
    add(w, 3);
    t.commit();
    CHECK(db->reader()->integer("SELECT count(*) FROM thing") == 1);
  }

  TEST_CASE("a connection cut between transactions is no loss") {
    const DatabaseForTests place;
    auto db = place.open();
    migrate(*db, tables);
    cut(place, db->writer());
    {
      Transaction t(db->writer(), Order::exclusive);
      CHECK(db->writer().integer("SELECT count(*) FROM thing") == 0);
      add(db->writer(), 1);
      t.commit();
    }
    cut(place, *db->reader());
    CHECK(db->reader()->integer("SELECT count(*) FROM thing") == 1);
    // But a snapshot that was looked at is not quietly exchanged for another.
    auto snapshot = db->reader();
    CHECK(snapshot->integer("SELECT count(*) FROM thing") == 1);
    cut(place, *snapshot);
    CHECK(code_thrown([&] { snapshot->integer("SELECT count(*) FROM thing"); }) == "store.connection_lost");
  }

  TEST_CASE("the server is gone, and back") {
    const DatabaseForTests place;
    auto db = place.open();
    migrate(*db, tables);
    add(db->writer(), 1);
    CHECK(db->reader()->integer("SELECT count(*) FROM thing") == 1);
    ServerForTests::get().kill();
    for (int i = 0; i < 2; ++i) {
      CHECK(code_thrown([&] { db->reader()->integer("SELECT 1"); }).starts_with("store.c"));
      CHECK(code_thrown([&] {
              Transaction t(db->writer(), Order::exclusive);
              db->writer().integer("SELECT 1");
            }).starts_with("store.c"));
    }
    ServerForTests::get().start();
    CHECK(db->reader()->integer("SELECT count(*) FROM thing") == 1);
    Transaction t(db->writer());
    add(db->writer(), 2);
    t.commit();
    CHECK(db->reader()->integer("SELECT count(*) FROM thing") == 2);
  }

  TEST_CASE("a commit whose answer was lost says so, and the next transaction sees what became of it") {
    const DatabaseForTests place;
    RelayForTests relay(place.address());
    auto db = open_store({relay.url()});
    migrate(*db, tables);
    relay.lose_next_commit();
    CHECK(code_thrown([&] {
            Transaction t(db->writer(), Order::exclusive);
            add(db->writer(), 1);
            t.commit();
          }) == "store.commit_unknown");
    CHECK(relay.lost());
    Transaction t(db->writer(), Order::exclusive);
    CHECK(db->writer().integer("SELECT count(*) FROM thing") == 1);
  }

  TEST_CASE("a server of another encoding is refused, an address without a server as well") {
    const DatabaseForTests place;
    place.open()->writer().script("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    std::string url = ServerForTests::get().url();
    url.replace(url.find("/postgres?"), 10, "/latin?");
    CHECK(code_thrown([&] { open_store({url}); }) == "store.cannot_open");
    url.replace(url.find("/latin?"), 7, "/none?");
    CHECK(code_thrown([&] { open_store({url}); }) == "store.cannot_open");
  }
}
