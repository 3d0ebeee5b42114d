// A disk in memory that fails when a test wants it to, as a VFS of SQLite: what it stands in for is the disk, nothing above it.
//
// Every operation that changes the disk (write, sync, truncate, create, remove) is a step. A test counts the steps of a
// workload, then runs it again and makes one of them fail, or every one from there on, or cuts the power before it. After a power cut only what was
// synced is sure to be there; each later write survives whole, in part (512-byte sectors), or not, as the seed says.
// Simpler than the world: names of files are durable at once (ext4 with its journal), and one process uses the disk.
#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace tongdian::store {

class SimulatedDisk {
 public:
  SimulatedDisk() : name_("simulated-" + std::to_string(next_number_++)), system_(sqlite3_vfs_find(nullptr)) {
    vfs_.iVersion = 2;
    vfs_.szOsFile = sizeof(Handle);
    vfs_.mxPathname = 512;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.xOpen = open;
    vfs_.xDelete = remove;
    vfs_.xAccess = access;
    vfs_.xFullPathname = [](sqlite3_vfs*, const char* name, int size, char* out) {
      sqlite3_snprintf(size, out, "%s", name);
      return SQLITE_OK;
    };
    vfs_.xRandomness = [](sqlite3_vfs* v, int size, char* out) {
      for (int i = 0; i < size; ++i) out[i] = static_cast<char>(of(v).salt_());
      return size;
    };
    vfs_.xSleep = [](sqlite3_vfs*, int microseconds) { return microseconds; };
    vfs_.xCurrentTime = [](sqlite3_vfs* v, double* out) { return of(v).system_->xCurrentTime(of(v).system_, out); };
    vfs_.xCurrentTimeInt64 = [](sqlite3_vfs* v, sqlite3_int64* out) {
      return of(v).system_->xCurrentTimeInt64(of(v).system_, out);
    };
    vfs_.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
    sqlite3_vfs_register(&vfs_, 0);
  }
  ~SimulatedDisk() { sqlite3_vfs_unregister(&vfs_); }
  SimulatedDisk(const SimulatedDisk&) = delete;
  SimulatedDisk& operator=(const SimulatedDisk&) = delete;

  /// For `SqliteOptions::vfs`.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// How many steps there have been.
  [[nodiscard]] long steps() const { return steps_; }

  /// The steps from `first` (1 is the next one) up to `first + count` fail with an SQLite code: SQLITE_IOERR, SQLITE_FULL, …
  void fail(long first, int code, long count = 1) { fault_ = {steps_ + first, steps_ + first + count, code}; }
  /// The power goes before that step: from then on nothing answers until `restart`.
  void cut_power(long step) { cut_at_ = steps_ + step; }
  void mend() {
    fault_ = {};
    cut_at_.reset();
  }
  [[nodiscard]] bool dark() const { return dark_; }
  /// A fault or a power cut has been met since the last `mend` or `restart`.
  [[nodiscard]] bool hit() const { return hit_; }

  /// Power again, over what has survived. Every connection has been closed.
  void restart(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    for (auto& [name, file] : files_) {
      file->now = file->synced;
      for (const auto& write : file->unsynced) keep(*file, write, random);
      file->unsynced.clear();
      file->synced = file->now;
      file->locks.clear();
      file->regions.clear();
    }
    dark_ = hit_ = false;
    mend();
  }

 private:
  using Bytes = std::vector<unsigned char>;
  struct Write {
    std::size_t at = 0;
    Bytes bytes;
    bool truncate = false;  ///< the file ends at `at`
  };
  struct Handle;
  struct File {
    Bytes now, synced;
    std::vector<Write> unsynced;
    std::map<const Handle*, int> locks;
    std::vector<std::unique_ptr<Bytes>> regions;  ///< the WAL's index, shared by the connections
    std::array<std::map<const Handle*, int>, SQLITE_SHM_NLOCK> shared_locks;  ///< 1 shared, 2 exclusive
  };
  struct Handle {
    sqlite3_file base;  // SQLite's part comes first
    SimulatedDisk* disk;
    std::shared_ptr<File>* file;
    int lock;
    bool remove_on_close;
  };
  struct Fault {
    long first = 0, end = 0;
    int code = SQLITE_OK;
  };

  static SimulatedDisk& of(sqlite3_vfs* v) { return *static_cast<SimulatedDisk*>(v->pAppData); }
  static Handle& of(sqlite3_file* f) { return *reinterpret_cast<Handle*>(f); }
  static File& file_of(sqlite3_file* f) { return **of(f).file; }

  /// Counts a step; what it answers where the step is to fail.
  int step() {
    ++steps_;
    if (cut_at_ && steps_ >= *cut_at_) dark_ = hit_ = true;
    if (dark_) return SQLITE_IOERR;
    if (steps_ < fault_.first || steps_ >= fault_.end) return SQLITE_OK;
    hit_ = true;
    return fault_.code;
  }

  static void apply(Bytes& to, const Write& write) {
    if (write.truncate) return to.resize(write.at);
    if (to.size() < write.at + write.bytes.size()) to.resize(write.at + write.bytes.size());
    std::ranges::copy(write.bytes, to.begin() + static_cast<std::ptrdiff_t>(write.at));
  }

  static void keep(File& file, const Write& write, std::mt19937_64& random) {
    switch (random() % 3) {
      case 0: return;
      case 1: return apply(file.now, write);
      default: break;
    }
    if (write.truncate) return apply(file.now, write);
    constexpr std::size_t sector = 512;
    for (std::size_t from = 0; from < write.bytes.size(); from += sector) {
      if (random() % 2 == 0) continue;
      const auto begin = write.bytes.begin() + static_cast<std::ptrdiff_t>(from);
      const auto length = static_cast<std::ptrdiff_t>(std::min(sector, write.bytes.size() - from));
      apply(file.now, {write.at + from, Bytes(begin, begin + length)});
    }
  }

  static int open(sqlite3_vfs* v, const char* name, sqlite3_file* f, int flags, int* out_flags) {
    auto& disk = of(v);
    f->pMethods = nullptr;
    const std::string key = name ? name : "temporary-" + std::to_string(disk.steps_);
    auto found = disk.files_.find(key);
    if (found == disk.files_.end()) {
      if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
      if (disk.step() != SQLITE_OK) return SQLITE_CANTOPEN;
      found = disk.files_.emplace(key, std::make_shared<File>()).first;
    }
    if (disk.dark_) return SQLITE_CANTOPEN;
    auto& handle = of(f);
    handle.disk = &disk;
    handle.file = new std::shared_ptr<File>(found->second);
    handle.lock = SQLITE_LOCK_NONE;
    handle.remove_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    f->pMethods = methods();
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* v, const char* name, int) {
    if (const int error = of(v).step()) return error == SQLITE_FULL ? SQLITE_IOERR_DELETE : error;
    return of(v).files_.erase(name) == 1 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
  }

  static int access(sqlite3_vfs* v, const char* name, int, int* out) {
    *out = of(v).files_.contains(name) ? 1 : 0;
    return of(v).dark_ ? SQLITE_IOERR_ACCESS : SQLITE_OK;
  }

  static int close(sqlite3_file* f) {
    auto& handle = of(f);
    (*handle.file)->locks.erase(&handle);
    for (auto& slot : (*handle.file)->shared_locks) slot.erase(&handle);
    if (handle.remove_on_close)
      std::erase_if(handle.disk->files_, [&](const auto& each) { return each.second == *handle.file; });
    delete handle.file;
    f->pMethods = nullptr;
    return SQLITE_OK;
  }

  static int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
    if (of(f).disk->dark_) return SQLITE_IOERR_READ;
    const Bytes& now = file_of(f).now;
    const auto begin = std::min(now.size(), static_cast<std::size_t>(at));
    const auto there = std::min(now.size() - begin, static_cast<std::size_t>(size));
    std::memset(to, 0, static_cast<std::size_t>(size));
    if (there > 0) std::memcpy(to, now.data() + begin, there);
    return there == static_cast<std::size_t>(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }

  static int change(sqlite3_file* f, Write write, int error_code) {
    if (const int error = of(f).disk->step()) return error == SQLITE_IOERR ? error_code : error;
    File& file = file_of(f);
    apply(file.now, write);
    file.unsynced.push_back(std::move(write));
    return SQLITE_OK;
  }

  static int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    const auto* bytes = static_cast<const unsigned char*>(from);
    return change(f, {static_cast<std::size_t>(at), Bytes(bytes, bytes + size)}, SQLITE_IOERR_WRITE);
  }

  static int truncate(sqlite3_file* f, sqlite3_int64 size) {
    return change(f, {static_cast<std::size_t>(size), {}, true}, SQLITE_IOERR_TRUNCATE);
  }

  static int sync(sqlite3_file* f, int) {
    if (const int error = of(f).disk->step()) return error == SQLITE_IOERR ? SQLITE_IOERR_FSYNC : error;
    File& file = file_of(f);
    for (const auto& write : file.unsynced) apply(file.synced, write);
    file.unsynced.clear();
    return SQLITE_OK;
  }

  static int lock(sqlite3_file* f, int wanted) {
    auto& handle = of(f);
    auto& locks = file_of(f).locks;
    for (const auto& [other, level] : locks) {
      if (other == &handle) continue;
      const bool busy = wanted == SQLITE_LOCK_SHARED     ? level >= SQLITE_LOCK_PENDING
                        : wanted == SQLITE_LOCK_RESERVED ? level >= SQLITE_LOCK_RESERVED
                                                         : level >= SQLITE_LOCK_SHARED;
      if (busy) return SQLITE_BUSY;
    }
    locks[&handle] = handle.lock = std::max(handle.lock, wanted);
    return SQLITE_OK;
  }

  static int unlock(sqlite3_file* f, int to) {
    of(f).lock = to;
    file_of(f).locks[&of(f)] = to;
    return SQLITE_OK;
  }

  static int check_reserved(sqlite3_file* f, int* out) {
    *out = std::ranges::any_of(file_of(f).locks, [](const auto& each) { return each.second >= SQLITE_LOCK_RESERVED; });
    return SQLITE_OK;
  }

  static int shm_map(sqlite3_file* f, int region, int size, int extend, void volatile** out) {
    auto& regions = file_of(f).regions;
    *out = nullptr;
    if (of(f).disk->dark_) return SQLITE_IOERR_SHMMAP;
    if (regions.size() <= static_cast<std::size_t>(region)) {
      if (!extend) return SQLITE_OK;
      while (regions.size() <= static_cast<std::size_t>(region))
        regions.push_back(std::make_unique<Bytes>(static_cast<std::size_t>(size)));
    }
    *out = regions[static_cast<std::size_t>(region)]->data();
    return SQLITE_OK;
  }

  static int shm_lock(sqlite3_file* f, int offset, int count, int flags) {
    auto& slots = file_of(f).shared_locks;
    const int wanted = (flags & SQLITE_SHM_EXCLUSIVE) != 0 ? 2 : 1;
    for (int i = offset; i < offset + count; ++i) {
      auto& slot = slots[static_cast<std::size_t>(i)];
      if ((flags & SQLITE_SHM_UNLOCK) != 0) continue;
      for (const auto& [other, held] : slot)
        if (other != &of(f) && (wanted == 2 || held == 2)) return SQLITE_BUSY;
    }
    for (int i = offset; i < offset + count; ++i) {
      auto& slot = slots[static_cast<std::size_t>(i)];
      if ((flags & SQLITE_SHM_UNLOCK) != 0)
        slot.erase(&of(f));
      else
        slot[&of(f)] = wanted;
    }
    return SQLITE_OK;
  }

  static int shm_unmap(sqlite3_file* f, int remove) {
    if (remove) file_of(f).regions.clear();
    return SQLITE_OK;
  }

  static const sqlite3_io_methods* methods() {
    static const sqlite3_io_methods all{
        2,
        close,
        read,
        write,
        truncate,
        sync,
        [](sqlite3_file* f, sqlite3_int64* out) {
          *out = static_cast<sqlite3_int64>(file_of(f).now.size());
          return of(f).disk->dark_ ? SQLITE_IOERR_FSTAT : SQLITE_OK;
        },
        lock,
        unlock,
        check_reserved,
        [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; },
        [](sqlite3_file*) { return 4096; },
        [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; },  // as the disks that SQLite runs on by default
        shm_map,
        shm_lock,
        [](sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); },
        shm_unmap,
        nullptr,
        nullptr};
    return &all;
  }

  static inline int next_number_ = 0;
  std::string name_;
  sqlite3_vfs* system_;
  sqlite3_vfs vfs_{};
  std::map<std::string, std::shared_ptr<File>> files_;
  std::mt19937 salt_{1};
  long steps_ = 0;
  Fault fault_;
  std::optional<long> cut_at_;
  bool dark_ = false, hit_ = false;
};

}  // namespace tongdian::store
