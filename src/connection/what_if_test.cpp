#include "connection/what_if.hpp"

#include <doctest/doctest.h>

#include "connection/world_for_tests.hpp"

namespace tongdian::connection {
namespace {

const policy::Pack& ten_days() {
  static const auto pack = policy::load_pack(TONGDIAN_SOURCE_DIR "/tests/packs/ten-days").value();
  return *pack;
}

/// A case run by its script, with its events as the journal would give them.
struct Told {
  Told(const std::string& kind, const std::string& number, const std::string& script) : world(kind) {
    world.on_event = [this, number](engine::Event e) {
      e.stream = "case/" + number;
      e.payload = json::parse(json::canonical(e.payload)).value();  // as it comes back from the journal
      events.push_back(std::move(e));
    };
    world.run(script);
  }
  World world;
  std::vector<engine::Event> events;
};

WhatIfReport what_if(const policy::Pack& pack, const std::vector<const Told*>& cases,
                     std::function<bool(const CaseState&)> wanted = {}) {
  WhatIf w(pack, {&test_calendar(), test_pack().zone()}, {&test_calendar(), pack.zone()}, std::move(wanted));
  for (const auto* each : cases)
    for (const auto& e : each->events) w.take(e);
  return w.finish();
}

std::string changes_of(const WhatIfReport& report, std::size_t i) {
  std::string out;
  for (const auto& c : report.changed.at(i).changes)
    out += (out.empty() ? "" : "; ") + std::string(c.field) + ": " + c.before + " -> " + c.after;
  return out;
}

}  // namespace

TEST_CASE("under its own pack nothing changes, whatever happened to the case") {
  const Told a("10kv", "A", R"(
    2021-11-15 10:00 submit
    2021-11-16 10:00 accept
    2021-11-24 10:00 plan customer_design
    2021-12-10 10:00 back
    2021-12-13 10:00 energise
    2021-12-14 10:00 rate 5)");
  const Told b("resident", "B", R"(
    2021-11-15 10:00 submit
    2021-11-16 10:00 ask identity
    2021-11-20 10:00 supply identity
    2021-11-22 10:00 withdraw other)");
  const Told c("micro", "C", "2021-11-15 10:00 submit");
  const Told d("35kv_dual", "D", "2021-11-15 10:00 submit");
  const auto report = what_if(test_pack(), {&a, &b, &c, &d});
  CHECK(report.cases == 4);
  CHECK(report.changed.empty());
  CHECK(report.sums.empty());
  CHECK(report.outcomes_before == report.outcomes_after);
}

TEST_CASE("ten days for a 10 kV single source: later dates, and the late become punctual") {
  // The reply came on the sixth working day of its five: late by its stage, and by no limit of ten days.
  const Told late("10kv", "A", R"(
    2021-11-15 10:00 submit
    2021-11-16 10:00 accept
    2021-11-24 10:00 plan
    2021-11-25 10:00 energise)");
  const Told other("10kv_dual", "B", "2021-11-15 10:00 submit");
  const auto report = what_if(ten_days(), {&late, &other});
  CHECK(report.cases == 2);
  REQUIRE(report.changed.size() == 1);
  CHECK(report.changed[0].number == "TD-TEST");
  CHECK(changes_of(report, 0) ==
        "stages: acceptance 1 plan_reply 5 energisation 2 -> acceptance 1 plan_reply 7 energisation 2; "
        "due_on: 2021-11-25 -> 2021-11-29; ceiling_on: 2021-11-25 -> 2021-11-29; outcome: late -> on_time");
  CHECK(report.working_days == 2);
  CHECK(report.sums.at({"due_on", "", "later"}) == 1);
  CHECK(report.sums.at({"outcome", "late", "on_time"}) == 1);
}

TEST_CASE("a pack that is not in force yet refuses the application, and the case keeps its own limits") {
  // Lanwan's pack is from March 2021 and asks for other documents.
  const auto lanwan = policy::load_pack(TONGDIAN_SOURCE_DIR "/packs/examples/lanwan-2021-9").value();
  const Told early("resident", "A", R"(
    2021-02-01 10:00 submit
    2021-02-02 10:00 accept
    2021-02-03 10:00 energise)");
  const auto report = what_if(*lanwan, {&early});
  REQUIRE(report.changed.size() == 1);
  CHECK(changes_of(report, 0) == "refusal:  -> policy.not_in_force");
  CHECK(report.outcomes_after == report.outcomes_before);
}

TEST_CASE("only the cases that are wanted are counted") {
  const Told a("10kv", "A", "2021-11-15 10:00 submit");
  CHECK(what_if(ten_days(), {&a}, [](const CaseState& s) { return s.area == "370602"; }).cases == 1);
  CHECK(what_if(ten_days(), {&a}, [](const CaseState& s) { return s.area == "370611"; }).cases == 0);
}

}  // namespace tongdian::connection
