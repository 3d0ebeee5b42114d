// After something was destroyed: what the database's files still hold of its old bytes.
#pragma once

#include <string_view>

#include "store/database.hpp"

namespace tongdian::store {

/// Outside a transaction, by the writer's owner. SQLite: the log of writes is brought into the database file and emptied (what
/// was overwritten there is zeros, see secure_delete in sqlite.cpp); false where a reader kept it from ending, then try again.
/// PostgreSQL: dead rows of the table are removed and its file is written anew; its archived log is the operator's.
bool scrub(Database& database, std::string_view table);

}  // namespace tongdian::store
