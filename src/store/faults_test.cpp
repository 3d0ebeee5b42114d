// The disk fails at every step of a workload, one step a run, and the power is cut before every step: what was committed
// is there, what failed is there whole or not at all, and the database goes on.
#include <doctest/doctest.h>

#include <set>

#include "store/migrations.hpp"
#include "store/simulated_disk_for_tests.hpp"
#include "store/sqlite.hpp"

using namespace tongdian;
using namespace tongdian::store;

namespace {

constexpr Migration tables[] = {
    {1, "pairs", "CREATE TABLE pair (id BIGINT_KEY, half SMALLINT NOT NULL, body TEXT NOT NULL)"},
    {2, "their index", "CREATE INDEX pair_body ON pair (body)"},
};
constexpr std::int64_t transactions = 40;

struct Run {
  std::set<std::int64_t> committed;
  std::set<std::string> codes;  ///< of what was thrown
  bool opened = false;
};

/// Writes pairs of rows, a pair a transaction; one that fails is passed over, as the engine passes over a batch.
Run work(SimulatedDisk& disk) {
  Run run;
  std::unique_ptr<Database> db;
  const auto note = [&](const ProblemError& e) { run.codes.insert(e.problem.code); };
  try {
    db = open_sqlite({"city.db", false, 1, disk.name()});
    migrate(*db, tables);
    run.opened = true;
  } catch (const ProblemError& e) {
    note(e);
    return run;
  }
  for (std::int64_t n = 1; n <= transactions; ++n) {
    const std::string body(200 + static_cast<std::size_t>(n * 37 % 900), static_cast<char>('a' + n % 26));
    try {
      Transaction transaction(db->writer());
      for (const std::int64_t half : {0, 1})
        db->writer().run("INSERT INTO pair (id, half, body) VALUES ($1, $2, $3)",
                         {2 * n + half, half, std::string_view(body)});
      transaction.commit();
      run.committed.insert(n);
    } catch (const ProblemError& e) {
      note(e);
    }
  }
  return run;
}

/// What is there after opening again; -1 where half of a pair is missing.
std::set<std::int64_t> found(SimulatedDisk& disk) {
  auto db = open_sqlite({"city.db", false, 1, disk.name()});
  migrate(*db, tables);
  std::set<std::int64_t> out;
  db->writer().query("SELECT id / 2, count(*) FROM pair GROUP BY id / 2", {},
                     [&](const Row& row) { out.insert(row.integer(1) == 2 ? row.integer(0) : -1); });
  CHECK(db->writer().text("PRAGMA integrity_check") == "ok");
  return out;
}

void check_kept(const Run& run, const std::set<std::int64_t>& there) {
  CHECK(!there.contains(-1));
  CHECK(std::ranges::includes(there, run.committed));
}

long steps_of_work() {
  SimulatedDisk disk;
  CHECK(work(disk).committed.size() == transactions);
  return disk.steps();
}

}  // namespace

TEST_CASE("a failure of any one step of the disk loses nothing that was committed") {
  const long steps = steps_of_work();
  REQUIRE(steps > 150);
  for (const int code : {SQLITE_IOERR, SQLITE_FULL, SQLITE_READONLY}) {
    for (long at = 1; at <= steps; ++at) {
      INFO("step ", at, " of ", steps, " fails with ", code);
      SimulatedDisk disk;
      disk.fail(at, code);
      const Run run = work(disk);
      disk.mend();
      const auto there = found(disk);
      check_kept(run, there);
      // One failure costs one transaction, or the opening.
      CHECK((!run.opened || run.committed.size() + 1 >= transactions));
      for (const auto& each : run.codes) CHECK(each.starts_with("store."));
    }
  }
}

TEST_CASE("a disk that is full for a while, or for ever read-only, keeps what was committed") {
  const long steps = steps_of_work();
  for (long at = 1; at <= steps; at += 3) {
    INFO("from step ", at);
    SimulatedDisk full, frozen;
    full.fail(at, SQLITE_FULL, 12);
    const Run during = work(full);
    full.mend();
    check_kept(during, found(full));
    frozen.fail(at, SQLITE_READONLY, 1'000'000);
    const Run stopped = work(frozen);
    frozen.mend();
    check_kept(stopped, found(frozen));
  }
}

TEST_CASE("a power cut before any step keeps what was committed, whatever became of what was not synced") {
  const long steps = steps_of_work();
  for (long at = 1; at <= steps; ++at)
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      INFO("step ", at, ", seed ", seed);
      SimulatedDisk disk;
      disk.cut_power(at);
      const Run run = work(disk);
      CHECK(disk.hit());
      disk.restart(seed);
      check_kept(run, found(disk));
      // And it goes on, over what is there.
      disk.restart(seed);
      CHECK(found(disk).size() <= transactions);
    }
}
