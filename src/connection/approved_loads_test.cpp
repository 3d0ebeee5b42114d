// Which loads count as approved and not there yet, case by case, on both databases.
#include "connection/approved_loads.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "base/time_text.hpp"
#include "connection/case_view.hpp"
#include "connection/connection.hpp"
#include "connection/world_for_tests.hpp"
#include "journal/journal.hpp"
#include "journal/vault.hpp"
#include "store/database_for_tests.hpp"
#include "store/migrations.hpp"

using namespace tongdian;
using namespace tongdian::connection;

namespace {

const std::string accepted = "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n";
const std::string planned = accepted + "2021-11-02 10:00 plan-at 400 N1\n";
const std::string lit = planned + "2021-11-05 10:00 energise\n";

}  // namespace

TEST_CASE("what a case was promised counts until it is built, or withdrawn") {
  struct Row {
    const char* situation;
    const char* kind;
    std::string script;
    const char* lit_since;  // of the network's tables
    const char* loads;
  };
  const Row rows[] = {
      {"accepted alone", "10kv_single", accepted, "", ""},
      {"planned, by words alone", "10kv_single", accepted + "2021-11-02 10:00 plan\n", "", ""},
      {"planned at a point of the network", "10kv_single", planned, "", "N1 400"},
      {"two sources: each carries the whole", "10kv_single", accepted + "2021-11-02 10:00 plan-at 400 N1 N2\n", "",
       "N1 400, N2 400"},
      {"nothing fitted", "10kv_single", accepted + "2021-11-02 10:00 plan-at 400\n", "", ""},
      {"at low voltage the acceptance is the reply", "micro",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept-at 20.5 N1\n", "", "N1 20.5"},
      {"while its design is reviewed", "10kv_important", planned + "2021-11-03 10:00 review\n", "", "N1 400"},
      {"withdrawn", "10kv_single", planned + "2021-11-03 10:00 withdraw not_needed\n", "2021-01-01", ""},
      {"lit, and the tables do not say of when they are", "10kv_single", lit, "", ""},
      {"lit after the loads were measured", "10kv_single", lit, "2021-11-05", "N1 400"},
      {"lit before", "10kv_single", lit, "2021-11-06", ""},
      {"rated later than lit: the light counts", "10kv_single", lit + "2021-11-09 10:00 rate 5\n", "2021-11-06", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.situation);
    World w(row.kind);
    REQUIRE(w.run(row.script) == "done");

    store::DatabaseForTests place;
    const auto db = place.open();
    const store::Migration tables[] = {{1, "", journal::migration.sql},
                                       {2, "", journal::vault_migration.sql},
                                       {3, "", migration.sql},
                                       {4, "", approved_migration.sql}};
    store::migrate(*db, tables);
    store::Transaction t(db->writer());
    write_case_view(db->writer(), 1, w.state, w.days);
    write_approved_loads(db->writer(), 1, w.state);
    write_approved_loads(db->writer(), 1, w.state);  // each event of the case writes them again
    t.commit();
    std::optional<Instant> since;
    if (*row.lit_since) since = w.days.zone.start_of(parse_date(row.lit_since).value());
    std::string loads;
    for (const auto& each : approved_loads(*db->reader(), since).loads) {
      CHECK(each.number == "TD-TEST");
      std::ostringstream one;
      one << each.node << ' ' << each.kw;
      loads += (loads.empty() ? "" : ", ") + one.str();
    }
    CHECK(loads == row.loads);
  }
}

TEST_CASE("a case with a stage for its plan is planned there") {
  World w("10kv_single");
  CHECK(w.run("2021-11-01 09:00 submit\n2021-11-01 10:00 accept-at 400 N1\n") == "connection.planned_later");
}
