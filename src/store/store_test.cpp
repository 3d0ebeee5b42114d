#include <doctest/doctest.h>

#include <thread>

#include "store/database_for_tests.hpp"
#include "store/migrations.hpp"

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
  const DatabaseForTests place;
  auto db = place.open();
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
      CHECK(row.type(0) == Type::integer);
      CHECK(row.type(1) == Type::text);
      CHECK(row.name(1) == "name");
    }
  });
  CHECK(rows == 2);
}

TEST_CASE("a transaction is whole or not at all, and readers see what is committed") {
  const DatabaseForTests place;
  auto db = place.open();
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
  const DatabaseForTests place;
  auto db = place.open();
  migrate(*db, tables);
  auto& w = db->writer();
  w.run("INSERT INTO thing (id, name) VALUES (1, 'a')");
  CHECK(code_thrown([&] { w.run("INSERT INTO thing (id, name) VALUES (2, 'a')"); }) == "store.constraint");
  CHECK(code_thrown([&] { w.run("SELEC 1"); }) == "store.failed");
  CHECK(code_thrown([&] {
          auto reader = db->reader();
          reader->run("DELETE FROM thing");
          reader->integer("SELECT 1");
        }) == "store.read_only");
  for (const char* nowhere : {"/no/where.db", "postgresql:///x?host=/no/where"})
    CHECK(code_thrown([&] { open_store({nowhere}); }) == "store.cannot_open");
  // After a failure the session goes on.
  CHECK(*w.integer("SELECT count(*) FROM thing") == 1);
}

TEST_CASE("migrations run once, and newer data are refused") {
  const DatabaseForTests place;
  auto db = place.open();
  migrate(*db, tables);
  migrate(*db, tables);
  CHECK(schema_version(*db, db->writer()) == 2);
  CHECK(code_thrown([&] { migrate(*db, std::span(tables).first(1)); }) == "store.newer");
}

TEST_CASE("the pool hands out as many readers as it has, and waits") {
  const DatabaseForTests place;
  auto db = place.open(false, 2);
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

TEST_CASE("what fails in a transaction fails at the latest at its commit, and nothing of it is there") {
  const DatabaseForTests place;
  auto db = place.open();
  migrate(*db, tables);
  auto& w = db->writer();
  const auto both = [&](bool with_query) {
    return code_thrown([&] {
      Transaction t(w, Order::exclusive);
      w.run("INSERT INTO thing (id, name) VALUES ($1, $2)", {std::int64_t{1}, std::string_view("a")});
      w.run("INSERT INTO thing (id, name) VALUES ($1, $2)", {std::int64_t{2}, std::string_view("a")});
      w.run("INSERT INTO thing (id, name) VALUES ($1, $2)", {std::int64_t{3}, std::string_view("c")});
      if (with_query) w.integer("SELECT count(*) FROM thing");
      t.commit();
    });
  };
  CHECK(both(false) == "store.constraint");
  CHECK(both(true) == "store.constraint");
  CHECK(code_thrown([&] {
          Transaction t(w);
          w.run("INSERT INTO nothing (id) VALUES ($1)", {std::int64_t{1}});
          t.commit();
        }) == "store.failed");
  CHECK(*w.integer("SELECT count(*) FROM thing") == 0);
  // A statement that was prepared in a group that failed is there afterwards.
  Transaction t(w);
  w.run("INSERT INTO thing (id, name) VALUES ($1, $2)", {std::int64_t{3}, std::string_view("c")});
  w.run("INSERT INTO thing (id, name, weight) VALUES ($1, $2, $3)", {std::int64_t{4}, std::string_view("d"), null});
  w.run("INSERT INTO thing (id, name, weight) VALUES ($1, $2, $3)", {std::int64_t{5}, std::string_view("e"), 0.5});
  t.commit();
  CHECK(*db->reader()->integer("SELECT count(*) FROM thing") == 3);
}

TEST_CASE("a query within the rows of another, and a callback that throws") {
  const DatabaseForTests place;
  auto db = place.open();
  migrate(*db, tables);
  auto& w = db->writer();
  {
    Transaction t(w);
    for (std::int64_t i = 1; i <= 3000; ++i) {
      const std::string name = "thing " + std::to_string(i);
      w.run("INSERT INTO thing (id, name) VALUES ($1, $2)", {i, std::string_view(name)});
    }
    t.commit();
  }
  auto reader = db->reader();
  std::int64_t rows = 0, same = 0;
  reader->query("SELECT id, name FROM thing ORDER BY id", {}, [&](const Row& row) {
    const std::int64_t id = row.integer(0);
    if (++rows % 100 == 0) {
      const auto name = reader->text("SELECT name FROM thing WHERE id = $1", {id});
      if (name == row.text(1)) ++same;
    }
  });
  CHECK(rows == 3000);
  CHECK(same == 30);
  CHECK_THROWS_AS(reader->query("SELECT id FROM thing", {}, [](const Row&) { throw std::runtime_error("enough"); }),
                  std::runtime_error);
  CHECK(*reader->integer("SELECT count(*) FROM thing") == 3000);
}

TEST_CASE("texts sort by their bytes") {
  const DatabaseForTests place;
  auto db = place.open();
  migrate(*db, tables);
  std::int64_t id = 0;
  for (const char* name : {"b", "B", "a~", "ab", "通", "Z", "-a"})
    db->writer().run("INSERT INTO thing (id, name) VALUES ($1, $2)", {++id, std::string_view(name)});
  std::string all;
  db->reader()->query("SELECT name FROM thing ORDER BY name", {}, [&](const Row& row) { all += row.text(0); });
  CHECK(all == "-aBZaba~b通");
  CHECK(db->reader()->integer("SELECT count(*) FROM thing WHERE name >= 'a' AND name < 'a~'") == 1);
}

TEST_CASE("two who migrate and write at once stand in each other's way for no longer than it takes") {
  const DatabaseForTests place;
  std::vector<std::thread> nodes;
  std::atomic<int> failed = 0;
  for (int n = 0; n < 2; ++n)
    nodes.emplace_back([&, n] {
      try {
        auto db = place.open();
        migrate(*db, tables);
        for (int i = 0; i < 100; ++i) {
          Transaction t(db->writer(), Order::exclusive);
          // Dense numbers: read what is there, then write the next.
          const std::int64_t next = db->writer().integer("SELECT max(id) FROM thing").value_or(0) + 1;
          const std::string name = std::to_string(n) + "-" + std::to_string(i);
          db->writer().run("INSERT INTO thing (id, name) VALUES ($1, $2)", {next, std::string_view(name)});
          t.commit();
        }
      } catch (const std::exception& e) {
        MESSAGE(e.what());
        ++failed;
      }
    });
  for (auto& t : nodes) t.join();
  CHECK(failed == 0);
  CHECK(place.open()->reader()->integer("SELECT max(id) FROM thing") == 200);
}
