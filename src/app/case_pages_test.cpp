// A case's page kept as text against the page made anew: whoever looks, whatever has changed meanwhile.
#include <doctest/doctest.h>

#include "app/city_for_tests.hpp"
#include "app/demo.hpp"
#include "connection/connection.hpp"

using namespace tongdian;
using namespace tongdian::app;
using journeys::CasePages;

namespace {

std::vector<wire::Principal> readers() {
  using Kind = wire::Principal::Kind;
  std::vector<wire::Principal> out(5);
  out[0].kind = Kind::customer;
  for (std::size_t i = 1; i < 4; ++i) {
    out[i].kind = Kind::staff;
    out[i].user = "looks" + std::to_string(i);
    out[i].roles = {std::array{wire::Role::clerk, wire::Role::manager, wire::Role::supervisor}[i - 1]};
  }
  out[4].kind = Kind::program;
  out[4].user = "a-program";
  return out;
}

/// Whether every case reads the same for every reader, kept or not; `seen_by` grows with each look, so it is left out.
void check_all(RunningCity& running) {
  auto& city = running.journeys();
  auto reader = city.database.reader();
  std::vector<std::string> numbers;
  reader->query("SELECT number FROM case_view ORDER BY stream", {},
                [&](const store::Row& row) { numbers.emplace_back(row.text(0)); });
  REQUIRE(!numbers.empty());
  const auto of_case = [](json::Object page) {
    page.erase("seen_by");
    return json::text(page);
  };
  for (const auto& number : numbers)
    for (const auto& who : readers()) {
      CAPTURE(number);
      CAPTURE(who.user);
      const auto found = journeys::find(*reader, number).value();
      const auto anew = of_case(journeys::case_for(city, *reader, found, who));
      for (int look = 0; look < 2; ++look)
        CHECK(of_case(json::parse(journeys::case_text(city, *reader, found.row, who)).value().as_object()) == anew);
    }
}

}  // namespace

TEST_CASE("a page that was kept is the page made anew: by event, day, calendar and name of staff") {
  const PlaceForTests here;
  auto foundation = open_foundation(here.place, "", Opening::own);
  ensure_demo(*foundation, {11, 40});
  auto clock = std::make_shared<ManualClock>(demo_start());
  RunningCity city(std::move(foundation), clock, true);
  auto& f = city.foundation();
  check_all(city);

  SUBCASE("the next working day") { clock->set(demo_start() + std::chrono::hours(24)); }
  SUBCASE("another calendar") {
    const auto calendar = std::make_shared<calendar::Calendar>(*f.connection->calendar());
    f.connection->replace_calendar(calendar);
  }
  SUBCASE("another name, as single sign-on may bring it") {
    // On the engine's thread: the database's one writer is its own.
    city.engine().write([](store::Session& writer) {
      writer.run("UPDATE account SET name = $1 WHERE id IN (SELECT id FROM account)", {"李新名（虚构）"});
    });
  }
  SUBCASE("an event") {
    std::string number;
    f.database->reader()->query("SELECT number FROM case_view WHERE phase = 'running' LIMIT 1", {},
                                [&](const store::Row& row) { number = row.text(0); });
    engine::Command command;
    command.id = "withdrawn";
    command.stream = "case/" + number;
    command.actor = {"customer", "applicant"};
    command.channel = "online";
    command.body = std::make_shared<connection::Command>(connection::Command{connection::Withdraw{"other"}});
    REQUIRE(city.engine().carry_out(std::move(command)).has_value());
  }
  check_all(city);
}

TEST_CASE("of the people nothing is kept") {
  const PlaceForTests here;
  auto foundation = open_foundation(here.place, "", Opening::own);
  ensure_demo(*foundation, {12, 30});
  RunningCity running(std::move(foundation), std::make_shared<ManualClock>(demo_start()), true);
  auto& city = running.journeys();
  auto reader = city.database.reader();
  std::vector<std::int64_t> streams;
  reader->query("SELECT stream FROM case_view", {}, [&](const store::Row& row) { streams.push_back(row.integer(0)); });
  std::size_t kept = 0;
  for (const auto stream : streams) {
    const auto row = connection::cases_of(*reader, {stream}).at(0);
    for (const auto& who : readers()) journeys::case_text(city, *reader, row, who);
    const auto person = city.vault.open(*reader, stream);
    for (const auto side : {connection::Side::customer, connection::Side::staff, connection::Side::manager})
      for (const bool may_act : {true, false})
        if (const auto page = city.case_pages.find({stream, side, may_act}); page && person) {
          ++kept;
          for (const char* key : {"name", "phone", "id_number", "address"})
            if (const auto* value = person->if_contains(key); value && !value->as_string().empty())
              CHECK(page->json.find(value->as_string()) == std::string::npos);
        }
  }
  CHECK(kept > streams.size());
}

TEST_CASE("pages are kept within bounds, and those that are asked for stay longest") {
  CasePages pages(1000);
  const auto page = [](std::uint64_t last) {
    auto out = std::make_shared<CasePages::Page>();
    out->last = last;
    out->json = std::string(100, 'x');
    return out;
  };
  const auto key = [](std::int64_t stream) { return CasePages::Key{stream, connection::Side::staff, true}; };
  CHECK(pages.find(key(1)) == nullptr);
  for (std::int64_t i = 1; i <= 100; ++i) {
    pages.keep(key(i), page(static_cast<std::uint64_t>(i)));
    REQUIRE(pages.find(key(1)) != nullptr);
  }
  std::size_t there = 0;
  for (std::int64_t i = 1; i <= 100; ++i) there += pages.find(key(i)) != nullptr;
  CHECK(there <= 10);
  CHECK(pages.find(key(1))->last == 1);
  pages.keep(key(1), page(7));
  CHECK(pages.find(key(1))->last == 7);
  CHECK(pages.find({1, connection::Side::staff, false}) == nullptr);
}
