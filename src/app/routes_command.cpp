// tongdian routes: the table of routes with who may call each, as the program has it.
#include <iostream>

#include "app/commands.hpp"
#include "app/running_city.hpp"
#include "base/temporary_folder.hpp"
#include "wire/access_table.hpp"

namespace tongdian::app {

void add_routes(CLI::App& program) {
  auto* command = program.add_subcommand("routes", "Prints every route with who may call it");
  auto as_json = std::make_shared<bool>(false), as_table = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "As JSON");
  command->add_flag("--table", *as_table, "As the table of docs/access.md");
  command->footer("Example: tongdian routes --json");
  command->callback([as_json, as_table] {
    const TemporaryFolder folder;
    RunningCity city(open_foundation(folder.path, "", Opening::own), std::make_shared<SystemClock>(), false);
    if (*as_table) {
      std::cout << wire::access_table(city.router());
      return;
    }
    const json::Value table = city.router().table();
    if (*as_json) {
      std::cout << json::text(table) << '\n';
      return;
    }
    for (const auto& row : table.as_array()) {
      std::cout << row.at("method").as_string().c_str() << ' ' << row.at("path").as_string().c_str() << "  ";
      for (const auto& word : row.at("access").as_array()) std::cout << ' ' << word.as_string().c_str();
      std::cout << '\n';
    }
  });
}

}  // namespace tongdian::app
