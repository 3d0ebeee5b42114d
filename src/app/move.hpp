// A city carried from one database to another: SQLite to PostgreSQL when it outgrows its file, and back.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "journal/journal.hpp"

namespace tongdian::app {

struct MoveOrder {
  std::string from, to;  ///< a data folder, the file of an SQLite database, or postgresql://…
};

struct MovedTable {
  std::string name;
  std::uint64_t rows = 0;
};

struct Moved {
  std::vector<MovedTable> tables;
  std::string log;
  journal::Head head;  ///< of both
};

/// Called with how many rows, or events, are done; what it throws leaves the target unfinished.
using OnMoved = std::function<void(std::uint64_t done, std::uint64_t of)>;

/// Copies every table, compares head and rows, verifies the journal at the target. The source is read and not written; no
/// server may run on it (`data.in_use`). The keys stay in the data folder and serve both. Refuses a target with anything in
/// it (`move.not_empty`), also what a move that was broken off has left (`move.unfinished`), and a source of another
/// version (`move.other_version`).
Moved move_city(const MoveOrder& order, const OnMoved& on_copied = {}, const OnMoved& on_verified = {});

/// Copies every table of one snapshot into `target`, which has its tables and nothing in them. `move.differs` where the
/// tables are others.
Moved copy_tables(store::Database& source, store::Session& from, store::Database& target,
                  const OnMoved& on_copied = {});

/// `move.unfinished` where a move into this database has begun and not ended.
void require_finished(store::Database& database, store::Session& session);

}  // namespace tongdian::app
