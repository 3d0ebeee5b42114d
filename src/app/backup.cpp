#include "app/backup.hpp"

#include <algorithm>

#include "app/archive.hpp"
#include "app/erasures.hpp"
#include "app/foundation.hpp"
#include "app/move.hpp"
#include "base/file_digest.hpp"
#include "base/files.hpp"
#include "base/time_text.hpp"

namespace tongdian::app {
namespace {

namespace fs = std::filesystem;
constexpr const char* last_backup_file = "last-backup.json";

bool is_new_or_empty(const fs::path& folder) {
  std::error_code none;
  return !fs::exists(folder, none) || (fs::is_directory(folder, none) && fs::is_empty(folder, none));
}

/// Whether one is the other or lies in it.
bool is_within(const fs::path& inner, const fs::path& outer) {
  const auto in = fs::weakly_canonical(fs::absolute(inner)), out = fs::weakly_canonical(fs::absolute(outer));
  const auto rest = in.lexically_relative(out);
  return !rest.empty() && *rest.begin() != "..";
}

void check_places(const BackupOrder& o) {
  if (!o.place.shared() && !fs::exists(o.place.data / "city.db"))
    throw ProblemError(refusal(
        "data.not_found", {"这里没有数据：" + o.place.data.string(), "there are no data at " + o.place.data.string()},
        {"请用 --data 指定数据目录", "name the data folder with --data"}));
  if (is_archive_name(o.to) ? fs::exists(o.to) : !is_new_or_empty(o.to))
    throw ProblemError(refusal(
        "backup.not_empty", {"备份位置不为空：" + o.to.string(), "there is something at " + o.to.string() + " already"},
        {"请指定新的目录或文件，每次备份一个", "name a new folder or file, one for each backup"}));
  if (is_within(o.to, o.place.data))
    throw ProblemError(refusal("backup.inside_data",
                               {"备份不能放在数据目录里", "a backup inside the data folder is lost with it"},
                               {"请指定别处，最好是另一块磁盘", "name another place, best on another disk"}));
  if (o.keys_to.empty()) return;
  const auto folder = is_archive_name(o.to) ? o.to.parent_path() : o.to;
  const bool beside = is_archive_name(o.to) &&
                      fs::weakly_canonical(fs::absolute(o.keys_to)) == fs::weakly_canonical(fs::absolute(folder / "."));
  if (beside || is_within(o.keys_to, o.to) || (!is_archive_name(o.to) && is_within(o.to, o.keys_to)) ||
      is_within(o.keys_to, o.place.data))
    throw ProblemError(
        refusal("backup.keys_beside", {"密钥不能与备份放在一起", "the keys must not lie with the backup"},
                {"请用 --keys-to 指定另一处，由另一人保管；两者在一起就能读出个人信息",
                 "name another place with --keys-to, in somebody else's care: with both, people's data can be read"}));
}

ListedFile listed(const fs::path& folder, const fs::path& file) {
  return {fs::relative(file, folder).string(), fs::file_size(file), to_hex(sha256_of_file(file).value())};
}

std::vector<ListedFile> list_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& each : fs::recursive_directory_iterator(folder))
    if (each.is_regular_file()) files.push_back(each.path());
  std::sort(files.begin(), files.end());
  std::vector<ListedFile> out;
  for (const auto& file : files) out.push_back(listed(folder, file));
  return out;
}

void copy_calendars(const fs::path& data, const fs::path& to) {
  if (!fs::exists(data / "calendars")) return;
  fs::create_directories(to / "calendars");
  // Folders below are districts with days of their own.
  for (const auto& each : fs::recursive_directory_iterator(data / "calendars")) {
    // With who gave them, and which requests have been carried out in this folder.
    const auto name = each.path().filename();
    if (!each.is_regular_file() || (name.extension() != ".csv" && name != "loaded.jsonl" && name != "confirmed"))
      continue;
    const auto copy = to / fs::relative(each.path(), data);
    fs::create_directories(copy.parent_path());
    write_file_atomically(copy, read_file(each.path()).value(), 0600).value();
  }
}

void copy_keys(const fs::path& from, const std::vector<ListedFile>& keys, const fs::path& to) {
  fs::create_directories(to);
  fs::permissions(to, fs::perms::owner_all);
  for (const auto& key : keys) {
    // Overwriting another city's key, or one that was rotated away, could lose it for good.
    if (fs::exists(to / key.name) && to_hex(sha256_of_file(to / key.name).value()) != key.sha256)
      throw ProblemError(refusal("backup.keys_differ",
                                 {"目标目录已有另一份 " + key.name, to.string() + " holds another " + key.name},
                                 {"请用 --keys-to 指定新的目录", "name a new folder with --keys-to"}));
    fs::create_directories((to / key.name).parent_path());
    write_file_atomically(to / key.name, read_file(from / key.name, 1 << 20).value(), 0600).value();
  }
}

/// Those whom this backup knows, and those of the data folder: the list only grows.
void copy_erasures(const fs::path& copied, const fs::path& data, const fs::path& to) {
  const auto database = store::open_store({(copied / "city.db").string(), true, 1});
  auto reader = database->reader();
  keep_erasures(to / erasures_file, erasures_of(*reader));
  keep_erasures(to / erasures_file, read_erasures(data / erasures_file));
}

Manifest describe(const fs::path& folder, const fs::path& data, const Clock& clock) {
  Manifest m;
  m.made_at = format_utc(clock.now());
  m.program = TONGDIAN_VERSION;
  {
    const auto copy = store::open_store({(folder / "city.db").string(), true, 1});
    auto reader = copy->reader();
    m.schema = static_cast<int>(reader->integer("SELECT max(number) FROM migration").value_or(0));
    m.log = journal::log_id(*reader);
    const auto head = journal::latest_head(*reader);
    m.journal_size = head.size;
    m.head = journal::to_json(m.log, head);
  }
  m.files = list_files(folder);
  if (fs::exists(data / "keys")) m.keys = list_files(data / "keys");
  return m;
}

/// One snapshot of the database as an SQLite file, whichever it is. PostgreSQL's is read table by table: its own tools make
/// a faster copy, this one needs nothing of them and is restored and verified like any other.
void copy_database(const Place& place, const fs::path& file, const OnPart& on_copied) {
  const auto source = store::open_store({place.address(), true, 1});
  if (!place.shared()) return source->copy_to(file, on_copied);
  auto snapshot = source->reader();
  require_finished(*source, *snapshot);
  const int schema = store::schema_version(*source, *snapshot);
  if (schema != static_cast<int>(all_migrations().size()))
    throw ProblemError(
        refusal("backup.other_version",
                {"数据版本为 " + std::to_string(schema) + "，与本程序不同",
                 "the data are of version " + std::to_string(schema) + ", not this program's"},
                {"请用服务所用的同一版本程序备份", "back up with the version of the program that serves them"}));
  const auto target = store::open_store({file.string(), false, 1});
  store::migrate(*target, all_migrations());
  copy_tables(*source, *snapshot, *target, on_copied);
  target->writer().script("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;");
}

/// For `tongdian doctor`; a data folder that this user may not write is no reason to fail.
void note_backup(const BackupOrder& o, const Manifest& m) {
  (void)write_file_atomically(
      o.place.data / last_backup_file,
      json::text(json::Object{{"made_at", m.made_at}, {"to", o.to.string()}, {"journal_size", m.journal_size}}) + "\n");
}

}  // namespace

Manifest back_up(const BackupOrder& order, const Clock& clock, const OnPart& on_copied) {
  check_places(order);
  const bool archive = is_archive_name(order.to);
  const fs::path folder = archive ? order.to.string() + ".parts" : order.to.string();
  fs::remove_all(folder);  // empty, or the parts of a backup that was broken off
  try {
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all);
    copy_database(order.place, folder / "city.db", on_copied);
    copy_calendars(order.place.data, folder);
    const auto manifest = describe(folder, order.place.data, clock);
    if (!order.keys_to.empty()) {
      copy_keys(order.place.data / "keys", manifest.keys, order.keys_to);
      if (manifest.schema == static_cast<int>(all_migrations().size()))
        copy_erasures(folder, order.place.data, order.keys_to);
    }
    write_file_atomically(folder / "manifest.json", json::text(json::write(manifest)) + "\n", 0600).value();
    if (archive) {
      pack_folder(folder, order.to);
      fs::remove_all(folder);
    }
    note_backup(order, manifest);
    return manifest;
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    throw;
  }
}

std::optional<Instant> last_backup(const fs::path& data) {
  const auto text = read_file(data / last_backup_file, 1 << 16);
  if (!text) return {};
  const auto value = json::parse(*text);
  const auto* o = value ? value->if_object() : nullptr;
  const auto* at = o ? o->if_contains("made_at") : nullptr;
  return at && at->is_string() ? parse_instant(std::string_view(at->get_string())) : std::nullopt;
}

}  // namespace tongdian::app
