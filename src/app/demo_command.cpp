// tongdian demo: the made-up city in a folder, for whoever wants its data without serving it.
#include <iostream>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "base/json.hpp"
#include "journal/journal.hpp"

namespace tongdian::app {
namespace {

struct Options {
  std::string data = default_data, pack;
  DemoOptions demo;
  bool json = false;
};

void run(const Options& o) {
  auto f = open_foundation(o.data, o.pack, Opening::own);
  ensure_demo(*f, o.demo);
  auto session = f->database->reader();
  const auto cases = session->integer("SELECT count(*) FROM case_view").value_or(0);
  const auto events = journal::latest_head(*session).size;
  if (o.json)
    std::cout << json::text(json::Object{{"data", o.data}, {"cases", cases}, {"events", events}, {"made_up", true}})
              << '\n';
  else
    std::cout << cases << " made-up cases, " << events << " events in " << o.data << "; tongdian serve --data "
              << o.data << " opens them\n";
}

}  // namespace

void add_demo(CLI::App& program) {
  auto* command = program.add_subcommand("demo", "Fills an empty data folder with the made-up city");
  auto o = std::make_shared<Options>();
  command->add_option("--data", o->data, "Data folder")->capture_default_str();
  command->add_option("--pack", o->pack, "Policy pack: an id, or a folder");
  command->add_option("--cases", o->demo.cases, "How many cases")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--seed", o->demo.seed, "The same seed makes the same city")->capture_default_str();
  command->add_flag("--json", o->json, "What was made, as JSON");
  command->footer("Example: tongdian demo --data made-up --cases 500");
  command->callback([o] { run(*o); });
}

}  // namespace tongdian::app
