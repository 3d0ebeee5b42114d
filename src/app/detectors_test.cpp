// Irregularities that are planted into a made-up city, through the engine and either database, are found.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "app/city_for_tests.hpp"
#include "app/demo.hpp"
#include "supervision/watch.hpp"

namespace tongdian::app {

TEST_CASE("what is planted into single cases is found, each by its own detector, and reading on costs no second look") {
  const PlaceForTests place;
  auto f = open_foundation(place.place, "", Opening::own);
  std::vector<Planted> planted;
  ensure_demo(*f, {.seed = 11, .cases = 500, .planted_share = 0.3}, &planted);
  auto reader = f->database->reader();
  supervision::Watch watch(*f->connection);
  try {
    watch.refresh(*reader, 100);
    FAIL("a request waited for the whole journal");
  } catch (const ProblemError& e) {
    CHECK(e.problem.code == "supervision.reading");
    CHECK(e.problem.detail.en.ends_with("0 % so far"));
  }
  std::stop_source stopped;
  stopped.request_stop();
  CHECK(watch.catch_up(*reader, stopped.get_token()) == 0);
  const auto events = watch.catch_up(*reader);
  CHECK(events > 500);
  watch.refresh(*reader, 100);
  CHECK(watch.catch_up(*reader) == 0);
  const auto all = watch.findings();
  std::set<std::string> kinds;
  for (const auto& p : planted) {
    // What would have come after the demo's day is still to be done on it: only cases that are over are sure to show theirs.
    const auto* trail = watch.trail(p.number);
    REQUIRE(trail != nullptr);
    if (!trail->ended_at) continue;
    kinds.insert(p.kind);
    CAPTURE(p.kind);
    CAPTURE(p.number);
    CHECK(std::ranges::any_of(all,
                              [&](const auto& j) { return j.finding.kind == p.kind && j.finding.number == p.number; }));
  }
  CHECK(kinds.size() >= 8);
  // Some of what is found was planted as something else, or is chance; most of what is strong was planted.
  std::set<std::string> numbers;
  for (const auto& p : planted) numbers.insert(p.number);
  std::size_t strong = 0, right = 0;
  for (const auto& j : all) {
    if (j.finding.strength != supervision::Strength::strong) continue;
    ++strong;
    right += numbers.contains(j.finding.number);
  }
  CHECK(strong > 20);
  CHECK(right * 10 >= strong * 9);
}

}  // namespace tongdian::app
