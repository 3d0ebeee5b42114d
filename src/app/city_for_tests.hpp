// A running city and what the tests of this room ask of it.
#pragma once

#include "app/running_city.hpp"
#include "base/temporary_folder.hpp"
#include "engine/replay.hpp"
#include "journal/verify.hpp"
#include "journeys/application.hpp"
#include "store/database_for_tests.hpp"

namespace tongdian::app {

/// Room for a city on the database of this run, gone with the test.
struct PlaceForTests {
  TemporaryFolder folder;
  Place place{folder.path, store::tests_on_postgres() ? store::ServerForTests::get().fresh() : ""};
};

inline journeys::Submission high_voltage() {
  journeys::Submission s;
  s.facts.customer = policy::Customer::non_resident;
  s.facts.voltage = policy::Voltage::kv35_plus;
  s.facts.requested_kw = 20000;
  s.facts.sources = 2;
  s.facts.new_installation = s.facts.works_needed = true;
  s.facts.route = policy::Route{};
  s.facts.enterprise = policy::Enterprise{};
  s.applicant = {"示例化工（虚构）", "13800000001", ""};
  s.site = {"370602", "370602001", "示例路1号"};
  s.enterprise = "sgcc-yantai";
  s.channel = "counter";
  return s;
}

inline engine::Command command(RunningCity& city, const journeys::Submission& s, const std::string& key) {
  auto& f = city.foundation();
  auto reader = f.database->reader();
  return journeys::to_command(s, key, {"staff", "clerk"}, *f.vault, *reader, f.random,
                              f.pack->zone().date_of(city.clock().now()));
}

inline bool sound(Foundation& f) {
  auto scratch = store::open_sqlite({":memory:"});
  store::migrate(*scratch, all_migrations());
  auto reader = f.database->reader();
  return journal::verify(*reader).wrong.empty() && engine::replay(*reader, scratch->writer(), f.behaviours()).same();
}

inline std::int64_t count(Foundation& f, std::string_view sql) {
  return f.database->reader()->integer(sql).value_or(-1);
}

}  // namespace tongdian::app
