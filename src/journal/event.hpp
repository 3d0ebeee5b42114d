// The envelope of an event and its bytes. The bytes are canonical JSON (RFC 8785); their leaf in the tree is
// SHA-256(0x00 ‖ bytes). An event carries no personal data: people appear as ids, their data are in the vault.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace tongdian::journal {

/// Who did it. `id` is an account, a person of the vault, or the name of a part of the program; never a name or a phone.
struct Actor {
  std::string kind;  ///< "customer", "staff", "clock", "system"
  std::string id;
  bool operator==(const Actor&) const = default;
};

struct Event {
  std::uint64_t position = 0;          ///< 1, 2, 3 … in the city's journal
  std::string stream;                  ///< "case/TD211115-7KQ4MX"
  std::uint64_t sequence = 0;          ///< 1, 2, 3 … in the stream
  std::string type;                    ///< "case.accepted"
  int version = 1;                     ///< schema version of the payload of this type
  std::optional<Instant> occurred_at;  ///< what somebody says: a claim
  Instant recorded_at{};               ///< the server's time: a fact
  Actor actor;
  std::string channel;      ///< "online", "counter", "desk", "clock", "import"
  std::string command;      ///< idempotency key of the command that made it
  std::string fingerprint;  ///< of the command's content; a key used again for something else is noticed
  std::string pack;         ///< "yantai-2021-168@1"
  json::Value payload;
};

/// The event's bytes.
std::string encode(const Event& event);
/// `journal.bad_event` where the bytes are not an event, or not canonical.
Result<Event> decode(std::string_view bytes);

}  // namespace tongdian::journal
