// tongdian mine: the log of another system, XES or CSV: what happened in it, how long it took, and what it cannot show.
#include <iostream>

#include "app/commands.hpp"
#include "base/files.hpp"
#include "mining/mine.hpp"

namespace tongdian::app {
namespace {

struct Options {
  std::string log, map, html;
  bool json = false;
};

void run(const Options& options) {
  mining::Mapping mapping;
  if (!options.map.empty()) mapping = mining::read_mapping(read_file(options.map).value()).value();
  const auto mined = mining::mine(mining::open_bytes(options.log), options.log, mapping);
  if (options.json) std::cout << mining::to_json(*mined) << '\n';
  if (mined->broken) {
    std::cerr << "tongdian: " << *mined->broken << '\n';
    if (!mined->broken->next.en.empty()) std::cerr << "  " << mined->broken->next.en << '\n';
    exit_code = 1;
  }
}

}  // namespace

void add_mine(CLI::App& program) {
  auto* command =
      program.add_subcommand("mine", "Another system's event log: what happened, how long it took, what stands out");
  auto options = std::make_shared<Options>();
  command->add_option("LOG", options->log, "XES or CSV, plain or gzip; - is standard input")->required();
  command->add_flag("--json", options->json, "All figures and findings as JSON");
  command->add_option(
      "--map", options->map,
      "JSON file that names the columns: {\"case\": …, \"activity\": …, \"time\": …, \"resource\": …, \"lifecycle\": …}");
  command->footer("Example: tongdian mine receipt.xes.gz --json");
  command->callback([options] { run(*options); });
}

}  // namespace tongdian::app
