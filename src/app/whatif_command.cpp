// tongdian whatif: all past cases under a changed pack.
#include <iostream>
#include <limits>

#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "app/progress.hpp"
#include "connection/what_if.hpp"
#include "journal/journal.hpp"
#include "policy/compare.hpp"

namespace tongdian::app {
namespace {

struct Options {
  Place place;
  std::string pack, from;
  bool json = false;
};

void print_differences(const std::vector<policy::Difference>& differences) {
  for (const auto& d : differences) {
    std::cout << name_of(d.change) << " " << name_of(d.kind) << " " << d.id << ": " << d.title.en << "\n";
    if (!d.before.en.empty()) std::cout << "  - " << d.before.en << "\n";
    if (!d.after.en.empty()) std::cout << "  + " << d.after.en << "\n";
  }
}

void print_text(const connection::WhatIfReport& report, const std::vector<policy::Difference>& differences) {
  print_differences(differences);
  std::cout << "\n" << report.changed.size() << " of " << report.cases << " cases change\n";
  for (const auto& [key, count] : report.sums)
    std::cout << "  " << count << "  " << key[0] << ": " << key[1] << " -> " << key[2] << "\n";
  if (report.working_days != 0) std::cout << "  due dates move by " << report.working_days << " working days in sum\n";
  constexpr std::size_t shown = 20;
  for (std::size_t i = 0; i < std::min(shown, report.changed.size()); ++i) {
    const auto& each = report.changed[i];
    std::cout << each.number << " (" << each.klass << ")";
    for (const auto& c : each.changes) std::cout << "; " << c.field << ": " << c.before << " -> " << c.after;
    std::cout << "\n";
  }
  if (report.changed.size() > shown) std::cout << "… --json lists all of them\n";
}

void run(const Options& o) {
  const auto changed = policy::load_pack(policy::find_pack(o.pack).value()).value();
  const auto f = open_foundation(o.place, o.from, Opening::read);
  const auto then_calendar = calendar::load_for(changed->calendar_files(), f->data).value();
  const auto now_calendar = f->connection->calendar();
  auto reader = f->database->reader();
  connection::WhatIf what_if(*changed, {now_calendar.get(), f->pack->zone()}, {&then_calendar, changed->zone()});
  Progress progress("replaying events");
  std::uint64_t seen = 0;
  journal::read_all(*reader, 0, [&](std::uint64_t, std::string_view bytes) {
    what_if.take(journal::decode(bytes).value());
    if (++seen % 4096 == 0) progress.at(seen);
  });
  progress.done();
  const auto report = what_if.finish();
  const auto differences = policy::compare(*f->pack, *changed);
  if (!o.json) return print_text(report, differences);
  json::Object out{{"pack", json::Object{{"id", changed->id()}, {"version", changed->version()}}},
                   {"against", json::Object{{"id", f->pack->id()}, {"version", f->pack->version()}}},
                   {"differences", policy::to_json(differences)}};
  for (auto& [key, value] : to_json(report, std::numeric_limits<std::size_t>::max()))
    out.emplace(key, std::move(value));
  std::cout << json::text(out) << '\n';
}

}  // namespace

void add_whatif(CLI::App& program) {
  auto* command = program.add_subcommand(
      "whatif", "Replays all past cases under a changed pack: what would have been decided, refused or late");
  auto o = std::make_shared<Options>();
  command->add_option("--pack", o->pack, "The changed pack: an id, or a folder")->required();
  command->add_option("--from", o->from, "The city's own pack (default: the only one there is)");
  add_place(*command, o->place);
  command->add_flag("--json", o->json, "Every changed case, as JSON");
  command->footer("Example: tongdian whatif --pack packs/examples/ten-days --data city");
  command->callback([o] { run(*o); });
}

}  // namespace tongdian::app
