// Other systems sign in by the key of a service account: "td_ID_SECRET" in Authorization: Bearer. The secret is 256 random
// bits, shown once and kept as its SHA-256; a key has scopes, areas, enterprises and an end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "store/database.hpp"
#include "wire/access.hpp"

namespace tongdian::identity {

/// What a key may be good for.
inline constexpr std::string_view scopes[] = {"leads", "cases"};

struct ServiceKey {
  std::string id, name;
  std::vector<std::string> scopes, areas, enterprises;
  std::string made_by;
  Instant made_at{}, until{};
  std::optional<Instant> revoked_at;
};

/// The whole key, which nobody can read again. `identity.unknown_scope`, `identity.no_scope`.
Result<std::string> make_key(store::Session& writer, Random& random, ServiceKey key);
/// False where there is none of this id in force.
bool revoke_key(store::Session& writer, const std::string& id, Instant now);
std::vector<ServiceKey> all_keys(store::Session& session);
/// The program whose key this is; nothing for a wrong, a revoked and an expired one alike.
std::optional<wire::Principal> program_of(store::Session& session, std::string_view key, Instant now);

}  // namespace tongdian::identity
