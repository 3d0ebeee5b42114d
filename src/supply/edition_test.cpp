// A month's list of open capacity: published once, anew where its figures changed, the same from the same network.
#include "supply/edition.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/time_text.hpp"
#include "grid/csv_table.hpp"
#include "supply/network_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::supply;

namespace {

Edition edition(const std::string& list, std::int64_t limited = 0) {
  return {"2021-11", "made-up", true, "n", "s", list, 10, limited};
}

}  // namespace

TEST_CASE("what is published of a month, one computation after the other") {
  struct Row {
    const char* situation;
    std::vector<Edition> computed;
    std::int64_t versions;
  };
  const Row rows[] = {
      {"once", {edition("a")}, 1},
      {"a restart, a second node: the same figures", {edition("a"), edition("a"), edition("a")}, 1},
      {"the network was corrected", {edition("a"), edition("b")}, 2},
      {"and put back", {edition("a"), edition("b"), edition("a")}, 3},
      {"the same list from other inputs is said to be", {edition("a"), edition("a", 1)}, 2},
  };
  const Editions behaviour("pack@1");
  for (const auto& row : rows) {
    CAPTURE(row.situation);
    auto state = behaviour.initial();
    std::uint64_t sequence = 0;
    for (const auto& each : row.computed) {
      const auto command = publish(each, static_cast<const Published&>(*state).version);
      CHECK(command.creates == (sequence == 0));
      const auto events = behaviour.decide(*state, command, Instant{}).value();
      for (const auto& fresh : events) {
        engine::Event event;
        event.stream = command.stream;
        event.type = fresh.type;
        event.payload = fresh.payload;
        event.recorded_at = from_ms(static_cast<std::int64_t>(++sequence));
        behaviour.evolve(*state, event);
      }
    }
    const auto& published = static_cast<const Published&>(*state);
    CHECK(published.version == row.versions);
    CHECK(json::write(published.edition) == json::write(row.computed.back()));
    CHECK(to_ms(published.at) == row.versions);
  }
}

TEST_CASE("a month is the month where the city is") {
  const Zone zone{std::chrono::hours(8)};
  CHECK(month_of(*parse_instant("2021-11-30T23:59:59+08:00"), zone) == "2021-11");
  CHECK(month_of(*parse_instant("2021-11-30T16:00:00Z"), zone) == "2021-12");
}

TEST_CASE("a list has every place with its reason, its digest is that of its bytes, and threads change nothing") {
  auto one = network_for_tests(), again = network_for_tests(), full = network_for_tests(40);
  one.compute(1);
  again.compute(2);
  full.compute(1);
  const auto list = one.list("2021-11");
  CHECK(list.edition.list_digest == to_hex(sha256(list.csv)));
  CHECK(list.csv == again.list("2021-11").csv);
  CHECK(list.csv == one.list("2021-12").csv);
  const grid::CsvTable table("list.csv", list.csv);
  CHECK(static_cast<std::int64_t>(table.rows()) == list.edition.places);
  CHECK(list.edition.places > 50);
  std::int64_t limited = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const auto row = table.row(i);
    limited += row.number("open_kw") == 0;
    CHECK(!row.required("limited_by").empty());
    // What the list says of a place the page says of it.
    if (i % 17 != 0) continue;
    const auto shown = one.open_capacity_at(std::pair(row.number("longitude"), row.number("latitude")));
    bool found = false;
    for (const auto& place : shown.at("places").as_array())
      if (place.at("node").as_string() == std::string(row.text("place"))) {
        found = true;
        CHECK(place.at("kw").to_number<double>() == row.number("open_kw"));
        CHECK(place.at("limit").as_string() == std::string(row.text("limited_by")));
      }
    CHECK(found);
  }
  CHECK(limited == list.edition.limited);
  // A city that is loaded forty times over has nothing left anywhere.
  const auto nothing = full.list("2021-11");
  CHECK(nothing.edition.limited == nothing.edition.places);
  CHECK(nothing.edition.list_digest != list.edition.list_digest);
}

TEST_CASE("the map has every place in a square, and no square has more than its best place") {
  auto grid = network_for_tests();
  CHECK(grid.map().at("cells").as_array().empty());
  grid.compute(1);
  const auto map = grid.map();
  const auto list = grid.list("2021-11");
  const grid::CsvTable table("list.csv", list.csv);
  const double wide = map.at("cell").at("longitude").as_double(), high = map.at("cell").at("latitude").as_double();
  const auto& cells = map.at("cells").as_array();
  const auto within = [&](const json::Value& cell,
                          const grid::CsvTable::Cells& row) {  // middles are rounded to a metre
    return std::abs(cell.at("longitude").as_double() - row.number("longitude")) < wide * 0.502 &&
           std::abs(cell.at("latitude").as_double() - row.number("latitude")) < high * 0.502;
  };
  const auto kw_of = [](const json::Value& cell, std::string_view voltage) {
    const auto& v = cell.at(voltage == "lv" ? "lv_kw" : "mv_kw");
    return v.is_null() ? -1 : v.to_number<double>();
  };
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const auto row = table.row(i);
    CHECK(std::ranges::any_of(cells, [&](const auto& cell) {
      return within(cell, row) && kw_of(cell, row.text("voltage")) >= row.number("open_kw");
    }));
  }
  for (const auto& cell : cells)
    for (const char* voltage : {"lv", "10kv"}) {
      bool found = kw_of(cell, voltage) < 0;
      for (std::size_t i = 0; i < table.rows() && !found; ++i) {
        const auto row = table.row(i);
        found = within(cell, row) && row.text("voltage") == voltage && row.number("open_kw") == kw_of(cell, voltage);
      }
      CHECK(found);
    }
}
