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

/// Five working days, a warning on the third, an order the day after the first that is late, the bulletin after the third.
Clocks clocks() {
  const auto calendar = std::make_shared<const calendar::Calendar>(
      calendar::Calendar::load({TONGDIAN_SOURCE_DIR "/calendars/china.csv"}).value());
  return {
      {5, {}, policy::Supervision{0.6, {1, 3}, 1, 1, 2}}, Zone{}, [calendar](std::string_view) { return calendar; }};
}

/// A request and whoever does something to it, one word a person.
struct Desk {
  Requests behaviour{"pack@1", clocks()};
  std::unique_ptr<engine::State> state = behaviour.initial();
  std::vector<std::string> types;
  std::string stream = "request/R1";
  std::uint64_t sequence = 0;
  Instant now = *parse_instant("2021-11-15T09:00:00+08:00");

  std::string run(const std::string& who, Command::Any what) {
    engine::Command command;
    command.stream = stream;
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
  /// What the clock says until that instant, a line each: when, what, and what stands in it.
  std::string until(const std::string& instant) {
    std::string out;
    const Instant end = *parse_instant(instant);
    for (auto wake = behaviour.wake_at(*state); wake && *wake <= end; wake = behaviour.wake_at(*state)) {
      now = *wake;
      engine::Command command;
      command.stream = stream;
      command.actor = {"clock", "deadline"};
      command.body = behaviour.wake();
      const auto events = behaviour.decide(*state, command, now).value();
      REQUIRE(events.size() == 1);
      engine::Event event{.stream = command.stream, .sequence = ++sequence, .type = events.front().type};
      event.recorded_at = now;
      event.actor = command.actor;
      event.payload = events.front().payload;
      behaviour.evolve(*state, event);
      out += format_instant(now, Zone{}).substr(0, 10) + " " + event.type.substr(8) + " " +
             json::canonical(event.payload) + "\n";
    }
    now = end;
    return out;
  }
  [[nodiscard]] const Request& request() const { return static_cast<const Request&>(*state); }
  [[nodiscard]] Status at() const { return request().state; }
};

Make make(Kind kind) { return {kind, "subject", "370602", "e1", json::Object{}}; }
/// Said on Monday 15 November 2021.
Make complaint(const char* due_on = "2021-11-22") {
  return {Kind::complaint, "subject", "370602", "e1", json::Object{{"about", "slow"}, {"due_on", due_on}}};
}

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

TEST_CASE("a complaint that nobody answers: warned of, late, under an order, in the bulletin, the order unanswered") {
  const std::string climbed =
      "2021-11-18 warned {\"due_on\":\"2021-11-22\"}\n"
      "2021-11-23 overdue {\"due_on\":\"2021-11-22\"}\n"
      "2021-11-24 escalated {\"answer_by\":\"2021-11-25\",\"due_on\":\"2021-11-22\",\"level\":1,\"step\":\"supervised\"}\n"
      "2021-11-26 order_unanswered {\"answer_by\":\"2021-11-25\"}\n"
      "2021-11-26 escalated {\"due_on\":\"2021-11-22\",\"level\":2,\"step\":\"named\"}\n";
  SUBCASE("all the way, each once") {
    Desk d;
    REQUIRE(d.run("customer", complaint()) == "done");
    CHECK(d.until("2021-12-31T00:00:00+08:00") == climbed);
    CHECK(d.request().alarm == "named");
    CHECK(!d.behaviour.wake_at(*d.state));
    CHECK(d.run("li", Answer{Outcome::granted, "late, but true"}) == "done");
  }
  SUBCASE("an answer ends it") {
    Desk d;
    REQUIRE(d.run("customer", complaint()) == "done");
    CHECK(d.until("2021-11-24T12:00:00+08:00") == climbed.substr(0, climbed.find("2021-11-26")));
    REQUIRE(d.run("li", Answer{Outcome::granted, "paid back"}) == "done");
    CHECK(!d.behaviour.wake_at(*d.state));
    CHECK(!d.request().answer_by);
  }
  SUBCASE("so does taking it back") {
    Desk d;
    REQUIRE(d.run("customer", complaint()) == "done");
    REQUIRE(d.run("customer", Withdraw{}) == "done");
    CHECK(!d.behaviour.wake_at(*d.state));
  }
  SUBCASE("one whose day was beyond the calendar gets it when the calendar reaches it") {
    Desk d;
    REQUIRE(d.run("customer", complaint("")) == "done");
    CHECK(d.until("2021-12-31T00:00:00+08:00") == climbed);
  }
  SUBCASE("a pack without a ladder says that it is late, and no more") {
    Clocks plain = clocks();
    plain.complaints.supervision.reset();
    Desk d;
    d.behaviour = Requests("pack@1", plain);
    REQUIRE(d.run("customer", complaint()) == "done");
    CHECK(d.until("2021-12-31T00:00:00+08:00") == "2021-11-23 overdue {\"due_on\":\"2021-11-22\"}\n");
  }
  SUBCASE("a review has no such clock") {
    Desk d;
    REQUIRE(d.run("customer", make(Kind::review)) == "done");
    CHECK(!d.behaviour.wake_at(*d.state));
  }
}

TEST_CASE("an answer that settled nothing: another is due, by somebody else, and its clock begins anew") {
  Desk d;
  REQUIRE(d.run("customer", complaint()) == "done");
  d.until("2021-11-19T10:00:00+08:00");
  REQUIRE(d.run("li", Answer{Outcome::declined, "the charge stands in the catalogue"}) == "done");
  REQUIRE(d.run("customer", Settle{false}) == "done");
  CHECK(d.types.back() == "request.reopened");
  CHECK(d.at() == Status::open);
  CHECK(d.request().alarm.empty());
  CHECK(d.request().due_on == "2021-11-26");  // Friday, and five working days
  CHECK(d.run("customer", Settle{true}) == "requests.not_answered");
  CHECK(d.run("li", Answer{Outcome::declined, "I said so"}) == "requests.involved");
  CHECK(d.until("2021-11-29T12:00:00+08:00") ==
        "2021-11-24 warned {\"due_on\":\"2021-11-26\"}\n2021-11-27 overdue {\"due_on\":\"2021-11-26\"}\n");
  REQUIRE(d.run("zhao", Answer{Outcome::granted, "paid back"}) == "done");
  REQUIRE(d.request().earlier.has_value());
  CHECK(d.request().earlier->words == "the charge stands in the catalogue");
  CHECK(d.request().earlier->by.id == "li");
  // Who is not content with the second answer either has 12398; it does not go round for ever.
  CHECK(d.run("customer", Settle{false}) == "done");
  CHECK(d.types.back() == "request.settled");
  CHECK(d.at() == Status::granted);
  CHECK(!d.behaviour.wake_at(*d.state));
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
  store::migrate(*db, std::vector<store::Migration>{
                          {1, "", migration.sql}, {2, "", settled_migration.sql}, {3, "", clock_migration.sql}});
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

  Desk c;
  c.stream = "request/R2";
  REQUIRE(c.run("customer", complaint()) == "done");
  REQUIRE(c.run("li", Answer{Outcome::declined, "“不”, 'no'"}) == "done");
  REQUIRE(c.run("customer", Settle{false}) == "done");
  c.until("2021-11-23T12:00:00+08:00");
  c.behaviour.project(db->writer(), 8, *c.state);
  const auto again = list(db->writer(), {.streams = std::vector<std::int64_t>{8}});
  REQUIRE(again.size() == 1);
  CHECK(again[0].alarm == "overdue");
  CHECK(again[0].due_on == "2021-11-22");
  REQUIRE(again[0].earlier.has_value());
  CHECK(again[0].earlier->words == "“不”, 'no'");
  CHECK(again[0].earlier->by == engine::Actor{"staff", "li"});
  CHECK(again[0].earlier->at == c.request().earlier->at);
  CHECK(waiting_complaints(db->writer()) == std::vector<std::int64_t>{8});
  CHECK(all_complaints(db->writer()) == std::vector<std::int64_t>{8});

  // Who lists more than a page of them says how many more there are.
  for (int i = 0; i < 205; ++i) {
    Desk each;
    each.stream = "request/many" + std::to_string(i);
    REQUIRE(each.run("wang", make(Kind::review)) == "done");
    each.behaviour.project(db->writer(), 100 + i, *each.state);
  }
  CHECK(count({.areas = {"370602"}}) == 200);
  CHECK(requests::count(db->writer(), {.areas = {"370602"}}) == 206);  // with the complaint from above
  CHECK(requests::count(db->writer(), {.areas = {"370611"}}) == 0);
}
