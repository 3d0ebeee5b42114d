// What the disk gives: bare prepared statements on SQLite, an event row of 300 bytes and an upsert of a case row a command,
// in WAL with synchronous FULL; and fdatasync alone.
#pragma once

#include <filesystem>

#include "base/json.hpp"

namespace tongdian::app {

/// Rows a second at 1, 10, 32 and 100 a commit, and fdatasync calls a second; `seconds` each.
json::Object measure_floor(const std::filesystem::path& folder, double seconds);

}  // namespace tongdian::app
