#include "app/foundation.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "identity/accounts.hpp"
#include "notify/notify.hpp"

namespace tongdian::app {

std::vector<store::Migration> all_migrations() {
  return {journal::migration,    journal::vault_migration, engine::migration,
          connection::migration, identity::migration,      notify::migration};
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
  return std::make_unique<engine::Executor>(
      *database, journal::Journal(database->writer(), journal::SigningKey(keys.head_seed), random), behaviours(),
      clock);
}

bool Foundation::is_demo(store::Session& session) const {
  return session.text("SELECT value FROM journal_meta WHERE name = 'demo'").has_value();
}

std::unique_ptr<Foundation> open_foundation(const std::filesystem::path& data, const std::string& pack,
                                            Opening opening) {
  const auto file = data / "city.db";
  std::error_code error;
  if (opening == Opening::own) {
    std::filesystem::create_directories(data, error);
    if (error)
      throw ProblemError(failure("data.cannot_make", {"无法建立数据目录：" + error.message(),
                                                      "cannot make " + data.string() + ": " + error.message()}));
  } else if (!std::filesystem::exists(file)) {
    throw ProblemError(refusal("data.not_found",
                               {"这里没有数据：" + data.string(), "there are no data at " + data.string()},
                               {"请用 --data 指定数据目录", "name the data folder with --data"}));
  }
  auto f = std::make_unique<Foundation>();
  f->data = data;
  if (opening == Opening::own) f->lock = FolderLock(data);
  // Keys are made with the city, never beside data that are there: a new vault key would hide for good that one is lost.
  if (std::filesystem::exists(file) && !std::filesystem::exists(data / "keys"))
    throw ProblemError(failure(
        "keys.missing",
        {"数据在，密钥不在：" + (data / "keys").string(), "there are data but no keys at " + (data / "keys").string()},
        {"请从密钥备份放回 keys 目录，权限 0600", "put the keys folder back from its backup, files with mode 0600"}));
  f->keys = journal::load_or_make_keys(data, f->random).value();
  f->pack = policy::load_pack(policy::find_pack(pack).value()).value();
  f->database = store::open_sqlite({file, opening == Opening::read, 8});
  if (opening == Opening::own) store::migrate(*f->database, all_migrations());
  auto calendar =
      std::make_shared<const calendar::Calendar>(calendar::load_for(f->pack->calendar_files(), data).value());
  f->connection = std::make_unique<connection::Connection>(f->pack, std::move(calendar));
  f->vault = std::make_unique<journal::Vault>(f->keys.vault, f->random);
  return f;
}

}  // namespace tongdian::app
