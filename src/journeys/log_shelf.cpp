#include "journeys/log_shelf.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/time_text.hpp"
#include "mining/report.hpp"

namespace tongdian::journeys {
namespace {

constexpr std::size_t longest_name = 200;

/// A file that has no name from the beginning, or loses it at once.
class NamelessFile {
 public:
  NamelessFile() {
    std::string path = (std::filesystem::temp_directory_path() / "tongdian-log-XXXXXX").string();
    fd_ = ::mkostemp(path.data(), O_CLOEXEC);
    if (fd_ < 0) fail();
    ::unlink(path.c_str());
  }
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;
  ~NamelessFile() { ::close(fd_); }

  void write(std::string_view bytes, std::uint64_t at) const {
    while (!bytes.empty()) {
      const auto n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) fail();
      bytes.remove_prefix(static_cast<std::size_t>(n));
      at += static_cast<std::uint64_t>(n);
    }
  }
  /// The same bytes under a place in the file of its own.
  [[nodiscard]] std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  [[noreturn]] static void fail() {
    const std::string why = std::strerror(errno);
    throw ProblemError(
        failure("logs.no_room", {"服务器无法暂存日志：" + why, "the server cannot keep the log: " + why},
                {"请联系管理员检查临时目录的空间", "have the room in the folder for temporary files looked at"}));
  }
  int fd_ = -1;
};

Problem not_found() {
  return refusal("logs.not_found",
                 {"没有这份日志，或已超过保留时间", "there is no such log, or it was kept long enough"},
                 {"请重新上传", "send it again"});
}

Problem too_large(std::uint64_t most) {
  const auto mib = std::to_string(most >> 20);
  return bad_input("logs.too_large", "/size",
                   {"日志为空或超过 " + mib + " MiB", "the log is empty or beyond " + mib + " MiB"},
                   {"请用 gzip 压缩，或在命令行用 tongdian mine 读取",
                    "pack it with gzip, or read it with `tongdian mine` on the command line"});
}

/// Thrown through the reader when nobody waits for the log any more.
ProblemError unwanted() { return ProblemError(failure("logs.not_found", {"已取消", "nobody waits for it"})); }

}  // namespace

struct LogShelf::Log {
  std::string id, owner, name;
  std::uint64_t number = 0;  ///< in the order of coming
  std::uint64_t size = 0, received = 0;
  mining::Options how;
  NamelessFile file;
  Instant touched{};
  LogStage stage = LogStage::receiving;
  std::optional<Problem> problem{};
  std::atomic<std::uint64_t> read{0};
  std::atomic<bool> wanted{true};
  LogDays days{};  ///< kept: what was read points into the calendar
  std::unique_ptr<mining::Mined> mined{};

  [[nodiscard]] json::Object state() const {
    json::Object out{{"id", id},     {"name", name},         {"stage", name_of(stage)},
                     {"size", size}, {"received", received}, {"read", std::min(read.load(), size)}};
    const auto& broken = stage == LogStage::done ? mined->broken : problem;
    if (broken)
      out["problem"] = json::Object{
          {"code", broken->code}, {"path", broken->path}, {"zh", broken->detail.zh}, {"en", broken->detail.en}};
    if (stage == LogStage::done) {
      const auto& f = mined->figures;
      const auto strong = std::ranges::count_if(mined->findings.all(), &mining::Finding::strong);
      out["found"] = json::Object{{"cases", f.cases},
                                  {"events", f.events},
                                  {"variants", f.variants},
                                  {"findings", mined->findings.all().size()},
                                  {"strong", strong}};
    }
    return out;
  }
};

LogShelf::LogShelf(const Clock& clock, Random& random, std::function<LogDays()> days, LogShelfLimits limits)
    : clock_(clock), random_(random), days_(std::move(days)), limits_(limits), thread_([this] { run(); }) {}

LogShelf::~LogShelf() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wanted_.notify_all();
  thread_.join();
}

Result<json::Object> LogShelf::open(const std::string& owner, std::string name, std::uint64_t size,
                                    std::string_view map) {
  if (size == 0 || size > limits_.log) return too_large(limits_.log);
  auto log = std::make_shared<Log>();
  if (!map.empty())
    if (auto read = mining::read_mapping(map, log->how); !read) return read.error();
  const std::lock_guard lock(mutex_);
  drop_old();
  std::uint64_t held = size;
  int own = 0;
  for (const auto& [id, other] : logs_) {
    held += other->size;
    own += other->owner == owner ? 1 : 0;
  }
  if (own >= limits_.logs_each || held > limits_.all)
    return refusal(
        "logs.too_many", {"暂存的日志已达上限", "as many logs as can be kept are kept already"},
        {"请先删除不再需要的日志，或稍后再试", "take one away that is no longer wanted, or try again later"});
  log->id = random_.token(12);
  log->owner = owner;
  log->name = std::move(name.substr(0, longest_name));
  log->size = size;
  log->number = ++opened_;
  log->touched = clock_.now();
  logs_.emplace(log->id, log);
  return log->state();
}

Result<json::Object> LogShelf::add(const std::string& owner, std::string_view id, std::uint64_t offset,
                                   std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  const auto log = find(owner, id);
  if (!log) return log.error();
  Log& to = **log;
  if (offset > to.received)
    return refusal("logs.gap",
                   {"缺少前面的部分：已收到 " + std::to_string(to.received) + " 字节",
                    "a part before it is missing: " + std::to_string(to.received) + " bytes are here"},
                   {"请从已收到的位置继续", "go on from there"});
  const std::uint64_t known = to.received - offset;
  if (known >= bytes.size() && offset + bytes.size() <= to.size) return to.state();
  if (bytes.size() > to.size - offset) return too_large(to.size);
  to.file.write(bytes.substr(known), to.received);
  to.received = offset + bytes.size();
  if (to.received == to.size) {
    to.stage = LogStage::waiting;
    wanted_.notify_one();
  }
  return to.state();
}

Result<json::Object> LogShelf::state(const std::string& owner, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto log = find(owner, id);
  if (!log) return log.error();
  return (*log)->state();
}

json::Array LogShelf::all(const std::string& owner) {
  const std::lock_guard lock(mutex_);
  drop_old();
  std::vector<LogPtr> own;
  for (const auto& [id, log] : logs_)
    if (log->owner == owner) own.push_back(log);
  std::ranges::sort(own, std::greater{}, [](const LogPtr& log) { return log->number; });
  json::Array out;
  for (const auto& log : own) out.emplace_back(log->state());
  return out;
}

Result<std::string> LogShelf::report(const std::string& owner, std::string_view id) {
  const auto log = read_one(owner, id);
  if (!log) return log.error();
  return mining::to_html(*(*log)->mined, (*log)->name);
}

Result<std::string> LogShelf::figures(const std::string& owner, std::string_view id) {
  const auto log = read_one(owner, id);
  if (!log) return log.error();
  return mining::to_json(*(*log)->mined);
}

Result<void> LogShelf::remove(const std::string& owner, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto log = find(owner, id);
  if (!log) return log.error();
  (*log)->wanted = false;
  logs_.erase((*log)->id);
  return {};
}

Result<LogShelf::LogPtr> LogShelf::find(const std::string& owner, std::string_view id) {
  const auto found = logs_.find(id);
  if (found == logs_.end() || found->second->owner != owner) return not_found();
  found->second->touched = clock_.now();
  return found->second;
}

/// What was read of it stays as it is from then on, so that it is used without the lock.
Result<LogShelf::LogPtr> LogShelf::read_one(const std::string& owner, std::string_view id) {
  const std::lock_guard lock(mutex_);
  auto log = find(owner, id);
  if (log && (*log)->stage != LogStage::done)
    return refusal("logs.not_ready", {"日志尚未读完", "the log has not been read to its end"},
                   {"请等进度走完", "wait until it has"});
  return log;
}

void LogShelf::drop_old() {
  std::erase_if(logs_, [&](const auto& each) {
    const bool old = each.second->touched + limits_.kept < clock_.now();
    if (old) each.second->wanted = false;
    return old;
  });
}

void LogShelf::run() {
  pthread_setname_np(pthread_self(), "logs");
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto next = [&] {
      LogPtr first;
      for (const auto& [id, log] : logs_)
        if (log->stage == LogStage::waiting && (!first || log->number < first->number)) first = log;
      return first;
    };
    wanted_.wait(lock, [&] { return ending_ || next(); });
    if (ending_) return;
    const LogPtr log = next();
    log->stage = LogStage::reading;
    lock.unlock();
    std::optional<Problem> problem;
    try {
      read(*log);
    } catch (const ProblemError& e) {
      problem = e.problem;
    } catch (const std::exception& e) {
      problem = failure("logs.failed", {std::string("读取失败：") + e.what(), e.what()});
    }
    lock.lock();
    log->problem = std::move(problem);
    log->stage = log->problem ? LogStage::failed : LogStage::done;
    log->touched = clock_.now();
  }
}

void LogShelf::read(Log& log) {
  log.days = days_();
  log.how.working_time = {log.days.calendar.get(), log.days.zone_minutes};
  auto bytes = mining::watched(mining::open_bytes(log.file.path()), [&](std::uint64_t so_far) {
    if (ending_ || !log.wanted) throw unwanted();
    log.read = so_far;
  });
  log.mined = mining::mine(std::move(bytes), log.name, log.how);
}

}  // namespace tongdian::journeys
