// The engine over a whole life of its own: clock, disk and clients come from a seed. The disk fails, fills up and loses its power, the clock jumps
// ahead and back, clients ask for things in any order and ask again when they get no answer. What must hold, whatever happens: each acknowledged
// command is in the journal exactly once and gives the same answer again, the journal verifies, a replay makes the same
// views and deadlines, and the outbox holds one row for each thing to be told.
//
//   SIMULATION_SEED=n   the first seed (1); a failure prints the seed that it came from
//   SIMULATION_RUNS=n   how many seeds, some fifty lives each (60)
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>

#include "connection/approved_loads.hpp"
#include "connection/case_view.hpp"
#include "connection/connection.hpp"
#include "connection/team_view.hpp"
#include "connection/whitelist_view.hpp"
#include "connection/world_for_tests.hpp"
#include "engine/executor.hpp"
#include "engine/replay.hpp"
#include "journal/person_search.hpp"
#include "journal/vault_files.hpp"
#include "journal/verify.hpp"
#include "store/simulated_disk_for_tests.hpp"
#include "store/sqlite.hpp"

using namespace tongdian;
using namespace tongdian::connection;

namespace {

const store::Migration tables[] = {journal::migration,
                                   journal::vault_migration,
                                   engine::migration,
                                   connection::migration,
                                   {5, journal::rotation_migration.name, journal::rotation_migration.sql},
                                   {6, journal::files_migration.name, journal::files_migration.sql},
                                   {7, team_migration.name, team_migration.sql},
                                   {8, journal::search_migration.name, journal::search_migration.sql},
                                   {9, journal::belongs_migration.name, journal::belongs_migration.sql},
                                   {10, whitelist_migration.name, whitelist_migration.sql},
                                   {11, approved_migration.name, approved_migration.sql}};

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed)
      : random_(seed),
        calendar_(std::make_shared<const calendar::Calendar>(test_calendar())),
        pack_(policy::load_pack(TONGDIAN_SOURCE_DIR "/packs/yantai-2021-168").value()),
        connection_(pack_, calendar_) {
    clients_.resize(8);
    open();
  }

  void run() {
    for (int tick = 0; tick < 120; ++tick) {
      trouble();
      move_clock();
      send();
      deadlines();
      if (disk_.dark()) restart();
    }
    settle();
  }

  std::uint64_t lives = 0, acknowledged = 0, failed = 0, restarts = 0;

 private:
  /// One who applies for power again and again, and does not know what the last command came to until it is answered.
  struct Client {
    std::string stream;
    std::optional<engine::Command> waiting;  ///< sent, without an answer: sent again as it was
  };

  bool chance(int percent) { return below(100) < static_cast<std::uint64_t>(percent); }
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  void open() {
    for (int attempt = 0;; ++attempt) {
      REQUIRE(attempt < 100);
      try {
        executor_.reset();
        db_.reset();
        db_ = store::open_sqlite({"city.db", false, 2, disk_.name()});
        store::migrate(*db_, tables);
        SeededRandom ids(7);
        executor_ = std::make_unique<engine::Executor>(
            *db_, journal::Journal(db_->writer(), journal::SigningKey(journal::Suite::standard, Hash{1}), ids),
            std::vector<const engine::Behaviour*>{&connection_}, clock_);
        return;
      } catch (const ProblemError&) {
        executor_.reset();
        db_.reset();
        if (disk_.dark()) disk_.restart(random_());
      }
    }
  }

  void restart() {
    executor_.reset();
    db_.reset();
    disk_.restart(random_());
    ++restarts;
    open();
    check_journal();
  }

  void trouble() {
    if (chance(10)) disk_.fail(1 + static_cast<long>(below(40)), SQLITE_IOERR, 1 + static_cast<long>(below(3)));
    if (chance(3)) disk_.fail(1 + static_cast<long>(below(20)), SQLITE_FULL, 1 + static_cast<long>(below(60)));
    if (chance(6)) disk_.cut_power(1 + static_cast<long>(below(60)));
  }

  void move_clock() {
    if (chance(4))
      clock_.set(clock_.now() - std::chrono::minutes(below(180)));
    else if (chance(40))
      clock_.set(clock_.now() + std::chrono::hours(below(60)));
    else
      clock_.set(clock_.now() + std::chrono::seconds(below(900)));
  }

  connection::Command::Any next_step() {
    switch (below(11)) {
      case 0: return AskDocuments{{chance(50) ? "identity" : "business_licence"}};
      case 1: return Supplement{{"identity"}};
      case 2:
      case 3: return Accept{"", {}};
      case 4: return ReplyPlan{"10kV line, pole 12", chance(50) ? "customer_works" : ""};
      case 5: return ReviewDesign{};
      case 6: return InspectMidway{};
      case 7: return TakeBack{{"completion_report_with_drawings"}};
      case 8: return Energise{"M-1"};
      case 9: return Rate{static_cast<int>(1 + below(5))};
      default: return chance(20) ? connection::Command::Any(Withdraw{"changed_mind"}) : RecordDefects{"no earth"};
    }
  }

  engine::Command application() {
    static constexpr const char* kinds[] = {"resident",  "lv_no_works",    "micro",    "10kv_single",
                                            "10kv_dual", "10kv_important", "35kv_dual"};
    Opening o;
    o.number = "TD-" + std::to_string(++lives);
    const auto& area = pack_->areas()[below(pack_->areas().size())];
    o.area = area.code;
    o.township = area.townships[below(area.townships.size())].code;
    o.enterprise = "sgcc-yantai";
    o.facts = facts_of(kinds[below(std::size(kinds))]);
    engine::Command c = command(Submit{o});
    c.stream = "case/" + o.number;
    c.creates = true;
    return c;
  }

  engine::Command command(connection::Command::Any any) {
    engine::Command c;
    c.id = "k" + std::to_string(++keys_);
    c.fingerprint = c.id;
    c.actor = {"staff", "sim"};
    c.channel = "online";
    c.body = std::make_shared<connection::Command>(std::move(any));
    return c;
  }

  void send() {
    std::vector<engine::Pending> batch;
    for (auto& client : clients_) {
      if (!client.waiting) {
        if (chance(30)) continue;
        if (client.stream.empty() || chance(5)) {
          client.waiting = application();
          client.stream = client.waiting->stream;
        } else {
          client.waiting = command(next_step());
          client.waiting->stream = client.stream;
        }
      }
      const int copies = chance(5) ? 2 : 1;  // an impatient finger
      for (int i = 0; i < copies; ++i)
        batch.push_back({*client.waiting, [this, &client, id = client.waiting->id](const engine::Answer& a) {
                           answered(client, id, a);
                         }});
    }
    executor_->execute(batch);
  }

  void answered(Client& client, const std::string& id, const engine::Answer& answer) {
    if (answer.has_value()) {
      ++acknowledged;
      const auto [seen, fresh] = acks_.try_emplace(id, *answer);
      if (!fresh) CHECK(seen->second.position == answer->position);
      sent_[id] = *client.waiting;
      if (client.waiting && client.waiting->id == id) done_.push_back(&client);
    } else if (answer.error().kind == Problem::Kind::failure) {
      ++failed;
    } else {
      done_.push_back(&client);
      if (client.waiting && client.waiting->creates) client.stream.clear();
    }
  }

  /// As the engine's thread does at each pulse.
  void deadlines() {
    for (auto* client : done_) client->waiting.reset();
    done_.clear();
    try {
      for (int round = 0; round < 50; ++round) {
        auto due = executor_->due(100);
        if (due.empty()) return;
        executor_->execute(due);
      }
    } catch (const ProblemError&) {
      // Tried again at the next tick.
    }
  }

  /// The trouble ends; every client gets its answer, and nothing is left to be done.
  void settle() {
    disk_.mend();
    if (disk_.dark()) restart();
    clock_.set(std::max(clock_.now(), executor_->journal().last_recorded()) + std::chrono::minutes(1));
    send();
    deadlines();
    for (const auto& client : clients_) CHECK(!client.waiting);
    // A process that starts anew, over what is on the disk.
    restart();
    deadlines();
    repeat_all();
    check_journal();
    check_outbox();
    auto scratch = store::open_sqlite({":memory:"});
    store::migrate(*scratch, tables);
    CHECK(engine::replay(db_->writer(), scratch->writer(), {&connection_}).same());
    const auto next = executor_->next_wake();
    CHECK((!next || *next > clock_.now()));
  }

  /// Every acknowledged command, sent again, gives its first answer and makes no event.
  void repeat_all() {
    const auto before = executor_->journal().size();
    std::vector<engine::Pending> batch;
    for (const auto& [id, sent] : sent_)
      batch.push_back({sent, [this, id = id](const engine::Answer& a) {
                         REQUIRE(a.has_value());
                         CHECK(a->position == acks_.at(id).position);
                       }});
    executor_->execute(batch);
    CHECK(executor_->journal().size() == before);
  }

  void check_journal() {
    const auto found = journal::verify(db_->writer());
    CHECK(found.wrong.empty());
    std::map<std::string, int> events;
    std::map<std::string, std::uint64_t> last;
    journal::read_all(db_->writer(), 1, [&](std::uint64_t position, std::string_view bytes) {
      const auto e = journal::decode(bytes).value();
      ++events[e.command];
      last[e.command] = position;
    });
    for (const auto& [id, ack] : acks_) {
      CHECK(events.contains(id));
      CHECK(last[id] == ack.position);
    }
  }

  void check_outbox() {
    static constexpr std::string_view told[] = {"case.submitted",    "case.documents_asked", "case.accepted",
                                                "case.plan_replied", "case.design_reviewed", "case.midway_inspected",
                                                "case.energised"};
    std::int64_t expected = 0;
    journal::read_all(db_->writer(), 1, [&](std::uint64_t, std::string_view bytes) {
      const auto e = journal::decode(bytes).value();
      if (std::ranges::find(told, e.type) != std::end(told)) ++expected;
      if (e.type == "case.overdue" && e.payload.at("scope").as_string() == "total") ++expected;
    });
    CHECK(db_->writer().integer("SELECT count(*) FROM outbox") == expected);
  }

  std::mt19937_64 random_;
  store::SimulatedDisk disk_;
  ManualClock clock_{*parse_instant("2021-11-01T09:00:00+08:00")};
  std::shared_ptr<const calendar::Calendar> calendar_;
  std::shared_ptr<const policy::Pack> pack_;
  Connection connection_;
  std::unique_ptr<store::Database> db_;
  std::unique_ptr<engine::Executor> executor_;
  std::vector<Client> clients_;
  std::vector<Client*> done_;
  std::map<std::string, engine::Ack> acks_;
  std::map<std::string, engine::Command> sent_;  ///< what was acknowledged
  std::uint64_t keys_ = 0;
};

}  // namespace

TEST_CASE("whatever the disk, the clock and the clients do, what was acknowledged is there exactly once") {
  const auto first = setting("SIMULATION_SEED", 1);
  const auto runs = setting("SIMULATION_RUNS", 60);
  std::uint64_t lives = 0, acknowledged = 0, failed = 0, restarts = 0;
  for (auto seed = first; seed < first + runs; ++seed) {
    INFO("SIMULATION_SEED=", seed);
    Simulation simulation(seed);
    simulation.run();
    lives += simulation.lives;
    acknowledged += simulation.acknowledged;
    failed += simulation.failed;
    restarts += simulation.restarts;
  }
  MESSAGE(lives, " lives, ", acknowledged, " commands acknowledged, ", failed, " without an answer, ", restarts,
          " restarts");
  CHECK(failed > 0);
  CHECK(restarts > runs);
}
