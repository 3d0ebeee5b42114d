#include "calendar/calendar.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <random>

#include "base/files.hpp"
#include "base/time_text.hpp"

using namespace tongdian;
using calendar::Calendar;
using std::chrono::days;

namespace {

const std::filesystem::path china = TONGDIAN_SOURCE_DIR "/calendars/china.csv";

LocalDate day(std::string_view text) { return parse_date(text).value(); }

/// A folder that goes away with the test.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("tongdian-calendar-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path file(const std::string& name, std::string_view text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return path / name;
  }
};

/// The naive reading: a map of exceptions and a walk day by day.
class Walk {
 public:
  explicit Walk(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) kind_[day(line.substr(0, 10))] = line.substr(line.rfind(',') + 1) == "workday";
  }
  bool working(LocalDate d) const {
    const auto found = kind_.find(d);
    if (found != kind_.end()) return found->second;
    return std::chrono::weekday{d}.iso_encoding() <= 5;
  }
  LocalDate add(LocalDate d, int n) const {
    while (n > 0) {
      d += days{1};
      n -= working(d) ? 1 : 0;
    }
    return d;
  }

 private:
  std::map<LocalDate, bool> kind_;
};

}  // namespace

TEST_CASE("China 2018-2026: known days") {
  const auto c = Calendar::load({china}).value();
  CHECK(c.first_day() == day("2018-01-01"));
  CHECK(c.last_day() == day("2026-12-31"));
  CHECK(c.add(day("2021-09-29"), 3) == day("2021-10-09"));  // over National Day, onto a make-up Saturday
  CHECK(c.add(day("2021-09-29"), 0) == day("2021-09-29"));
  CHECK(c.add(day("2021-10-02"), 0) == day("2021-10-02"));
  CHECK(!c.is_working_day(day("2021-10-07")));
  CHECK(c.is_working_day(day("2021-10-09")));
  CHECK(c.on_or_after(day("2021-10-01")) == day("2021-10-08"));
  CHECK(c.on_or_after(day("2021-10-08")) == day("2021-10-08"));
  CHECK(c.between(day("2021-09-29"), day("2021-10-09")) == 3);
  CHECK(c.between(day("2021-10-09"), day("2021-09-29")) == 0);
}

TEST_CASE("nothing is answered outside the loaded years") {
  const auto c = Calendar::load({china}).value();
  CHECK(!c.add(day("2026-12-30"), 30));
  CHECK(c.add(day("2026-12-30"), 1) == day("2026-12-31"));
  CHECK(!c.add(day("2026-12-31"), 1));
  CHECK(!c.add(day("2027-01-01"), 0));
  CHECK(!c.add(day("2017-12-31"), 0));
  CHECK(!c.add(day("2017-12-31"), 1));
  CHECK(!c.add(day("0000-01-01"), 1));
  CHECK(!c.add(day("9999-12-31"), 1));
  CHECK(!c.add(day("2021-01-01"), -1));
  CHECK(!c.add(day("2021-01-01"), 2147483647));
  CHECK(!c.between(day("2026-12-31"), day("2027-01-01")));
  CHECK(!c.on_or_after(day("2027-01-01")));
}

TEST_CASE("every day and random distances agree with a walk day by day") {
  const auto c = Calendar::load({china}).value();
  const Walk walk(china);
  std::mt19937 random(20210610);
  for (LocalDate d = c.first_day(); d <= c.last_day(); d += days{1}) {
    CAPTURE(format_date(d));
    REQUIRE(c.is_working_day(d) == walk.working(d));
    const int n = static_cast<int>(random() % 120);
    const LocalDate expected = walk.add(d, n);
    if (expected <= c.last_day()) {
      REQUIRE(c.add(d, n) == expected);
      if (n > 0) REQUIRE(c.between(d, expected) == n);
    } else {
      REQUIRE(!c.add(d, n));
    }
  }
}

TEST_CASE("an overlay wins, covers nothing by itself") {
  const Folder folder;
  // Made up for this test: no province has such a day.
  const auto province =
      folder.file("province.csv", "# overlay\ndate,name,kind\n2021-10-09,Made-up provincial day,off\n");
  const auto c = Calendar::load({china, province}).value();
  CHECK(!c.is_working_day(day("2021-10-09")));
  CHECK(c.add(day("2021-09-29"), 3) == day("2021-10-11"));
  CHECK(c.last_day() == day("2026-12-31"));
  const auto early = folder.file("early.csv", "# overlay\ndate,name,kind\n2027-10-09,Made-up provincial day,off\n");
  const auto refused = Calendar::load({china, early});
  REQUIRE(!refused.has_value());
  CHECK(refused.error().code == "calendar.not_covered");
  CHECK(refused.error().path == early.string() + ":3:1");
}

TEST_CASE("a further year extends the calendar; a gap is refused; the files' order does not matter for gaps") {
  const Folder folder;
  const auto y2027 = folder.file("2027.csv",
                                 "\xEF\xBB\xBF"
                                 "date,name,kind\r\n2027-01-01,Made-up row,off\r\n");
  const auto y2028 = folder.file("2028.csv", "# years 2028\ndate,name,kind\n");
  const auto c = Calendar::load({china}).value();
  const auto more = c.with(y2027).value();
  CHECK(more.last_day() == day("2027-12-31"));
  CHECK(more.add(day("2026-12-31"), 1) == day("2027-01-04"));
  CHECK(more.add(day("2021-09-29"), 3) == day("2021-10-09"));
  const auto gap = c.with(y2028);
  REQUIRE(!gap.has_value());
  CHECK(gap.error().code == "calendar.gap");
  CHECK(Calendar::load({china, y2028, y2027}).value().last_day() == day("2028-12-31"));
}

TEST_CASE("rows are read strictly; each complaint names its place") {
  const Folder folder;
  const struct {
    const char* text;
    const char* code;
    const char* place;
  } cases[] = {
      {"", "calendar.bad_row", ":1:1"},
      {"2027-01-01,New Year,off\n", "calendar.bad_row", ":1:1"},
      {"date,name,kind\n2027-02-29,x,off\n", "calendar.bad_row", ":2:1"},
      {"date,name,kind\n2027-02-28,,off\n", "calendar.bad_row", ":2:12"},
      {"date,name,kind\n2027-02-28,x,holiday\n", "calendar.bad_row", ":2:14"},
      {"date,name,kind\n2027-02-28,x,off,\n", "calendar.bad_row", ":2:14"},
      {"date,name,kind\n2027-02-28,x\n", "calendar.bad_row", ":2:14"},
      {"date,name,kind\n2027-02-28,x,off\n\n2027-02-28,x,off\n", "calendar.duplicate", ":4:1"},
      {"# years 2028-2027\ndate,name,kind\n", "calendar.bad_row", ":1:9"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.text);
    const auto file = folder.file("bad.csv", each.text);
    const auto refused = Calendar::load({file});
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == each.code);
    CHECK(refused.error().path == file.string() + each.place);
    CHECK(!refused.error().next.en.empty());
  }
  CHECK(Calendar::load({folder.path / "absent.csv"}).error().code == "file.unreadable");
}

TEST_CASE("installing: checked first, idempotent, found again") {
  const Folder folder;
  const auto data = folder.path / "data";
  CHECK(calendar::load_for({china}, data).value().last_day() == day("2026-12-31"));
  const std::string_view bytes = "date,name,kind\n2027-01-01,Made-up row,off\n";
  for (int round = 0; round < 2; ++round)
    CHECK(calendar::install({china}, data, "2027.csv", bytes).value().last_day() == day("2027-12-31"));
  CHECK(calendar::load_for({china}, data).value().last_day() == day("2027-12-31"));
  CHECK(calendar::install({china}, data, "2029.csv", "date,name,kind\n2029-01-01,Made-up row,off\n").error().code ==
        "calendar.gap");
  CHECK(calendar::install({china}, data, "bad.csv", "nonsense").error().path == "bad.csv:1:1");
  CHECK(calendar::files_for({china}, data).size() == 2);
}
