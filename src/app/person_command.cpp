// tongdian person: a copy of what the city holds of somebody, their erasure, and the key that all of it lies under.
#include <fstream>
#include <iostream>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/erasures.hpp"
#include "base/files.hpp"
#include "base/time_text.hpp"
#include "journeys/person.hpp"
#include "store/scrub.hpp"

namespace tongdian::app {
namespace {

struct Options {
  Place place;
  std::string pack, number, ground = "consent_withdrawn", by = "person", out = "-";
};

void write_out(const std::string& file, const std::string& text) {
  if (file == "-")
    std::cout << text << std::flush;
  else
    write_file_atomically(file, text, 0600).value();
}

void export_person(const Options& o) {
  auto f = open_foundation(o.place, o.pack, Opening::write);
  const Instant now = city_time(*f);
  const auto found = journeys::find(*f->database->reader(), o.number);
  if (!found) throw ProblemError(journeys::not_found());
  auto& writer = f->database->writer();
  {
    store::Transaction transaction(writer);
    journal::note_read(writer, found->row.stream, "operator", f->pack->zone().date_of(now), now);
    transaction.commit();
  }
  const journeys::Pages pages(*f->connection, now, writer);
  write_out(o.out, json::text(journeys::person_copy(*found, *f->vault, writer, pages.context, true)) + "\n");
}

void erase_person(const Options& o) {
  auto f = open_foundation(o.place, o.pack, Opening::own);
  const ManualClock clock(city_time(*f));
  auto executor = f->executor(clock);
  engine::Command c;
  c.id = "person:" + f->random.token(8);
  c.stream = "case/" + o.number;
  c.actor = {"system", "operator"};
  c.channel = "desk";
  c.body = std::make_shared<connection::Command>(connection::ErasePerson{o.ground, o.by});
  std::optional<engine::Answer> answer;
  std::vector<engine::Pending> batch;
  batch.push_back({std::move(c), [&](const engine::Answer& a) { answer = a; }});
  executor->execute(batch);
  const auto ack = answer->value();
  const bool scrubbed = ErasureKeeper(*f).finish(clock.now());
  std::cout << json::text(json::Object{{"number", o.number},
                                       {"erased_at", format_instant(clock.now(), f->pack->zone())},
                                       {"position", ack.position},
                                       {"files_scrubbed", scrubbed}})
            << '\n';
}

void print_erased(const Options& o) {
  auto f = open_foundation(o.place, o.pack, Opening::read);
  for (const auto& each : erasures_of(*f->database->reader())) std::cout << json::canonical(json::write(each)) << '\n';
}

void rotate_key(const Options& o) {
  auto f = open_foundation(o.place, o.pack, Opening::own);
  const auto next = journal::stage_key(f->data, journal::KeyFile::vault, f->random).value();
  const auto persons = journal::rewrap(f->database->writer(), f->keys.vault, next, f->random);
  journal::settle(f->data, journal::KeyFile::vault, true).value();
  // Keys that are wrapped under the old one are not to lie about in the files.
  const bool scrubbed = store::scrub(*f->database, "vault");
  std::cout << json::text(json::Object{{"persons", persons}, {"files_scrubbed", scrubbed}}) << '\n';
  std::cerr
      << "copy DATA/keys to where its copies lie, and to every other node; backups from before need the keys of before\n";
}

}  // namespace

void add_person(CLI::App& program) {
  auto* command = program.add_subcommand("person", "People's data: a copy, erasure, and the key that they lie under");
  command->require_subcommand(1);
  command->footer("Example: tongdian person export TD211115-7KQ4MX --data city > copy.json");
  auto o = std::make_shared<Options>();
  const auto sub = [&](const char* name, const char* about, const char* example, void (*run)(const Options&)) {
    auto* s = command->add_subcommand(name, about);
    add_place(*s, o->place);
    s->add_option("--pack", o->pack, "Policy pack: an id, or a folder");
    s->footer(std::string("Example: tongdian person ") + example);
    s->callback([o, run] { run(*o); });
    return s;
  };
  auto* copy =
      sub("export",
          "Writes everything that is held of the person of a case, as JSON (docs/person.md); it is noted who read",
          "export TD211115-7KQ4MX --data city --to copy.json", export_person);
  copy->add_option("CASE", o->number, "Case number")->required();
  copy->add_option("--to", o->out, "A file, readable by its owner alone; - is standard output")->capture_default_str();
  auto* erase = sub(
      "erase",
      "Destroys the data of the person of a case, for good; the server must be stopped, or ask for it on the case's page",
      "erase TD211115-7KQ4MX --data city --ground consent_withdrawn", erase_person);
  erase->add_option("CASE", o->number, "Case number")->required();
  erase->add_option("--ground", o->ground, "One of `erasures` in the pack's process.yaml")->required();
  erase->add_option("--by", o->by, "Who asked: person, or controller where it is due by itself")
      ->check(CLI::IsMember({"person", "controller"}))
      ->capture_default_str();
  sub("erased", "Lists the cases whose person is erased, as `restore --erasures` reads it",
      "erased --data city > erasures.jsonl", print_erased);
  sub("rotate-key", "A new vault.key: every person's key is wrapped anew; the servers must be stopped",
      "rotate-key --data city", rotate_key);
}

}  // namespace tongdian::app
