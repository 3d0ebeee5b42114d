// What PostgreSQL gives to whoever inserts one row a commit, as pgbench does with a script of one INSERT: as many connections
// as the bench has clients, each waiting for its commit.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "store/database.hpp"

namespace tongdian::app {

class PostgresPeer {
 public:
  /// Makes a table of its own; it goes with the object.
  PostgresPeer(const std::string& url, int connections);
  ~PostgresPeer();
  PostgresPeer(const PostgresPeer&) = delete;
  PostgresPeer& operator=(const PostgresPeer&) = delete;

  /// May be called by turns with what it is compared to.
  void measure(double seconds);
  /// `postgresql_1_per_commit`: rows a second over all turns.
  [[nodiscard]] json::Object figures() const;

 private:
  std::vector<std::unique_ptr<store::Database>> connections_;
  std::uint64_t rows_ = 0;
  double seconds_ = 0;
};

}  // namespace tongdian::app
