// What SQLite says, as a failure of the port.
#pragma once

#include <sqlite3.h>

#include <string_view>

namespace tongdian::store {

/// Throws ProblemError `store.*` with SQLite's last error on this connection; null means that memory ran out.
[[noreturn]] void fail_sqlite(sqlite3* db, std::string_view doing);

}  // namespace tongdian::store
