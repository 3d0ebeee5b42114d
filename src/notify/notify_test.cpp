// The outbox: what waits in it goes in its order, and a row that cannot go holds up no other.
#include "notify/notify.hpp"

#include <doctest/doctest.h>

#include "engine/lamp_for_tests.hpp"

using namespace tongdian;

namespace {

struct House {
  engine::City city;
  std::unique_ptr<engine::Executor> executor = city.executor();
  std::vector<std::string> carried, told;
  std::string broken;  ///< the payload that cannot go
  Problem why = failure("test.cannot", {"不行", "it cannot"});
  notify::Outbox outbox{[](const std::string&, const std::string&) { return Sentence{}; },
                        [this](store::Session& session, const std::string&, const std::string& payload) {
                          session.run("UPDATE lamp SET times = times WHERE stream = 0", {});
                          if (payload == broken) throw ProblemError(why);
                          carried.push_back(payload);
                        },
                        [this](const std::string& topic, const std::string&) { told.push_back(topic); }};

  void put(std::int64_t id, const char* payload) {
    executor->in_transaction([&](store::Session& session) {
      session.run("INSERT INTO outbox (id, topic, stream, payload) VALUES ($1, 'errand', 0, $2)",
                  {id, std::string_view(payload)});
    });
  }
  void pulse() { outbox.empty(*executor, *city.db, city.clock.now()); }
  std::int64_t left() { return city.count("SELECT count(*) FROM outbox"); }
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("all that waits goes together, the lowest number first") {
  House house;
  house.put(2, "b");
  house.put(1, "a");
  house.put(3, "c");
  house.pulse();
  CHECK(house.carried == Words{"a", "b", "c"});
  CHECK(house.left() == 0);
  house.pulse();
  CHECK(house.carried.size() == 3);
}

TEST_CASE("one that cannot go holds up no other, is tried three times, and then lies aside") {
  House house;
  house.broken = "b";
  for (std::int64_t id = 1; id <= 3; ++id) house.put(id, std::string(1, static_cast<char>('a' + id - 1)).c_str());
  house.pulse();
  // The first try is of all together: what it carried was not kept, and goes once more, alone.
  CHECK(house.carried == Words{"a", "a", "c"});
  CHECK(house.left() == 1);
  CHECK(house.told.empty());
  house.put(4, "d");
  house.pulse();
  house.pulse();
  CHECK(house.told == Words{"errand"});
  CHECK(notify::set_aside(*house.city.db->reader()) == 1);
  house.carried.clear();
  house.put(5, "e");
  house.pulse();
  CHECK(house.carried == Words{"e"});
  CHECK(house.left() == 1);
}

TEST_CASE("one that can go at the second try goes, and none lies aside") {
  House house;
  house.broken = "a";
  house.put(1, "a");
  house.pulse();
  house.pulse();
  house.broken.clear();
  house.pulse();
  CHECK(house.left() == 0);
  CHECK(notify::set_aside(*house.city.db->reader()) == 0);
  house.broken = "a";
  house.put(1, "a");
  house.pulse();
  house.pulse();
  CHECK(notify::set_aside(*house.city.db->reader()) == 0);
}

TEST_CASE("where the database is to blame no row is") {
  House house;
  house.broken = "a";
  house.why = failure("store.disk_full", {"磁盘已满", "the disk is full"});
  house.put(1, "a");
  for (int i = 0; i < 5; ++i) CHECK_THROWS_AS(house.pulse(), ProblemError);
  CHECK(notify::set_aside(*house.city.db->reader()) == 0);
  house.why = failure("store.constraint", {"违反约束", "a constraint is broken"});
  for (int i = 0; i < 3; ++i) house.pulse();
  CHECK(notify::set_aside(*house.city.db->reader()) == 1);
}
