#include "store/scrub.hpp"

#include <string>

namespace tongdian::store {

bool scrub(Database& database, std::string_view table) {
  Session& session = database.writer();
  if (database.kind() != "sqlite") {
    session.script("VACUUM FULL " + std::string(table));
    return true;
  }
  bool done = false;
  session.query("PRAGMA wal_checkpoint(TRUNCATE)", {}, [&](const Row& row) { done = row.integer(0) == 0; });
  return done;
}

}  // namespace tongdian::store
