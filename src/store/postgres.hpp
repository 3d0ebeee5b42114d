// PostgreSQL behind the port, over libpq. Statements without rows are sent in a pipeline and answered for at the next query or
// at commit, so that a batch of commands is a few round trips; rows are read as they come.
//
// A database (or a schema of it, named in the address by options=-csearch_path%3DNAME) is one city; several nodes may share
// it. What their writers commit is ordered by one advisory lock: see Session::begin_exclusive.
#pragma once

#include <memory>
#include <string>

#include "store/database.hpp"

namespace tongdian::store {

struct PostgresOptions {
  std::string url;         ///< postgresql://…, as libpq reads it
  bool read_only = false;  ///< no writer; for commands that look at a city
  int readers = 8;         ///< size of the pool
};

/// Connects once, to say at once what is wrong with the address. Throws ProblemError `store.cannot_open`.
std::unique_ptr<Database> open_postgres(const PostgresOptions& options);

}  // namespace tongdian::store
