// Several nodes over one database: each an executor, or a whole engine, of its own.
#include <doctest/doctest.h>

#include <atomic>
#include <random>
#include <thread>

#include "engine/lamp_for_tests.hpp"
#include "store/relay_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::engine;

namespace {

/// One more node of the city: its own connection, tree and cache.
struct Node {
  std::unique_ptr<store::Database> db;
  std::unique_ptr<Executor> executor;
  explicit Node(City& city) : db(city.place.open()), executor(city.executor(*db)) {}
};

}  // namespace

TEST_CASE("two nodes that take turns at random keep one journal, dense, sound, and the same when replayed") {
  for (const unsigned seed : {1U, 2U, 3U}) {
    INFO("seed " << seed);
    City city;
    Node nodes[] = {Node(city), Node(city)};
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(random); };
    std::size_t done = 0, refused = 0;
    for (int turn = 0; turn < 300; ++turn) {
      Executor& executor = *nodes[below(2)].executor;
      std::vector<Pending> batch;
      for (unsigned i = below(4) + 1; i > 0; --i) {
        // Few lamps and few keys, so that both nodes work on the same ones and send the same command again.
        const std::string lamp = "lamp/" + std::to_string(below(12));
        const bool creates = below(3) == 0;
        batch.push_back({light((creates ? "make-" : "light-") + lamp + "-" + std::to_string(below(4)), lamp, creates),
                         [&](const Answer& a) { ++(a ? done : refused); }});
      }
      executor.execute(batch);
      if (below(5) == 0) city.clock.advance(std::chrono::minutes(below(50)));
      if (below(3) == 0) {
        auto due = nodes[below(2)].executor->due(10);
        nodes[below(2)].executor->execute(due);
      }
    }
    CHECK(done > 50);
    CHECK(refused > 50);
    CHECK(city.count("SELECT count(*) FROM event") == city.count("SELECT max(position) FROM event"));
    CHECK(city.sound());
  }
}

TEST_CASE("a command that one node has carried out is known to the other") {
  City city;
  Node a(city), b(city);
  const auto first = one(*a.executor, light("k", "lamp/1"));
  REQUIRE(first.has_value());
  const auto again = one(*b.executor, light("k", "lamp/another"));
  REQUIRE(again.has_value());
  CHECK(again->repeated);
  CHECK(again->stream == "lamp/1");
  CHECK(again->position == first->position);
  // What the other node did to a stream that this one holds in its cache.
  CHECK(one(*b.executor, light("l", "lamp/1", false)).error().code == "lamp.lit");
  city.clock.advance(std::chrono::hours(2));
  auto due = a.executor->due(10);
  a.executor->execute(due);
  CHECK(one(*b.executor, light("m", "lamp/1", false)).has_value());
  CHECK(city.sound());
}

TEST_CASE("a deadline that both nodes see fires once, and one that its node did not live to see fires on the other") {
  City city;
  Node a(city);
  auto b = std::make_unique<Node>(city);
  one(*a.executor, light("a", "lamp/1"));
  one(*b->executor, light("b", "lamp/2"));
  city.clock.advance(std::chrono::minutes(61));
  auto due_a = a.executor->due(10), due_b = b->executor->due(10);
  CHECK(due_a.size() == 2);
  CHECK(due_b.size() == 2);
  a.executor->execute(due_a);
  b->executor->execute(due_b);
  CHECK(city.count("SELECT count(*) FROM event") == 6);
  // Armed by one, which then is gone; the other never heard of it.
  one(*b->executor, light("c", "lamp/3"));
  b.reset();
  city.clock.advance(std::chrono::minutes(61));
  a.executor->in_transaction([](store::Session&) {});
  auto due = a.executor->due(10);
  REQUIRE(due.size() == 1);
  a.executor->execute(due);
  CHECK(city.count("SELECT lit FROM lamp WHERE times = 1 ORDER BY stream DESC LIMIT 1") == 0);
  CHECK(city.sound());
}

TEST_CASE("a node that was away for long takes up the tree from its tiles") {
  City city;
  Node a(city), b(city);
  one(*b.executor, light("b", "lamp/b"));
  for (int i = 0; i < 40; ++i) {
    std::vector<Pending> batch;
    for (int k = 0; k < 40; ++k)
      batch.push_back(
          {light("a-" + std::to_string(i) + "-" + std::to_string(k), "lamp/" + std::to_string(i * 40 + k)), {}});
    a.executor->execute(batch);
  }
  CHECK(one(*b.executor, light("late", "lamp/late")).has_value());
  CHECK(b.executor->journal().size() == 3204);
  CHECK(city.sound());
}

TEST_CASE("a database that was set back is not written on") {
  City city;
  Node a(city);
  one(*a.executor, light("a", "lamp/1"));
  one(*a.executor, light("b", "lamp/2"));
  city.db->writer().script("DELETE FROM event WHERE position > 2; DELETE FROM head WHERE size > 2");
  CHECK(one(*a.executor, light("c", "lamp/3")).error().code == "journal.cut");
  CHECK(city.count("SELECT max(position) FROM event") == 2);
}

TEST_CASE("two engines under load at once: what either acknowledged is there exactly once") {
  City city;
  auto db_a = city.place.open(), db_b = city.place.open();
  {
    Engine a(city.executor(*db_a)), b(city.executor(*db_b));
    a.start();
    b.start();
    std::vector<std::thread> clients;
    std::atomic<int> done = 0;
    for (int c = 0; c < 8; ++c)
      clients.emplace_back([&, c] {
        for (int i = 0; i < 40; ++i) {
          const std::string id = std::to_string(c) + "-" + std::to_string(i);
          Engine& first = (c + i) % 2 ? a : b;
          Engine& second = (c + i) % 2 ? b : a;
          if (first.carry_out(light(id, "lamp/" + id)).has_value()) ++done;
          const auto again = second.carry_out(light(id, "lamp/x" + id));
          if (again && again->repeated) ++done;
        }
      });
    for (auto& t : clients) t.join();
    CHECK(done == 640);
  }
  CHECK(city.count("SELECT count(*) FROM lamp") == 320);
  CHECK(city.count("SELECT count(*) FROM outbox") == 320);
  CHECK(city.sound());
}

TEST_CASE("a commit whose answer was lost is not acknowledged, and the command sent again finds itself" *
          doctest::skip(!store::tests_on_postgres())) {
  City city;
  store::RelayForTests relay(city.place.address());
  const auto db = store::open_store({relay.url()});
  const auto executor = city.executor(*db);
  one(*executor, light("before", "lamp/0"));
  for (const int commands : {1, 3}) {
    INFO(commands << " commands");
    std::vector<Pending> batch;
    std::vector<std::string> codes;
    const auto note = [&](const Answer& a) { codes.push_back(a ? a->repeated ? "again" : "done" : a.error().code); };
    const auto fill = [&] {
      batch.clear();
      codes.clear();
      for (int i = 0; i < commands; ++i) {
        const std::string id = std::to_string(commands) + "-" + std::to_string(i);
        batch.push_back({light(id, "lamp/" + id), note});
      }
    };
    fill();
    relay.lose_next_commit();
    executor->execute(batch);
    CHECK(codes == std::vector<std::string>(static_cast<std::size_t>(commands), "store.commit_unknown"));
    fill();
    executor->execute(batch);
    CHECK(codes == std::vector<std::string>(static_cast<std::size_t>(commands), "again"));
  }
  CHECK(city.count("SELECT count(*) FROM lamp") == 5);
  CHECK(city.sound());
}
