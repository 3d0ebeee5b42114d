// A whole city in one process: foundation, engine, deadlines, calendar, demo.
#include <doctest/doctest.h>

#include <thread>

#include "app/city_for_tests.hpp"
#include "app/demo.hpp"
#include "app/grid_city.hpp"
#include "app/running_city.hpp"
#include "base/files.hpp"
#include "base/time_text.hpp"
#include "engine/replay.hpp"
#include "journal/event.hpp"
#include "journal/journal.hpp"
#include "journal/verify.hpp"
#include "journeys/application.hpp"
#include "journeys/city.hpp"

using namespace tongdian;
using namespace tongdian::app;

namespace {

/// The statutory days of a made-up 2027: weekends only but for New Year's day.
constexpr const char* made_up_2027 = "date,name,kind\n2027-01-01,made up for a test,off\n";

}  // namespace

TEST_CASE(
    "a case beyond the calendar is accepted, waits, and is armed when the year is loaded; nobody restarts anything") {
  const PlaceForTests here;
  auto clock = std::make_shared<ManualClock>(*parse_instant("2026-12-20T10:00:00+08:00"));
  RunningCity city(open_foundation(here.place, "", Opening::own), clock, false);
  auto& f = city.foundation();
  const auto answer = city.engine().carry_out(command(city, high_voltage(), "k1"));
  REQUIRE(answer.has_value());
  CHECK(count(f, "SELECT count(*) FROM case_view WHERE beyond = 1") == 1);
  const auto armed_before = count(f, "SELECT wake_at FROM stream");

  REQUIRE(calendar::install(f.pack->calendar_files(), here.place.data, "2027.csv", made_up_2027).has_value());
  // The running city looks about once a second; the test waits for the effect, not for a time.
  for (int i = 0; i < 600 && count(f, "SELECT count(*) FROM case_view WHERE beyond = 1") != 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(count(f, "SELECT count(*) FROM case_view WHERE beyond = 1") == 0);
  CHECK(armed_before != -1);
  CHECK(sound(f));
}

TEST_CASE("after a restart the deadlines that fell due meanwhile come, and time goes on from the journal") {
  const PlaceForTests here;
  auto clock = std::make_shared<ManualClock>(*parse_instant("2021-11-01T10:00:00+08:00"));
  {
    RunningCity city(open_foundation(here.place, "", Opening::own), clock, false);
    REQUIRE(city.engine().carry_out(command(city, high_voltage(), "k1")).has_value());
  }
  clock->set(*parse_instant("2022-03-01T10:00:00+08:00"));
  RunningCity city(open_foundation(here.place, "", Opening::own), clock, false);
  auto& f = city.foundation();
  for (int i = 0; i < 600 && count(f, "SELECT count(*) FROM case_view WHERE alarm = 'breached'") == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(count(f, "SELECT count(*) FROM case_view WHERE alarm = 'breached'") == 1);
  CHECK(sound(f));
}

TEST_CASE("a second program is kept from the data folder of a running city; nodes on one server share it") {
  const PlaceForTests here;
  auto first = open_foundation(here.place, "", Opening::own);
  if (here.place.shared())
    CHECK_NOTHROW(open_foundation(here.place, "", Opening::own));
  else
    CHECK_THROWS_AS((void)open_foundation(here.place, "", Opening::own), ProblemError);
  CHECK_NOTHROW(open_foundation(here.place, "", Opening::read));
  first.reset();
  CHECK_NOTHROW(open_foundation(here.place, "", Opening::own));
}

TEST_CASE("a city is opened with its own keys or not at all") {
  const auto code = [](const Place& place, Opening opening) {
    try {
      open_foundation(place, "", opening);
    } catch (const ProblemError& e) {
      return e.problem.code;
    }
    return std::string();
  };
  const PlaceForTests here, elsewhere;
  CHECK(code(here.place, Opening::read) == "data.not_found");
  open_foundation(here.place, "", Opening::own);
  open_foundation(elsewhere.place, "", Opening::own);
  // The same data with another folder's keys, and with none.
  std::filesystem::rename(here.place.data / "keys", here.place.data / "apart");
  for (const auto opening : {Opening::own, Opening::read}) CHECK(code(here.place, opening) == "keys.missing");
  std::filesystem::copy(elsewhere.place.data / "keys", here.place.data / "keys");
  for (const auto opening : {Opening::own, Opening::read}) CHECK(code(here.place, opening) == "keys.foreign");
  std::filesystem::remove_all(here.place.data / "keys");
  std::filesystem::rename(here.place.data / "apart", here.place.data / "keys");
  for (const auto opening : {Opening::own, Opening::write, Opening::read}) CHECK(code(here.place, opening).empty());
}

TEST_CASE("the made-up city comes from its seed through the real engine, and holds") {
  const auto numbers = [](Foundation& f) {
    std::string out;
    f.database->reader()->query(
        "SELECT number, phase, class FROM case_view ORDER BY stream", {}, [&](const store::Row& row) {
          out += std::string(row.text(0)) + " " + std::string(row.text(1)) + " " + std::string(row.text(2)) + "\n";
        });
    return out;
  };
  const PlaceForTests one, two;
  auto a = open_foundation(one.place, "", Opening::own);
  auto b = open_foundation(two.place, "", Opening::own);
  ensure_demo(*a, {7, 150});
  ensure_demo(*b, {7, 150});
  ensure_demo(*a, {7, 150});
  CHECK(count(*a, "SELECT count(*) FROM case_view") == 150);
  CHECK(numbers(*a) == numbers(*b));
  CHECK(sound(*a));
  CHECK(count(*a, "SELECT count(*) FROM outbox") == 0);
  CHECK(last_recorded(*a->database->reader()) <= demo_start());

  const PlaceForTests three;
  auto c = open_foundation(three.place, "", Opening::own);
  ensure_demo(*c, {8, 20});
  c->database->writer().script("DELETE FROM journal_meta WHERE name = 'demo'");
  CHECK_THROWS_AS(ensure_demo(*c, {8, 20}), ProblemError);
}

TEST_CASE("with a network the made-up city's plans are computed, what fits nowhere is filed, and each recomputes") {
  const PlaceForTests here;
  auto f = open_foundation(here.place, "", Opening::own);
  auto grid = supply_grid("made-up");
  ensure_demo(*f, {.cases = 1000}, nullptr, grid.get());
  CHECK(sound(*f));
  CHECK(count(*f, "SELECT count(*) FROM approved_load WHERE lit_at IS NULL") > 0);
  CHECK(count(*f, "SELECT count(*) FROM whitelist_view WHERE computed = 1 AND entered_at IS NOT NULL") > 0);
  std::vector<json::Object> drafts;
  auto reader = f->database->reader();
  journal::read_all(*reader, 1, [&](std::uint64_t, std::string_view bytes) {
    const auto event = journal::decode(bytes).value();
    if (const auto* draft = event.payload.as_object().if_contains("draft")) drafts.push_back(draft->as_object());
  });
  REQUIRE(drafts.size() > 10);
  const auto& last = drafts.back().at("inputs");
  CHECK(last.at("n_minus_1_checked").as_bool());
  auto again = supply_grid("made-up");
  again->take(journeys::approvals(*reader, *f->connection, *again,
                                  last.at("approved").at("through").to_number<std::uint64_t>()));
  again->compute(1);
  const auto answer = again->draft(json::read<supply::Question>(last.at("question")).value());
  CHECK(answer.at("inputs_digest") == drafts.back().at("inputs_digest"));
  CHECK(answer.at("answer_digest") == drafts.back().at("answer_digest"));
}
