// tongdian replay: rebuilds every read model from the journal and compares.
#include "engine/replay.hpp"

#include <iostream>

#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "app/progress.hpp"

namespace tongdian::app {
namespace {

void run(const Place& place, const std::string& pack) {
  auto f = open_foundation(place, pack, Opening::read);
  // Beside the live database, on the same disk; gone afterwards.
  const auto scratch_file = f->data / ("replay-" + f->random.token(4) + ".db");
  const auto remove = [&] {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(scratch_file.string() + end);
  };
  engine::ReplayReport report;
  try {
    auto scratch = store::open_sqlite({scratch_file, false, 1});
    // Thrown away anyway: no flush is waited for.
    scratch->writer().script("PRAGMA synchronous=OFF");
    store::migrate(*scratch, all_migrations());
    Progress progress("replaying events");
    auto reader = f->database->reader();
    report = engine::replay(*reader, scratch->writer(), f->behaviours(), [&](std::uint64_t n) { progress.at(n); });
    progress.done();
  } catch (...) {
    remove();
    throw;
  }
  remove();
  json::Array tables;
  for (const auto& t : report.tables)
    tables.push_back(json::Object{{"table", t.table},
                                  {"rows", t.rows},
                                  {"different", t.different},
                                  {"first_streams", json::write(t.first_keys)}});
  std::cout << json::text(json::Object{{"same", report.same()},
                                       {"events", report.events},
                                       {"streams", report.streams},
                                       {"tables", std::move(tables)}})
            << '\n';
  if (!report.same()) exit_code = 1;
}

}  // namespace

void add_replay(CLI::App& program) {
  auto* command = program.add_subcommand(
      "replay",
      "Rebuilds the read models from the journal beside the live ones and compares; exit 1 where they differ");
  auto place = std::make_shared<Place>();
  auto pack = std::make_shared<std::string>();
  add_place(*command, *place);
  command->add_option("--pack", *pack, "Policy pack: an id, or a folder");
  command->footer("Example: tongdian replay --data city");
  command->callback([place, pack] { run(*place, *pack); });
}

}  // namespace tongdian::app
