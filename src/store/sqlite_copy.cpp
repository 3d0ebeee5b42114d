#include "store/sqlite_copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <memory>

#include "store/sqlite_failure.hpp"

namespace tongdian::store {
namespace {

struct Closer {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using Handle = std::unique_ptr<sqlite3, Closer>;

/// 1 MB a step.
constexpr int pages_a_step = 256;
/// The copy is flushed as it goes: all of it at the end would stand before the city's own next flush on the same disk.
constexpr int steps_a_flush = 16;

Handle open(const std::filesystem::path& file, int flags) {
  sqlite3* db = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle out(db);
  if (opened != SQLITE_OK) fail_sqlite(db, "opening " + file.string());
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, 5000);
  return out;
}

void script(sqlite3* db, const char* sql) {
  if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail_sqlite(db, sql);
}

void flush(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;  // SQLite's own flush at the end is the one that counts
  ::fdatasync(fd);
  ::close(fd);
}

void copy(sqlite3* from, sqlite3* to, const std::filesystem::path& file, const OnCopied& on_copied) {
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
  if (!backup) fail_sqlite(to, "beginning the copy");
  int stepped = SQLITE_OK;
  for (int step = 1; stepped == SQLITE_OK; ++step) {
    stepped = sqlite3_backup_step(backup, pages_a_step);
    const auto all = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup));
    if (on_copied) on_copied(all - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup)), all);
    if (step % steps_a_flush == 0) flush(file);
  }
  if (sqlite3_backup_finish(backup) != SQLITE_OK || stepped != SQLITE_DONE) fail_sqlite(to, "copying the database");
}

}  // namespace

void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to, const OnCopied& on_copied) try {
  const Handle source = open(from, SQLITE_OPEN_READONLY);
  const Handle target = open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  // One snapshot for all steps. Without it a step that finds a new commit begins the copy anew, and under load it never ends.
  script(source.get(), "BEGIN; SELECT count(*) FROM sqlite_master;");
  copy(source.get(), target.get(), to, on_copied);
  script(source.get(), "ROLLBACK");
  // The city's database keeps a log beside it; its copy is to be one file, whoever reads it.
  script(target.get(), "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;");
  flush(to);
} catch (...) {
  std::error_code ignored;
  for (const char* end : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(to.string() + end, ignored);
  throw;
}

}  // namespace tongdian::store
