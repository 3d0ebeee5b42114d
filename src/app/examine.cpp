// What `tongdian doctor` measures; the judgement is in doctor.cpp.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "app/backup.hpp"
#include "app/doctor.hpp"
#include "app/foundation.hpp"
#include "connection/case_view.hpp"

namespace tongdian::app {
namespace {

namespace fs = std::filesystem;

std::uint64_t size_of(const fs::path& file) {
  std::error_code none;
  const auto n = fs::file_size(file, none);
  return none ? 0 : n;
}

Finding disk_space(const fs::path& data) {
  const fs::path db = data / "city.db";
  return judge_space({fs::space(data).available, size_of(db) + size_of(db.string() + "-wal")});
}

Finding flush_speed(const fs::path& data, Random& random) {
  const fs::path file = data / ("flush-" + random.token(4));
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  std::error_code ignored;
  if (fd < 0)
    return {"flush",
            Level::fail,
            {"数据目录不可写", "the data folder cannot be written to by this user"},
            {"以运行服务的用户执行，或检查磁盘是否只读",
             "run as the service's user, or look whether the disk is read-only"}};
  const std::string page(4096, 'x');
  std::vector<std::chrono::microseconds> took;
  bool written = true;
  for (int i = 0; i < 16 && written; ++i) {
    const auto since = std::chrono::steady_clock::now();
    written = ::pwrite(fd, page.data(), page.size(), 0) == static_cast<ssize_t>(page.size()) && ::fdatasync(fd) == 0;
    took.push_back(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - since));
  }
  ::close(fd);
  fs::remove(file, ignored);
  if (!written)
    return {"flush", Level::fail, {"写盘失败", "writing to the disk fails"}, {"检查磁盘", "look at the disk"}};
  std::nth_element(took.begin(), took.begin() + 8, took.end());
  return judge_flush(took[8]);
}

/// What the kernel knows of NTP; nothing where it will not say (some containers).
std::optional<bool> synchronised() {
  timex t{};
  const int state = ::adjtimex(&t);
  if (state < 0) return {};
  return state != TIME_ERROR && (t.status & STA_UNSYNC) == 0;
}

std::vector<std::string> readable_by_others(const fs::path& data) {
  std::vector<std::string> out;
  const auto look = [&](const fs::path& path) {
    struct stat s {};
    if (::stat(path.c_str(), &s) == 0 && (s.st_mode & (S_IRWXG | S_IRWXO)) != 0)
      out.push_back(fs::relative(path, data).string());
  };
  look(data / "keys");
  std::error_code none;
  for (const auto& each : fs::directory_iterator(data / "keys", none)) look(each.path());
  std::sort(out.begin(), out.end());
  return out;
}

KeysSeen look_at_keys(const fs::path& data, store::Session& session, Random& random) {
  KeysSeen seen;
  for (const char* name : {"head.key", "vault.key"})
    if (!fs::exists(data / "keys" / name)) seen.missing.emplace_back(name);
  seen.readable = readable_by_others(data);
  if (!seen.missing.empty()) return seen;
  const auto keys = journal::load_or_make_keys(data, random).value();
  const auto id = journal::SigningKey(journal::suite_of(session), keys.head_seed).id();
  seen.signs = session.integer("SELECT count(*) FROM head_key WHERE id = $1", {std::string_view(id)}) == 1;
  const journal::Vault vault(keys.vault, keys.tag, random);
  // Whoever is not erased has a tag, on data of every version: the doctor looks at them before they are brought up to date.
  if (const auto owner = session.integer("SELECT max(owner) FROM vault WHERE phone_tag IS NOT NULL")) try {
      (void)vault.open(session, *owner);
    } catch (const ProblemError&) {
      seen.opens = false;
    }
  return seen;
}

struct LastEvent {
  Instant at{};
  std::string pack;
};
LastEvent last_event(store::Session& session) {
  LastEvent out;
  session.query("SELECT body FROM event ORDER BY position DESC LIMIT 1", {}, [&](const store::Row& row) {
    const auto e = journal::decode(row.text(0)).value();
    out = {e.recorded_at, e.pack};
  });
  return out;
}

Finding integrity(store::Database& database) {
  const auto wrong = database.quick_check();
  if (wrong.empty()) return {"integrity", Level::ok, {"数据库文件完好", "the database's pages are whole"}};
  return {"integrity",
          Level::fail,
          {"数据库文件损坏：" + wrong.front(), "the database is damaged: " + wrong.front()},
          {"停止服务，从备份恢复；保留损坏的文件备查", "stop the server, restore a backup, keep the damaged file"}};
}

/// A check that cannot be made is a finding too.
void attempt(std::vector<Finding>& out, const char* check, const std::function<Finding()>& make) try {
  out.push_back(make());
} catch (const ProblemError& e) {
  out.push_back({check, Level::fail, e.problem.detail, e.problem.next});
} catch (const std::exception& e) {
  out.push_back(
      {check, Level::fail, {std::string("无法检查：") + e.what(), std::string("cannot be checked: ") + e.what()}});
}

}  // namespace

std::vector<Finding> examine(const Examination& what, const Clock& clock) {
  const auto& data = what.place.data;
  const bool own_file = !what.place.shared();
  if (own_file && !fs::exists(data / "city.db"))
    throw ProblemError(
        refusal("data.not_found", {"这里没有数据：" + data.string(), "there are no data at " + data.string()},
                {"请用 --data 指定数据目录，数据在 PostgreSQL 时另加 --store",
                 "name the data folder with --data, and the database with --store where it is PostgreSQL"}));
  std::vector<Finding> out;
  SystemRandom random;
  attempt(out, "disk", [&] { return disk_space(data); });
  if (own_file) {
    attempt(out, "flush", [&] { return flush_speed(data, random); });
    attempt(out, "log", [&] { return judge_log(size_of(data / "city.db-wal")); });
  }
  // Backups that PostgreSQL's own tools make are not known here.
  if (own_file || last_backup(data))
    attempt(out, "backup", [&] { return judge_backup(clock.now(), last_backup(data)); });
  std::unique_ptr<store::Database> database;
  attempt(out, "schema", [&] {
    database = store::open_store({what.place.address(), true, 2});
    const auto present = database->reader()->integer("SELECT max(number) FROM migration").value_or(0);
    return judge_schema(static_cast<int>(present), static_cast<int>(all_migrations().size()));
  });
  if (!database) return out;
  const auto in_session = [&](const char* check, const std::function<Finding(store::Session&)>& make) {
    attempt(out, check, [&] {
      auto reader = database->reader();
      return make(*reader);
    });
  };
  std::shared_ptr<const policy::Pack> pack;
  // A made-up city has a clock of its own, which stands where its journal ends when nobody runs it.
  LastEvent last;
  Instant now = clock.now();
  in_session("clock", [&](store::Session& session) {
    last = last_event(session);
    if (session.text("SELECT value FROM journal_meta WHERE name = 'demo'")) now = last.at;
    return judge_clock(now, last.at, synchronised());
  });
  in_session("keys", [&](store::Session& session) { return judge_keys(look_at_keys(data, session, random)); });
  attempt(out, "pack", [&] {
    pack = policy::load_pack(policy::find_pack(what.pack).value()).value();
    return judge_pack(std::string(pack->id()) + "@" + std::string(pack->version()), last.pack);
  });
  if (pack)
    in_session("calendar", [&](store::Session& session) {
      const auto calendar = calendar::load_for(pack->calendar_files(), data).value();
      return judge_calendar(pack->zone().date_of(now), calendar.last_day(),
                            connection::waiting_for_calendar(session).size());
    });
  if (what.integrity && own_file) attempt(out, "integrity", [&] { return integrity(*database); });
  return out;
}

}  // namespace tongdian::app
