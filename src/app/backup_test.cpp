// A backup taken under load comes back whole; one that is damaged, or without its keys, does not come back at all.
#include "app/backup.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "app/archive.hpp"
#include "app/city_for_tests.hpp"
#include "app/demo.hpp"
#include "base/files.hpp"
#include "base/temporary_folder.hpp"
#include "base/time_text.hpp"

using namespace tongdian;
using namespace tongdian::app;
namespace fs = std::filesystem;

namespace {

const ManualClock today(*parse_instant("2021-11-01T10:00:00+08:00"));

std::string code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const ProblemError& e) {
    return e.problem.code;
  }
  return "done";
}

/// A small city that is at rest.
void make_city(const fs::path& data) {
  auto f = open_foundation(data, "", Opening::own);
  ensure_demo(*f, {7, 12});
  REQUIRE(calendar::install(f->pack->calendar_files(), data, "2027.csv",
                            "date,name,kind\n2027-01-01,made up for a test,off\n")
              .has_value());
}

void write(const fs::path& file, std::string_view bytes) { std::ofstream(file, std::ios::binary) << bytes; }

/// Another value for one byte in the middle.
void flip(const fs::path& file) {
  std::fstream f(file, std::ios::in | std::ios::out | std::ios::binary);
  f.seekg(static_cast<std::streamoff>(fs::file_size(file) / 2));
  const char c = static_cast<char>(f.get() ^ 1);
  f.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
  f.put(c);
}

void replace_in(const fs::path& file, const std::string& from, const std::string& to) {
  auto text = read_file(file).value();
  REQUIRE(text.find(from) != std::string::npos);
  text.replace(text.find(from), from.size(), to);
  write(file, text);
}

bool same_bytes(const fs::path& one, const fs::path& other) {
  return read_file(one).value() == read_file(other).value();
}

}  // namespace

TEST_CASE(
    "a backup taken while the city works is one moment of it: it verifies, replays, and the city goes on from it") {
  for (const char* name : {"backup", "backup.tar", "backup.tar.zst", "backup.tar.gz"}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    const PlaceForTests here;
    auto clock = std::make_shared<ManualClock>(today.now());
    Manifest m;
    {
      RunningCity city(open_foundation(here.place, "", Opening::own), clock, false);
      std::atomic<bool> stop = false;
      std::atomic<int> done = 0;
      std::thread clerk([&] {
        for (int i = 0; !stop; ++i) {
          CHECK(city.engine().carry_out(command(city, high_voltage(), "k" + std::to_string(i))).has_value());
          ++done;
        }
      });
      while (done < 20) std::this_thread::yield();
      m = back_up({here.place, folder.path / name, folder.path / "keys"}, *clock);
      stop = true;
      clerk.join();
      CHECK(m.journal_size >= 20);
      CHECK(m.schema == static_cast<int>(all_migrations().size()));
      CHECK(last_backup(here.place.data) == today.now());
    }
    restore({folder.path / name, folder.path / "keys", folder.path / "again"});
    CHECK((fs::status(folder.path / "again" / "keys" / "vault.key").permissions() & fs::perms::all) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    RunningCity again(open_foundation(folder.path / "again", "", Opening::own), clock, false);
    CHECK(sound(again.foundation()));
    CHECK(count(again.foundation(), "SELECT max(position) FROM event") == static_cast<std::int64_t>(m.journal_size));
    // What was acknowledged before the backup is known by its key; the next command follows.
    CHECK(again.engine().carry_out(command(again, high_voltage(), "k0"))->repeated);
    CHECK_FALSE(again.engine().carry_out(command(again, high_voltage(), "new"))->repeated);
    // Personal data open under the restored key.
    const auto first = again.foundation().database->reader()->integer("SELECT min(owner) FROM vault");
    CHECK(again.foundation().vault->open(*again.foundation().database->reader(), *first).has_value());
  }
}

TEST_CASE("a person's files come back with the backup, and open under the keys that were kept apart") {
  const TemporaryFolder folder;
  make_city(folder.path / "city");
  std::string paper;
  {
    auto f = open_foundation(folder.path / "city", "", Opening::own);
    paper = keep_paper(*f, f->database->writer(), today.now());
  }
  back_up({folder.path / "city", folder.path / "backup.tar", folder.path / "keys"}, today);
  restore({folder.path / "backup.tar", folder.path / "keys", folder.path / "again"});
  CHECK(kept_paper(*open_foundation(folder.path / "again", "", Opening::read)) == paper);
}

TEST_CASE("a backup that is damaged, or whose keys are not there, is refused, and leaves nothing behind") {
  const TemporaryFolder folder;
  make_city(folder.path / "city");
  const auto m = back_up({folder.path / "city", folder.path / "whole", folder.path / "keys"}, today);
  const std::string root(m.head.at("root").as_string());
  const struct {
    const char* what;
    std::function<void(const fs::path& backup, const fs::path& keys)> damage;
    const char* code;
  } cases[] = {
      {"nothing", [](const auto&, const auto&) {}, "done"},
      {"a flipped byte of the database", [](const auto& b, const auto&) { flip(b / "city.db"); }, "restore.damaged"},
      {"a database cut short",
       [](const auto& b, const auto&) { fs::resize_file(b / "city.db", fs::file_size(b / "city.db") - 4096); },
       "restore.damaged"},
      {"a calendar altered", [](const auto& b, const auto&) { flip(b / "calendars" / "2027.csv"); }, "restore.damaged"},
      {"a calendar gone", [](const auto& b, const auto&) { fs::remove(b / "calendars" / "2027.csv"); },
       "restore.damaged"},
      {"no manifest", [](const auto& b, const auto&) { fs::remove(b / "manifest.json"); }, "restore.damaged"},
      {"half a manifest",
       [](const auto& b, const auto&) { fs::resize_file(b / "manifest.json", fs::file_size(b / "manifest.json") / 2); },
       "restore.damaged"},
      {"a head of another root",
       [&](const auto& b, const auto&) { replace_in(b / "manifest.json", root, std::string(64, '0')); },
       "restore.damaged"},
      {"a head beyond the journal",
       [&](const auto& b, const auto&) {
         const auto size = std::to_string(m.journal_size);
         replace_in(b / "manifest.json", "\"journal_size\":" + size, "\"journal_size\":1" + size);
         replace_in(b / "manifest.json", "\"size\":" + size, "\"size\":1" + size);
       },
       "restore.damaged"},
      {"a name that leaves the folder",
       [](const auto& b, const auto&) { replace_in(b / "manifest.json", "\"city.db\"", "\"../city.db\""); },
       "restore.damaged"},
      {"a format of the future",
       [](const auto& b, const auto&) { replace_in(b / "manifest.json", "\"format\":1", "\"format\":2"); },
       "store.newer"},
      {"a schema of the future",
       [](const auto& b, const auto&) { replace_in(b / "manifest.json", "\"schema\":", "\"schema\":9"); },
       "store.newer"},
      {"a missing key", [](const auto&, const auto& k) { fs::remove(k / "vault.key"); }, "restore.key_missing"},
      {"a wrong key", [](const auto&, const auto& k) { write(k / "vault.key", std::string(64, '7') + "\n"); },
       "restore.key_wrong"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.what);
    const TemporaryFolder turn;
    fs::copy(folder.path / "whole", turn.path / "backup", fs::copy_options::recursive);
    fs::copy(folder.path / "keys", turn.path / "keys", fs::copy_options::recursive);
    each.damage(turn.path / "backup", turn.path / "keys");
    const std::string code = code_of([&] { restore({turn.path / "backup", turn.path / "keys", turn.path / "new"}); });
    CHECK(code == each.code);
    const auto left = std::distance(fs::directory_iterator(turn.path), fs::directory_iterator());
    CHECK(left == (code == "done" ? 3 : 2));
  }
  SUBCASE("a folder that holds something is not restored into") {
    CHECK(code_of([&] {
            restore({folder.path / "whole", folder.path / "keys", folder.path / "city"});
          }) == "restore.not_empty");
  }
  SUBCASE("an event altered together with its digest is found by the journal") {
    const auto file = folder.path / "whole" / "city.db";
    store::open_store({file.string(), false, 1})
        ->writer()
        .script("UPDATE event SET body = replace(body, '\"channel\":\"', '\"channel\":\"x') WHERE position = 3");
    auto listed = json::read_text<Manifest>(read_file(folder.path / "whole" / "manifest.json").value()).value();
    store::open_store({file.string(), false, 1})->writer().script("PRAGMA journal_mode=DELETE");
    for (auto& f : listed.files)
      if (f.name == "city.db") f.bytes = fs::file_size(file), f.sha256 = to_hex(sha256(read_file(file).value()));
    write(folder.path / "whole" / "manifest.json", json::text(json::write(listed)));
    CHECK(code_of([&] {
            restore({folder.path / "whole", folder.path / "keys", folder.path / "new"});
          }) == "restore.damaged");
  }
  SUBCASE("a damaged archive") {
    back_up({folder.path / "city", folder.path / "b.tar.zst", {}}, today);
    flip(folder.path / "b.tar.zst");
    const auto code = code_of([&] { restore({folder.path / "b.tar.zst", folder.path / "keys", folder.path / "new"}); });
    CHECK((code == "archive.unreadable" || code == "restore.damaged"));
    CHECK_FALSE(fs::exists(folder.path / "new"));
  }
}

TEST_CASE("where a backup may go") {
  const TemporaryFolder folder;
  make_city(folder.path / "city");
  fs::create_directories(folder.path / "full");
  write(folder.path / "full" / "something", "x");
  write(folder.path / "there.tar", "x");
  const struct {
    const char *to, *keys;
    const char* code;
  } cases[] = {
      {"full", "", "backup.not_empty"},
      {"there.tar", "", "backup.not_empty"},
      {"city/backup", "", "backup.inside_data"},
      {"b", "b", "backup.keys_beside"},
      {"b", "b/keys", "backup.keys_beside"},
      {"k/b", "k", "backup.keys_beside"},
      {"o/b.tar", "o", "backup.keys_beside"},
      {"b", "city/keys", "backup.keys_beside"},
      {"b1", "k1", "done"},
      {"b2", "k1", "done"},
      {"d/b3.tar", "k1", "done"},
  };
  fs::create_directories(folder.path / "o");
  fs::create_directories(folder.path / "d");
  for (const auto& each : cases) {
    CAPTURE(each.to);
    CAPTURE(each.keys);
    const auto keys = *each.keys ? folder.path / each.keys : fs::path();
    CHECK(code_of([&] { back_up({folder.path / "city", folder.path / each.to, keys}, today); }) == each.code);
  }
  // Keys that are not these are not overwritten.
  write(folder.path / "k1" / "vault.key", std::string(64, '7') + "\n");
  CHECK(code_of([&] {
          back_up({folder.path / "city", folder.path / "b4", folder.path / "k1"}, today);
        }) == "backup.keys_differ");
  CHECK(code_of([&] { back_up({folder.path / "nowhere", folder.path / "b5", {}}, today); }) == "data.not_found");
  CHECK(same_bytes(folder.path / "b1" / "calendars" / "2027.csv", folder.path / "city" / "calendars" / "2027.csv"));
}

TEST_CASE("an archive with an entry outside its folder is not unpacked") {
  for (const char* name : {"../outside", "/tmp/outside", "a/../../outside"}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    const auto file = folder.path / "evil.tar";
    archive* a = archive_write_new();
    archive_write_set_format_ustar(a);
    archive_write_open_filename(a, file.c_str());
    archive_entry* e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_size(e, 1);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0600);
    archive_write_header(a, e);
    archive_write_data(a, "x", 1);
    archive_entry_free(e);
    archive_write_free(a);
    fs::create_directories(folder.path / "in" / "side");
    CHECK(code_of([&] { unpack_into(file, folder.path / "in" / "side"); }) == "archive.unreadable");
    CHECK(fs::is_empty(folder.path / "in" / "side"));
  }
}

TEST_CASE("a city whose keys are gone does not start with new ones") {
  const TemporaryFolder folder;
  make_city(folder.path / "city");
  fs::remove_all(folder.path / "city" / "keys");
  CHECK(code_of([&] { open_foundation(folder.path / "city", "", Opening::own); }) == "keys.missing");
  CHECK(code_of([&] { open_foundation(folder.path / "city", "", Opening::read); }) == "keys.missing");
}
