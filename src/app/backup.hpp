// A city's data, copied while it runs and brought back. What a backup holds:
//
//   city.db          one snapshot of the database, as a single file of SQLite, whichever database it was
//   calendars/*.csv  the years that were loaded into the data folder
//   manifest.json    what it is, with the digest of every file and of every key; written last
//
// The keys are never in it: whoever holds both could read what people told the city. With the keys goes the list of those who
// were erased (app/erasures.hpp): it is newer than any backup that those keys open.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/place.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"

namespace tongdian::app {

struct ListedFile {
  std::string name;  ///< below the folder: "city.db", "calendars/2027.csv", "head.key"
  std::uint64_t bytes = 0;
  std::string sha256;
};
BOOST_DESCRIBE_STRUCT(ListedFile, (), (name, bytes, sha256))

struct Manifest {
  int format = 1;
  std::string made_at;  ///< RFC 3339
  std::string program;  ///< the version that made it
  int schema = 0;       ///< the number of the last migration
  std::string log;      ///< the journal's id
  std::uint64_t journal_size = 0;
  json::Value head;  ///< signed, as `journal head` prints it
  std::vector<ListedFile> files;
  std::vector<ListedFile> keys;  ///< of DATA/keys: which ones the data need, by digest
};
BOOST_DESCRIBE_STRUCT(Manifest, (), (format, made_at, program, schema, log, journal_size, head, files, keys))

using OnPart = std::function<void(std::uint64_t done, std::uint64_t of)>;

struct BackupOrder {
  Place place;
  std::filesystem::path to;       ///< a folder that is new or empty, or a file `*.tar`, `*.tar.zst`, `*.tar.gz`
  std::filesystem::path keys_to;  ///< empty: the keys are not copied
};
/// Throws ProblemError: `backup.*`, `store.*`, `file.*`, `archive.*`. The server may run meanwhile.
Manifest back_up(const BackupOrder& order, const Clock& clock, const OnPart& on_copied = {});

/// When the last backup of this folder was made; nothing where none is known.
std::optional<Instant> last_backup(const std::filesystem::path& data);

struct RestoreOrder {
  std::filesystem::path from;                     ///< what `back_up` wrote, folder or file
  std::filesystem::path keys;                     ///< the folder that the keys were copied to
  std::filesystem::path data;                     ///< new or empty
  std::vector<std::filesystem::path> erasures{};  ///< lists of the erased, beside the one that lies with the keys
};

struct Restored : Manifest {
  std::uint64_t erased_again = 0;  ///< people whom the backup held and who had been erased since
};
/// Checks every digest, the database, the whole journal and that it holds the manifest's head, erases again whom the lists
/// name; then, and not before, the data folder is there under its name. Throws ProblemError: `restore.*`, `store.*`, `file.*`, `archive.*`.
Restored restore(const RestoreOrder& order, const OnPart& on_verified = {});

}  // namespace tongdian::app
