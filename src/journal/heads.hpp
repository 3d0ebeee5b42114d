// Tree heads and the keys that sign them: what the city stands by, and by whose hand.
//
// A key signs heads of sizes since < size ≤ until. The first key stands by itself; each later one is announced by the key
// before it: a canonical JSON text, signed by that key, that names the new public key and the tree at which it takes over.
// A key that is stolen after its end can sign nothing that verifies as a later head.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "journal/keys.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"

namespace tongdian::journal {

/// Migration 7: until, announcement and number of head_key; erased_at of vault; vault_read.
extern const store::Migration rotation_migration;

/// A tree head: what the city stands by for the first `size` events.
struct Head {
  std::uint64_t size = 0;
  Hash root{};
  Instant signed_at{};
  std::string key_id;
  Bytes signature;
  Bytes public_key;
};

/// The text that is signed: canonical JSON of {log, root, signed_at, size}.
std::string signed_text(std::string_view log, const Head& head);
json::Object to_json(std::string_view log, const Head& head);

struct KeyRecord {
  std::uint64_t number = 1;  ///< 1, 2, 3 … in the order of taking over
  std::string id;
  Bytes public_key;
  std::uint64_t since = 0;             ///< size of the tree when it took over
  std::optional<std::uint64_t> until;  ///< size of the tree when the next one took over; none for the one in force
  std::string announcement;            ///< empty for the first
  Bytes announcement_signature;

  [[nodiscard]] bool may_sign(std::uint64_t size) const { return since < size && (!until || size <= *until); }
};

/// Canonical JSON of {key, log, previous, root, signed_at, size, suite}.
std::string announcement_text(Suite suite, std::string_view log, const KeyRecord& previous, ByteView new_public_key,
                              std::uint64_t size, const Hash& root, std::string_view signed_at);

/// The root of the first `size` events, where it is known to whoever checks.
using RootAt = std::function<std::optional<Hash>(std::uint64_t size)>;
/// What is wrong with the chain of keys, one by one from the first; `path` is the key's number.
std::vector<Problem> check_keys(Suite suite, std::string_view log, const std::vector<KeyRecord>& keys,
                                const RootAt& root_at);
/// What is wrong with a head, apart from its root: the key that signed it, and the signature.
std::optional<Problem> check_head(Suite suite, std::string_view log, const std::vector<KeyRecord>& keys,
                                  const Head& head);

/// Reading, by any session.
std::string log_id(store::Session& session);
/// The suite that the journal was made with; the standard one where there is no journal yet.
Suite suite_of(store::Session& session);
Head latest_head(store::Session& session);
std::optional<Head> head_at(store::Session& session, std::uint64_t size);
/// At most `limit` heads of a size above `after`, by size.
std::vector<Head> heads_after(store::Session& session, std::uint64_t after, std::size_t limit);
std::vector<KeyRecord> keys_of(store::Session& session);

/// Ends the key in force and lets the new one take over at the tree's present size; one transaction. Refused with
/// `journal.unknown_key` where `current` is not the key in force.
Result<KeyRecord> rotate(store::Session& session, const SigningKey& current, const SigningKey& next, Instant now);

}  // namespace tongdian::journal
