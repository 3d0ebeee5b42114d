// What a domain room gives to the engine: how one kind of stream decides, evolves, shows itself and wakes up.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "journal/event.hpp"
#include "journal/vault.hpp"
#include "store/database.hpp"

namespace tongdian::engine {

using journal::Actor;
using journal::Event;

/// A room's own commands derive from this.
struct Body {
  virtual ~Body() = default;
};

/// A room's own state derives from this; it is folded from the stream's events and from nothing else.
struct State {
  virtual ~State() = default;
};

/// Something that somebody, or the clock, wants to happen to one stream.
struct Command {
  std::string id;      ///< idempotency key: the same command again gets the first answer again
  std::string stream;  ///< "case/TD211115-7KQ4MX"; the part before the slash is the kind
  bool creates = false;
  std::optional<std::uint64_t> expected_sequence;  ///< what the sender saw; refused where the stream has moved on
  Actor actor;
  std::string channel;
  std::optional<Instant> occurred_at;  ///< a claim, never the record
  std::string fingerprint;             ///< keyed digest of the content, to notice a key that is used for something else
  std::shared_ptr<const Body> body;
  std::optional<journal::Sealed> sealed;  ///< personal data for the vault, written in the same transaction
};

struct NewEvent {
  std::string type;
  json::Value payload;
  int version = 1;
  bool erases_person = false;  ///< the personal data of the stream are destroyed in the same transaction
};

/// A row for the outbox: what is to leave the city because of an event.
struct Message {
  std::string topic;
  json::Value payload;
};

class Behaviour {
 public:
  virtual ~Behaviour() = default;

  [[nodiscard]] virtual std::string_view kind() const = 0;
  /// "yantai-2021-168@1": what events are decided under.
  [[nodiscard]] virtual std::string pack() const = 0;
  [[nodiscard]] virtual std::unique_ptr<State> initial() const = 0;

  /// Pure: events, or why not. No event is a valid answer: there was nothing to do.
  [[nodiscard]] virtual Result<std::vector<NewEvent>> decide(const State& state, const Command& command,
                                                             Instant now) const = 0;
  /// Pure: the state after the event.
  virtual void evolve(State& state, const Event& event) const = 0;

  // What follows is nothing for a stream that runs no deadline, shows nothing and tells nobody.

  /// When the stream next wants to be woken; nothing where no deadline runs.
  [[nodiscard]] virtual std::optional<Instant> wake_at(const State&) const { return {}; }
  /// The command by which a due deadline enters.
  [[nodiscard]] virtual std::shared_ptr<const Body> wake() const { return {}; }

  /// Writes the stream's read models. Depends on the state alone, so that replay writes the same rows.
  virtual void project(store::Session&, std::int64_t /*id*/, const State&) const {}
  /// The tables that `project` writes, their first column the stream's row number.
  [[nodiscard]] virtual std::vector<std::string> view_tables() const { return {}; }
  [[nodiscard]] virtual std::vector<Message> messages(const Event&, const State& /*after*/) const { return {}; }
};

}  // namespace tongdian::engine
