// tongdian bench commands: durable commands through the engine, beside what the disk gives in the same run.
#include <algorithm>
#include <atomic>
#include <iostream>
#include <thread>

#include "app/bench_floor.hpp"
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
  bool json = false;
};

using Time = std::chrono::steady_clock;

/// One client: cases' lives one after another, each command sent when the one before it is acknowledged.
class Client {
 public:
  Client(int number, engine::Engine& engine, Foundation& f, const Clock& clock)
      : engine_(engine), f_(f), clock_(clock), random_(static_cast<std::uint64_t>(number) + 1), people_(*f.pack, random_), name_("c" + std::to_string(number)) {}

  void run(Time::time_point until) {
    while (Time::now() < until) live();
  }

  std::vector<double> ack_ms;
  std::uint64_t refused = 0;

 private:
  void live() {
    auto opening = [&] {
      auto reader = f_.database->reader();
      auto submission = people_.application();
      const engine::Actor actor{"customer", "applicant"};
      return journeys::to_command(submission, next_key(), actor, *f_.vault, *reader, random_, f_.pack->zone().date_of(clock_.now()));
    }();
    const std::string stream = opening.stream;
    const auto facts = std::get<connection::Submit>(static_cast<const connection::Command&>(*opening.body).any).opening.facts;
    if (!send(std::move(opening))) return;
    policy::Facts now = facts;
    now.applied_at = format_instant(clock_.now(), f_.pack->zone());
    policy::Decision decision;
    if (f_.pack->decide(now, *f_.connection->calendar(), decision)) return;
    for (const auto& stage : decision.stages)
      if (!send(step(stream, command_of(stage.id)))) return;
    send(step(stream, connection::Rate{5}));
  }

  static connection::Command::Any command_of(std::string_view stage) {
    if (stage == "acceptance") return connection::Accept{};
    if (stage == "plan_reply") return connection::ReplyPlan{"10kV 示例线 1 号杆", ""};
    if (stage == "design_review") return connection::ReviewDesign{};
    if (stage == "mid_inspection") return connection::InspectMidway{};
    return connection::Energise{"BENCH-1"};
  }

  std::string next_key() { return name_ + "-" + std::to_string(++keys_); }

  engine::Command step(const std::string& stream, connection::Command::Any any) {
    engine::Command c;
    c.id = next_key();
    c.stream = stream;
    c.actor = {"staff", "bench"};
    c.channel = "desk";
    c.body = std::make_shared<connection::Command>(std::move(any));
    return c;
  }

  bool send(engine::Command command) {
    const auto begin = Time::now();
    const auto answer = engine_.carry_out(std::move(command));
    ack_ms.push_back(std::chrono::duration<double, std::milli>(Time::now() - begin).count());
    if (answer.has_error()) ++refused;
    return answer.has_value();
  }

  engine::Engine& engine_;
  Foundation& f_;
  const Clock& clock_;
  SeededRandom random_;
  DemoPeople people_;
  std::string name_;
  std::uint64_t keys_ = 0;
};

double percentile(std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[index];
}

json::Object measure_commands(const std::filesystem::path& data, const Options& o) {
  auto foundation = open_foundation(data, "", Opening::own);
  // A day that the calendar covers, whatever today is.
  const OffsetClock clock(*parse_instant("2021-11-15T09:00:00+08:00"));
  engine::Engine engine(foundation->executor(clock));
  engine.start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < o.clients; ++i) clients.push_back(std::make_unique<Client>(i, engine, *foundation, clock));
  const auto begin = Time::now();
  const auto until = begin + std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(o.seconds));
  std::vector<std::thread> threads;
  for (auto& client : clients) threads.emplace_back([&client, until] { client->run(until); });
  for (auto& t : threads) t.join();
  const double seconds = std::chrono::duration<double>(Time::now() - begin).count();
  engine.stop();

  std::vector<double> all;
  std::uint64_t refused = 0;
  for (auto& client : clients) {
    all.insert(all.end(), client->ack_ms.begin(), client->ack_ms.end());
    refused += client->refused;
  }
  std::ranges::sort(all);
  const auto counters = engine.counters();
  return {{"commands", all.size()},
          {"refused", refused},
          {"seconds", seconds},
          {"commands_per_second", static_cast<double>(all.size()) / seconds},
          {"events", counters.events},
          {"commands_a_flush", counters.batches == 0 ? 0.0 : static_cast<double>(counters.commands) / static_cast<double>(counters.batches)},
          {"ack_ms", json::Object{{"p50", percentile(all, 0.5)}, {"p99", percentile(all, 0.99)}}}};
}

void run(const Options& o) {
  // Next to the data if a folder is named, so that both use the same disk.
  std::optional<TemporaryFolder> temporary;
  std::filesystem::path folder = o.data;
  if (folder.empty()) folder = temporary.emplace(std::filesystem::current_path()).path;
  if (std::filesystem::exists(folder / "city.db"))
    throw ProblemError(refusal("bench.not_empty", {"该目录已有数据", "the folder holds data already; the bench would write into it"}, {"请指定空目录", "name an empty folder"}));
  std::filesystem::create_directories(folder);
  json::Object out{{"clients", o.clients}};
  for (auto& [key, value] : measure_commands(folder, o)) out[key] = value;
  const TemporaryFolder beside(folder);
  out["floor"] = measure_floor(beside.path, std::max(1.0, o.seconds / 4));
  if (o.json)
    std::cout << json::text(out) << '\n';
  else
    std::cout << out.at("commands_per_second").as_double() << " durable commands a second; one row a commit on this disk: "
              << out.at("floor").at("sqlite_1_per_commit").as_double() << '\n';
}

}  // namespace

void add_bench(CLI::App& program) {
  auto* command = program.add_subcommand("bench", "Measures this program on this machine");
  command->require_subcommand(1);
  command->footer("Example: tongdian bench commands --clients 32 --seconds 10 --json");
  auto o = std::make_shared<Options>();
  auto* commands = command->add_subcommand("commands", "Durable commands a second through the engine, beside bare SQLite on the same disk");
  commands->add_option("--clients", o->clients, "Clients, each waiting for its acknowledgement")->check(CLI::Range(1, 10000))->capture_default_str();
  commands->add_option("--seconds", o->seconds, "How long")->check(CLI::Range(0.1, 3600.0))->capture_default_str();
  commands->add_option("--data", o->data, "An empty folder to write in; its disk is measured");
  commands->add_flag("--json", o->json, "As JSON");
  commands->footer("Example: tongdian bench commands --clients 32 --seconds 10 --json");
  commands->callback([o] { run(*o); });
}

}  // namespace tongdian::app
