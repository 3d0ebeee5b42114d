// A complaint that nobody answers, in a running city: the clock takes it up the pack's ladder to an order and the bulletin.
#include <doctest/doctest.h>

#include <thread>

#include "app/city_for_tests.hpp"
#include "base/time_text.hpp"

using namespace tongdian;
using namespace tongdian::app;

namespace {

engine::Command about_complaint(std::string key, requests::Command::Any body, const engine::Actor& actor) {
  engine::Command c;
  c.id = std::move(key);
  c.stream = "request/R1";
  c.creates = std::holds_alternative<requests::Make>(body);
  c.actor = actor;
  c.channel = "online";
  c.body = std::make_shared<requests::Command>(std::move(body));
  return c;
}

requests::Make said(const std::string& number, const std::string& due_on) {
  return {requests::Kind::complaint, number, "370602", "sgcc-yantai",
          json::Object{{"about", "slow"}, {"due_on", due_on}}};
}

const engine::Actor customer{"customer", "applicant"};

/// The running city looks about once a second; the test waits for the effect, not for a time.
bool comes_to(Foundation& f, std::string_view alarm) {
  for (int i = 0; i < 600; ++i) {
    const auto r = requests::find(*f.database->reader(), "R1");
    if (r && r->alarm == alarm) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

struct OpenGate final : wire::Gate {
  explicit OpenGate(wire::Role role) {
    who.kind = wire::Principal::Kind::staff;
    who.user = "u1";
    who.roles = {role};
  }
  wire::Principal who;
  Result<wire::Principal> admit(const wire::Request&, const wire::Access&) override { return who; }
};

/// What stands over the inbox of somebody with this role.
std::string over_the_inbox(const wire::Router& router, wire::Role role) {
  OpenGate gate(role);
  auto request = std::make_shared<wire::Request>();
  request->method = wire::Method::get;
  request->target = wire::read_target("/api/v1/inbox").value();
  std::string out;
  router.serve(request, gate, wire::Reply(request, [&](wire::Response response) {
                 const auto said = json::parse(response.bytes()).value();
                 for (const auto& warning : said.at("warnings").as_array())
                   out += std::string(warning.at("en").as_string());
               }));
  return out;
}

}  // namespace

TEST_CASE("a complaint climbs to an order and the bulletin; its answer is the order's") {
  const PlaceForTests here;
  auto clock = std::make_shared<ManualClock>(*parse_instant("2021-11-15T10:00:00+08:00"));  // a Monday
  RunningCity city(open_foundation(here.place, "", Opening::own), clock, false);
  auto& f = city.foundation();
  REQUIRE(city.engine().carry_out(command(city, high_voltage(), "k1")).has_value());
  const auto number = f.database->reader()->text("SELECT number FROM case_view").value();
  REQUIRE(city.engine().carry_out(about_complaint("c1", said(number, "2021-11-22"), customer)).has_value());

  const auto orders = [&] {
    auto reader = f.database->reader();
    city.journeys().watch.catch_up(*reader);
    const auto guard = city.journeys().watch.lock();
    std::vector<supervision::Order> out;
    for (const auto& o : city.journeys().watch.orders().all())
      if (!o.complaint.empty()) out.push_back(o);
    return out;
  };
  const auto bulletin = [&] {
    const auto guard = city.journeys().watch.lock();
    return std::ranges::count(city.journeys().watch.orders().bulletin(), "R1", &supervision::Named::complaint);
  };

  clock->set(*parse_instant("2021-11-18T09:00:00+08:00"));
  CHECK(comes_to(f, "warned"));
  CHECK(orders().empty());
  clock->set(*parse_instant("2021-11-23T09:00:00+08:00"));
  CHECK(comes_to(f, "overdue"));
  const auto late = [&](const std::vector<std::string>& areas) {
    const auto got = requests::late_complaints(*f.database->reader(), areas, {});
    return std::pair{got.late, got.supervised};
  };
  CHECK(late({}) == std::pair<std::int64_t, std::int64_t>{1, 0});
  clock->set(*parse_instant("2021-11-24T09:00:00+08:00"));
  CHECK(comes_to(f, "supervised"));
  CHECK(late({}) == std::pair<std::int64_t, std::int64_t>{1, 1});
  const auto router = city.router();
  for (const auto role : {wire::Role::manager, wire::Role::supervisor})
    CHECK(over_the_inbox(router, role).find("1 of them under a supervision order") != std::string::npos);
  CHECK(over_the_inbox(router, wire::Role::clerk).find("complaint") == std::string::npos);
  CHECK(late({"999999"}) == std::pair<std::int64_t, std::int64_t>{0, 0});
  auto issued = orders();
  REQUIRE(issued.size() == 1);
  CHECK(issued[0].complaint == "R1");
  CHECK(issued[0].case_number == number);
  CHECK(format_date(issued[0].answer_by) == "2021-11-25");
  CHECK(bulletin() == 0);
  clock->set(*parse_instant("2021-11-26T09:00:00+08:00"));
  CHECK(comes_to(f, "named"));
  CHECK(orders()[0].unanswered);
  CHECK(bulletin() == 2);  // for the silence about the order, and for the days

  REQUIRE(city.engine()
              .carry_out(
                  about_complaint("c2", requests::Answer{requests::Outcome::granted, "属实，已退费"}, {"staff", "li"}))
              .has_value());
  CHECK(late({}) == std::pair<std::int64_t, std::int64_t>{0, 0});
  issued = orders();
  CHECK(issued[0].measure == "属实，已退费");
  CHECK(issued[0].answered_at == clock->now());

  // It settled nothing: the ladder begins at its foot, and at its second order there are two.
  REQUIRE(city.engine().carry_out(about_complaint("c3", requests::Settle{false}, customer)).has_value());
  clock->set(*parse_instant("2021-12-07T09:00:00+08:00"));  // due on Friday the 3rd, one working day later is the 6th
  CHECK(comes_to(f, "supervised"));
  issued = orders();
  REQUIRE(issued.size() == 2);
  CHECK(!issued[1].answered_at);
  CHECK(issued[1].number == issued[0].number + 1);
  CHECK(sound(f));
}

TEST_CASE("a complaint beyond the calendar is armed when the year is loaded") {
  const PlaceForTests here;
  auto clock = std::make_shared<ManualClock>(*parse_instant("2026-12-29T10:00:00+08:00"));
  RunningCity city(open_foundation(here.place, "", Opening::own), clock, false);
  auto& f = city.foundation();
  REQUIRE(city.engine().carry_out(about_complaint("c1", said("", ""), customer)).has_value());
  CHECK(count(f, "SELECT count(*) FROM stream WHERE wake_at IS NOT NULL") == 0);
  REQUIRE(calendar::install(f.pack->calendar_files(), here.place.data, "2027.csv",
                            "date,name,kind\n2027-01-01,made up for a test,off\n")
              .has_value());
  for (int i = 0; i < 600 && count(f, "SELECT count(*) FROM stream WHERE wake_at IS NOT NULL") == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  clock->set(*parse_instant("2027-01-08T09:00:00+08:00"));
  CHECK(comes_to(f, "overdue"));
  CHECK(sound(f));
}

TEST_CASE("complaints of a city from before they had clocks get them when it is opened") {
  const PlaceForTests here;
  auto clock = std::make_shared<ManualClock>(*parse_instant("2021-11-15T10:00:00+08:00"));
  {
    RunningCity city(open_foundation(here.place, "", Opening::own), clock, false);
    REQUIRE(city.engine().carry_out(about_complaint("c1", said("", "2021-11-22"), customer)).has_value());
    // As the migration finds them.
    city.engine().write([](store::Session& writer) {
      writer.run("UPDATE request_view SET due_on = ''");
      writer.run("UPDATE stream SET wake_at = NULL");
      writer.run("DELETE FROM journal_meta WHERE name = 'complaint clocks'");
    });
  }
  clock->set(*parse_instant("2021-11-23T09:00:00+08:00"));
  RunningCity city(open_foundation(here.place, "", Opening::own), clock, false);
  CHECK(comes_to(city.foundation(), "overdue"));
  CHECK(sound(city.foundation()));
}
