#include "app/demo.hpp"

#include <algorithm>

#include "app/demo_city.hpp"
#include "app/progress.hpp"
#include "base/time_text.hpp"
#include "connection/titles.hpp"
#include "identity/accounts.hpp"
#include "journal/journal.hpp"
#include "notify/notify.hpp"

namespace tongdian::app {
namespace {

constexpr std::string_view demo_password = "tongdian-demo";

struct DemoAccount {
  const char* user;
  const char* name;
  wire::Role role;
};
constexpr DemoAccount accounts[] = {
    {"clerk", "李敏（演示）", wire::Role::clerk},
    {"manager", "王强（演示）", wire::Role::manager},
    {"supervisor", "赵静（演示）", wire::Role::supervisor},
    {"admin", "管理员（演示）", wire::Role::admin},
};

void add_accounts(store::Session& session) {
  for (const auto& a : accounts)
    identity::add_account(session, {a.user, a.user, a.name, {a.role}, {}, {}}, std::string(demo_password), demo_start())
        .value();
}

/// All commands of one moment are one batch.
void carry_out(engine::Executor& executor, ManualClock& clock, DemoCity& city) {
  while (!city.finished()) {
    const Instant at = city.next_at();
    // Deadlines that fall due on the way come first, each at its own time.
    while (const auto wake = executor.next_wake()) {
      if (*wake > at) break;
      clock.set(std::max(clock.now(), *wake));
      auto due = executor.due(1000);
      if (due.empty()) break;
      executor.execute(due);
    }
    clock.set(std::max(clock.now(), at));
    auto batch = city.take(at);
    executor.execute(batch);
    city.answered();
  }
}

void run_to_start(engine::Executor& executor, ManualClock& clock) {
  while (const auto wake = executor.next_wake()) {
    if (*wake > demo_start()) break;
    clock.set(std::max(clock.now(), *wake));
    auto due = executor.due(1000);
    if (due.empty()) break;
    executor.execute(due);
  }
  clock.set(demo_start());
}

}  // namespace

Instant demo_start() { return *parse_instant("2021-11-15T09:00:00+08:00"); }

Instant last_recorded(store::Session& session) {
  Instant out{};
  const auto head = journal::latest_head(session);
  if (head.size > 0)
    journal::read_all(session, head.size,
                      [&](std::uint64_t, std::string_view bytes) { out = journal::decode(bytes).value().recorded_at; });
  return out;
}

Instant city_time(const Foundation& f) {
  auto reader = f.database->reader();
  return f.is_demo(*reader) ? last_recorded(*reader) : SystemClock{}.now();
}

void ensure_demo(Foundation& f, const DemoOptions& options, std::vector<Planted>* planted,
                 supply::SupplyGrid* network) {
  auto& session = f.database->writer();
  if (f.is_demo(session)) {
    if (session.text("SELECT value FROM journal_meta WHERE name = 'demo_case'")) return;
    throw ProblemError(refusal(
        "demo.unfinished", {"演示数据未生成完（曾被中断）", "the made-up city was interrupted while it was being made"},
        {"请删除该目录后重试，或换一个空目录", "remove the folder and start again, or name another one"}));
  }
  if (session.integer("SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM account)").value_or(0) > 0)
    throw ProblemError(refusal(
        "demo.not_empty",
        {"该目录已有真实数据，不能填入演示数据", "the folder holds a city's data; the demo does not go in there"},
        {"请用 --data 指定空目录", "name an empty folder with --data"}));
  session.run("INSERT INTO journal_meta (name, value) VALUES ('demo', $1)",
              {std::string_view(std::to_string(options.seed))});
  add_accounts(session);

  ManualClock clock(DemoCity::first_day());
  auto executor = f.executor(clock);
  std::optional<DemoNetwork> computed;
  if (network) computed.emplace(f, *network, options.seed);
  DemoCity city(f, options, clock, computed ? &*computed : nullptr);
  Progress progress("making up the city", static_cast<std::uint64_t>(options.cases));
  city.on_progress([&](std::uint64_t n) { progress.at(n); });
  carry_out(*executor, clock, city);
  run_to_start(*executor, clock);
  executor->in_transaction([&](store::Session& s) {
    while (notify::drain(
               s,
               [](const std::string& type, const std::string& number) { return connection::notice_of(type, number); },
               clock.now()) > 0) {}
  });
  if (planted) *planted = city.planted();
  const auto showcase = city.showcase();
  session.run("INSERT INTO journal_meta (name, value) VALUES ('demo_case', $1)", {std::string_view(showcase)});
  progress.done();
}

std::string demo_sign_ins(store::Session& session) {
  std::string out = "\nThe made-up city (演示数据，均为虚构). Sign in at /login:\n";
  for (const auto& a : accounts)
    out += std::string("  ") + a.user + " / " + std::string(demo_password) + "   " + a.name + "\n";
  if (const auto showcase = session.text("SELECT value FROM journal_meta WHERE name = 'demo_case'"))
    out += "Follow a case at /track: " + *showcase + "\n";
  out +=
      "A second factor is optional here: set one up at /account, and signing in asks for it.\n"
      "Customers sign in at /my by the phone of a case; the code is in this log, for no short message leaves the demo.\n";
  return out + "\n";
}

}  // namespace tongdian::app
