#include "connection/connection.hpp"

#include <doctest/doctest.h>

#include "connection/actions.hpp"
#include "connection/world_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::connection;

TEST_CASE("a case's way, and what the clock says on it") {
  struct Row {
    const char* situation;
    const char* kind;
    const char* script;
    const char* until;  // alarms up to noon of this day
    const char* log;
  };
  const Row rows[] = {
      {"in time: nothing but its steps", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-02 10:00 energise\n2021-11-03 10:00 rate 5",
       "2021-12-01", "submitted accepted energised rated"},
      {"nobody does anything: warned, overdue, past the ceiling, escalated three times", "micro",
       "2021-11-01 09:00 submit", "2021-12-01",
       "submitted warned overdue warned overdue escalated breached escalated escalated order_unanswered"},
      {"the customer holds it: no alarm, however long", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-02 10:00 plan customer_works", "2022-06-01",
       "submitted accepted plan_replied"},
      {"important customers have their two checks (附件1·注2)", "10kv_important",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-02 10:00 plan customer_design\n2021-11-15 10:00 back design_firm_qualification design_and_description\n2021-11-15 11:00 review customer_works\n"
       "2021-12-01 10:00 back\n2021-12-01 11:00 midway customer_works\n2021-12-20 10:00 back completion_report_with_drawings\n2021-12-20 15:00 energise",
       "2022-01-10",
       "submitted accepted plan_replied taken_back design_reviewed taken_back midway_inspected taken_back energised"},
      {"a lead is opened by the utility", "micro",
       "2021-11-01 09:00 lead 2021-11-01T08:00:00+08:00\n2021-11-01 10:00 open", "2021-11-01",
       "lead_recorded submitted"},
      {"or opens itself on the working day after it arrived (A43)", "micro",
       "2021-11-05 09:00 lead 2021-11-05T08:00:00+08:00", "2021-11-08", "lead_recorded submitted"},
      {"not on the weekend", "micro", "2021-11-05 09:00 lead 2021-11-05T08:00:00+08:00", "2021-11-07", "lead_recorded"},
      {"withdrawn, the purpose is over: the person may be erased (个人信息保护法 47)", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 withdraw other\n2021-11-01 11:00 erase consent_withdrawn",
       "2021-12-01", "submitted withdrawn person_erased"},
      {"erased once the power is on, the service can still be rated", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-02 10:00 energise\n2021-11-02 11:00 erase purpose_over\n2021-11-03 10:00 rate 5",
       "2021-12-01", "submitted accepted energised person_erased rated"},
      {"erased, and back with a backup of when the case ran: erased again, whatever it is at; the clocks run on",
       "micro", "2021-11-01 09:00 submit\n2021-11-01 10:00 erase-again", "2021-11-04",
       "submitted person_erased warned overdue warned"},
      {"a wrong name is put right while the case runs (个人信息保护法 46)", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 09:30 correct name\n2021-11-01 10:00 accept", "2021-11-01",
       "submitted person_corrected accepted"},
  };
  for (const Row& row : rows) {
    INFO(row.situation);
    World w(row.kind);
    CHECK(w.run(row.script) == "done");
    w.alarms_until(std::string(row.until));
    CHECK(w.log == row.log);
  }
}

TEST_CASE("what is refused, and the clause that it is refused by") {
  struct Row {
    const char* situation;
    const char* kind;
    const char* script;
    const char* code;
    bool cites;
  };
  const Row rows[] = {
      {"a document that is not on the list", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 ask business_licence", "connection.document_not_on_list", true},
      {"a document that nobody knows", "resident", "2021-11-01 09:00 submit\n2021-11-01 10:00 ask commitment_letter",
       "connection.document_not_on_list", true},
      {"asking twice", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 ask identity\n2021-11-01 11:00 supply identity\n2021-11-01 12:00 ask identity",
       "connection.asked_once", true},
      {"asking for nothing", "resident", "2021-11-01 09:00 submit\n2021-11-01 10:00 ask", "connection.no_document",
       false},
      {"asking after acceptance", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 ask identity", "connection.not_now", false},
      {"supplying something else", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 ask identity\n2021-11-01 11:00 supply business_licence",
       "connection.document_not_on_list", true},
      {"stopping the clock for a reason of one's own", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 plan waiting_for_materials",
       "connection.hand_over_not_listed", true},
      {"stopping it after the last stage's beginning", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept customer_works", "connection.hand_over_not_listed", true},
      {"energising before acceptance", "resident", "2021-11-01 09:00 submit\n2021-11-01 10:00 energise",
       "connection.not_now", false},
      {"a design review that the text abolished", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 plan\n2021-11-01 12:00 review",
       "connection.not_now", false},
      {"accepting what the customer holds", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 ask identity\n2021-11-01 11:00 accept", "connection.not_now", false},
      {"rating before the light", "resident", "2021-11-01 09:00 submit\n2021-11-01 10:00 rate 5", "connection.not_now",
       false},
      {"rating twice", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 energise\n2021-11-01 12:00 rate 5\n2021-11-01 13:00 rate 1",
       "connection.not_now", false},
      {"a score beyond five", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 energise\n2021-11-01 12:00 rate 6",
       "connection.bad_score", false},
      {"withdrawing after the light", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 energise\n2021-11-01 12:00 withdraw other",
       "connection.not_now", false},
      {"withdrawing for a reason that is not listed", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 withdraw because", "connection.unknown_reason", false},
      {"submitting twice", "resident", "2021-11-01 09:00 submit\n2021-11-01 10:00 submit", "connection.number_taken",
       false},
      {"a lead that is for no simple low-risk project", "lv_no_works",
       "2021-11-01 09:00 lead-ordinary 2021-11-01T08:00:00+08:00", "connection.no_zero_application", true},
      {"a phone number in the technical words", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 plan-note 12号杆，联系13800001234",
       "connection.personal_data", false},
      {"an identity number in the technical words", "10kv_single",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 plan-note 37060219900101123X",
       "connection.personal_data", false},
      {"a sentence for a meter number", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 energise 张三的表", "connection.bad_number",
       false},
      {"a lead from the future", "micro", "2021-11-01 09:00 lead 2021-11-02T08:00:00+08:00", "connection.in_the_future",
       false},
      {"erasing the person of a case that runs", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 erase consent_withdrawn", "connection.person_needed", true},
      {"while the customer holds it", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 ask identity\n2021-11-01 11:00 erase consent_withdrawn",
       "connection.person_needed", true},
      {"or before it is opened", "micro",
       "2021-11-05 09:00 lead 2021-11-05T08:00:00+08:00\n2021-11-05 10:00 erase consent_withdrawn",
       "connection.person_needed", true},
      {"erasing on a ground that the law does not give", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 withdraw other\n2021-11-01 11:00 erase tidiness",
       "connection.unknown_reason", false},
      {"erasing twice", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 withdraw other\n2021-11-01 11:00 erase purpose_over\n2021-11-01 12:00 erase purpose_over",
       "connection.person_erased", true},
      {"correcting what is erased", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 withdraw other\n2021-11-01 11:00 erase purpose_over\n2021-11-01 12:00 correct name",
       "connection.person_erased", true},
      {"before the policy was in force", "resident", "2020-11-30 23:59 submit", "policy.not_in_force", false},
  };
  for (const Row& row : rows) {
    INFO(row.situation);
    World w(row.kind);
    CHECK(w.run(row.script) == row.code);
    // What the pack cites for the code, and only that.
    CHECK(w.last_refusal.clauses == test_pack().citations(row.code));
    if (row.cites) CHECK(!w.last_refusal.clauses.empty());
    for (const auto& id : w.last_refusal.clauses) CHECK(test_pack().clause(id) != nullptr);
    CHECK(!w.last_refusal.detail.zh.empty());
    CHECK(!w.last_refusal.detail.en.empty());
  }
}

TEST_CASE("a page offers exactly what decide would take") {
  // At each step of a long way: every action offered is no refusal of place, every action not offered is.
  World w("10kv_important");
  const char* steps[] = {"2021-11-01 09:00 submit",
                         "2021-11-01 10:00 ask business_licence",
                         "2021-11-02 10:00 supply business_licence",
                         "2021-11-02 11:00 accept",
                         "2021-11-03 10:00 plan customer_design",
                         "2021-11-15 10:00 back",
                         "2021-11-15 11:00 review customer_works",
                         "2021-12-01 10:00 back",
                         "2021-12-01 11:00 midway",
                         "2021-12-02 11:00 energise",
                         "2021-12-03 10:00 rate 4"};
  for (const char* step : steps) {
    INFO(step);
    REQUIRE(w.run(step) == "done");
    for (const Side side : {Side::staff, Side::manager, Side::customer})
      for (const auto& action : available(w.state, side, test_pack())) {
        const auto id = enum_of<Action>(action.at("id").as_string());
        REQUIRE(id.has_value());
        CHECK(belongs_to(side, *id));
        CHECK(!objection(w.state, *id, test_pack()));
      }
  }
  // At the end nothing is left but what comes to light late and the person's own rights: erasure is the customer's, or a
  // manager's. Once the person is erased nothing is added to the case.
  const auto left = [&](Side side) {
    std::string out;
    for (const auto& action : available(w.state, side, test_pack()))
      out += std::string(action.at("id").as_string()) + " ";
    return out;
  };
  CHECK(left(Side::staff) == "correct_person record_evidence name_firm record_charge ");
  CHECK(left(Side::manager) == "correct_person erase_person record_evidence name_firm record_charge ");
  CHECK(left(Side::customer) == "erase_person ");
  REQUIRE(w.run("2021-12-04 10:00 erase purpose_over") == "done");
  for (const Side side : {Side::staff, Side::manager, Side::customer}) CHECK(left(side).empty());
}

TEST_CASE("beyond the calendar a case is accepted, and its dates come when the year is loaded") {
  World w("35kv_dual");
  CHECK(w.run("2026-12-20 10:00 submit") == "done");
  CHECK(w.due_total() == "-");
  CHECK(beyond_calendar(w.state, w.days));
  CHECK(w.state.decision.at("calendar").as_string() == "not_loaded");
  CHECK(w.run("2026-12-21 10:00 accept") == "done");
  CHECK(beyond_calendar(w.state, w.days));
}

TEST_CASE("no personal data and no free text of the applicant reaches an event") {
  World w("micro");
  Opening o;
  o.number = "TD-TEST";
  o.area = test_pack().areas().front().code;
  o.township = test_pack().areas().front().townships.front().code;
  o.facts = facts_of("micro");
  o.facts.site_reason = "王小明家门口";
  w.now = parse_instant("2021-11-01T09:00:00+08:00").value();
  auto events = decide(w.state, Command(Submit{o}), w.now, {test_pack(), w.days});
  REQUIRE(events.has_value());
  CHECK(json::canonical(events->front().payload).find("王小明") == std::string::npos);
}
