#include <doctest/doctest.h>

#include <thread>

#include "base/temporary_folder.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"

using namespace tongdian;
using namespace tongdian::store;

namespace {

constexpr Migration tables[] = {
    {1, "things", "CREATE TABLE thing (id BIGINT_KEY, name TEXT NOT NULL, weight DOUBLE PRECISION, body BYTES)"},
    {2, "names once", "CREATE UNIQUE INDEX thing_name ON thing (name)"},
};

std::string code_thrown(const std::function<void()>& action) {
  try {
    action();
  } catch (const ProblemError& e) {
    return e.problem.code;
  }
  return "";
}

}  // namespace

TEST_CASE("values come back as they went in") {
  const TemporaryFolder folder;
  auto db = open_sqlite({folder.path / "a.db"});
  migrate(*db, tables);
  auto& w = db->writer();
  const Bytes body{0, 1, 255};
  w.run("INSERT INTO thing (id, name, weight, body) VALUES ($1, $2, $3, $4)",
        {std::int64_t{7}, std::string_view("通电"), 1.5, ByteView(body)});
  w.run("INSERT INTO thing (body, weight, name, id) VALUES ($4, $3, $2, $1)",
        {std::int64_t{8}, std::string_view(""), null, null});
  int rows = 0;
  w.query("SELECT id, name, weight, body FROM thing ORDER BY id", {}, [&](const Row& row) {
    if (++rows == 1) {
      CHECK(row.integer(0) == 7);
      CHECK(row.text(1) == "通电");
      CHECK(row.real(2) == 1.5);
      CHECK(std::ranges::equal(row.bytes(3), body));
    } else {
      CHECK(row.text(1).empty());
      CHECK(row.is_null(2));
      CHECK(row.is_null(3));
    }
  });
  CHECK(rows == 2);
}

TEST_CASE("a transaction is whole or not at all, and readers see what is committed") {
  const TemporaryFolder folder;
  auto db = open_sqlite({folder.path / "a.db"});
  migrate(*db, tables);
  auto& w = db->writer();
  const auto count = [&] { return *db->reader()->integer("SELECT count(*) FROM thing"); };
  {
    Transaction t(w);
    w.run("INSERT INTO thing (id, name) VALUES (1, 'a')");
    CHECK(count() == 0);
  }
  CHECK(count() == 0);
  {
    Transaction t(w);
    w.run("INSERT INTO thing (id, name) VALUES (1, 'a')");
    t.commit();
  }
  CHECK(count() == 1);
  auto snapshot = db->reader();
  CHECK(*snapshot->integer("SELECT count(*) FROM thing") == 1);
  w.run("INSERT INTO thing (id, name) VALUES (2, 'b')");
  CHECK(*snapshot->integer("SELECT count(*) FROM thing") == 1);
  CHECK(count() == 2);
}

TEST_CASE("failures have codes") {
  const TemporaryFolder folder;
  auto db = open_sqlite({folder.path / "a.db"});
  migrate(*db, tables);
  auto& w = db->writer();
  w.run("INSERT INTO thing (id, name) VALUES (1, 'a')");
  CHECK(code_thrown([&] { w.run("INSERT INTO thing (id, name) VALUES (2, 'a')"); }) == "store.constraint");
  CHECK(code_thrown([&] { w.run("SELEC 1"); }) == "store.failed");
  CHECK(code_thrown([&] { db->reader()->run("DELETE FROM thing"); }) == "store.read_only");
  CHECK(code_thrown([&] { open_sqlite({folder.path / "no" / "where.db"}); }) == "store.cannot_open");
  // After a failure the session goes on.
  CHECK(*w.integer("SELECT count(*) FROM thing") == 1);
}

TEST_CASE("migrations run once, and newer data are refused") {
  const TemporaryFolder folder;
  auto db = open_sqlite({folder.path / "a.db"});
  migrate(*db, tables);
  migrate(*db, tables);
  CHECK(schema_version(db->writer()) == 2);
  CHECK(code_thrown([&] { migrate(*db, std::span(tables).first(1)); }) == "store.newer");
}

TEST_CASE("the pool hands out as many readers as it has, and waits") {
  const TemporaryFolder folder;
  auto db = open_sqlite({folder.path / "a.db", false, 2});
  migrate(*db, tables);
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 50; ++k) done += static_cast<int>(*db->reader()->integer("SELECT 1"));
    });
  for (auto& t : threads) t.join();
  CHECK(done == 400);
}
