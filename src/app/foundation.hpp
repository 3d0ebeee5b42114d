// What every command that works on a city's data opens: the folder with its lock, keys, database, pack, calendar, rooms.
//
//   DATA/city.db      the database (with -wal and -shm beside it while it runs), unless --store names a PostgreSQL
//   DATA/keys/        head.key, vault.key, tag.key: keep them apart from backups of the database
//   DATA/erasures.jsonl  who was erased, for the day on which a backup from before is restored (app/erasures.hpp)
//   DATA/calendars/   further years, put there by `tongdian calendar load`
//   DATA/lock         held by the one program that writes DATA/city.db; nodes on PostgreSQL are ordered by its lock
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/place.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "connection/calendar_record.hpp"
#include "connection/connection.hpp"
#include "engine/executor.hpp"
#include "journal/vault.hpp"
#include "journal/vault_files.hpp"
#include "policy/pack.hpp"
#include "requests/request.hpp"
#include "store/sqlite.hpp"
#include "supervision/verdicts.hpp"
#include "supply/edition.hpp"
#include "visits/visit.hpp"

namespace tongdian::app {

/// All tables of the program, in order.
std::vector<store::Migration> all_migrations();

/// Holds DATA/lock; a second program that wants to write is told so.
class FolderLock {
 public:
  FolderLock() = default;
  explicit FolderLock(const std::filesystem::path& data);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

 private:
  int fd_ = -1;
};

struct Foundation {
  std::filesystem::path data;
  Place place;
  SystemRandom random;
  FolderLock lock;
  journal::Keys keys;
  journal::Suite suite = journal::Suite::standard;
  std::shared_ptr<const policy::Pack> pack;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<connection::Connection> connection;
  std::unique_ptr<requests::Requests> requests;
  std::unique_ptr<visits::Visits> visits;
  std::unique_ptr<supply::Editions> editions;
  std::unique_ptr<connection::CalendarRecord> calendars;
  std::unique_ptr<journal::Vault> vault;
  std::unique_ptr<supervision::Verdicts> verdicts;

  [[nodiscard]] journal::SigningKey signing_key() const { return {suite, keys.head_seed}; }
  /// The engine's core over this data.
  std::unique_ptr<engine::Executor> executor(const Clock& clock);
  [[nodiscard]] std::vector<const engine::Behaviour*> behaviours() const {
    return {connection.get(), verdicts.get(), requests.get(), visits.get(), editions.get(), calendars.get()};
  }
  [[nodiscard]] bool is_demo(store::Session& session) const;
};

enum class Opening {
  own,    ///< to write the journal: makes the folder, holds the lock
  write,  ///< to write tables beside the journal (accounts) while a server may run
  read,   ///< to look
};

/// `suite` is for a journal that is yet to be made; one that was made with another is `journal.other_suite`. Throws
/// ProblemError: `data.in_use`, `data.not_found`, `keys.missing`, `keys.foreign` and what the rooms say.
std::unique_ptr<Foundation> open_foundation(const Place& place, const std::string& pack, Opening opening,
                                            std::optional<journal::Suite> suite = {});

/// The calendars of districts with days of their own (DATA/calendars/AREA). Throws what the calendar room says.
connection::Connection::AreaCalendars load_area_calendars(const policy::Pack& pack, const std::filesystem::path& data);

/// Whether there is a city at that place, whatever its version.
bool has_city(const Place& place);

}  // namespace tongdian::app
