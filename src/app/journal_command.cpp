// tongdian journal: heads, verification, proofs and the signing key.
#include <fstream>
#include <iostream>

#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "app/progress.hpp"
#include "base/files.hpp"
#include "base/time_text.hpp"
#include "journal/export.hpp"
#include "journal/receipt.hpp"
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

void print_verification(const journal::Verification& found) {
  json::Array wrong;
  for (const auto& p : found.wrong)
    wrong.push_back(json::Object{{"code", p.code}, {"position", p.path}, {"message", p.detail.en}});
  std::cout << text_of(json::Object{{"sound", found.wrong.empty()},
                                    {"log", found.log},
                                    {"suite", name_of(found.suite)},
                                    {"events", found.events},
                                    {"heads", found.heads},
                                    {"keys", found.keys},
                                    {"root", to_hex(found.root)},
                                    {"wrong", std::move(wrong)}})
            << '\n';
  if (!found.wrong.empty()) exit_code = 1;
}

journal::Verification verify_file(const std::string& file, const std::optional<journal::Head>& expected,
                                  Progress& progress) {
  const auto tell = [&](std::uint64_t n) { progress.at(n); };
  if (file == "-") return journal::verify_export(std::cin, expected, tell);
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw ProblemError(
        failure("file.unreadable", {"无法读取 " + file, "cannot read " + file}, {"请核对文件名", "check the name"}));
  return journal::verify_export(in, expected, tell);
}

void run_verify(const Place& place, const std::string& against, const std::string& file) {
  std::optional<journal::Head> expected;
  if (!against.empty()) expected = read_head(against);
  Progress progress("verifying events");
  journal::Verification found;
  if (!file.empty()) {
    found = verify_file(file, expected, progress);
  } else {
    auto f = open_foundation(place, "", Opening::read);
    auto reader = f->database->reader();
    found = journal::verify(*reader, expected, [&](std::uint64_t n) { progress.at(n); });
  }
  progress.done();
  print_verification(found);
}

void run_verify_receipt(const std::string& file, const std::string& key) {
  const auto report = journal::check_receipt(read_file(file, 64u << 20).value(), key);
  json::Array wrong, positions;
  for (const auto position : report.positions) positions.emplace_back(position);
  for (const auto& p : report.wrong)
    wrong.push_back(json::Object{{"code", p.code}, {"path", p.path}, {"message", p.detail.en}});
  std::cout << text_of(json::Object{{"genuine", report.wrong.empty()},
                                    {"number", report.number},
                                    {"log", report.log},
                                    {"suite", report.suite},
                                    {"positions", std::move(positions)},
                                    {"size", report.size},
                                    {"signed_at", report.signed_at},
                                    {"key_id", report.key_id},
                                    {"key_trusted", !key.empty() && report.wrong.empty()},
                                    {"wrong", std::move(wrong)}})
            << '\n';
  if (!report.wrong.empty()) exit_code = 1;
}

void run_prove(const Place& place, const std::string& number) {
  auto f = open_foundation(place, "", Opening::read);
  auto reader = f->database->reader();
  const auto proof = journeys::case_proof(*reader, number);
  if (!proof) throw ProblemError(journeys::not_found());
  std::cout << text_of(*proof) << '\n';
}

void run_export(const Place& place, const std::string& file) {
  auto f = open_foundation(place, "", Opening::read);
  auto reader = f->database->reader();
  std::ofstream opened;
  if (file != "-") opened.open(file, std::ios::binary | std::ios::trunc);
  std::ostream& out = file == "-" ? std::cout : opened;
  Progress progress("exporting events");
  journal::write_export(
      *reader, [&](std::string_view line) { out << line << '\n'; }, [&](std::uint64_t n) { progress.at(n); });
  progress.done();
  out.flush();
  if (!out)
    throw ProblemError(failure("file.unwritable", {"无法写入 " + file, "cannot write " + file},
                               {"请检查磁盘空间和权限", "check the space and the permissions"}));
}

void run_rotate(const Place& place) {
  auto f = open_foundation(place, "", Opening::own);
  auto& session = f->database->writer();
  // A journal that was never opened has no key yet to announce another.
  const journal::Journal journal(session, f->signing_key(), f->random);
  const auto seed = journal::stage_key(place.data, journal::KeyFile::head, f->random).value();
  const auto made = journal::rotate(session, f->signing_key(), journal::SigningKey(f->suite, seed),
                                    std::max(SystemClock{}.now(), journal.last_recorded()))
                        .value();
  journal::settle(place.data, journal::KeyFile::head, true).value();
  std::cout << text_of(json::Object{{"key_id", made.id},
                                    {"public_key", to_hex(made.public_key)},
                                    {"since_size", made.since},
                                    {"announcement", made.announcement},
                                    {"signature", to_hex(made.announcement_signature)}})
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
  auto file = std::make_shared<std::string>();
  auto key = std::make_shared<std::string>();
  auto out = std::make_shared<std::string>("-");
  const auto sub = [&](const char* name, const char* about, const char* example) {
    auto* s = command->add_subcommand(name, about);
    add_place(*s, *place);
    s->footer(std::string("Example: tongdian journal ") + example);
    return s;
  };
  sub("head", "Prints the latest signed head", "head --data city > head.json")->callback([place] {
    print_head(*place);
  });
  auto* verify =
      sub("verify",
          "Recomputes every hash and signature, of the data or of an exported FILE; exit 1 where anything is wrong",
          "verify --data city --against head.json");
  verify->add_option("--against", *against, "A head kept outside, which the journal must extend; - is standard input");
  verify->add_option("FILE", *file, "What `journal export` wrote; - is standard input");
  verify->callback([place, against, file] { run_verify(*place, *against, *file); });
  auto* receipt = command->add_subcommand(
      "verify-receipt",
      "Checks a receipt by itself, without any data folder; exit 1 and which part where it does not hold");
  receipt->add_option("FILE", *file, "The receipt as it was downloaded, or as `journal prove` printed it")->required();
  receipt->add_option("--key", *key, "A public key of the city that you know from elsewhere, as hex");
  receipt->footer("Example: tongdian journal verify-receipt receipt.json");
  receipt->callback([file, key] { run_verify_receipt(*file, *key); });
  auto* prove = sub("prove", "Prints a case's receipt: its events with their paths to the signed root",
                    "prove TD211115-7KQ4MX --data city");
  prove->add_option("CASE", *number, "Case number")->required();
  prove->callback([place, number] { run_prove(*place, *number); });
  auto* exported =
      sub("export", "Writes the journal as JSON lines: header, keys, events' exact bytes, heads (docs/journal.md)",
          "export --data city journal.jsonl");
  exported->add_option("FILE", *out, "Where to; - is standard output")->capture_default_str();
  exported->callback([place, out] { run_export(*place, *out); });
  sub("rotate-key", "A new signing key, announced by the old one, takes over; the server must be stopped",
      "rotate-key --data city")
      ->callback([place] { run_rotate(*place); });
}

}  // namespace tongdian::app
