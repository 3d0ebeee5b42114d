#include "mining/bytes.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/result.hpp"

namespace tongdian::mining {
namespace {

class FileBytes final : public Bytes {
 public:
  explicit FileBytes(const std::filesystem::path& path)
      : path_(path), fd_(path == "-" ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) fail();
    ::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes() override {
    if (fd_ > 0) ::close(fd_);
  }

  std::size_t read(char* to, std::size_t room) override {
    for (;;) {
      const auto n = ::read(fd_, to, room);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) fail();
    }
  }

 private:
  [[noreturn]] void fail() const {
    const std::string why = std::strerror(errno);
    throw ProblemError(failure(
        "file.unreadable", {"无法读取 " + path_.string() + "：" + why, "cannot read " + path_.string() + ": " + why},
        {"检查路径与权限", "check the path and the permissions"}));
  }
  std::filesystem::path path_;
  int fd_;
};

class MemoryBytes final : public Bytes {
 public:
  explicit MemoryBytes(std::string_view text) : rest_(text) {}
  std::size_t read(char* to, std::size_t room) override {
    const auto n = std::min(room, rest_.size());
    if (n > 0) std::memcpy(to, rest_.data(), n);
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
};

class WatchedBytes final : public Bytes {
 public:
  WatchedBytes(std::unique_ptr<Bytes> from, std::function<void(std::uint64_t)> progress)
      : from_(std::move(from)), progress_(std::move(progress)) {}
  std::size_t read(char* to, std::size_t room) override {
    const auto n = from_->read(to, room);
    if (n > 0) progress_(total_ += n);
    return n;
  }

 private:
  std::unique_ptr<Bytes> from_;
  std::function<void(std::uint64_t)> progress_;
  std::uint64_t total_ = 0;
};

class UnpackedBytes final : public Bytes {
 public:
  explicit UnpackedBytes(std::unique_ptr<Bytes> from) : from_(std::move(from)), in_(64 << 10) {
    while (have() < 2 && fill()) {}
    packed_ = have() >= 2 && in_[0] == '\x1f' && in_[1] == '\x8b';
    if (packed_ && ::inflateInit2(&z_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  UnpackedBytes(const UnpackedBytes&) = delete;
  UnpackedBytes& operator=(const UnpackedBytes&) = delete;
  ~UnpackedBytes() override {
    if (packed_) ::inflateEnd(&z_);
  }

  std::size_t read(char* to, std::size_t room) override {
    if (room == 0) return 0;
    return packed_ ? inflate(to, room) : plain(to, room);
  }

 private:
  [[nodiscard]] std::size_t have() const { return until_ - at_; }
  /// More of the input behind what is there; false at its end.
  bool fill() {
    if (at_ == until_) at_ = until_ = 0;
    const auto n = from_->read(in_.data() + until_, in_.size() - until_);
    until_ += n;
    return n > 0;
  }

  std::size_t plain(char* to, std::size_t room) {
    if (at_ == until_) return from_->read(to, room);
    const auto n = std::min(room, have());
    std::memcpy(to, in_.data() + at_, n);
    at_ += n;
    return n;
  }

  std::size_t inflate(char* to, std::size_t room) {
    room = std::min<std::size_t>(room, 1u << 30);
    z_.next_out = reinterpret_cast<Bytef*>(to);
    z_.avail_out = static_cast<uInt>(room);
    while (z_.avail_out > 0 && !done_) {
      if (between_members_ && !next_member()) break;
      if (at_ == until_ && !fill()) {
        broken_ = "cut short";
        done_ = true;
        break;
      }
      z_.next_in = reinterpret_cast<Bytef*>(in_.data() + at_);
      z_.avail_in = static_cast<uInt>(have());
      const int state = ::inflate(&z_, Z_NO_FLUSH);
      at_ = until_ - z_.avail_in;
      if (state == Z_STREAM_END) {
        between_members_ = true;
      } else if (state != Z_OK && state != Z_BUF_ERROR) {
        broken_ = z_.msg ? z_.msg : "damaged";
        done_ = true;
      }
    }
    const auto n = room - z_.avail_out;
    if (n == 0 && broken_)
      throw ProblemError(
          bad_input("mine.broken_gzip", "",
                    {std::string("gzip 文件已损坏：") + broken_, std::string("the gzip file is damaged: ") + broken_},
                    {"重新导出或重新传输该文件", "export or transfer the file again"}));
    return n;
  }

  /// Behind a member: another one, or the end.
  bool next_member() {
    while (at_ < until_ || fill()) {
      if (in_[at_] == '\x1f') {
        ::inflateReset(&z_);
        between_members_ = false;
        return true;
      }
      if (in_[at_] != '\0') {
        broken_ = "something else follows";
        break;
      }
      ++at_;
    }
    done_ = true;
    return false;
  }

  std::unique_ptr<Bytes> from_;
  std::vector<char> in_;
  std::size_t at_ = 0, until_ = 0;
  z_stream z_{};
  bool packed_ = false, between_members_ = false, done_ = false;
  const char* broken_ = nullptr;
};

}  // namespace

std::unique_ptr<Bytes> open_bytes(const std::filesystem::path& path) { return std::make_unique<FileBytes>(path); }
std::unique_ptr<Bytes> bytes_of(std::string_view text) { return std::make_unique<MemoryBytes>(text); }
std::unique_ptr<Bytes> watched(std::unique_ptr<Bytes> from, std::function<void(std::uint64_t)> progress) {
  return std::make_unique<WatchedBytes>(std::move(from), std::move(progress));
}
std::unique_ptr<Bytes> unpacked(std::unique_ptr<Bytes> from) {
  return std::make_unique<UnpackedBytes>(std::move(from));
}

}  // namespace tongdian::mining
