// A copy of a SQLite database while others write to it.
#pragma once

#include <filesystem>

#include "store/database.hpp"

namespace tongdian::store {

/// Writes one snapshot of `from` to the new file `to`, flushed to disk, as a single file without a log beside it. The copy
/// is taken in small steps under one read transaction: the writer of `from` never waits for it, and its log cannot be
/// cut back until the copy is done. Throws ProblemError `store.*`; what was begun of `to` is removed.
void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to, const OnCopied& on_copied);

}  // namespace tongdian::store
