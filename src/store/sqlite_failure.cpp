#include "store/sqlite_failure.hpp"

#include <string>

#include "base/result.hpp"

namespace tongdian::store {
namespace {

std::string_view code_of(int error) {
  switch (error & 0xff) {
    case SQLITE_FULL: return "store.disk_full";
    case SQLITE_READONLY:
    case SQLITE_PERM: return "store.read_only";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "store.busy";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return "store.corrupt";
    case SQLITE_CANTOPEN: return "store.cannot_open";
    case SQLITE_CONSTRAINT: return "store.constraint";
    case SQLITE_IOERR: return "store.io";
    default: return "store.failed";
  }
}

}  // namespace

void fail_sqlite(sqlite3* db, std::string_view doing) {
  const int error = db ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
  const std::string why = db ? sqlite3_errmsg(db) : "out of memory";
  throw ProblemError(
      failure(std::string(code_of(error)), {"数据库出错：" + why, why + " (while " + std::string(doing) + ")"},
              {"未确认的操作未写入，请稍后重试", "nothing unacknowledged was written; try again later"}));
}

}  // namespace tongdian::store
