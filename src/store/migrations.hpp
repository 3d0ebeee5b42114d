// Numbered migrations, 1, 2, 3 … without gaps; each room gives those of its tables.
#pragma once

#include <span>
#include <string_view>

#include "store/database.hpp"

namespace tongdian::store {

struct Migration {
  int number;
  std::string_view name;
  std::string_view sql;  ///< BIGINT_KEY stands for the 64-bit primary key, BYTES for the type of bytes
};

/// Brings the database to the last migration, each in a transaction of its own. Asserts that the numbers have no gap.
/// Throws `store.newer` where the database was made by a later program.
void migrate(Database& database, std::span<const Migration> migrations);

/// The number of the last migration that ran; 0 in an empty database.
int schema_version(Database& database, Session& session);

}  // namespace tongdian::store
