// One address for either database.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "store/database.hpp"

namespace tongdian::store {

struct StoreOptions {
  std::string address;     ///< postgresql://… (or postgres://…), or the file of an SQLite database
  bool read_only = false;  ///< no writer; for commands that look at a city while it runs
  int readers = 8;         ///< size of the pool
};

[[nodiscard]] bool is_postgres(std::string_view address);
/// Throws ProblemError `store.cannot_open`.
std::unique_ptr<Database> open_store(const StoreOptions& options);

}  // namespace tongdian::store
