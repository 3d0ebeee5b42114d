// tongdian doctor: is this city well?
#include <iostream>

#include "app/commands.hpp"
#include "app/doctor.hpp"
#include "app/foundation.hpp"

namespace tongdian::app {
namespace {

void print(const std::vector<Finding>& findings) {
  for (const auto& f : findings) {
    const std::string_view mark = f.level == Level::ok     ? "正常 ok  "
                                  : f.level == Level::warn ? "注意 warn"
                                                           : "故障 fail";
    std::cout << mark << "  " << f.check << ": " << f.detail.zh << " · " << f.detail.en << '\n';
    if (!f.next.en.empty()) std::cout << "           → " << f.next.zh << " · " << f.next.en << '\n';
  }
}

void run(const Examination& what, bool as_json) {
  const auto findings = examine(what, SystemClock{});
  const Level worst = worst_of(findings);
  if (as_json) {
    json::Array all;
    for (const auto& f : findings) all.push_back(to_json(f));
    std::cout << json::text(json::Object{{"worst", name_of(worst)}, {"findings", std::move(all)}}) << '\n';
  } else {
    print(findings);
  }
  exit_code = worst == Level::ok ? 0 : worst == Level::warn ? 1 : 3;
}

}  // namespace

void add_doctor(CLI::App& program) {
  auto* command = program.add_subcommand(
      "doctor",
      "Looks at disk, clock, calendar, keys, versions and backups; exit 0 well, 1 something to heed, 3 broken");
  auto what = std::make_shared<Examination>();
  auto as_json = std::make_shared<bool>(false);
  auto fast = std::make_shared<bool>(false);
  add_place(*command, what->place);
  command->add_option("--pack", what->pack, "Policy pack: an id, or a folder");
  command->add_flag("--json", *as_json, "As one JSON object");
  command->add_flag("--fast", *fast, "Leave out the check of every page, which reads the whole database");
  command->footer("Example: tongdian doctor --data city --json");
  command->callback([what, as_json, fast] {
    what->integrity = !*fast;
    run(*what, *as_json);
  });
}

}  // namespace tongdian::app
