#include "engine/engine.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

#include "base/time_text.hpp"
#include "engine/replay.hpp"
#include "store/database_for_tests.hpp"
#include "store/sqlite.hpp"

using namespace tongdian;
using namespace tongdian::engine;

namespace {

// A room as small as can be: a lamp that is lit and goes out by itself after an hour.
struct Light : Body {};
struct GoOut : Body {};
struct Poison : Body {};

struct LampState : State {
  bool lit = false;
  std::int64_t times = 0;
  Instant since{};
};

class Lamp final : public Behaviour {
 public:
  std::string_view kind() const override { return "lamp"; }
  std::string pack() const override { return "test@1"; }
  std::unique_ptr<State> initial() const override { return std::make_unique<LampState>(); }
  Result<std::vector<NewEvent>> decide(const State& state, const Command& command, Instant now) const override {
    const auto& s = static_cast<const LampState&>(state);
    if (dynamic_cast<const Light*>(command.body.get())) {
      if (s.lit) return refusal("lamp.lit", {"灯已亮", "the lamp is lit"});
      return std::vector<NewEvent>{{"lamp.lit", json::Object{}}, {"lamp.noticed", json::Object{}}};
    }
    if (dynamic_cast<const Poison*>(command.body.get()))
      return std::vector<NewEvent>{{"lamp.poisoned", json::Object{}}};
    if (s.lit && now >= s.since + std::chrono::hours(1))
      return std::vector<NewEvent>{{"lamp.went_out", json::Object{}}};
    return std::vector<NewEvent>{};
  }
  void evolve(State& state, const Event& event) const override {
    auto& s = static_cast<LampState&>(state);
    if (event.type == "lamp.lit") {
      s.lit = true;
      s.since = event.recorded_at;
      ++s.times;
    }
    if (event.type == "lamp.went_out") s.lit = false;
    if (event.type == "lamp.poisoned") s.times = -1;
  }
  std::optional<Instant> wake_at(const State& state) const override {
    const auto& s = static_cast<const LampState&>(state);
    return s.lit ? std::optional(s.since + std::chrono::hours(1)) : std::nullopt;
  }
  std::shared_ptr<const Body> wake() const override { return std::make_shared<GoOut>(); }
  void project(store::Session& session, std::int64_t id, const State& state) const override {
    const auto& s = static_cast<const LampState&>(state);
    session.run(
        "INSERT INTO lamp (stream, lit, times) VALUES ($1, $2, $3) ON CONFLICT (stream) DO UPDATE SET lit = excluded.lit, times = excluded.times",
        {id, std::int64_t{s.lit}, s.times});
  }
  std::vector<std::string> view_tables() const override { return {"lamp"}; }
  std::vector<Message> messages(const Event& event, const State&) const override {
    if (event.type == "lamp.lit") return {{"lamp", json::Object{{"stream", event.stream}}}};
    return {};
  }
};

const store::Migration tables[] = {
    journal::migration,
    journal::vault_migration,
    migration,
    {4, "lamp",
     "CREATE TABLE lamp (stream BIGINT_KEY, lit SMALLINT NOT NULL, times BIGINT NOT NULL CHECK (times >= 0))"}};

struct City {
  store::DatabaseForTests place;
  SeededRandom random{1};
  ManualClock clock{*parse_instant("2021-11-15T09:00:00+08:00")};
  Lamp lamp;
  std::unique_ptr<store::Database> db;

  City() { open(); }
  void open() {
    db = place.open();
    store::migrate(*db, tables);
  }
  std::unique_ptr<Executor> executor() {
    return std::make_unique<Executor>(*db, journal::Journal(db->writer(), journal::SigningKey(Hash{1}), random),
                                      std::vector<const Behaviour*>{&lamp}, clock);
  }
  std::int64_t count(const char* sql) { return db->writer().integer(sql).value_or(-1); }
  bool sound() {
    auto scratch = store::open_sqlite({":memory:"});
    store::migrate(*scratch, tables);
    return journal::verify(db->writer()).wrong.empty() && replay(db->writer(), scratch->writer(), {&lamp}).same();
  }
};

Command light(const std::string& id, const std::string& stream, bool creates = true) {
  Command c;
  c.id = id;
  c.stream = stream;
  c.creates = creates;
  c.actor = {"staff", "u1"};
  c.channel = "desk";
  c.body = std::make_shared<Light>();
  return c;
}

Answer one(Executor& executor, Command command) {
  std::optional<Answer> out;
  std::vector<Pending> batch;
  batch.push_back({std::move(command), [&](const Answer& a) { out = a; }});
  executor.execute(batch);
  return *out;
}

}  // namespace

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
