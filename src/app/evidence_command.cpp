// tongdian evidence import: what meters, network models, files, photos and contracts say of times, from other systems' tables.
#include <iostream>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/evidence_import.hpp"

namespace tongdian::app {
namespace {

struct Options {
  Place place;
  std::string pack, file;
  bool json = false;
};

void run(const Options& o) {
  auto f = open_foundation(o.place, o.pack, Opening::own);
  const ManualClock clock(city_time(*f));
  const auto file = journeys::read_evidence(mining::open_bytes(o.file), f->pack->zone());
  const auto done = import_evidence(*f, file, clock);
  json::Array wrong;
  for (const auto& each : done.wrong) {
    const auto column = static_cast<std::size_t>(each.column);
    const auto at = file.position[column] + 1;
    std::cerr << o.file << ':' << each.line << ':' << at << ' ' << file.header[column] << ": " << each.problem << '\n';
    wrong.push_back(json::Object{{"line", each.line},
                                 {"column", at},
                                 {"name", file.header[column]},
                                 {"code", each.problem.code},
                                 {"detail", each.problem.detail.zh},
                                 {"detail_en", each.problem.detail.en}});
  }
  if (!done.wrong.empty()) exit_code = 1;
  if (o.json)
    std::cout << json::text(json::Object{
                     {"recorded", done.recorded}, {"repeated", done.repeated}, {"wrong", std::move(wrong)}})
              << '\n';
  else
    std::cout << done.recorded << " recorded, " << done.repeated << " known already, " << done.wrong.size()
              << " wrong\n";
}

}  // namespace

void add_evidence(CLI::App& program) {
  auto* command = program.add_subcommand("evidence", "Times of works, from other systems' tables");
  command->require_subcommand(1);
  command->footer("Example: tongdian evidence import meters.csv --data city");
  auto o = std::make_shared<Options>();
  auto* import = command->add_subcommand(
      "import",
      "Records each row of a CSV (case, kind, taken_at, reference) as evidence of a time; on SQLite the server must be stopped");
  import->add_option("FILE", o->file, "The table; - is standard input")->required();
  add_place(*import, o->place);
  import->add_option("--pack", o->pack, "Policy pack: an id, or a folder");
  import->add_flag("--json", o->json, "Counts and wrong rows as JSON");
  import->footer("Example: tongdian evidence import meters.csv --data city");
  import->callback([o] { run(*o);
});
}  // namespace tongdian::app

}  // namespace tongdian::app
