#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "app/archive.hpp"
#include "app/backup.hpp"
#include "app/erasures.hpp"
#include "app/foundation.hpp"
#include "base/file_digest.hpp"
#include "base/files.hpp"
#include "journal/verify.hpp"
#include "store/scrub.hpp"

namespace tongdian::app {
namespace {

namespace fs = std::filesystem;

Problem found_wanting(const char* code, const std::string& file, Sentence detail, Sentence next) {
  Problem p = refusal(code, std::move(detail), std::move(next));
  p.path = file;
  return p;
}

[[noreturn]] void damaged(const std::string& file, const std::string& zh, const std::string& en) {
  throw ProblemError(
      found_wanting("restore.damaged", file, {"备份已损坏：" + zh, "the backup is damaged: " + en},
                    {"请使用另一份备份；本次未写入任何数据", "use another backup; nothing was left behind"}));
}

/// A name out of the manifest as a place below `folder`.
fs::path place(const fs::path& folder, const std::string& name) {
  const auto path = fs::path(name).lexically_normal();
  if (name.empty() || path.is_absolute() || *path.begin() == "..")
    damaged("manifest.json", "清单中的文件名 " + name, "the manifest names the file " + name);
  return folder / path;
}

Manifest read_manifest(const fs::path& folder) {
  const auto file = folder / "manifest.json";
  if (!fs::exists(file))
    damaged(file.string(), "没有清单，备份可能没有做完", "there is no manifest: it may never have been finished");
  auto manifest = json::read_text<Manifest>(read_file(file, 16 << 20).value());
  if (!manifest) damaged(file.string(), "清单无法读取", "the manifest is not one: " + manifest.error().detail.en);
  if (manifest->format != 1 || manifest->schema > static_cast<int>(all_migrations().size()))
    throw ProblemError(failure(
        "store.newer", {"备份由更新版本的程序制作", "the backup was made by a newer program, " + manifest->program},
        {"请使用该版本或更新的版本", "use that version or a later one"}));
  return *std::move(manifest);
}

/// Copies a listed file and compares what arrived with the digest.
void take_file(const fs::path& from, const ListedFile& file, const fs::path& to) {
  std::error_code error;
  const auto source = place(from, file.name), target = place(to, file.name);
  if (!fs::is_regular_file(source, error)) damaged(file.name, "缺少 " + file.name, file.name + " is missing");
  fs::create_directories(target.parent_path());
  fs::copy_file(source, target);
  fs::permissions(target, fs::perms::owner_read | fs::perms::owner_write);
  if (fs::file_size(target) != file.bytes || to_hex(sha256_of_file(target).value()) != file.sha256)
    damaged(file.name, file.name + " 与清单不符", file.name + " is not what the manifest says");
}

void take_key(const fs::path& from, const ListedFile& key, const fs::path& to) {
  std::error_code error;
  const auto source = place(from, key.name), target = place(to, key.name);
  if (!fs::is_regular_file(source, error))
    throw ProblemError(found_wanting(
        "restore.key_missing", source.string(), {"缺少密钥 " + key.name, "the key " + key.name + " is missing"},
        {"请用 --keys 指定备份密钥的目录；没有 vault.key，个人信息无法再读出",
         "name with --keys the folder that the keys were copied to; without vault.key nobody's data can be read again"}));
  const auto bytes = read_file(source, 1 << 20).value();
  if (to_hex(sha256(bytes)) != key.sha256)
    throw ProblemError(
        found_wanting("restore.key_wrong", source.string(),
                      {"密钥 " + key.name + " 不属于这份备份", key.name + " is not this backup's"},
                      {"请使用做这份备份时的密钥", "use the keys of the time when the backup was made"}));
  fs::create_directories(target.parent_path());
  write_file_atomically(target, bytes, 0600).value();
}

journal::Head head_of(const Manifest& m) {
  journal::Head head;
  head.size = m.journal_size;
  const auto* o = m.head.if_object();
  const auto* root = o ? o->if_contains("root") : nullptr;
  const auto* size = o ? o->if_contains("size") : nullptr;
  const auto bytes = root && root->is_string() ? from_hex(std::string_view(root->get_string())) : std::nullopt;
  if (!bytes || bytes->size() != head.root.size() || !size || size->to_number<std::uint64_t>() != m.journal_size)
    damaged("manifest.json", "清单中的树头", "the manifest's head is none");
  std::copy(bytes->begin(), bytes->end(), head.root.begin());
  return head;
}

/// On disk before it has its name.
void flush_all(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = fd >= 0 && ::syncfs(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!done)
    throw ProblemError(
        failure("file.unwritable", {"无法写入磁盘 " + folder.string(), "cannot flush " + folder.string()}));
}

/// What digests cannot tell: whoever alters a file can alter its digest, but not a signed head.
void check_city(const fs::path& data, const Manifest& m, const OnPart& on_verified) {
  const auto database = store::open_store({(data / "city.db").string(), true, 2});
  if (const auto wrong = database->quick_check(); !wrong.empty()) damaged("city.db", "数据库", wrong.front());
  auto reader = database->reader();
  if (journal::log_id(*reader) != m.log)
    damaged("city.db", "不是清单所说的日志", "it is another journal than the manifest says");
  const auto found = journal::verify(*reader, head_of(m), [&](std::uint64_t n) {
    if (on_verified) on_verified(n, m.journal_size);
  });
  if (!found.wrong.empty())
    damaged("city.db", "日志：" + found.wrong.front().detail.zh,
            "the journal at " + found.wrong.front().path + ": " + found.wrong.front().detail.en);
}

/// Data of an older version learn first what an erasure is.
std::uint64_t erase_whom_the_lists_name(const fs::path& data, const RestoreOrder& order) {
  std::vector<Erasure> erased = read_erasures(order.keys / erasures_file);
  for (const auto& file : order.erasures) {
    if (!fs::exists(file))
      throw ProblemError(failure("file.unreadable", {"无法读取 " + file.string(), "cannot read " + file.string()},
                                 {"请核对 --erasures", "check --erasures"}));
    for (auto& each : read_erasures(file)) erased.push_back(std::move(each));
  }
  if (erased.empty()) return 0;
  const auto database = store::open_store({(data / "city.db").string(), false, 1});
  store::migrate(*database, all_migrations());
  const auto done = erase_again(database->writer(), erased);
  store::scrub(*database, "vault");
  keep_erasures(data / erasures_file, erased);
  return done;
}

}  // namespace

Restored restore(const RestoreOrder& order, const OnPart& on_verified) {
  std::error_code none;
  if (fs::exists(order.data, none) && !(fs::is_directory(order.data, none) && fs::is_empty(order.data, none)))
    throw ProblemError(refusal(
        "restore.not_empty", {"目标不为空：" + order.data.string(), "there is something at " + order.data.string()},
        {"请用 --data 指定新目录；不会覆盖已有数据", "name a new folder with --data; data are never overwritten"}));
  // Beside the target, so that the last step is one rename.
  const auto target = fs::absolute(order.data).lexically_normal();
  const fs::path beside = (target.has_filename() ? target : target.parent_path()).string() + ".restoring";
  const fs::path unpacked = beside.string() + ".parts";
  const auto clean = [&] {
    fs::remove_all(beside, none);
    fs::remove_all(unpacked, none);
  };
  clean();
  try {
    fs::create_directories(beside);
    fs::permissions(beside, fs::perms::owner_all);
    fs::path from = order.from;
    if (fs::is_regular_file(from)) {
      fs::create_directories(unpacked);
      unpack_into(from, unpacked);
      from = unpacked;
    }
    Restored m{read_manifest(from)};
    for (const auto& file : m.files) take_file(from, file, beside);
    for (const auto& key : m.keys) take_key(order.keys, key, beside / "keys");
    if (fs::exists(beside / "keys")) fs::permissions(beside / "keys", fs::perms::owner_all);
    check_city(beside, m, on_verified);
    m.erased_again = erase_whom_the_lists_name(beside, order);
    flush_all(beside);
    fs::remove(target, none);
    fs::rename(beside, target);
    clean();
    return m;
  } catch (...) {
    clean();
    throw;
  }
}

}  // namespace tongdian::app
