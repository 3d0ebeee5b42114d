// Which calendar a city counts by, and who gave it, stands in the journal.
#include <doctest/doctest.h>

#include <fstream>
#include <thread>
#include <utility>

#include "app/calendar_notes.hpp"
#include "app/city_for_tests.hpp"
#include "base/files.hpp"
#include "base/time_text.hpp"
#include "journal/journal.hpp"
#include "requests/request.hpp"

using namespace tongdian;
using namespace tongdian::app;

namespace {

constexpr const char* made_up_2027 = "date,name,kind\n2027-01-01,made up for a test,off\n";

std::vector<engine::Event> noted(Foundation& f) {
  std::vector<engine::Event> out;
  journal::read_all(*f.database->reader(), 0, [&](std::uint64_t, std::string_view bytes) {
    auto event = journal::decode(bytes).value();
    if (event.type == "calendar.loaded") out.push_back(std::move(event));
  });
  return out;
}

/// The running city looks about once a second; the test waits for the effect, not for a time.
std::vector<engine::Event> noted_after(Foundation& f, std::size_t many) {
  for (int i = 0; i < 600 && noted(f).size() < many; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return noted(f);
}

void load(Foundation& f, const std::string& name, std::string_view bytes, const std::string& by,
          const std::string& area = {}) {
  note_loaded(f.data, area, {name, to_hex(sha256(bytes)), by});
  REQUIRE(calendar::install(f.pack->calendar_files(), f.data, name, bytes, area).has_value());
}

}  // namespace

TEST_CASE(
    "what is counted by and who gave it: at a load, for a district, after a restart, put there by hand, taken away") {
  const PlaceForTests here;
  auto clock = std::make_shared<ManualClock>(*parse_instant("2026-12-20T10:00:00+08:00"));
  const auto open = [&] {
    return std::make_unique<RunningCity>(open_foundation(here.place, "", Opening::own), clock, false);
  };
  auto city = open();
  auto* f = &city->foundation();
  REQUIRE(city->engine().carry_out(command(*city, high_voltage(), "k1")).has_value());
  CHECK(noted(*f).empty());  // the pack's alone is no event

  load(*f, "2027.csv", made_up_2027, "zhou.jie");
  auto events = noted_after(*f, 1);
  REQUIRE(events.size() == 1);
  CHECK(events[0].stream == "calendar/city");
  CHECK(events[0].actor == engine::Actor{"system", "calendar"});
  CHECK(events[0].payload.at("last_day") == json::Value("2027-12-31"));
  const auto& file = events[0].payload.at("files").at(0);
  CHECK(file.at("name") == json::Value("2027.csv"));
  CHECK(file.at("by") == json::Value("zhou.jie"));
  CHECK(file.at("digest") == json::Value(to_hex(sha256(made_up_2027))));
  const auto days = events[0].payload.at("working_days").as_int64();

  load(*f, "own.csv", "date,name,kind\n2027-05-04,made up for a district,off\n", "li.na", "370602");
  events = noted_after(*f, 2);
  REQUIRE(events.size() == 2);
  CHECK(events[1].stream == "calendar/370602");
  CHECK(events[1].payload.at("files").as_array().size() == 2);
  CHECK(events[1].payload.at("files").at(1).at("by") == json::Value("li.na"));
  CHECK(events[1].payload.at("working_days").as_int64() == days - 1);

  city.reset();
  city = open();
  f = &city->foundation();
  REQUIRE(city->engine().carry_out(command(*city, high_voltage(), "k2")).has_value());
  CHECK(noted(*f).size() == 2);  // the same files are no event

  // By hand while nothing runs: seen at the start, and nobody is named for it.
  city.reset();
  std::ofstream(here.place.data / "calendars" / "2027.csv") << made_up_2027 << "2027-01-04,another,off\n";
  city = open();
  f = &city->foundation();
  events = noted_after(*f, 4);  // the city's, and that of the district, which counts by it too
  REQUIRE(events.size() == 4);
  CHECK(events[2].payload.at("files").at(0).at("by") == json::Value(""));
  CHECK(events[2].payload.at("working_days").as_int64() == days - 1);
  // And what was promised counts by it: each case as replay would have it.
  for (int i = 0; i < 600 && !sound(*f); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(sound(*f));
}

TEST_CASE(
    "what two administrators agreed on comes to every node's folder once, and what was loaded there later stays") {
  const PlaceForTests here, other_node;
  auto clock = std::make_shared<ManualClock>(*parse_instant("2026-12-20T10:00:00+08:00"));
  RunningCity city(open_foundation(here.place, "", Opening::own), clock, false);
  auto& f = city.foundation();
  const auto carry_out = [&](const std::string& id, const std::string& who, requests::Command::Any body, bool creates) {
    engine::Command c;
    c.id = id;
    c.stream = "request/R1";
    c.creates = creates;
    c.actor = {"staff", who};
    c.channel = "desk";
    c.body = std::make_shared<requests::Command>(std::move(body));
    REQUIRE(city.engine().carry_out(std::move(c)).has_value());
  };
  carry_out("k1", "wang",
            requests::Make{requests::Kind::calendar, "calendar", "", "",
                           json::Object{{"name", "2027.csv"}, {"rows", made_up_2027}}},
            true);
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  CHECK(noted(f).empty());  // proposed is not in force
  carry_out("k2", "li", requests::Answer{requests::Outcome::granted, ""}, false);
  const auto events = noted_after(f, 1);
  REQUIRE(events.size() == 1);
  CHECK(events[0].payload.at("files").at(0).at("by") == json::Value("R1"));
  CHECK(f.connection->calendar()->last_day() == *parse_date("2027-12-31"));

  // Another node of the same city has a folder of its own.
  const auto first = std::exchange(f.data, other_node.place.data);
  auto reader = f.database->reader();
  CHECK(take_confirmed(f, *reader) == 1);
  CHECK(take_confirmed(f, *reader) == 0);
  load(f, "2027.csv", "date,name,kind\n2027-01-01,a correction,off\n2027-01-04,a correction,off\n", "zhou.jie");
  CHECK(take_confirmed(f, *reader) == 0);
  CHECK(read_file(f.data / "calendars" / "2027.csv").value().find("2027-01-04") != std::string::npos);
  f.data = first;
}
