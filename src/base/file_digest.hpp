// The digest of a file of any size.
#pragma once

#include <filesystem>

#include "base/digest.hpp"
#include "base/result.hpp"

namespace tongdian {

/// SHA-256 of the file's bytes, read in pieces; `file.unreadable`.
Result<Hash> sha256_of_file(const std::filesystem::path& path);

}  // namespace tongdian
