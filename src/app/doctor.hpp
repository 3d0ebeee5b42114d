// Is this city well? What an operator would look at before trusting it, each with what to do.
//
// The judges are pure, from measured values to a finding; `examine` measures.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/place.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"

namespace tongdian::app {

enum class Level { ok, warn, fail };

struct Finding {
  std::string check;  ///< a word: "disk", "clock", …
  Level level = Level::ok;
  Sentence detail;
  Sentence next{};  ///< what to do; empty where all is well
  json::Object values{};
};

json::Object to_json(const Finding& finding);
Level worst_of(const std::vector<Finding>& findings);

struct DiskSpace {
  std::uint64_t free = 0, database = 0;  ///< bytes; `database` with its log
};
Finding judge_space(const DiskSpace& disk);
/// The median of some flushes of 4 KB.
Finding judge_flush(std::chrono::microseconds median);
/// `synchronised`: what the kernel says of NTP; nothing where it does not say.
Finding judge_clock(Instant now, Instant last_recorded, std::optional<bool> synchronised);
/// `waiting`: open cases whose due date lies beyond the calendar.
Finding judge_calendar(LocalDate today, LocalDate last_day, std::uint64_t waiting);
Finding judge_schema(int present, int known);
Finding judge_pack(const std::string& loaded, const std::string& last_used);
Finding judge_log(std::uint64_t wal_bytes);
Finding judge_backup(Instant now, std::optional<Instant> last);

struct KeysSeen {
  std::vector<std::string> missing;   ///< files
  std::vector<std::string> readable;  ///< files and folders that others than their owner may read
  bool signs = true;                  ///< the signing key is one that the journal knows
  bool opens = true;                  ///< the vault's key opens what is in the vault
};
Finding judge_keys(const KeysSeen& keys);

struct Examination {
  Place place;
  std::string pack{};
  bool integrity = true;  ///< also SQLite's own check of every page, which reads the whole database
};
/// Every check has its finding; one that cannot be made is a failure of its own. Where the data are in PostgreSQL, flushes,
/// log and pages are its own tools' business.
std::vector<Finding> examine(const Examination& what, const Clock& clock);

}  // namespace tongdian::app

template <>
struct tongdian::EnumNames<tongdian::app::Level> {
  static constexpr std::array<std::string_view, 3> values{"ok", "warn", "fail"};
};
