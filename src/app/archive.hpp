// A folder as one file and back: tar, compressed where the name ends in .zst or .gz; what `tar` opens too.
#pragma once

#include <filesystem>

namespace tongdian::app {

/// ".tar", ".tar.zst", ".tar.gz".
bool is_archive_name(const std::filesystem::path& file);

/// Writes the regular files of `folder` to a temporary beside `file`, flushes it and renames it. Throws ProblemError
/// `archive.unwritable`.
void pack_folder(const std::filesystem::path& folder, const std::filesystem::path& file);

/// Writes the archive's regular files into `folder`. An entry that would land anywhere else, and any that is neither file
/// nor folder, ends it: `archive.unreadable`.
void unpack_into(const std::filesystem::path& file, const std::filesystem::path& folder);

}  // namespace tongdian::app
