// tongdian journal: heads, verification, proofs and the signing key.
#include <iostream>

#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "app/progress.hpp"
#include "base/files.hpp"
#include "base/time_text.hpp"
#include "journeys/city.hpp"

namespace tongdian::app {
namespace {

std::string text_of(const json::Value& value) { return json::text(value); }

/// A head as `journal head` printed it, kept outside.
journal::Head read_head(const std::string& file) {
  const auto value = json::parse(read_file(file, 1 << 20).value()).value();
  const auto broken = [&] {
    return ProblemError(
        bad_input("journal.bad_head", file, {"不是树头文件", "not a head as `tongdian journal head` prints it"}));
  };
  const auto* o = value.if_object();
  if (!o || !o->contains("size") || !o->contains("root") || !o->at("size").is_int64() || !o->at("root").is_string())
    throw broken();
  const auto root = from_hex(o->at("root").as_string());
  if (!root || root->size() != 32 || o->at("size").as_int64() < 0) throw broken();
  journal::Head head;
  head.size = static_cast<std::uint64_t>(o->at("size").as_int64());
  std::copy(root->begin(), root->end(), head.root.begin());
  return head;
}

void print_head(const Place& place) {
  auto f = open_foundation(place, "", Opening::read);
  auto reader = f->database->reader();
  std::cout << text_of(journal::to_json(journal::log_id(*reader), journal::latest_head(*reader))) << '\n';
}

void run_verify(const Place& place, const std::string& against) {
  auto f = open_foundation(place, "", Opening::read);
  auto reader = f->database->reader();
  std::optional<journal::Head> expected;
  if (!against.empty()) expected = read_head(against);
  Progress progress("verifying events");
  const auto found = journal::verify(*reader, expected, [&](std::uint64_t n) { progress.at(n); });
  progress.done();
  json::Array wrong;
  for (const auto& p : found.wrong)
    wrong.push_back(json::Object{{"code", p.code}, {"position", p.path}, {"message", p.detail.en}});
  const auto head = journal::latest_head(*reader);
  std::cout << text_of(json::Object{{"sound", found.wrong.empty()},
                                    {"events", found.events},
                                    {"heads", found.heads},
                                    {"root", to_hex(head.root)},
                                    {"wrong", std::move(wrong)}})
            << '\n';
  if (!found.wrong.empty()) exit_code = 1;
}

void run_prove(const Place& place, const std::string& number) {
  auto f = open_foundation(place, "", Opening::read);
  auto reader = f->database->reader();
  const auto proof = journeys::case_proof(*reader, number);
  if (!proof) throw ProblemError(journeys::not_found());
  std::cout << text_of(*proof) << '\n';
}

void run_export(const Place& place) {
  auto f = open_foundation(place, "", Opening::read);
  auto reader = f->database->reader();
  journal::read_all(*reader, 0, [](std::uint64_t, std::string_view bytes) { std::cout << bytes << '\n'; });
}

void run_rotate(const Place& place) {
  auto f = open_foundation(place, "", Opening::own);
  const auto keys = journal::rotate_head_key(place.data, f->random).value();
  // Known to the database from now on, since the size that the journal has.
  journal::Journal journal(f->database->writer(), journal::SigningKey(keys.head_seed), f->random);
  std::cout << text_of(
                   json::Object{{"key_id", journal::SigningKey(keys.head_seed).id()}, {"since_size", journal.size()}})
            << '\n';
}

}  // namespace

void add_journal(CLI::App& program) {
  auto* command = program.add_subcommand("journal", "The append-only journal: heads, verification, proofs");
  command->require_subcommand(1);
  command->footer("Example: tongdian journal verify --data city --against head.json");
  auto place = std::make_shared<Place>();
  auto against = std::make_shared<std::string>();
  auto number = std::make_shared<std::string>();
  const auto sub = [&](const char* name, const char* about, const char* example) {
    auto* s = command->add_subcommand(name, about);
    add_place(*s, *place);
    s->footer(std::string("Example: tongdian journal ") + example);
    return s;
  };
  sub("head", "Prints the latest signed head", "head --data city > head.json")->callback([place] {
    print_head(*place);
  });
  auto* verify = sub("verify", "Recomputes every hash and signature; exit 1 where anything is wrong",
                     "verify --data city --against head.json");
  verify->add_option("--against", *against, "A head kept outside, which the journal must extend; - is standard input");
  verify->callback([place, against] { run_verify(*place, *against); });
  auto* prove =
      sub("prove", "Prints a case's events with their paths to the signed root", "prove TD211115-7KQ4MX --data city");
  prove->add_option("CASE", *number, "Case number")->required();
  prove->callback([place, number] { run_prove(*place, *number); });
  sub("export", "Prints every event, one canonical JSON a line", "export --data city > events.jsonl")
      ->callback([place] { run_export(*place); });
  sub("rotate-key", "Makes a new signing key; every server must be stopped", "rotate-key --data city")
      ->callback([place] { run_rotate(*place); });
}

}  // namespace tongdian::app
