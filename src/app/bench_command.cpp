// tongdian bench commands: durable commands through the engine, beside what the disk gives in the same run.
#include <algorithm>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <utility>

#include "app/bench_floor.hpp"
#include "app/bench_peer.hpp"
#include "app/commands.hpp"
#include "app/demo_people.hpp"
#include "app/foundation.hpp"
#include "base/temporary_folder.hpp"
#include "base/time_text.hpp"
#include "engine/engine.hpp"
#include "journeys/application.hpp"

namespace tongdian::app {
namespace {

struct Options {
  int clients = 32;
  double seconds = 10;
  std::string data;
  std::string store;  ///< postgresql://…, empty; without it SQLite in the folder
  bool json = false;
};

using Time = std::chrono::steady_clock;

/// One client: cases' lives one after another, each command sent when the one before it is acknowledged.
class Client {
 public:
  Client(int number, Foundation& f, const Clock& clock)
      : f_(f),
        clock_(clock),
        random_(static_cast<std::uint64_t>(number) + 1),
        people_(*f.pack, random_),
        name_("c" + std::to_string(number)) {}

  engine::Command next() { return steps_.empty() ? open() : step(); }

  void answered(const engine::Answer& answer) {
    if (answer.has_value()) return;
    ++refused;
    steps_.clear();
  }

  std::uint64_t refused = 0;

 private:
  engine::Command open() {
    const auto submission = people_.application();
    auto reader = f_.database->reader();
    auto command = journeys::to_command(submission, next_key(), {"customer", "applicant"}, *f_.vault, *reader, random_,
                                        f_.pack->zone().date_of(clock_.now()));
    stream_ = command.stream;
    policy::Facts facts = submission.facts;
    facts.applied_at = format_instant(clock_.now(), f_.pack->zone());
    policy::Decision decision;
    if (auto problem = f_.pack->decide(facts, *f_.connection->calendar(), decision))
      throw ProblemError(*std::move(problem));
    steps_.emplace_back(connection::Rate{5});
    for (auto stage = decision.stages.rbegin(); stage != decision.stages.rend(); ++stage)
      steps_.push_back(command_of(stage->id));
    return command;
  }

  engine::Command step() {
    engine::Command c;
    c.id = next_key();
    c.stream = stream_;
    c.actor = {"staff", "bench"};
    c.channel = "desk";
    c.body = std::make_shared<connection::Command>(std::move(steps_.back()));
    steps_.pop_back();
    return c;
  }

  static connection::Command::Any command_of(std::string_view stage) {
    if (stage == "acceptance") return connection::Accept{};
    if (stage == "plan_reply") return connection::ReplyPlan{"10kV 示例线 1 号杆", ""};
    if (stage == "design_review") return connection::ReviewDesign{};
    if (stage == "mid_inspection") return connection::InspectMidway{};
    return connection::Energise{"BENCH-1"};
  }

  std::string next_key() { return name_ + "-" + std::to_string(++keys_); }

  Foundation& f_;
  const Clock& clock_;
  SeededRandom random_;
  DemoPeople people_;
  std::string name_, stream_;
  std::vector<connection::Command::Any> steps_;  ///< of this life, the next one last
  std::uint64_t keys_ = 0;
};

/// All clients, driven by one thread as a server's network thread drives its connections.
class Clients {
 public:
  Clients(int count, engine::Engine& engine, Foundation& f, const Clock& clock) : engine_(engine) {
    for (int i = 0; i < count; ++i) clients_.push_back(std::make_unique<Client>(i, f, clock));
  }

  /// Sends for so long, then waits for every acknowledgement.
  void run(double seconds) {
    const auto begin = Time::now();
    const auto until = begin + std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds));
    for (auto& client : clients_) send(*client);
    std::size_t waiting = clients_.size();
    while (waiting > 0) {
      for (Client* client : take_ready()) {
        if (Time::now() < until)
          send(*client);
        else
          --waiting;
      }
    }
    seconds_ += std::chrono::duration<double>(Time::now() - begin).count();
  }

  [[nodiscard]] double seconds() const { return seconds_; }
  [[nodiscard]] std::vector<double> sorted_ms() {
    std::ranges::sort(ack_ms_);
    return ack_ms_;
  }
  [[nodiscard]] std::uint64_t refused() const {
    std::uint64_t sum = 0;
    for (const auto& client : clients_) sum += client->refused;
    return sum;
  }

 private:
  void send(Client& client) {
    engine_.submit(client.next(), [this, &client, sent = Time::now()](const engine::Answer& answer) {
      client.answered(answer);
      const std::lock_guard lock(mutex_);
      ack_ms_.push_back(std::chrono::duration<double, std::milli>(Time::now() - sent).count());
      ready_.push_back(&client);
      if (ready_.size() == 1) acknowledged_.notify_one();
    });
  }

  std::vector<Client*> take_ready() {
    std::unique_lock lock(mutex_);
    acknowledged_.wait(lock, [&] { return !ready_.empty(); });
    return std::exchange(ready_, {});
  }

  engine::Engine& engine_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::mutex mutex_;
  std::condition_variable acknowledged_;
  std::vector<Client*> ready_;
  std::vector<double> ack_ms_;
  double seconds_ = 0;
};

double percentile(const std::vector<double>& sorted, double share) {
  return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

/// The commands and the floor by turns: on a machine whose disk changes its speed, only what was measured side by side may
/// be compared.
json::Object measure(const std::filesystem::path& folder, const Options& o) {
  constexpr int rounds = 4;
  auto foundation = open_foundation(Place(folder, o.store), "", Opening::own);
  // A day that the calendar covers, whatever today is.
  const OffsetClock clock(*parse_instant("2021-11-15T09:00:00+08:00"));
  engine::Engine engine(foundation->executor(clock));
  engine.start();
  Clients clients(o.clients, engine, *foundation, clock);
  const TemporaryFolder beside(folder);
  Floor floor(beside.path);
  std::optional<PostgresPeer> peer;
  if (foundation->place.shared()) peer.emplace(o.store, o.clients);
  for (int round = 0; round < rounds; ++round) {
    clients.run(o.seconds / rounds);
    floor.measure(std::max(0.1, o.seconds / rounds / 4));
    if (peer) peer->measure(o.seconds / rounds);
  }
  engine.stop();

  const auto ack_ms = clients.sorted_ms();
  const auto counters = engine.counters();
  json::Object beside_it = floor.figures();
  if (peer)
    for (const auto& [name, value] : peer->figures()) beside_it[name] = value;
  return {
      {"store", foundation->database->kind()},
      {"clients", o.clients},
      {"commands", ack_ms.size()},
      {"refused", clients.refused()},
      {"seconds", clients.seconds()},
      {"commands_per_second", static_cast<double>(ack_ms.size()) / clients.seconds()},
      {"events", counters.events},
      {"commands_a_flush",
       counters.batches == 0 ? 0.0 : static_cast<double>(counters.commands) / static_cast<double>(counters.batches)},
      {"ack_ms", json::Object{{"p50", percentile(ack_ms, 0.5)}, {"p99", percentile(ack_ms, 0.99)}}},
      {"floor", std::move(beside_it)}};
}

void run(const Options& o) {
  // Next to the data if a folder is named, so that both use the same disk.
  std::optional<TemporaryFolder> temporary;
  std::filesystem::path folder = o.data;
  if (folder.empty()) folder = temporary.emplace(std::filesystem::current_path()).path;
  if (has_city(Place(folder, o.store)))
    throw ProblemError(refusal("bench.not_empty",
                               {"该目录已有数据", "the folder holds data already; the bench would write into it"},
                               {"请指定空目录", "name an empty folder"}));
  std::filesystem::create_directories(folder);
  const json::Object out = measure(folder, o);
  if (o.json)
    std::cout << json::text(out) << '\n';
  else
    std::cout << out.at("commands_per_second").as_double()
              << " durable commands a second; one row a commit on this disk: "
              << out.at("floor").at("sqlite_1_per_commit").as_double() << '\n';
}

}  // namespace

void add_bench(CLI::App& program) {
  auto* command = program.add_subcommand("bench", "Measures this program on this machine");
  command->require_subcommand(1);
  command->footer("Example: tongdian bench commands --clients 32 --seconds 10 --json");
  auto o = std::make_shared<Options>();
  auto* commands = command->add_subcommand(
      "commands", "Durable commands a second through the engine, beside bare SQLite on the same disk");
  commands->add_option("--clients", o->clients, "Clients, each waiting for its acknowledgement")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  commands->add_option("--seconds", o->seconds, "How long")->check(CLI::Range(0.1, 3600.0))->capture_default_str();
  commands->add_option("--data", o->data, "An empty folder to write in; its disk is measured");
  commands->add_option("--store", o->store,
                       "An empty PostgreSQL database, postgresql://…; single-row inserts are measured beside it");
  commands->add_flag("--json", o->json, "As JSON");
  commands->footer("Example: tongdian bench commands --clients 32 --seconds 10 --json");
  commands->callback([o] { run(*o); });
  add_bench_detectors(*command);
}

}  // namespace tongdian::app
