// A room as small as can be, with its city: what the engine's tests drive.
#pragma once

#include "base/time_text.hpp"
#include "engine/engine.hpp"
#include "engine/replay.hpp"
#include "journal/person_search.hpp"
#include "journal/verify.hpp"
#include "store/database_for_tests.hpp"
#include "store/sqlite.hpp"

namespace tongdian::engine {

/// A lamp that is lit and goes out by itself after an hour.
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

inline const store::Migration tables[] = {
    journal::migration,
    journal::vault_migration,
    migration,
    {4, "lamp",
     "CREATE TABLE lamp (stream BIGINT_KEY, lit SMALLINT NOT NULL, times BIGINT NOT NULL CHECK (times >= 0))"},
    {5, journal::rotation_migration.name, journal::rotation_migration.sql},
    {6, journal::search_migration.name, journal::search_migration.sql},
    {7, journal::belongs_migration.name, journal::belongs_migration.sql}};

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
  std::unique_ptr<Executor> executor() { return executor(*db); }
  std::unique_ptr<Executor> executor(store::Database& database) {
    return std::make_unique<Executor>(
        database, journal::Journal(database.writer(), journal::SigningKey(journal::Suite::standard, Hash{1}), random),
        std::vector<const Behaviour*>{&lamp}, clock);
  }
  std::int64_t count(const char* sql) { return db->writer().integer(sql).value_or(-1); }
  bool sound() {
    auto scratch = store::open_sqlite({":memory:"});
    store::migrate(*scratch, tables);
    return journal::verify(db->writer()).wrong.empty() && replay(db->writer(), scratch->writer(), {&lamp}).same();
  }
};

inline Command light(const std::string& id, const std::string& stream, bool creates = true) {
  Command c;
  c.id = id;
  c.stream = stream;
  c.creates = creates;
  c.actor = {"staff", "u1"};
  c.channel = "desk";
  c.body = std::make_shared<Light>();
  return c;
}

inline Answer one(Executor& executor, Command command) {
  std::optional<Answer> out;
  std::vector<Pending> batch;
  batch.push_back({std::move(command), [&](const Answer& a) { out = a; }});
  executor.execute(batch);
  return *out;
}

}  // namespace tongdian::engine
