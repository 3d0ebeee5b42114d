// tongdian move: from SQLite to PostgreSQL and back.
#include <iostream>

#include "app/commands.hpp"
#include "app/move.hpp"
#include "app/progress.hpp"

namespace tongdian::app {
namespace {

void run(const MoveOrder& order) {
  Progress copying("copying rows"), verifying("verifying events");
  const auto moved = move_city(
      order, [&](std::uint64_t n, std::uint64_t) { copying.at(n); },
      [&](std::uint64_t n, std::uint64_t) { verifying.at(n); });
  verifying.done();
  json::Object tables;
  for (const auto& t : moved.tables) tables[t.name] = t.rows;
  std::cout << json::text(json::Object{
                   {"moved", true}, {"tables", std::move(tables)}, {"head", journal::to_json(moved.log, moved.head)}})
            << '\n';
  std::cerr
      << "moved and verified; the source is as it was. Serve the target with the same keys folder, and no longer the "
         "source\n";
}

}  // namespace

void add_move(CLI::App& program) {
  auto* command =
      program.add_subcommand("move", "Carries a city to another database, SQLite or PostgreSQL, and verifies it there");
  auto o = std::make_shared<MoveOrder>();
  command->add_option("--from", o->from, "Data folder, or postgresql://…; no server may run on it")->required();
  command->add_option("--to", o->to, "An empty PostgreSQL database, or a new data folder")->required();
  command->footer("Example: tongdian move --from city --to postgresql://tongdian@db.example/city");
  command->callback([o] { run(*o); });
}

}  // namespace tongdian::app
