// tongdian durations: how long things take really, recomputed from the journal: what the public page shows.
#include "app/durations_command.hpp"

#include <iostream>

#include "app/foundation.hpp"
#include "journeys/durations.hpp"

namespace tongdian::app {

void add_durations(CLI::App& program) {
  auto* command = program.add_subcommand(
      "durations",
      "How long cases took until the light, by class and area: median and 90th percentile, from the journal");
  auto place = std::make_shared<Place>();
  auto pack = std::make_shared<std::string>();
  add_place(*command, *place);
  command->add_option("--pack", *pack, "Policy pack: an id, or a folder");
  command->footer("Example: tongdian durations --data city");
  command->callback([place, pack] {
    auto f = open_foundation(*place, *pack, Opening::read);
    auto reader = f->database->reader();
    const auto calendar = f->connection->calendar();
    journeys::DurationBoard board;
    std::cout << json::text(board.show(*reader, *f->pack, {calendar.get(), f->pack->zone()})) << '\n';
  });
}

}  // namespace tongdian::app
