#include "app/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tongdian::app {
namespace {

namespace fs = std::filesystem;

using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;
using ArchiveReader = std::unique_ptr<archive, decltype(&archive_read_free)>;
using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

[[noreturn]] void fail(const char* code, const fs::path& file, const std::string& why) {
  Problem p = failure(code, {"归档文件 " + file.string() + "：" + why, "archive " + file.string() + ": " + why},
                      {"请检查磁盘空间和文件是否完整", "check the disk's space and that the file is whole"});
  p.path = file.string();
  throw ProblemError(std::move(p));
}

std::string why(archive* a) { return archive_error_string(a) ? archive_error_string(a) : "unknown"; }

void add_file(archive* out, const fs::path& folder, const fs::path& file, const fs::path& target) {
  const Entry entry(archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname(entry.get(), fs::relative(file, folder).c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(fs::file_size(file)));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  if (archive_write_header(out, entry.get()) != ARCHIVE_OK) fail("archive.unwritable", target, why(out));
  std::ifstream in(file, std::ios::binary);
  std::vector<char> piece(1 << 20);
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto n = static_cast<std::size_t>(in.gcount());
    if (n > 0 && archive_write_data(out, piece.data(), n) < 0) fail("archive.unwritable", target, why(out));
  }
  if (in.bad() || !in.eof()) fail("archive.unwritable", target, "cannot read " + file.string());
}

/// The entry's place below `folder`; nothing where it would be elsewhere.
std::optional<fs::path> place_of(archive_entry* entry, const fs::path& folder) {
  const char* name = archive_entry_pathname(entry);
  if (!name || !*name) return {};
  const auto path = fs::path(name).lexically_normal();
  if (path.is_absolute() || *path.begin() == "..") return {};
  return folder / path;
}

void write_file(archive* in, const fs::path& to, const fs::path& source) {
  fs::create_directories(to.parent_path());
  const int fd = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) fail("archive.unreadable", source, "cannot make " + to.string());
  const int done = archive_read_data_into_fd(in, fd);
  const bool closed = ::close(fd) == 0;
  if (done != ARCHIVE_OK) fail("archive.unreadable", source, why(in));
  if (!closed) fail("archive.unreadable", source, "cannot write " + to.string());
}

}  // namespace

bool is_archive_name(const fs::path& file) {
  const auto name = file.filename().string();
  return std::ranges::any_of(std::array{".tar", ".tar.zst", ".tar.gz"},
                             [&](const char* end) { return name.ends_with(end); });
}

void pack_folder(const fs::path& folder, const fs::path& file) {
  const fs::path beside = file.string() + ".new";
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) fail("archive.unwritable", file, "cannot make " + beside.string());
  try {
    const Writer out(archive_write_new(), archive_write_free);
    archive_write_set_format_pax_restricted(out.get());
    if (file.extension() == ".zst") archive_write_add_filter_zstd(out.get());
    if (file.extension() == ".gz") archive_write_add_filter_gzip(out.get());
    if (archive_write_open_fd(out.get(), fd) != ARCHIVE_OK) fail("archive.unwritable", file, why(out.get()));
    for (const auto& each : fs::recursive_directory_iterator(folder))
      if (each.is_regular_file()) add_file(out.get(), folder, each.path(), file);
    if (archive_write_close(out.get()) != ARCHIVE_OK) fail("archive.unwritable", file, why(out.get()));
    if (::fsync(fd) != 0) fail("archive.unwritable", file, "cannot be flushed");
  } catch (...) {
    ::close(fd);
    std::error_code ignored;
    fs::remove(beside, ignored);
    throw;
  }
  ::close(fd);
  fs::rename(beside, file);
}

void unpack_into(const fs::path& file, const fs::path& folder) {
  const ArchiveReader in(archive_read_new(), archive_read_free);
  archive_read_support_format_tar(in.get());
  archive_read_support_filter_all(in.get());
  if (archive_read_open_filename(in.get(), file.c_str(), 1 << 20) != ARCHIVE_OK)
    fail("archive.unreadable", file, why(in.get()));
  archive_entry* entry = nullptr;
  for (;;) {
    const int next = archive_read_next_header(in.get(), &entry);
    if (next == ARCHIVE_EOF) return;
    if (next != ARCHIVE_OK) fail("archive.unreadable", file, why(in.get()));
    if (archive_entry_filetype(entry) == AE_IFDIR) continue;
    const auto to = place_of(entry, folder);
    if (!to || archive_entry_filetype(entry) != AE_IFREG)
      fail("archive.unreadable", file, "an entry that is no file below its folder");
    write_file(in.get(), *to, file);
  }
}

}  // namespace tongdian::app
