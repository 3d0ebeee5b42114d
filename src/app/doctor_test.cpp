// What `tongdian doctor` says of measured values, and of a real folder with something wrong in it.
#include "app/doctor.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "app/backup.hpp"
#include "app/city_for_tests.hpp"
#include "app/demo.hpp"
#include "base/temporary_folder.hpp"
#include "base/time_text.hpp"

using namespace tongdian;
using namespace tongdian::app;
namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

constexpr std::uint64_t gb = 1ULL << 30;
const Instant now = *parse_instant("2026-11-24T10:00:00+08:00");
LocalDate day(const char* text) { return *parse_date(text); }

const Finding& of(const std::vector<Finding>& findings, const std::string& check) {
  return *std::ranges::find(findings, check, &Finding::check);
}

}  // namespace

TEST_CASE("each value has its judgement, and what is not well says what to do") {
  const struct {
    const char* what;
    Finding finding;
    Level level;
  } cases[] = {
      {"room enough", judge_space({100 * gb, gb}), Level::ok},
      {"under 2 GB", judge_space({gb, 0}), Level::warn},
      {"less than half the database again", judge_space({9 * gb, 20 * gb}), Level::warn},
      {"nearly full", judge_space({100 << 20, gb}), Level::fail},
      {"a quick disk", judge_flush(microseconds(300)), Level::ok},
      {"a slow disk", judge_flush(microseconds(60'000)), Level::warn},
      {"synchronised", judge_clock(now, now - hours(1), true), Level::ok},
      {"nobody says whether it is", judge_clock(now, now - hours(1), {}), Level::ok},
      {"not synchronised", judge_clock(now, now - hours(1), false), Level::warn},
      {"a second behind is NTP's", judge_clock(now, now + seconds(1), true), Level::ok},
      {"behind the journal", judge_clock(now, now + seconds(30), true), Level::fail},
      {"a year ahead", judge_calendar(day("2026-01-10"), day("2026-12-31"), 0), Level::ok},
      {"59 days left", judge_calendar(day("2026-11-02"), day("2026-12-31"), 0), Level::warn},
      {"60 days left", judge_calendar(day("2026-11-01"), day("2026-12-31"), 0), Level::ok},
      {"one case waits", judge_calendar(day("2026-01-10"), day("2026-12-31"), 1), Level::fail},
      {"over", judge_calendar(day("2027-01-01"), day("2026-12-31"), 0), Level::fail},
      {"same schema", judge_schema(6, 6), Level::ok},
      {"an older one", judge_schema(6, 9), Level::warn},
      {"a newer one", judge_schema(9, 6), Level::fail},
      {"same pack", judge_pack("y@1", "y@1"), Level::ok},
      {"nothing decided yet", judge_pack("y@1", ""), Level::ok},
      {"another pack", judge_pack("y@2", "y@1"), Level::warn},
      {"a small log", judge_log(16 << 20), Level::ok},
      {"a log that is not cut back", judge_log(2 * gb), Level::warn},
      {"yesterday's backup", judge_backup(now, now - hours(25)), Level::ok},
      {"an old backup", judge_backup(now, now - hours(30)), Level::warn},
      {"no backup", judge_backup(now, {}), Level::warn},
      {"keys as they should be", judge_keys({}), Level::ok},
      {"a key is gone", judge_keys({{"vault.key"}, {}, true, true}), Level::fail},
      {"others may read", judge_keys({{}, {"keys/vault.key"}, true, true}), Level::fail},
      {"another journal's key", judge_keys({{}, {}, false, true}), Level::fail},
      {"another vault's key", judge_keys({{}, {}, true, false}), Level::fail},
  };
  for (const auto& each : cases) {
    CAPTURE(each.what);
    CHECK(each.finding.level == each.level);
    CHECK_FALSE(each.finding.detail.zh.empty());
    CHECK((each.level == Level::ok) == each.finding.next.zh.empty());
    CHECK((each.level == Level::ok) == each.finding.next.en.empty());
  }
}

TEST_CASE("a city's folder, with one thing wrong at a time") {
  const struct {
    const char* what;
    std::function<void(const Place& place)> spoil;
    const char* check;  ///< the one that finds it
    bool sqlite_only = false;
  } cases[] = {
      {"a vault key that others may read",
       [](const auto& p) {
         fs::permissions(p.data / "keys" / "vault.key", fs::perms::group_read, fs::perm_options::add);
       },
       "keys"},
      {"no vault key", [](const auto& p) { fs::remove(p.data / "keys" / "vault.key"); }, "keys"},
      {"another vault key",
       [](const auto& p) { std::ofstream(p.data / "keys" / "vault.key") << std::string(64, '7') << '\n'; }, "keys"},
      {"another signing key",
       [](const auto& p) { std::ofstream(p.data / "keys" / "head.key") << std::string(64, '7') << '\n'; }, "keys"},
      {"a migration of the future",
       [](const auto& p) {
         store::open_store({p.address(), false, 1})->writer().script("INSERT INTO migration VALUES (99, 'x')");
       },
       "schema"},
      {"an index that lost a row",
       [](const auto& p) {
         // One index is given another's tree: what it says is not what its table has.
         store::open_store({p.address(), false, 1})
             ->writer()
             .script(
                 "PRAGMA writable_schema=ON; UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master "
                 "WHERE name = 'vault_phone') WHERE name = 'notice_stream'; PRAGMA writable_schema=OFF");
       },
       "integrity", true},
      {"a calendar that is none",
       [](const auto& p) {
         fs::create_directories(p.data / "calendars");
         std::ofstream(p.data / "calendars" / "2027.csv") << "nonsense\n";
       },
       "calendar"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.what);
    const PlaceForTests here;
    if (each.sqlite_only && here.place.shared()) continue;
    const TemporaryFolder aside;
    {
      auto f = open_foundation(here.place, "", Opening::own);
      ensure_demo(*f, {7, 12});
    }
    if (!here.place.shared()) back_up({here.place, aside.path / "backup", {}}, SystemClock{});
    const Examination what{here.place, "", true};
    for (const auto& f : examine(what, SystemClock{})) {
      CAPTURE(f.check);
      // The machine's own disk and clock are not the test's business.
      if (f.check != "disk" && f.check != "clock" && f.check != "flush") CHECK(f.level == Level::ok);
    }
    each.spoil(what.place);
    const auto findings = examine(what, SystemClock{});
    CHECK(of(findings, each.check).level == Level::fail);
    CHECK(worst_of(findings) == Level::fail);
    CHECK(to_json(of(findings, each.check)).at("level").as_string() == "fail");
  }
}
