// The city's journal: events appended in the caller's transaction, hashed into the tree, each batch under a signed head.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "journal/event.hpp"
#include "journal/heads.hpp"
#include "journal/keys.hpp"
#include "journal/merkle.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"

namespace tongdian::journal {

/// Migration 1: event, tile, head, head_key, journal_meta.
extern const store::Migration migration;

/// The writer's side. Holds the frontier and the unfinished tiles in memory; everything else is in the database. Where several
/// nodes write one journal, each takes in what the others have appended before it appends.
class Journal {
 public:
  /// Reads the state of the tree. Where there is no journal yet, makes one of the key's suite, its id from `random`. Throws
  /// `journal.other_suite` where it was made with another, `journal.unknown_key` where `key` is not the one in force.
  Journal(store::Session& session, SigningKey key, Random& random);

  [[nodiscard]] std::uint64_t size() const { return frontier_.size(); }
  [[nodiscard]] Suite suite() const { return key_.suite(); }
  [[nodiscard]] const std::string& log() const { return log_; }
  [[nodiscard]] Instant last_recorded() const { return last_recorded_; }
  [[nodiscard]] Hash root() const { return frontier_.root(); }

  /// What other nodes have appended since: the first thing of an exclusive transaction. `on_stream` hears the stream of each
  /// event, or one empty name where there were too many to read one by one. Throws `journal.cut` where the database holds
  /// fewer events than this node has seen, `journal.altered` where they do not lead to the head that stands over them.
  void catch_up(store::Session& session, const std::function<void(const std::string& stream)>& on_stream);

  /// Appends within the caller's transaction; sets the event's position. `stream` and `previous` are row numbers: the
  /// position of the stream's first event and of its last one (0 where this is the first).
  void append(store::Session& session, Event& event, std::uint64_t stream, std::uint64_t previous);
  /// Signs the head over all that was appended; the last thing of a transaction.
  void seal(store::Session& session, Instant now);

  /// What memory holds, to be put back where a transaction is rolled back.
  struct Memory {
    Frontier frontier;
    std::vector<std::vector<Hash>> partial;
    Instant last_recorded{};
  };
  [[nodiscard]] Memory remember() const { return {frontier_, partial_, last_recorded_}; }
  void restore(Memory memory);

 private:
  void load(store::Session& session, std::uint64_t size);
  /// Without a session where the tile is in the database already.
  void push(store::Session* session, std::size_t tile_level, const Hash& hash);

  SigningKey key_;
  std::string log_;
  Frontier frontier_;
  std::vector<std::vector<Hash>> partial_;  ///< by tile level: the hashes of the tile that is not full yet
  Instant last_recorded_{};
};

/// Reading, by any session; heads and keys: heads.hpp.
/// Complete subtrees from tiles and, at the right edge, from the events.
NodeSource nodes_of(store::Session& session);
/// The events of a stream, oldest first, with their bytes; `last` is the position of its last event.
void read_stream(store::Session& session, std::uint64_t last,
                 const std::function<void(Event&&, std::string_view bytes)>& on_event);
/// Some thousand events from position `from` on, in order, by their bytes. Returns where the next page begins: `from` at the end.
std::uint64_t read_page(store::Session& session, std::uint64_t from,
                        const std::function<void(std::uint64_t position, std::string_view bytes)>& on_event);
/// All of them, a page at a time, so that memory stays small.
void read_all(store::Session& session, std::uint64_t from,
              const std::function<void(std::uint64_t position, std::string_view bytes)>& on_event);

}  // namespace tongdian::journal
