// What the disk gives: bare prepared statements on SQLite, an event row of 300 bytes and an upsert of a case row a command,
// in WAL with synchronous FULL; and fdatasync alone.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/json.hpp"
#include "store/database.hpp"

namespace tongdian::app {

class Floor {
 public:
  explicit Floor(const std::filesystem::path& folder);
  ~Floor();
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;

  /// Measures each figure for so many seconds; may be called by turns with what it is compared to.
  void measure(double seconds);
  /// A second, over all turns: `sqlite_1_per_commit`, `…10…`, `…32…`, `…100…` in commands, `fdatasync` in calls.
  [[nodiscard]] json::Object figures() const;

 private:
  struct Group {
    int a_commit;
    std::unique_ptr<store::Database> database;
    std::int64_t commands = 0;
    double seconds = 0;
  };
  static void write(Group& group, double seconds);
  void flush(double seconds);

  std::vector<Group> groups_;
  int file_ = -1;
  std::int64_t flushes_ = 0;
  double flush_seconds_ = 0;
};

}  // namespace tongdian::app
