#include "app/foundation.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/erasures.hpp"
#include "app/move.hpp"
#include "connection/approved_loads.hpp"
#include "connection/team_view.hpp"
#include "connection/whitelist_view.hpp"
#include "identity/accounts.hpp"
#include "identity/schema.hpp"
#include "journal/glances.hpp"
#include "journal/person_search.hpp"
#include "notify/notify.hpp"

namespace tongdian::app {

std::vector<store::Migration> all_migrations() {
  return {journal::migration,
          journal::vault_migration,
          engine::migration,
          connection::migration,
          identity::migration,
          notify::migration,
          journal::rotation_migration,
          journal::erasure_migration,
          identity::people_migration,
          requests::migration,
          journal::files_migration,
          connection::team_migration,
          journal::search_migration,
          journal::belongs_migration,
          requests::settled_migration,
          visits::migration,
          journal::glance_migration,
          supply::edition_migration,
          connection::whitelist_migration,
          connection::approved_migration,
          supply::approved_edition_migration,
          requests::clock_migration,
          journal::listed_migration,
          connection::ending_migration};
}

FolderLock::FolderLock(const std::filesystem::path& data)
    : fd_(::open((data / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
  if (fd_ >= 0) ::close(fd_);
  throw ProblemError(failure("data.in_use",
                             {"数据目录正被另一个 tongdian 程序使用：" + data.string(),
                              "the data folder is in use by another tongdian: " + data.string()},
                             {"请先停止它，或使用另一个目录", "stop it first, or use another folder"}));
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

std::unique_ptr<engine::Executor> Foundation::executor(const Clock& clock) {
  return std::make_unique<engine::Executor>(*database, journal::Journal(database->writer(), signing_key(), random),
                                            behaviours(), clock);
}

bool Foundation::is_demo(store::Session& session) const {
  return session.text("SELECT value FROM journal_meta WHERE name = 'demo'").has_value();
}

namespace {

journal::Suite suite_for(store::Session& session, std::optional<journal::Suite> asked) {
  if (journal::log_id(session).empty()) return asked.value_or(journal::Suite::standard);
  const auto made = journal::suite_of(session);
  if (!asked || *asked == made) return made;
  throw ProblemError(refusal("journal.other_suite",
                             {"该日志使用的密码套件是 " + std::string(name_of(made)),
                              "the journal was made with the suite " + std::string(name_of(made))},
                             {"套件在建立时选定，请去掉 --suite，或使用新的数据目录",
                              "the suite is chosen when a journal is made: leave --suite out, or take a new folder"}));
}

/// A key change that a crash cut in two: the database says which side of it counts.
void settle_keys(Foundation& f) {
  auto& session = f.database->writer();
  if (const auto head = journal::staged_key(f.data, journal::KeyFile::head).value()) {
    const auto keys = journal::keys_of(session);
    const bool known = !keys.empty() && keys.back().id == journal::SigningKey(f.suite, *head).id();
    journal::settle(f.data, journal::KeyFile::head, known).value();
  }
  if (const auto vault = journal::staged_key(f.data, journal::KeyFile::vault).value())
    journal::settle(f.data, journal::KeyFile::vault, journal::wrapped_under(session, *vault).value_or(false)).value();
  f.keys = journal::load_or_make_keys(f.data, f.random).value();
}

void make_folder(const std::filesystem::path& data) {
  std::error_code error;
  std::filesystem::create_directories(data, error);
  if (error)
    throw ProblemError(failure("data.cannot_make", {"无法建立数据目录：" + error.message(),
                                                    "cannot make " + data.string() + ": " + error.message()}));
}

Problem not_found(const Place& place) {
  return refusal("data.not_found",
                 {"这里没有数据：" + place.data.string(), "there are no data at " + place.data.string()},
                 {"请用 --data 指定数据目录，数据在 PostgreSQL 时另加 --store",
                  "name the data folder with --data, and the database with --store where it is PostgreSQL"});
}

/// Keys are made with the city, never beside data that are there: a new vault key would hide for good that one is lost.
void require_keys(const Place& place) {
  if (std::filesystem::exists(place.data / "keys")) return;
  throw ProblemError(failure("keys.missing",
                             {"数据在，密钥不在：" + (place.data / "keys").string(),
                              "there are data but no keys at " + (place.data / "keys").string()},
                             {"请从密钥备份（或另一节点）放回 keys 目录，权限 0600",
                              "put the keys folder back from its backup, or from another node; files with mode 0600"}));
}

/// A node with another vault key would write people's data that no other node can read.
void check_vault_key(Foundation& f, Opening opening) {
  const std::string own = to_hex(f.vault->tag("whose key", ""));
  constexpr const char* select = "SELECT value FROM journal_meta WHERE name = 'vault_key'";
  std::optional<std::string> known;
  std::optional<bool> wrapped;
  if (opening == Opening::own) {
    auto& session = f.database->writer();
    store::Transaction transaction(session, store::Order::exclusive);
    known = session.text(select);
    wrapped = journal::wrapped_under(session, f.keys.vault);
    if (!known) session.run("INSERT INTO journal_meta (name, value) VALUES ('vault_key', $1)", {std::string_view(own)});
    if (!wrapped) journal::note_wrapped_under(session, f.keys.vault);
    transaction.commit();
  } else {
    auto reader = f.database->reader();
    known = reader->text(select);
    wrapped = journal::wrapped_under(*reader, f.keys.vault);
  }
  if (known.value_or(own) == own && wrapped.value_or(true)) return;
  throw ProblemError(failure("keys.foreign",
                             {"keys/vault.key 不属于这份数据", "keys/vault.key is not the key of these data"},
                             {"请放回这份数据的密钥；多个节点使用同一份 keys 目录",
                              "put these data's keys back; nodes that share a city have the same keys folder"}));
}

/// A view that came with a later version is empty in a city that is older: its rows are made as replay would make them. Marked
/// when done, so that a process killed before leaves it to the next one.
void fill_new_views(Foundation& f) {
  auto& session = f.database->writer();
  const SystemClock clock;  // nothing is decided and nothing recorded
  const auto fill = [&](const char* name, const char* migration, auto&& streams) {
    if (session.text("SELECT value FROM journal_meta WHERE name = $1", {std::string_view(name)})) return;
    const auto those = streams(session);
    if (!those.empty()) f.executor(clock)->refresh(those);
    session.run("INSERT INTO journal_meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                {std::string_view(name), std::string_view(migration)});
  };
  fill("views", "12", connection::with_a_team);
  fill("complaint clocks", "22", requests::all_complaints);
}

}  // namespace

connection::Connection::AreaCalendars load_area_calendars(const policy::Pack& pack, const std::filesystem::path& data) {
  connection::Connection::AreaCalendars out;
  for (const auto& area : calendar::areas_of(data))
    out[area] = std::make_shared<const calendar::Calendar>(
        calendar::Calendar::load(calendar::files_for(pack.calendar_files(), data, area)).value());
  return out;
}

bool has_city(const Place& place) {
  if (!place.shared()) return std::filesystem::exists(place.address());
  const auto database = store::open_store({place.address(), true, 1});
  return store::schema_version(*database, *database->reader()) > 0;
}

std::unique_ptr<Foundation> open_foundation(const Place& place, const std::string& pack, Opening opening,
                                            std::optional<journal::Suite> suite) {
  const auto& data = place.data;
  if (opening == Opening::own) make_folder(data);
  const bool present = has_city(place);
  if (!present && opening != Opening::own) throw ProblemError(not_found(place));
  auto f = std::make_unique<Foundation>();
  f->data = data;
  f->place = place;
  if (opening == Opening::own && !place.shared()) f->lock = FolderLock(data);
  if (present) require_keys(place);
  f->keys = journal::load_or_make_keys(data, f->random).value();
  f->pack = policy::load_pack(policy::find_pack(pack).value()).value();
  f->database = store::open_store({place.address(), opening == Opening::read, 8});
  require_finished(*f->database, *f->database->reader());
  if (opening == Opening::own) {
    store::migrate(*f->database, all_migrations());
    f->suite = suite_for(f->database->writer(), suite);
    settle_keys(*f);
    // The database may be a backup from before somebody was erased.
    erase_again(f->database->writer(), read_erasures(data / erasures_file));
  } else {
    f->suite = suite_for(*f->database->reader(), suite);
  }
  auto calendar =
      std::make_shared<const calendar::Calendar>(calendar::load_for(f->pack->calendar_files(), data).value());
  f->connection = std::make_unique<connection::Connection>(f->pack, std::move(calendar));
  f->connection->replace_area_calendars(load_area_calendars(*f->pack, data));
  f->verdicts = std::make_unique<supervision::Verdicts>(f->pack);
  f->requests = std::make_unique<requests::Requests>(
      f->connection->pack(), requests::Clocks{f->pack->complaints(), f->pack->zone(),
                                              [connection = f->connection.get()](std::string_view area) {
                                                return connection->calendar(area);
                                              }});
  f->visits = std::make_unique<visits::Visits>(f->connection->pack(), f->pack->visits());
  f->editions = std::make_unique<supply::Editions>(f->connection->pack());
  f->calendars = std::make_unique<connection::CalendarRecord>(f->connection->pack());
  f->vault = std::make_unique<journal::Vault>(f->keys.vault, f->keys.tag, f->random);
  check_vault_key(*f, opening);
  if (opening == Opening::own) fill_new_views(*f);
  return f;
}

}  // namespace tongdian::app
