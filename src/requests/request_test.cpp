#include "requests/request.hpp"

#include <doctest/doctest.h>

#include "base/time_text.hpp"
#include "engine/executor.hpp"
#include "journal/heads.hpp"
#include "journal/journal.hpp"
#include "store/database_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::requests;

namespace {

/// A request and whoever does something to it, one word a person.
struct Desk {
  Requests behaviour{"pack@1"};
  std::unique_ptr<engine::State> state = behaviour.initial();
  std::vector<std::string> types;
  std::uint64_t sequence = 0;
  const Instant now = *parse_instant("2021-11-15T09:00:00+08:00");

  std::string run(const std::string& who, Command::Any what) {
    engine::Command command;
    command.stream = "request/R1";
    command.actor = {"staff", who};
    command.body = std::make_shared<Command>(std::move(what));
    const auto events = behaviour.decide(*state, command, now);
    if (!events) return events.error().code;
    for (const auto& fresh : *events) {
      engine::Event event;
      event.stream = command.stream;
      event.sequence = ++sequence;
      event.type = fresh.type;
      event.recorded_at = now;
      event.actor = command.actor;
      event.payload = fresh.payload;
      behaviour.evolve(*state, event);
      types.push_back(fresh.type);
      for (const auto& message : behaviour.messages(event, *state)) types.push_back("-> " + message.topic);
    }
    return "done";
  }
  [[nodiscard]] Status at() const { return static_cast<const Request&>(*state).state; }
};

Make make(Kind kind) { return {kind, "subject", "370602", "e1", json::Object{}}; }

}  // namespace

TEST_CASE(
    "a complaint: answered in words by somebody who had no hand in the case, and settled once by whoever complained") {
  struct Row {
    const char* situation;
    std::vector<std::pair<const char*, Command::Any>> script;
    const char* last;
  };
  const Row rows[] = {
      {"upheld", {{"li", Answer{Outcome::granted, "charged in error, paid back"}}}, "done"},
      {"not upheld", {{"li", Answer{Outcome::declined, "the charge stands in the catalogue"}}}, "done"},
      {"without words", {{"li", Answer{Outcome::granted, ""}}}, "requests.words"},
      {"by one who worked on the case", {{"li", Answer{Outcome::granted, "sorry", true}}}, "requests.involved"},
      {"by who wrote it down for the customer", {{"wang", Answer{Outcome::granted, "sorry"}}}, "requests.own"},
      {"settled before it is answered", {{"customer", Settle{true}}}, "requests.not_answered"},
      {"settled", {{"li", Answer{Outcome::granted, "paid back"}}, {"customer", Settle{true}}}, "done"},
      {"not settled", {{"li", Answer{Outcome::declined, "no"}}, {"customer", Settle{false}}}, "done"},
      {"twice",
       {{"li", Answer{Outcome::granted, "x"}}, {"customer", Settle{true}}, {"customer", Settle{false}}},
       "requests.not_answered"},
      {"answered twice",
       {{"li", Answer{Outcome::granted, "x"}}, {"li", Answer{Outcome::declined, "y"}}},
       "requests.answered"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.situation);
    Desk d;
    REQUIRE(d.run("wang", make(Kind::complaint)) == "done");
    std::string last;
    for (const auto& [who, what] : row.script) last = d.run(who, what);
    CHECK(last == row.last);
  }
  Desk review;
  REQUIRE(review.run("wang", make(Kind::review)) == "done");
  REQUIRE(review.run("li", Answer{Outcome::granted, "x", true}) ==
          "done");  // whoever handles a case may look at its decision again
  CHECK(review.run("wang", Settle{true}) == "requests.not_answered");
}

TEST_CASE("four eyes: nobody answers what they asked; once answered it is answered") {
  Desk d;
  REQUIRE(d.run("wang", make(Kind::authority)) == "done");
  CHECK(d.run("wang", Answer{Outcome::granted, ""}) == "requests.own");
  CHECK(d.run("wang", Answer{Outcome::declined, "no"}) == "requests.own");
  CHECK(d.run("subject", Answer{Outcome::granted, ""}) == "requests.own");  // whose rights they are
  CHECK(d.run("li", Withdraw{}) == "requests.not_yours");
  CHECK(d.run("li", Answer{Outcome::declined, ""}) == "requests.words");
  CHECK(d.run("li", Answer{Outcome::granted, ""}) == "done");
  CHECK(d.at() == Status::granted);
  CHECK(d.types == std::vector<std::string>{"request.made", "request.granted", "-> request granted"});
  CHECK(d.run("zhao", Answer{Outcome::declined, "no"}) == "requests.answered");
  CHECK(d.run("wang", Withdraw{}) == "requests.answered");
}

TEST_CASE("what only takes rights away is done by whoever asks, and recorded the same way") {
  Desk d;
  REQUIRE(d.run("wang", make(Kind::disable)) == "done");
  CHECK(d.at() == Status::granted);
  CHECK(d.types == std::vector<std::string>{"request.made", "request.granted", "-> request granted"});
}

TEST_CASE("a review is answered in words, or taken back by whoever asked") {
  Desk d;
  REQUIRE(d.run("customer", make(Kind::review)) == "done");
  CHECK(d.run("li", Answer{Outcome::granted, ""}) == "requests.words");
  CHECK(d.run("li", Answer{Outcome::declined, std::string(601, 'x')}) == "requests.words");
  CHECK(d.run("customer", Withdraw{}) == "done");
  CHECK(d.at() == Status::withdrawn);
  CHECK(d.types.back() == "request.withdrawn");
}

TEST_CASE("the table shows what waits, within the reader's reach") {
  store::DatabaseForTests place;
  const auto db = place.open();
  store::migrate(*db, std::vector<store::Migration>{{1, "", migration.sql}, {2, "", settled_migration.sql}});
  Desk d;
  REQUIRE(d.run("wang", make(Kind::review)) == "done");
  d.behaviour.project(db->writer(), 7, *d.state);
  const auto count = [&](const Query& q) { return list(db->writer(), q).size(); };
  CHECK(count({}) == 1);
  CHECK(count({.from_customers = true}) == 1);
  CHECK(count({.from_customers = false}) == 0);
  CHECK(count({.areas = {"370602", "370611"}}) == 1);
  CHECK(count({.areas = {"370611"}}) == 0);
  CHECK(count({.enterprises = {"e2"}}) == 0);
  CHECK(count({.subject = "another"}) == 0);
  CHECK(count({.streams = std::vector<std::int64_t>{6, 7}}) == 1);
  CHECK(count({.streams = std::vector<std::int64_t>{6}}) == 0);
  CHECK(count({.streams = std::vector<std::int64_t>{}}) == 0);  // none is not everything
  REQUIRE(d.run("li", Answer{Outcome::granted, "按条款重新核定"}) == "done");
  d.behaviour.project(db->writer(), 7, *d.state);
  CHECK(count({}) == 0);
  CHECK(count({.open_only = false}) == 1);
  const auto found = find(db->writer(), "R1");
  REQUIRE(found.has_value());
  CHECK(found->words == "按条款重新核定");
  CHECK(found->answered_by.id == "li");
}
