#include "visits/visit.hpp"

#include <doctest/doctest.h>

#include "base/time_text.hpp"

using namespace tongdian;
using namespace tongdian::visits;

namespace {

const Instant noon = *parse_instant("2021-11-17T12:00:00+08:00");

/// One person's noon, and what is done to it at times.
struct Calendar {
  Visits behaviour{"pack@1", {60, 2, 9, 17}};
  std::unique_ptr<engine::State> state = behaviour.initial();
  std::string types;

  std::string run(std::string_view at, Command::Any what) {
    engine::Command command;
    command.stream = "visit/" + id_of("anna", noon);
    command.body = std::make_shared<Command>(std::move(what));
    const auto events = behaviour.decide(*state, command, *parse_instant(std::string(at) + ":00+08:00"));
    if (!events) return events.error().code;
    for (const auto& fresh : *events) {
      engine::Event event;
      event.stream = command.stream;
      event.type = fresh.type;
      event.payload = fresh.payload;
      behaviour.evolve(*state, event);
      types += (types.empty() ? "" : " ") + fresh.type.substr(6);
    }
    return "done";
  }
};

}  // namespace

TEST_CASE("a time is offered, booked by one, cancelled in time, withdrawn") {
  const Offer offer{"anna", noon, 60};
  const Book a{"A", "370602", "e1"}, b{"B", "370602", "e1"};
  struct Row {
    const char* situation;
    std::vector<std::pair<const char*, Command::Any>> script;
    const char *last, *events;
  };
  const Row rows[] = {
      {"offered and booked", {{"2021-11-15T09:00", offer}, {"2021-11-16T09:00", a}}, "done", "offered booked"},
      {"of two who book it one gets it",
       {{"2021-11-15T09:00", offer}, {"2021-11-16T09:00", a}, {"2021-11-16T09:00", b}},
       "visits.taken",
       "offered booked"},
      {"the same again is no second visit",
       {{"2021-11-15T09:00", offer}, {"2021-11-16T09:00", a}, {"2021-11-16T09:01", a}},
       "done",
       "offered booked"},
      {"what nobody offered cannot be booked", {{"2021-11-16T09:00", a}}, "visits.taken", ""},
      {"nor what has begun", {{"2021-11-15T09:00", offer}, {"2021-11-17T12:00", a}}, "visits.too_late", "offered"},
      {"a time that has passed is not offered", {{"2021-11-17T12:01", offer}}, "visits.too_late", ""},
      {"cancelled by the customer: free for another",
       {{"2021-11-15T09:00", offer},
        {"2021-11-16T09:00", a},
        {"2021-11-17T10:00", Cancel{"A", true}},
        {"2021-11-17T10:05", b}},
       "done",
       "offered booked cancelled booked"},
      {"too near for the customer",
       {{"2021-11-15T09:00", offer}, {"2021-11-16T09:00", a}, {"2021-11-17T10:01", Cancel{"A", true}}},
       "visits.too_late",
       "offered booked"},
      {"not for staff, who cannot come then",
       {{"2021-11-15T09:00", offer}, {"2021-11-16T09:00", a}, {"2021-11-17T11:30", Cancel{"A", false}}},
       "done",
       "offered booked cancelled withdrawn"},
      {"another's visit is not cancelled",
       {{"2021-11-15T09:00", offer}, {"2021-11-16T09:00", a}, {"2021-11-16T10:00", Cancel{"B", true}}},
       "done",
       "offered booked"},
      {"withdrawn while free",
       {{"2021-11-15T09:00", offer}, {"2021-11-15T10:00", Withdraw{}}, {"2021-11-16T09:00", a}},
       "visits.taken",
       "offered withdrawn"},
      {"not while booked",
       {{"2021-11-15T09:00", offer}, {"2021-11-16T09:00", a}, {"2021-11-16T10:00", Withdraw{}}},
       "visits.not_open",
       "offered booked"},
      {"offered again",
       {{"2021-11-15T09:00", offer},
        {"2021-11-15T10:00", Withdraw{}},
        {"2021-11-15T11:00", offer},
        {"2021-11-15T11:01", offer}},
       "done",
       "offered withdrawn offered"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.situation);
    Calendar c;
    std::string last;
    for (const auto& [at, what] : row.script) last = c.run(at, what);
    CHECK(last == row.last);
    CHECK(c.types == row.events);
  }
}
