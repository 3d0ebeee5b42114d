// tongdian demo: the made-up city in a folder, for whoever wants its data without serving it.
#include <iostream>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "base/json.hpp"
#include "journal/journal.hpp"

namespace tongdian::app {
namespace {

struct Options {
  Place place;
  std::string pack;
  DemoOptions demo;
  bool json = false;
};

void run(const Options& o) {
  auto f = open_foundation(o.place, o.pack, Opening::own);
  ensure_demo(*f, o.demo);
  auto session = f->database->reader();
  const auto cases = session->integer("SELECT count(*) FROM case_view").value_or(0);
  const auto events = journal::latest_head(*session).size;
  if (o.json)
    std::cout << json::text(json::Object{
                     {"data", o.place.data.string()}, {"cases", cases}, {"events", events}, {"made_up", true}})
              << '\n';
  else
    std::cout << cases << " made-up cases, " << events << " events in " << o.place.data.string()
              << "; tongdian serve --data " << o.place.data.string()
              << (o.place.store.empty() ? "" : " with the same --store") << " opens them\n";
}

}  // namespace

void add_demo(CLI::App& program) {
  auto* command = program.add_subcommand("demo", "Fills an empty data folder with the made-up city");
  auto o = std::make_shared<Options>();
  add_place(*command, o->place);
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
