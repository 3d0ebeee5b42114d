// tongdian audit: what the detectors find in a city's journal, the supervised orders, and the reports.
#include <chrono>
#include <iostream>

#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "identity/accounts.hpp"
#include "supervision/page.hpp"

namespace tongdian::app {
namespace {

struct Options {
  Place place;
  std::string pack, kind;
  bool json = false;
};

void print_text(const std::vector<supervision::Watch::Judged>& all, const supervision::PageContext& c) {
  for (const auto& d : c.pack.detectors()) {
    std::size_t weak = 0, strong = 0;
    for (const auto& j : all)
      if (j.finding.kind == d.id) ++(j.finding.strength == supervision::Strength::strong ? strong : weak);
    std::cout << d.id << ": " << strong << " strong, " << weak << " weak (" << d.name.en << ")\n";
  }
  std::cout << c.watch.orders().all().size() << " supervised orders, " << c.watch.orders().bulletin().size()
            << " named in the bulletin\n";
  const auto promised = c.watch.promises().calibration();
  std::cout << "promises: " << promised.cases << " judged, Brier " << promised.brier << " (base rate alone "
            << promised.brier_of_base_rate << ")\n";
  std::cout << "--json gives every finding with its evidence\n";
}

void run(const Options& o) {
  const auto f = open_foundation(o.place, o.pack, Opening::read);
  supervision::Watch watch(*f->connection);
  auto reader = f->database->reader();
  const auto begun = std::chrono::steady_clock::now();
  const auto events = watch.catch_up(*reader);
  auto all = watch.findings();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const supervision::PageContext context{*f->pack, watch,
                                         [&](const std::string& user) {
                                           const auto account = identity::find_account_by_id(*reader, user);
                                           return account ? account->name : user;
                                         },
                                         [&](const std::string& id) {
                                           for (const auto& e : f->pack->enterprises())
                                             if (e.id == id) return e.name;
                                           return Sentence{id, id};
                                         }};
  std::cerr << events << " events in " << seconds << " s\n";
  if (!o.kind.empty()) std::erase_if(all, [&](const auto& j) { return j.finding.kind != o.kind; });
  if (!o.json) return print_text(all, context);
  json::Array findings, orders, bulletin;
  for (const auto& j : all) findings.push_back(to_json(j, context));
  const LocalDate today = f->pack->zone().date_of(all.empty() ? Instant{} : all.front().finding.at);
  for (const auto& order : watch.orders().all()) orders.push_back(to_json(order, today, context));
  for (const auto& named : watch.orders().bulletin()) bulletin.push_back(to_json(named, context));
  std::cout << json::text(json::Object{{"findings", std::move(findings)},
                                       {"kinds", supervision::kinds(all, context)},
                                       {"orders", std::move(orders)},
                                       {"bulletin", std::move(bulletin)},
                                       {"reports", supervision::reports(all, context)}})
            << '\n';
}

}  // namespace

void add_audit(CLI::App& program) {
  auto* command = program.add_subcommand(
      "audit", "What the detectors find in the journal, supervised orders, channels, the longest time, calibration");
  auto o = std::make_shared<Options>();
  add_place(*command, o->place);
  command->add_option("--pack", o->pack, "Policy pack, whose detectors run: an id, or a folder");
  command->add_option("--kind", o->kind, "Only the findings of one detector");
  command->add_flag("--json", o->json, "Every finding with its evidence, as JSON");
  command->footer("Example: tongdian audit --data city");
  command->callback([o] { run(*o); });
}

}  // namespace tongdian::app
