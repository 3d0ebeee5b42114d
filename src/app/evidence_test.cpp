// Evidence of times from other systems' tables, over the whole house: recorded once, judged by the engine, seen by the detectors.
#include <doctest/doctest.h>

#include "app/city_for_tests.hpp"
#include "app/evidence_import.hpp"
#include "base/time_text.hpp"
#include "supervision/watch.hpp"

namespace tongdian::app {
namespace {

journeys::EvidenceFile table(const std::string& text) {
  return journeys::read_evidence(mining::bytes_of(text), Zone{});
}
/// "LINE:COLUMN code" of each wrong row.
std::string said(const std::vector<journeys::WrongRow>& wrong) {
  std::string out;
  for (const auto& w : wrong)
    out += (out.empty() ? "" : ", ") + std::to_string(w.line) + ":" + std::to_string(static_cast<int>(w.column) + 1) +
           " " + w.problem.code;
  return out;
}
std::string refused(const std::string& text) {
  try {
    table(text);
  } catch (const ProblemError& e) {
    return e.problem.code + " " + e.problem.path;
  }
  return "read";
}

}  // namespace

TEST_CASE("a table of evidence is read in the forms that offices export") {
  struct Case {
    std::string text, number, kind, taken_at, reference;
  };
  const std::string gb18030 =
      "\xB0\xB8\xBC\xFE\xB1\xE0\xBA\xC5,\xD6\xD6\xC0\xE0,\xCA\xB1\xBC\xE4,\xC6\xBE\xD6\xA4\xB1\xE0\xBA\xC5\n"
      "TD1,\xB5\xE7\xC4\xDC\xB1\xED,2021\xC4\xEA"
      "6\xD4\xC2"
      "1\xC8\xD5 8\xCA\xB1"
      "30\xB7\xD6,M-1\n";
  const Case cases[] = {
      {"case,kind,taken_at,reference\nTD1,meter,2021-06-01T08:30:00+08:00,M-1\n", "TD1", "meter",
       "2021-06-01T08:30:00+08:00", "M-1"},
      {"\xEF\xBB\xBF案件编号;佐证种类;时间;佐证编号\r\n TD1 ;照片;2021/6/1 8:30;\"P\"\"1\"\r\n", "TD1", "photo",
       "2021-06-01T08:30:00+08:00", "P\"1"},
      {"Reference\tTIME\tkind\tnumber\nF-1\t2021-06-01T00:30:00Z\tFile\tTD1\n", "TD1", "file",
       "2021-06-01T08:30:00+08:00", "F-1"},
      {gb18030, "TD1", "meter", "2021-06-01T08:30:00+08:00", "M-1"},
      {"case,kind,time,ref\nTD1,拓扑,44348.3541666667,T-1\n", "TD1", "topology", "2021-06-01T08:30:00+08:00", "T-1"},
      // The day of a contract is all that a contract says.
      {"case,kind,time,ref\nTD1,合同,2021-06-01,C-1\n", "TD1", "contract", "2021-06-01T00:00:00+08:00", "C-1"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.text);
    const auto file = table(each.text);
    CHECK(said(file.wrong) == "");
    REQUIRE(file.rows.size() == 1);
    const auto& row = file.rows[0];
    CHECK(row.line == 2);
    CHECK(row.number == each.number);
    CHECK(row.evidence.kind == each.kind);
    CHECK(row.evidence.taken_at == each.taken_at);
    CHECK(row.evidence.reference == each.reference);
  }
}

TEST_CASE("what cannot be read is said with its line and column") {
  CHECK(refused("") == "evidence.columns_unknown 案件编号");
  CHECK(refused("case,kind,reference\n") == "evidence.columns_unknown 时间");
  CHECK(refused("case,kind,time,ref\nTD1,meter,01/02/2021 8:00,M\n") == "evidence.unclear_dates time");
  CHECK(refused("case,kind,time,ref\nTD1,meter,\"2021,M\n") == "mine.broken_csv 2:11");
  const auto file = table(
      "case,kind,time,ref\n\nTD1,meter,yesterday,\"a\nb\"\nTD1,photo,2021-06-01,P\nTD1,meter,,M\n"
      "TD1,meter,2021-06-01 00:00,M\n,,,\n");
  CHECK(said(file.wrong) == "3:3 evidence.bad_time, 5:3 evidence.day_alone, 6:3 evidence.bad_time");
  REQUIRE(file.rows.size() == 1);
  CHECK(file.rows[0].line == 7);
}

TEST_CASE("each row is recorded once, wrong ones hold up no other, and the detectors see works before the acceptance") {
  const PlaceForTests place;
  auto f = open_foundation(place.place, "", Opening::own);
  ManualClock clock(*parse_instant("2021-06-07T09:00:00+08:00"));
  std::string number;
  {
    auto executor = f->executor(clock);
    auto reader = f->database->reader();
    std::vector<engine::Pending> batch;
    batch.push_back({journeys::to_command(high_voltage(), "key", {"staff", "clerk"}, *f->vault, *reader, f->random,
                                          f->pack->zone().date_of(clock.now())),
                     [&](const engine::Answer& a) { number = a.value().stream.substr(5); }});
    executor->execute(batch);
  }
  clock.advance(std::chrono::hours(24));
  const std::string text = "case,kind,taken_at,reference\n" + number + ",photo,2021-05-03 10:00,P-1\n" +
                           "TD000000-000000,photo,2021-05-03 10:00,P-2\n" + number + ",diary,2021-05-03 10:00,P-3\n" +
                           number + ",meter,2031-05-03 10:00,P-4\n" + number + ",meter,2021-05-03 10:00,some words\n" +
                           number + ",photo,2021-05-03 10:00:00,P-1\n";
  const auto first = import_evidence(*f, table(text), clock);
  CHECK(first.recorded == 1);
  CHECK(first.repeated == 1);  // the last row says what the first says
  CHECK(said(first.wrong) ==
        "3:1 engine.no_such_stream, 4:2 connection.unknown_kind, 5:3 connection.in_the_future, "
        "6:4 connection.bad_number");
  const auto again = import_evidence(*f, table(text), clock);
  CHECK(again.recorded == 0);
  CHECK(again.repeated == 2);
  CHECK(sound(*f));

  auto reader = f->database->reader();
  supervision::Watch watch(*f->connection);
  watch.catch_up(*reader);
  const auto all = watch.findings();
  CHECK(std::ranges::count_if(all, [&](const auto& j) {
          return j.finding.kind == "works_before_acceptance" && j.finding.number == number;
        }) == 1);
}

}  // namespace tongdian::app
