#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace tongdian {
namespace {

struct Descriptor {
  int fd;
  explicit Descriptor(int f) : fd(f) {}
  ~Descriptor() {
    if (fd > 2) ::close(fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

Problem cannot(const char* code, const std::filesystem::path& path, const char* what) {
  const std::string why = std::strerror(errno);
  Problem p = failure(code, {"文件 " + path.string() + "：" + what + "失败（" + why + "）",
                             "file " + path.string() + ": " + what + ": " + why});
  p.path = path.string();
  return p;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const Descriptor in{path == "-" ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (in.fd < 0) return cannot("file.unreadable", path, "open");
  std::string out;
  std::array<char, 1 << 16> buffer{};
  for (;;) {
    const ssize_t n = ::read(in.fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot("file.unreadable", path, "read");
    if (n == 0) return out;
    if (out.size() + static_cast<std::size_t>(n) > limit) {
      errno = EFBIG;
      return cannot("file.too_large", path, "read");
    }
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes, unsigned mode) {
  const std::filesystem::path beside = path.string() + ".new";
  {
    const Descriptor out{::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)};
    if (out.fd < 0) return cannot("file.unwritable", beside, "open");
    while (!bytes.empty()) {
      const ssize_t n = ::write(out.fd, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return cannot("file.unwritable", beside, "write");
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(out.fd) != 0) return cannot("file.unwritable", beside, "flush");
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return cannot("file.unwritable", path, "rename");
  // The rename itself is on disk once the folder is.
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Descriptor dir{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (dir.fd < 0 || ::fsync(dir.fd) != 0) return cannot("file.unwritable", folder, "flush");
  return {};
}

std::filesystem::path program_folder() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::current_path() : self.parent_path();
}

}  // namespace tongdian
