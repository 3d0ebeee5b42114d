// What is recorded about a case beside its stages: documents that the city has, the team, evidence, the ladder to the bulletin.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "connection/actions.hpp"
#include "connection/connection.hpp"
#include "connection/world_for_tests.hpp"

namespace tongdian::connection {

TEST_CASE("what the city has it does not ask for again (A39, 三(二)3)") {
  World w("micro");
  w.held = {"business_licence"};
  w.run("2021-11-15 10:00 submit");
  CHECK(documents_of(w.state, "acceptance").empty());
  CHECK(held_of(w.state, "acceptance") == std::vector<std::string>{"business_licence"});
  CHECK(w.run("2021-11-15 11:00 ask business_licence") == "connection.already_held");
  CHECK(!w.last_refusal.clauses.empty());
  CHECK(w.run("2021-11-15 12:00 accept") == "done");
  // Once it is over, acceptance has seen what it lists: the next case of this applicant need not bring it.
  CHECK(seen_at_acceptance(w.state) == std::vector<std::string>{"business_licence"});
}

TEST_CASE("acceptance that has not ended has seen only what came") {
  World w("micro");
  w.run("2021-11-15 10:00 submit");
  CHECK(seen_at_acceptance(w.state).empty());
  w.run("2021-11-15 11:00 ask business_licence\n2021-11-16 11:00 supply business_licence");
  CHECK(seen_at_acceptance(w.state) == std::vector<std::string>{"business_licence"});
}

TEST_CASE("a letter of commitment by any name is refused wherever words can be written (三(二)1, #23)") {
  for (const char* words : {"请提供承诺书", "另附保证书一份", "letter 承诺函 please"}) {
    CAPTURE(words);
    World w("10kv");
    CHECK(w.run(std::string("2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-17 10:00 plan-note ") + words) ==
          "connection.letter_demanded");
    CHECK(!w.last_refusal.clauses.empty());
  }
}

TEST_CASE("a refused request is an event that moves no clock") {
  World w("10kv");
  w.run("2021-11-15 10:00 submit");
  const auto before = w.due_total();
  CHECK(w.run("2021-11-15 11:00 refused connection.document_not_on_list") == "done");
  CHECK(w.log == "submitted request_refused");
  CHECK(w.due_total() == before);
  CHECK(w.state.phase == Phase::running);
}

TEST_CASE("the team: roles are assigned, handed over, and covered until a day") {
  struct Row {
    const char *line, *answer;
  };
  World w("10kv");
  w.run("2021-11-15 10:00 submit");
  for (const auto& [line, answer] :
       {Row{"2021-11-15 11:00 assign customer_manager anna assigned", "done"},
        Row{"2021-11-15 11:00 assign project_manager bert assigned", "done"},
        Row{"2021-11-15 11:00 assign driver bert assigned", "connection.unknown_role"},
        Row{"2021-11-15 11:00 assign customer_manager carl because", "connection.unknown_reason"},
        // A cover needs its last day, not a past one, and somebody to cover for.
        Row{"2021-11-16 11:00 assign customer_manager carl covered", "connection.bad_day"},
        Row{"2021-11-16 11:00 assign customer_manager carl covered 2021-11-15", "connection.bad_day"},
        Row{"2021-11-16 11:00 assign supervision_specialist carl covered 2021-11-19", "connection.bad_day"},
        Row{"2021-11-16 11:00 assign customer_manager carl covered 2021-11-19", "done"},
        Row{"2021-11-16 12:00 assign project_manager dora handed_over", "done"}}) {
    CAPTURE(line);
    CHECK(w.run(line) == answer);
  }
  REQUIRE(w.state.team.size() == 2);
  CHECK(w.state.team[0].account == "anna");
  CHECK(w.state.team[0].cover == "carl");
  CHECK(w.state.team[0].cover_until == parse_date("2021-11-19"));
  CHECK(w.state.team[1].account == "dora");
  CHECK(w.state.team[1].cover.empty());
}

TEST_CASE("evidence is of no later time than now, and stays open after the light") {
  World w("micro");
  const std::string start = "2021-11-15 10:00 submit\n2021-11-16 10:00 accept\n2021-11-17 10:00 energise\n";
  CHECK(w.run(start + "2021-11-17 11:00 evidence meter 2021-11-17T09:55:00+08:00") == "done");
  CHECK(w.run("2021-11-17 11:00 evidence meter 2021-11-17T11:30:00+08:00") == "connection.in_the_future");
  CHECK(w.run("2021-11-17 11:00 evidence meter yesterday") == "connection.bad_instant");
  for (const char* persons : {"13800000001", "P-13800000001", "370602199001011234", "37060219900101123X"})
    CHECK(w.run(std::string("2021-11-17 11:00 evidence photo 2021-11-17T09:55:00+08:00 ") + persons) ==
          "connection.personal_data");
  CHECK(w.run("2021-11-17 11:00 evidence photo 2021-11-17T09:55:00+08:00 20211117095500") == "done");
  CHECK(w.run("2021-11-17 11:00 evidence rumour 2021-11-17T09:55:00+08:00") == "connection.unknown_kind");
  CHECK(w.run("2021-11-17 11:00 charge fee 100") == "done");
  CHECK(w.run("2021-11-17 11:00 charge fee -1") == "json.out_of_range");
}

TEST_CASE("a charge counts once another has confirmed it; the one who noted it may take it back (三(三)3, #39)") {
  World w("10kv");
  const auto by = [&](const char* who, const char* line) {
    w.actor = {"staff", who};
    return w.run(std::string("2021-11-15 11:00 ") + line);
  };
  w.run("2021-11-15 10:00 submit");
  CHECK(by("li", "confirm-charge 1") == "connection.not_now");
  CHECK(by("li", "charge METER 8000") == "done");
  CHECK(w.state.charges.at(0).stand == Charge::Stand::noted);
  CHECK(by("li", "confirm-charge 1") == "connection.four_eyes");
  CHECK(by("wang", "confirm-charge 2") == "connection.unknown_kind");
  CHECK(by("wang", "confirm-charge 1") == "done");
  CHECK(w.state.charges.at(0).stand == Charge::Stand::confirmed);
  CHECK(by("zhang", "confirm-charge 1") == "connection.not_now");
  CHECK(by("li", "charge CABLE 100") == "done");
  CHECK(by("li", "drop-charge 2 承诺书") == "connection.letter_demanded");
  CHECK(by("li", "drop-charge 2 typed-twice") == "done");
  CHECK(by("li", "charge CABLE 300") == "done");
  CHECK(by("wang", "drop-charge 3 not-ours") == "done");
  CHECK(w.state.charges.at(2).stand == Charge::Stand::dropped);
  CHECK(w.log == "submitted charged charge_confirmed charged charge_dropped charged charge_dropped");
}

TEST_CASE("a charge of a journal from before needed no second person") {
  CaseState s;
  engine::Event e;
  e.type = "case.charged";
  e.payload = json::Object{{"item", "METER"}, {"fen", 8000}};
  e.actor = {"staff", "li"};
  evolve(s, e);
  CHECK(s.charges.at(0).stand == Charge::Stand::confirmed);
  e.version = 2;
  evolve(s, e);
  CHECK(s.charges.at(1).stand == Charge::Stand::noted);
}

TEST_CASE("the ladder: reminded, under an order, answered; or named in the bulletin for silence") {
  // Past its due date 11-25 (eight working days), never answered.
  World silent("10kv");
  silent.run("2021-11-15 10:00 submit\n2021-11-16 10:00 accept");
  silent.alarms_until("2021-12-20");
  CHECK(silent.log ==
        "submitted warned accepted warned overdue warned overdue escalated escalated escalated order_unanswered");
  CHECK(silent.state.ordered_at.has_value());
  CHECK(silent.state.answer_by == parse_date("2021-12-03"));

  World answered("10kv");
  answered.run("2021-11-15 10:00 submit\n2021-11-16 10:00 accept");
  CHECK(answered.run("2021-11-26 10:00 answer 2021-12-06 second-crew") == "connection.not_now");
  CHECK(answered.run("2021-12-02 10:00 answer 2021-12-01 second-crew") == "connection.bad_day");
  CHECK(answered.run("2021-12-02 10:00 answer 2021-12-06 second-crew") == "done");
  answered.alarms_until("2021-12-20");
  CHECK(answered.log.find("order_unanswered") == std::string::npos);
  CHECK(answered.run("2021-12-20 13:00 answer 2021-12-22 again") == "connection.not_now");
}

TEST_CASE("a district with a day of its own counts by it, its neighbour does not") {
  auto city = std::make_shared<const calendar::Calendar>(test_calendar());
  Connection rooms(policy::load_pack(TONGDIAN_SOURCE_DIR "/packs/yantai-2021-168").value(), city);
  const auto folder = std::filesystem::temp_directory_path() / "tongdian-area-days.csv";
  std::ofstream(folder) << "# overlay\ndate,name,kind\n2021-11-17,开渔节,off\n";
  auto own = std::make_shared<const calendar::Calendar>(test_calendar().with(folder).value());
  std::filesystem::remove(folder);
  rooms.replace_area_calendars({{"370634", own}});
  CHECK(rooms.calendar("370634") == own);
  CHECK(rooms.calendar("370602") == city);
  const auto day = *parse_date("2021-11-16");
  CHECK(format_date(*rooms.calendar("370634")->add(day, 1)) == "2021-11-18");
  CHECK(format_date(*rooms.calendar("370602")->add(day, 1)) == "2021-11-17");
}

}  // namespace tongdian::connection
