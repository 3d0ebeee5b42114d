// The deterministic core: a batch of commands becomes one transaction. One thread; time comes from the clock passed in.
// Several nodes may have an executor each over one database: every batch is an exclusive transaction, and begins by taking in
// what the others have done since.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "engine/behaviour.hpp"
#include "engine/distribution.hpp"
#include "journal/journal.hpp"

namespace tongdian::engine {

/// Migration 3: stream, outbox.
extern const store::Migration migration;

struct Ack {
  std::string stream;
  std::int64_t id = 0;         ///< the stream's row number: the position of its first event
  std::uint64_t sequence = 0;  ///< of the stream after the command
  std::uint64_t position = 0;  ///< of the last event that the command made
  bool repeated = false;       ///< the command had been carried out before
};
using Answer = Result<Ack>;

struct Pending {
  Command command;
  std::function<void(const Answer&)> answer;
};

/// What the engine has done since it started; read by metrics and benches.
struct Counters {
  std::uint64_t commands = 0, events = 0, batches = 0, refused = 0, failed = 0;
  std::chrono::nanoseconds last_flush{0};  ///< how long the last commit took
  Distribution batch_sizes;                ///< in commands
  Distribution flushes;                    ///< in units of 64 µs
};

class Executor {
 public:
  /// `behaviours` outlive the executor, as does everything else that is passed by reference.
  Executor(store::Database& database, journal::Journal journal, std::vector<const Behaviour*> behaviours,
           const Clock& clock);

  /// Runs the batch in one transaction and one flush, then answers each. A failure of the database fails them all and
  /// leaves nothing behind; a command that cannot be written alone fails alone.
  void execute(std::vector<Pending>& batch);

  /// Commands for the deadlines that are due, at most `limit`.
  std::vector<Pending> due(std::size_t limit);
  /// The earliest deadline that is armed.
  [[nodiscard]] std::optional<Instant> next_wake();

  /// Projects and arms a stream again without an event: after the calendar has grown.
  void refresh(const std::vector<std::int64_t>& ids);

  /// Other work for the writer (draining the outbox), in a transaction of its own.
  void in_transaction(const std::function<void(store::Session&)>& work);

  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] const journal::Journal& journal() const { return journal_; }

 private:
  struct Made {
    std::string command, fingerprint;
    std::uint64_t sequence, position;
  };
  struct Entry {
    std::int64_t id = 0;
    std::uint64_t last = 0;  ///< position of the stream's last event
    std::uint64_t sequence = 0;
    std::vector<Made> made;  ///< the commands that made its events
    std::unique_ptr<State> state;
    const Behaviour* behaviour = nullptr;
  };

  Answer handle(const Command& command, Instant now);
  Answer create(const Command& command, Instant now);
  Answer carry_out(Entry& entry, const Command& command, Instant now);
  Answer answer_again(const Entry& entry, const Made& made, const Command& command) const;
  void write_stream(Entry& entry, const Command& command);
  Entry* find(const std::string& stream);
  Entry* load(const std::string& stream, std::int64_t id, std::uint64_t last);
  Entry& remember(const std::string& stream);
  void fold(Entry& entry, const Event& event) const;
  void forget(const std::vector<Pending>& batch);
  void forget(const std::string& stream);
  void take_in();
  void look_up(const std::vector<Pending>& batch);
  [[nodiscard]] const Behaviour* behaviour_of(std::string_view stream) const;
  std::optional<Problem> run_transaction(std::vector<Pending>& batch, std::vector<Answer>& answers);

  store::Database& database_;
  store::Session& session_;
  journal::Journal journal_;
  std::vector<const Behaviour*> behaviours_;
  const Clock& clock_;
  /// States by stream, in two generations: when the young one is full it becomes the old one.
  std::unordered_map<std::string, Entry> young_, old_;
  /// What the batch was looked up for: where its streams stand (nothing: there is none), what its keys have created.
  struct Row {
    std::int64_t id = 0;
    std::uint64_t last = 0;
  };
  std::unordered_map<std::string, std::optional<Row>> rows_;
  std::unordered_map<std::string, std::optional<std::string>> created_;
  Counters counters_;
  std::unordered_map<std::string, Instant> snoozed_;  ///< streams whose due deadline had nothing to say, and until when
  std::optional<std::optional<Instant>> next_wake_;   ///< unknown, or the minimum over all streams
};

}  // namespace tongdian::engine
