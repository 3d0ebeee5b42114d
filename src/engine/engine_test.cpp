#include "engine/engine.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

#include "engine/lamp_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::engine;

TEST_CASE("a command is carried out once, however often it comes") {
  City city;
  auto executor = city.executor();
  const auto first = one(*executor, light("a", "lamp/1"));
  REQUIRE(first.has_value());
  CHECK(first->sequence == 2);
  CHECK(!first->repeated);
  const auto again = one(*executor, light("a", "lamp/other"));
  REQUIRE(again.has_value());
  CHECK(again->repeated);
  CHECK(again->stream == "lamp/1");
  CHECK(again->position == first->position);
  CHECK(one(*executor, light("b", "lamp/1")).error().code == "engine.stream_exists");
  CHECK(one(*executor, light("c", "lamp/1", false)).error().code == "lamp.lit");
  CHECK(one(*executor, light("d", "lamp/9", false)).error().code == "engine.no_such_stream");
  Command other = light("a", "lamp/2");
  other.fingerprint = "another content";
  CHECK(one(*executor, other).error().code == "engine.key_reused");
  // After a restart the answers are the same.
  executor = city.executor();
  CHECK(one(*executor, light("a", "lamp/1"))->repeated);
  CHECK(city.count("SELECT count(*) FROM event") == 2);
  CHECK(city.count("SELECT count(*) FROM outbox") == 1);
  CHECK(city.sound());
}

TEST_CASE("of two who act on what they saw, one is told to look again") {
  City city;
  auto executor = city.executor();
  one(*executor, light("a", "lamp/1"));
  city.clock.advance(std::chrono::hours(2));
  auto due = executor->due(10);
  executor->execute(due);
  Command left = light("l", "lamp/1", false), right = light("r", "lamp/1", false);
  left.expected_sequence = right.expected_sequence = 3;
  CHECK(one(*executor, left).has_value());
  CHECK(one(*executor, right).error().code == "engine.conflict");
}

TEST_CASE("a due deadline enters by the same door, once, also after a restart") {
  City city;
  auto executor = city.executor();
  one(*executor, light("a", "lamp/1"));
  city.clock.advance(std::chrono::minutes(59));
  CHECK(executor->due(10).empty());
  city.clock.advance(std::chrono::minutes(1));
  executor = city.executor();
  auto due = executor->due(10);
  REQUIRE(due.size() == 1);
  executor->execute(due);
  CHECK(executor->due(10).empty());
  CHECK(city.count("SELECT lit FROM lamp") == 0);
  CHECK(!executor->next_wake());
  CHECK(city.sound());
}

TEST_CASE("a command that cannot be written fails alone, and the batch around it stands") {
  City city;
  auto executor = city.executor();
  one(*executor, light("a", "lamp/1"));
  std::vector<Pending> batch;
  std::vector<std::string> codes;
  const auto note = [&](const Answer& a) { codes.push_back(a ? "done" : a.error().code); };
  Command poison = light("p", "lamp/1", false);
  poison.body = std::make_shared<Poison>();
  batch.push_back({light("b", "lamp/2"), note});
  batch.push_back({poison, note});
  batch.push_back({light("c", "lamp/3"), note});
  executor->execute(batch);
  CHECK(codes == std::vector<std::string>{"done", "store.constraint", "done"});
  CHECK(city.count("SELECT count(*) FROM lamp") == 3);
  CHECK(city.sound());
}

TEST_CASE("a clock that is set back records nothing under a time that has passed") {
  City city;
  auto executor = city.executor();
  one(*executor, light("a", "lamp/1"));
  city.clock.advance(-std::chrono::seconds(1));
  CHECK(one(*executor, light("b", "lamp/2")).has_value());
  city.clock.advance(-std::chrono::hours(1));
  CHECK(one(*executor, light("c", "lamp/3")).error().code == "engine.clock_behind");
  executor = city.executor();
  CHECK(one(*executor, light("c", "lamp/3")).error().code == "engine.clock_behind");
  city.clock.advance(std::chrono::hours(2));
  CHECK(one(*executor, light("c", "lamp/3")).has_value());
  CHECK(city.sound());
}

TEST_CASE("replay sees a read model that was changed by hand") {
  City city;
  auto executor = city.executor();
  one(*executor, light("a", "lamp/1"));
  one(*executor, light("b", "lamp/2"));
  CHECK(city.sound());
  city.db->writer().script("UPDATE lamp SET times = 5 WHERE stream = 1");
  CHECK(!city.sound());
}

TEST_CASE("many clients, one writer: every acknowledged command is there exactly once") {
  City city;
  {
    Engine engine(city.executor());
    engine.start();
    std::vector<std::thread> clients;
    std::atomic<int> done = 0;
    for (int c = 0; c < 8; ++c)
      clients.emplace_back([&, c] {
        for (int i = 0; i < 50; ++i) {
          const std::string id = std::to_string(c) + "-" + std::to_string(i);
          if (engine.carry_out(light(id, "lamp/" + id)).has_value()) ++done;
          if (engine.carry_out(light(id, "lamp/x" + id))->repeated) ++done;
        }
      });
    for (auto& t : clients) t.join();
    CHECK(done == 800);
    engine.stop();
    CHECK(engine.carry_out(light("late", "lamp/late")).error().code == "engine.stopping");
  }
  CHECK(city.count("SELECT count(*) FROM lamp") == 400);
  CHECK(city.sound());
}
