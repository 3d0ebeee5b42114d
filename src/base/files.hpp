// Files, read and written whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tongdian {

/// The file's bytes; `file.unreadable`, or `file.too_large` past `limit`. "-" is standard input.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 64u << 20);

/// Written to a temporary beside it, flushed to disk, renamed over it: a reader sees the old bytes or the new ones.
/// `mode` are the permission bits (0600 for keys). `file.unwritable`.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes, unsigned mode = 0644);

/// The folder of the program itself, so that it finds its packs from any working directory.
std::filesystem::path program_folder();

}  // namespace tongdian
