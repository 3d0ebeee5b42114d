// The whitelist 白名单 of 三(三)1 and #35, situation by situation: what its steps do to the stages and to clock A; and its register on both
// databases.
#include "connection/whitelist.hpp"

#include <doctest/doctest.h>

#include "connection/actions.hpp"
#include "connection/connection.hpp"
#include "connection/page.hpp"
#include "connection/whitelist_view.hpp"
#include "connection/world_for_tests.hpp"
#include "journal/vault.hpp"
#include "store/database_for_tests.hpp"
#include "store/migrations.hpp"

using namespace tongdian;
using namespace tongdian::connection;

namespace {

// A high-voltage case at the reply of its plan, submitted on a Monday.
const std::string hv = "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 as A-1\n";
const std::string hv_proposed = hv + "2021-11-02 10:00 propose outside_planned_grid 2021-12-20\n";
const std::string hv_entered = hv_proposed + "2021-11-03 10:00 as A-2\n2021-11-03 10:00 confirm\n";
const std::string lv = "2021-11-01 09:00 submit\n2021-11-01 09:30 as A-1\n";
const std::string lv_entered = lv +
                               "2021-11-01 10:00 propose micro_beyond_capacity 2021-12-20\n"
                               "2021-11-02 10:00 as A-2\n2021-11-02 10:00 confirm\n";

}  // namespace

TEST_CASE("the stages of a case in the whitelist, and what clock A counts") {
  struct Row {
    const char* situation;
    const char* kind;
    std::string script;
    const char* on;
    const char* phase;
    const char* used;
    const char* due_stage;
    const char* due_total;
    const char* status;
  };
  const Row rows[] = {
      {"a proposal alone changes no clock", "10kv_single", hv_proposed, "2021-11-03", "running", "2", "2021-11-08",
       "2021-11-11", "on_time"},
      {"entered: the stage has ended and the works are in none (A11)", "10kv_single", hv_entered, "2021-12-15",
       "awaiting_works", "2", "-", "-", "stopped"},
      {"done: the next stage counts from there (#35)", "10kv_single", hv_entered + "2021-12-20 15:00 done 1\n",
       "2021-12-21", "running", "3", "2021-12-22", "2021-12-28", "on_time"},
      {"at low voltage the entry is the answer of the acceptance", "micro", lv_entered, "2021-12-15", "awaiting_works",
       "1", "-", "-", "stopped"},
      {"and what follows is the inspection and the light", "micro", lv_entered + "2021-12-20 15:00 done 1\n",
       "2021-12-21", "running", "2", "2021-12-22", "2021-12-22", "on_time"},
      {"of two works the first alone starts nothing", "micro",
       lv +
           "2021-11-01 10:00 propose micro_beyond_capacity 2021-12-20\n2021-11-01 10:05 add-works regulator 2021-12-31\n"
           "2021-11-02 10:00 as A-2\n2021-11-02 10:00 confirm\n2021-12-20 15:00 done 1\n",
       "2021-12-21", "awaiting_works", "1", "-", "-", "stopped"},
      {"the second does", "micro",
       lv +
           "2021-11-01 10:00 propose micro_beyond_capacity 2021-12-20\n2021-11-01 10:05 add-works regulator 2021-12-31\n"
           "2021-11-02 10:00 as A-2\n2021-11-02 10:00 confirm\n2021-12-20 15:00 done 1\n2021-12-21 10:00 done 2\n",
       "2021-12-21", "running", "1", "2021-12-23", "2021-12-23", "on_time"},
      {"a new date for the works moves no clock", "micro", lv_entered + "2021-12-20 15:00 reschedule 1 2022-01-10\n",
       "2021-12-21", "awaiting_works", "1", "-", "-", "stopped"},
      {"entered by mistake and withdrawn: the stage counts as if it had never ended", "10kv_single",
       hv_entered + "2021-11-05 10:00 drop something fits after all\n", "2021-11-05", "running", "4", "2021-11-08",
       "2021-11-11", "on_time"},
      {"withdrawn too late is too late: the days were the grid side's", "10kv_single",
       hv_entered + "2021-11-30 10:00 drop something fits after all\n", "2021-11-30", "running", "21", "2021-11-08",
       "2021-11-11", "breached"},
      {"a proposal is gone with its stage", "10kv_single", hv_proposed + "2021-11-03 09:00 plan\n", "2021-11-04",
       "running", "3", "2021-11-05", "2021-11-11", "on_time"},
      {"the customer has works of their own once the grid's are done (A44)", "10kv_single",
       hv_entered + "2021-12-20 15:00 done 1 customer_works\n", "2022-01-05", "with_customer", "2", "-", "-",
       "stopped"},
      {"the customer withdraws while the works are under way", "10kv_single",
       hv_entered + "2021-12-01 10:00 withdraw not_needed\n", "2022-01-05", "withdrawn", "2", "-", "2021-11-11",
       "on_time"},
      {"the network was asked, and has nothing", "10kv_single",
       hv + "2021-11-02 10:00 propose outside_planned_grid 2021-12-20 0 outside_planned_grid\n", "2021-11-03",
       "running", "2", "2021-11-08", "2021-11-11", "on_time"},
  };
  for (const Row& row : rows) {
    INFO(row.situation);
    World w(row.kind);
    CHECK(w.run(row.script) == "done");
    CHECK(name_of(w.state.phase) == row.phase);
    CHECK(w.used_on(row.on) == row.used);
    CHECK(w.due_stage() == row.due_stage);
    CHECK(w.due_total() == row.due_total);
    CHECK(w.status_on(row.on) == row.status);
  }
}

TEST_CASE("nobody is warned of a clock that does not run, and it warns again once it does") {
  World w("micro");
  CHECK(w.run(lv_entered) == "done");
  w.alarms_until("2021-12-19");
  const auto quiet = w.log;
  CHECK(w.run("2021-12-20 15:00 done 1") == "done");
  CHECK(w.log == quiet + " works_completed");
  w.alarms_until("2022-01-20");
  CHECK(w.log.find("works_completed warned") != std::string::npos);
  CHECK(w.log.find("breached") != std::string::npos);
}

TEST_CASE("what is refused of the whitelist") {
  struct Row {
    const char* situation;
    const char* kind;
    std::string script;
    const char* code;
    bool cites;
  };
  const Row rows[] = {
      {"who proposed it does not confirm it: a clock stands by it", "10kv_single",
       hv_proposed + "2021-11-03 10:00 confirm", "connection.four_eyes", true},
      {"a home is no micro-enterprise", "resident", lv + "2021-11-01 10:00 propose micro_beyond_capacity 2021-12-20",
       "connection.not_whitelisted", true},
      {"800 kW are no micro-enterprise's", "10kv_single",
       hv + "2021-11-02 10:00 propose micro_beyond_capacity 2021-12-20", "connection.not_whitelisted", true},
      {"there are two kinds and no third", "micro", lv + "2021-11-01 10:00 propose everybody 2021-12-20",
       "connection.unknown_kind", false},
      {"the network found a point that fits", "micro",
       lv + "2021-11-01 10:00 propose micro_beyond_capacity 2021-12-20 3 -", "connection.something_fits", true},
      {"the network says that it is the other kind", "micro",
       lv + "2021-11-01 10:00 propose micro_beyond_capacity 2021-12-20 0 outside_planned_grid",
       "connection.not_whitelisted", true},
      {"before the reply at high voltage", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-01 09:30 as A-1\n2021-11-01 10:00 propose outside_planned_grid 2021-12-20",
       "connection.not_now", true},
      {"twice", "10kv_single", hv_proposed + "2021-11-02 11:00 propose outside_planned_grid 2021-12-20",
       "connection.not_now", true},
      {"after the works", "micro",
       lv_entered + "2021-12-20 15:00 done 1\n2021-12-20 16:00 propose micro_beyond_capacity 2022-01-20",
       "connection.not_now", true},
      {"works to be done before they are asked for", "micro",
       lv + "2021-11-02 10:00 propose micro_beyond_capacity 2021-11-01", "connection.bad_day", false},
      {"works that a second person has not seen", "micro", lv_entered + "2021-11-03 10:00 add-works more 2021-12-31",
       "connection.not_now", true},
      {"works that are not there", "micro", lv_entered + "2021-12-20 15:00 done 2", "connection.unknown_kind", false},
      {"energised before the works", "micro", lv_entered + "2021-11-03 10:00 energise", "connection.not_now", true},
      {"handed over for a reason of one's own", "10kv_single", hv_entered + "2021-12-20 15:00 done 1 waiting",
       "connection.hand_over_not_listed", true},
      {"a phone number in the reason", "micro", lv_entered + "2021-11-03 10:00 drop call 13800001234",
       "connection.personal_data", false},
      {"withdrawn when the works are done", "micro", lv_entered + "2021-12-20 15:00 done 1\n2021-12-20 16:00 drop late",
       "connection.not_now", true},
  };
  for (const Row& row : rows) {
    INFO(row.situation);
    World w(row.kind);
    CHECK(w.run(row.script) == row.code);
    CHECK(w.last_refusal.clauses.empty() == !row.cites);
  }
}

TEST_CASE("who may do what, and that pages offer it") {
  const auto offered = [](const World& w, Side side) {
    std::string out;
    for (const auto& each : available(w.state, side, test_pack())) {
      const auto id = each.at("id").as_string();
      if (id.ends_with("_whitelist") || id.ends_with("_works")) (out += out.empty() ? "" : " ") += std::string(id);
    }
    return out;
  };
  World w("micro");
  w.run(lv);
  CHECK(offered(w, Side::staff) == "propose_whitelist");
  CHECK(offered(w, Side::manager) == "");
  w.run("2021-11-01 10:00 propose micro_beyond_capacity 2021-12-20");
  CHECK(offered(w, Side::staff) == "add_works");
  CHECK(offered(w, Side::manager) == "confirm_whitelist withdraw_whitelist");
  w.run("2021-11-02 10:00 as A-2\n2021-11-02 10:00 confirm");
  CHECK(offered(w, Side::staff) == "complete_works reschedule_works");
  CHECK(offered(w, Side::manager) == "complete_works reschedule_works withdraw_whitelist");
  CHECK(offered(w, Side::customer) == "");
}

TEST_CASE("the register: by what is expected first, within the reader's reach, overdue works counted") {
  store::DatabaseForTests place;
  const auto db = place.open();
  const store::Migration tables[] = {{1, "", "SELECT 1"},
                                     {2, "", journal::vault_migration.sql},
                                     {3, "", "CREATE TABLE stream (id BIGINT_KEY, name TEXT NOT NULL)"},
                                     {4, "", migration.sql},
                                     {5, "", whitelist_migration.sql}};
  store::migrate(*db, tables);
  const std::pair<const char*, std::string> cases[] = {
      {"micro", lv_entered},
      {"micro", lv + "2021-11-01 10:00 propose micro_beyond_capacity 2021-12-10"},
      {"10kv_single", hv_entered + "2021-11-04 10:00 reschedule 1 2021-12-01"},
      {"10kv_single", hv_entered + "2021-12-20 15:00 done 1"},
      {"10kv_single", hv_proposed + "2021-11-03 10:00 drop mistaken"},
      {"resident", "2021-11-01 09:00 submit"}};
  std::int64_t id = 0;
  for (const auto& [kind, script] : cases) {
    World w(kind);
    REQUIRE(w.run(script) == "done");
    ++id;
    w.state.number = "TD-" + std::to_string(id);
    if (id == 3) w.state.area = "370699";
    write_case_view(db->writer(), id, w.state, w.days);
    write_whitelist(db->writer(), id, w.state);
    // Written again it is the same.
    write_whitelist(db->writer(), id, w.state);
  }
  const auto shown = [&](RegisterQuery q) {
    q.today = parse_date("2021-12-05").value();
    std::string out;
    for (int page = 0; page < 9; ++page) {
      const auto got = whitelist(*db->reader(), q);
      for (const auto& row : got.rows) {
        out += row.of.number + ":" + std::string(name_of(row.entry.stand()));
        if (works_overdue(row.entry, q.today)) out += "!";
        out += " ";
        CHECK(row.entry.works.size() == 1);
      }
      out += "(" + std::to_string(got.total) + ", " + std::to_string(got.overdue) + ") ";
      if (got.next.empty()) break;
      q.after = got.next;
    }
    return out;
  };
  RegisterQuery q;
  CHECK(shown(q) == "TD-3:under_way! TD-1:under_way TD-2:proposed TD-4:completed TD-5:withdrawn (5, 1) ");
  q.limit = 2;
  CHECK(shown(q) == "TD-3:under_way! TD-1:under_way (5, 1) TD-2:proposed TD-4:completed (5, 1) TD-5:withdrawn (5, 1) ");
  q.limit = 50;
  q.areas = {test_pack().areas().front().code};
  CHECK(shown(q) == "TD-1:under_way TD-2:proposed TD-4:completed TD-5:withdrawn (4, 0) ");
  q.areas = {};
  q.overdue = true;
  CHECK(shown(q) == "TD-3:under_way! (1, 1) ");
  q.overdue = false;
  q.stand = "under_way";
  CHECK(shown(q) == "TD-3:under_way! TD-1:under_way (2, 1) ");
  q.area = "370699";
  CHECK(shown(q) == "TD-3:under_way! (1, 1) ");
  const auto row = whitelist(*db->reader(), q).rows.at(0);
  CHECK(row.entry.works.at(0).expected_on == parse_date("2021-12-01"));
  CHECK(row.entry.works.at(0).first_expected_on == parse_date("2021-12-20"));
}
