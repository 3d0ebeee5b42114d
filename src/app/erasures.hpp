// What keeps the erased erased. A backup from before an erasure holds the person; its journal does not know better. So the
// erasures of a city are also kept beside its database, in DATA/erasures.jsonl, and with every copy of the keys, which is
// newer than any backup that it opens: whoever stands there is erased again before the restored city is served.
//
//   {"at":"2021-11-20T02:00:00.000Z","log":"0f3c5a7e9b1d2c4e","stream":"case/TD211115-7KQ4MX"}
//
// A line an erasure, no personal data. Data that are restored by PostgreSQL's own tools are met by the same file at the next start.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/foundation.hpp"
#include "engine/engine.hpp"

namespace tongdian::app {

inline constexpr const char* erasures_file = "erasures.jsonl";

struct Erasure {
  std::string at;  ///< RFC 3339
  std::string log;
  std::string stream;
  bool operator==(const Erasure&) const = default;
};
BOOST_DESCRIBE_STRUCT(Erasure, (), (at, log, stream))

/// Nothing where there is no file. Throws `erasures.unreadable` with the line: a list that is cut must not pass for a short one.
std::vector<Erasure> read_erasures(const std::filesystem::path& file);
/// Those that the database knows of.
std::vector<Erasure> erasures_of(store::Session& session);
/// Adds to the file what it has not, each stream once with its first time; flushed when it returns. Whether anything was new.
bool keep_erasures(const std::filesystem::path& file, const std::vector<Erasure>& erasures);

/// Erases again whoever stands in the list, is in this database and is not erased there: the data at once, and a mark that the journal
/// is to say so when the engine runs. How many there were.
std::uint64_t erase_again(store::Session& writer, const std::vector<Erasure>& erasures);

/// The erasures of a running city, on the writer's thread: kept beside the database within a second, and what the database's files still
/// hold of the old bytes removed.
class ErasureKeeper {
 public:
  explicit ErasureKeeper(Foundation& foundation) : f_(foundation) {}
  /// Before the city is served: the journal says what `erase_again` did.
  void tell_journal(engine::Executor& executor);
  /// About once a second.
  void run(Instant now);
  /// At once, for a command that ends: false where a reader of the database keeps the old bytes in its log.
  bool finish(Instant now);

 private:
  [[nodiscard]] bool scrub_is_due(std::int64_t newest, Instant now);

  Foundation& f_;
  std::int64_t kept_ = 0;  ///< how many were erased when the file was last written
  Instant next_scrub_{};   ///< not before
};

}  // namespace tongdian::app
