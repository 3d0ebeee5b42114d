// What a person may ask of their data, over the whole house: a copy, a correction, erasure; and that nothing brings them back.
#include "journeys/person.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "app/backup.hpp"
#include "app/city_for_tests.hpp"
#include "app/erasures.hpp"
#include "base/files.hpp"
#include "base/time_text.hpp"
#include "journal/receipt.hpp"

using namespace tongdian;
using namespace tongdian::app;
namespace fs = std::filesystem;

namespace {

const std::string name = "王小明（虚构）";
const std::string phone = "13800000042";

/// A city at rest, one step a call; every step a minute later.
struct Quiet {
  explicit Quiet(const Place& place) : f(open_foundation(place, "", Opening::own)), executor(f->executor(clock)) {
    if (executor->journal().size() > 0) clock.set(executor->journal().last_recorded());
    ErasureKeeper(*f).tell_journal(*executor);
  }

  engine::Answer carry_out(engine::Command c) {
    clock.advance(std::chrono::minutes(1));
    std::optional<engine::Answer> answer;
    std::vector<engine::Pending> batch;
    batch.push_back({std::move(c), [&](const engine::Answer& a) { answer = a; }});
    executor->execute(batch);
    return *answer;
  }
  engine::Answer act(const std::string& stream, connection::Command::Any any) {
    engine::Command c;
    c.id = f->random.token(8);
    c.stream = stream;
    c.actor = {"customer", "applicant"};
    c.channel = "online";
    c.body = std::make_shared<connection::Command>(std::move(any));
    return carry_out(std::move(c));
  }
  /// The stream of a case of this person.
  std::string submit(const std::string& who = name, const std::string& reach = phone) {
    auto s = high_voltage();
    s.applicant = {who, reach, "370602199001011234"};
    auto reader = f->database->reader();
    return carry_out(journeys::to_command(s, f->random.token(8), {"customer", "applicant"}, *f->vault, *reader,
                                          f->random, f->pack->zone().date_of(clock.now())))
        .value()
        .stream;
  }
  std::string erased(const std::string& who = name, const std::string& reach = phone) {
    const auto stream = submit(who, reach);
    REQUIRE(act(stream, connection::Withdraw{"other"}).has_value());
    REQUIRE(act(stream, connection::ErasePerson{"consent_withdrawn", ""}).has_value());
    return stream;
  }

  std::optional<json::Object> kept(const std::string& stream) {
    auto reader = f->database->reader();
    return f->vault->open(*reader, owner(stream));
  }
  std::int64_t owner(const std::string& stream) {
    return f->database->reader()->integer("SELECT id FROM stream WHERE name = $1", {std::string_view(stream)}).value();
  }
  json::Object copy(const std::string& stream, bool whole) {
    auto reader = f->database->reader();
    const auto found = journeys::find(*reader, std::string_view(stream).substr(5)).value();
    const journeys::Pages pages(*f->connection, clock.now(), *reader);
    return journeys::person_copy(found, *f->vault, *reader, pages.context, whole);
  }
  std::string last_type(const std::string& stream) {
    auto reader = f->database->reader();
    return journeys::find(*reader, std::string_view(stream).substr(5))->folded.events.back().type;
  }

  ManualClock clock{*parse_instant("2021-11-15T09:00:00+08:00")};
  std::unique_ptr<Foundation> f;
  std::unique_ptr<engine::Executor> executor;
};

bool holds(const json::Object& value, const std::string& words) {
  return json::text(value).find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("an erased person is in no view, no copy and no search; journal, counts and receipt stand") {
  const PlaceForTests here;
  Quiet city(here.place);
  const auto other = city.submit("李四（虚构）", "13800000043");
  const auto stream = city.submit();
  CHECK(holds(city.copy(stream, true), name));

  // While the case runs its purpose needs them.
  const auto refused = city.act(stream, connection::ErasePerson{"consent_withdrawn", ""});
  REQUIRE(!refused);
  CHECK(refused.error().code == "connection.person_needed");
  CHECK(city.kept(stream).has_value());

  REQUIRE(city.act(stream, connection::Withdraw{"other"}).has_value());
  const auto before = count(*city.f, "SELECT count(*) FROM case_view");
  REQUIRE(city.act(stream, connection::ErasePerson{"consent_withdrawn", ""}).has_value());
  CHECK(!city.kept(stream));
  CHECK(journal::erased_at(*city.f->database->reader(), city.owner(stream)) == city.clock.now());
  CHECK(city.f->vault->owners_of_phone(*city.f->database->reader(), phone).empty());
  const auto copy = city.copy(stream, true);
  CHECK(!holds(copy, name));
  CHECK(!holds(copy, phone));
  CHECK(copy.at("person").is_null());
  CHECK(copy.at("case").at("person").at("erased_at").is_string());
  CHECK(city.kept(other)->at("name").as_string() == "李四（虚构）");

  CHECK(count(*city.f, "SELECT count(*) FROM case_view") == before);
  CHECK(sound(*city.f));
  auto reader = city.f->database->reader();
  const auto receipt = journeys::case_proof(*reader, std::string_view(stream).substr(5));
  CHECK(journal::check_receipt(json::text(*receipt)).wrong.empty());
  // Who asked, and by what right; no word of who it was.
  CHECK(json::text(*receipt).find("consent_withdrawn") != std::string::npos);
  CHECK(!holds(*receipt, name));
}

TEST_CASE(
    "a copy is whole for the manager who checked who asks, and without the identity number for number and phone") {
  const PlaceForTests here;
  Quiet city(here.place);
  const auto stream = city.submit();
  const auto whole = city.copy(stream, true), masked = city.copy(stream, false);
  CHECK(holds(whole, "370602199001011234"));
  CHECK(!holds(masked, "370602199001011234"));
  CHECK(!masked.at("person").as_object().contains("salt"));
  // With the salt everybody can check that the journal speaks of these data.
  const auto digest = to_hex(sha256(json::canonical(whole.at("person"))));
  CHECK(whole.at("events").at(0).at("payload").at("opening").at("applicant_digest").as_string() == digest);
}

TEST_CASE(
    "a correction replaces the data, their digest and what they are found by; nothing of it stands in the event") {
  const PlaceForTests here;
  Quiet city(here.place);
  const auto stream = city.submit();
  const auto correct = [&](const journeys::Correction& c) -> engine::Answer {
    auto reader = city.f->database->reader();
    const auto found = journeys::find(*reader, std::string_view(stream).substr(5)).value();
    auto made = journeys::correct(c, found, *city.f->vault, *reader);
    if (!made) return made.error();
    engine::Command command;
    command.id = city.f->random.token(8);
    command.stream = stream;
    command.actor = {"staff", "clerk"};
    command.channel = "desk";
    command.sealed = std::move(made->sealed);
    command.body = std::make_shared<connection::Command>(std::move(made->command));
    return city.carry_out(std::move(command));
  };
  REQUIRE(correct({"王晓明（虚构）", "138 0000 0099", "", ""}).has_value());
  CHECK(city.kept(stream)->at("name").as_string() == "王晓明（虚构）");
  CHECK(city.kept(stream)->at("id_number").as_string() == "370602199001011234");
  CHECK(city.f->vault->owners_of_phone(*city.f->database->reader(), phone).empty());
  CHECK(city.f->vault->owners_of_phone(*city.f->database->reader(), "13800000099").size() == 1);
  const auto copy = city.copy(stream, true);
  const auto& event = copy.at("events").as_array().back().as_object();
  CHECK(json::canonical(event.at("payload").at("fields")) == R"(["name","phone"])");
  CHECK(event.at("payload").at("applicant_digest").as_string() == to_hex(sha256(json::canonical(copy.at("person")))));
  CHECK(json::text(event).find("王晓明") == std::string::npos);
  CHECK(correct({"", "", "", ""}).error().code == "connection.required");
  CHECK(correct({"", "12", "", ""}).error().path == "/input/phone");
  CHECK(sound(*city.f));
}

TEST_CASE("a restored backup from before does not bring them back, wherever the list of the erased is found") {
  const TemporaryFolder folder;
  const PlaceForTests here;
  const auto keys = folder.path / "keys";
  const ManualClock today(*parse_instant("2021-11-16T10:00:00+08:00"));
  std::string stream, stays;
  {
    Quiet city(here.place);
    stays = city.submit("李四（虚构）", "13800000043");
    stream = city.submit();
    REQUIRE(city.act(stream, connection::Withdraw{"other"}).has_value());
    back_up({here.place, folder.path / "before", keys}, today);
    REQUIRE(city.act(stream, connection::ErasePerson{"consent_withdrawn", ""}).has_value());
    CHECK(ErasureKeeper(*city.f).finish(city.clock.now()));
  }
  CHECK(read_erasures(here.place.data / erasures_file).size() == 1);

  const auto check = [&](const fs::path& data, bool gone, const char* type) {
    Quiet again(data);
    CHECK(again.kept(stream).has_value() != gone);
    CHECK(again.kept(stays).has_value());
    CHECK(again.last_type(stream) == type);
    CHECK(sound(*again.f));
  };
  // No list at hand: nobody can know, and the person is there again. docs/person.md says so.
  CHECK(restore({folder.path / "before", keys, folder.path / "a"}).erased_again == 0);
  check(folder.path / "a", false, "case.withdrawn");
  // The old data folder's.
  CHECK(restore({folder.path / "before", keys, folder.path / "b", {here.place.data / erasures_file}}).erased_again ==
        1);
  check(folder.path / "b", true, "case.person_erased");
  // The one that the next backup left beside the keys.
  back_up({here.place, folder.path / "after", keys}, today);
  CHECK(restore({folder.path / "before", keys, folder.path / "c"}).erased_again == 1);
  check(folder.path / "c", true, "case.person_erased");
  check(folder.path / "c", true, "case.person_erased");
  CHECK(restore({folder.path / "after", keys, folder.path / "d"}).erased_again == 0);
  // A database that was put back by other tools, under a data folder that knows.
  CHECK(restore({folder.path / "before", keys, folder.path / "e"}).erased_again == 1);
  fs::copy_file(folder.path / "before" / "city.db", folder.path / "e" / "city.db",
                fs::copy_options::overwrite_existing);
  check(folder.path / "e", true, "case.person_erased");
}

TEST_CASE("a crash between the erasure and its line in the list: the next start writes it, on disk and scrubbed") {
  const PlaceForTests here;
  std::string stream;
  {
    Quiet city(here.place);
    stream = city.erased();
  }
  CHECK(!fs::exists(here.place.data / erasures_file));
  Quiet again(here.place);
  CHECK(ErasureKeeper(*again.f).finish(again.clock.now()));
  const auto list = read_erasures(here.place.data / erasures_file);
  REQUIRE(list.size() == 1);
  CHECK(list[0].stream == stream);
}

TEST_CASE("a list of the erased that cannot be read whole is refused, for whom it lacks would come back") {
  const TemporaryFolder folder;
  const std::string line = R"({"at":"2021-11-20T02:00:00.000Z","log":"l","stream":"case/TD1"})";
  const struct {
    std::string text;
    const char* path;
  } rows[] = {{line, "it ends in the middle"},
              {line + "\n" + line.substr(0, 20), "it ends in the middle"},
              {line + "\n\n", ""},
              {"{}\n", ""},
              {R"({"at":"yesterday","log":"l","stream":"case/TD1"})"
               "\n",
               "no time"}};
  for (const auto& row : rows) {
    CAPTURE(row.text);
    std::ofstream(folder.path / "list", std::ios::trunc) << row.text;
    std::string code;
    try {
      (void)read_erasures(folder.path / "list");
    } catch (const ProblemError& e) {
      code = e.problem.code;
      CHECK(e.problem.detail.en.find(row.path) != std::string::npos);
    }
    CHECK(code == "erasures.unreadable");
  }
  CHECK(read_erasures(folder.path / "none").empty());
  std::ofstream(folder.path / "list", std::ios::trunc) << line << "\n";
  // Each once, with its first time.
  CHECK(!keep_erasures(folder.path / "list", {{"2021-11-21T02:00:00.000Z", "l", "case/TD1"}}));
  CHECK(keep_erasures(folder.path / "list", {{"2021-11-21T02:00:00.000Z", "l", "case/TD2"}}));
  CHECK(read_erasures(folder.path / "list").size() == 2);
  CHECK(read_erasures(folder.path / "list")[0].at == "2021-11-20T02:00:00.000Z");
}

TEST_CASE("a change of the vault's key that is cut after any of its steps loses nobody") {
  const char* steps[] = {"nothing", "the new key was written beside", "and every person wrapped under it",
                         "and it took its place"};
  for (int cut = 0; cut < 4; ++cut) {
    INFO(steps[cut]);
    const PlaceForTests here;
    std::string stream, gone;
    Hash before{};
    {
      Quiet city(here.place);
      stream = city.submit();
      gone = city.erased("李四（虚构）", "13800000043");
      before = city.f->keys.vault;
      Foundation& f = *city.f;
      std::optional<Hash> next;
      if (cut > 0) next = journal::stage_key(f.data, journal::KeyFile::vault, f.random).value();
      if (cut > 1) CHECK(journal::rewrap(f.database->writer(), f.keys.vault, *next, f.random) == 1);
      if (cut > 2) journal::settle(f.data, journal::KeyFile::vault, true).value();
    }
    Quiet again(here.place);
    CHECK((again.f->keys.vault != before) == (cut > 1));
    CHECK(!fs::exists(here.place.data / "keys" / "vault.key.next"));
    CHECK(again.kept(stream)->at("name").as_string() == name);
    CHECK(!again.kept(gone));
    CHECK(again.f->vault->phone_matches(*again.f->database->reader(), again.owner(stream), phone));
    const auto fresh = again.submit("赵六（虚构）", "13800000044");
    CHECK(again.kept(fresh).has_value());
    CHECK(sound(*again.f));
  }
}

TEST_CASE("the key of before does not open a city whose key was changed") {
  const PlaceForTests here;
  const auto file = here.place.data / "keys" / "vault.key";
  std::string old;
  {
    Quiet city(here.place);
    city.submit();
    old = read_file(file).value();
    const auto next = journal::stage_key(city.f->data, journal::KeyFile::vault, city.f->random).value();
    journal::rewrap(city.f->database->writer(), city.f->keys.vault, next, city.f->random);
    journal::settle(city.f->data, journal::KeyFile::vault, true).value();
  }
  REQUIRE(write_file_atomically(file, old, 0600).has_value());
  std::string code;
  try {
    Quiet again(here.place);
  } catch (const ProblemError& e) {
    code = e.problem.code;
  }
  CHECK(code == "keys.foreign");
}
