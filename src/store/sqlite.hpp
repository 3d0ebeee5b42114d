// SQLite behind the port: WAL, synchronous FULL, so that a commit that returned survives a power cut.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "store/database.hpp"

namespace tongdian::store {

struct SqliteOptions {
  std::filesystem::path file;  ///< ":memory:" for a private database without readers
  bool read_only = false;      ///< no writer; for commands that look at a city while it runs
  int readers = 4;             ///< size of the pool
  std::string vfs;             ///< SQLite's name of what stands for the disk; empty is the system's
};

/// Opens, or creates, the database. Throws ProblemError `store.cannot_open`.
std::unique_ptr<Database> open_sqlite(const SqliteOptions& options);

}  // namespace tongdian::store
