// A running city and what the tests of this room ask of it.
#pragma once

#include "app/running_city.hpp"
#include "base/temporary_folder.hpp"
#include "engine/replay.hpp"
#include "journal/vault_files.hpp"
#include "journal/verify.hpp"
#include "journeys/application.hpp"
#include "store/database_for_tests.hpp"

namespace tongdian::app {

/// Room for a city on the database of this run, gone with the test.
struct PlaceForTests {
  TemporaryFolder folder;
  Place place{folder.path, store::tests_on_postgres() ? store::ServerForTests::get().fresh() : ""};
};

inline journeys::Submission high_voltage() {
  journeys::Submission s;
  s.facts.customer = policy::Customer::non_resident;
  s.facts.voltage = policy::Voltage::kv35_plus;
  s.facts.requested_kw = 20000;
  s.facts.sources = 2;
  s.facts.new_installation = s.facts.works_needed = true;
  s.facts.route = policy::Route{};
  s.facts.enterprise = policy::Enterprise{};
  s.applicant = {"示例化工（虚构）", "13800000001", ""};
  s.site = {"370602", "370602001", "示例路1号"};
  s.enterprise = "sgcc-yantai";
  s.channel = "counter";
  return s;
}

inline engine::Command command(RunningCity& city, const journeys::Submission& s, const std::string& key) {
  auto& f = city.foundation();
  auto reader = f.database->reader();
  return journeys::to_command(s, key, {"staff", "clerk"}, *f.vault, *reader, f.random,
                              f.pack->zone().date_of(city.clock().now()));
}

inline bool sound(Foundation& f) {
  auto scratch = store::open_sqlite({":memory:"});
  store::migrate(*scratch, all_migrations());
  auto reader = f.database->reader();
  return journal::verify(*reader).wrong.empty() && engine::replay(*reader, scratch->writer(), f.behaviours()).same();
}

/// A file of two parts in the vault of the first person.
inline std::string keep_paper(Foundation& f, store::Session& writer, Instant now) {
  const std::string content = "%PDF-1.7 " + std::string(100'000, 'x');
  const auto owner = writer.integer("SELECT min(owner) FROM vault").value();
  journal::VaultFile file{
      "paper-for-tests", owner, "identity", "application/pdf", static_cast<std::int64_t>(content.size()), 0, now};
  journal::begin_file(writer, file);
  const auto key = journal::file_key(*f.vault, writer, owner, file.id).value();
  for (const auto& part : {content.substr(0, 65'536), content.substr(65'536)}) {
    journal::add_part(writer, file, journal::seal_part(key, file.received, bytes_of(part), f.random),
                      static_cast<std::int64_t>(part.size()), now);
    file.received += static_cast<std::int64_t>(part.size());
  }
  return content;
}

/// The same file as this city's keys open it.
inline std::string kept_paper(Foundation& f) {
  auto reader = f.database->reader();
  const auto owner = reader->integer("SELECT min(owner) FROM vault").value();
  const auto file = journal::find_file(*reader, owner, "paper-for-tests");
  if (!file) return "no file";
  const auto key = journal::file_key(*f.vault, *reader, owner, file->id);
  return key ? std::string(text_of(journal::open_file(*reader, *file, *key))) : "no key";
}

inline std::int64_t count(Foundation& f, std::string_view sql) {
  return f.database->reader()->integer(sql).value_or(-1);
}

}  // namespace tongdian::app
