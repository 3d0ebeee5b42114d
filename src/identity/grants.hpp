// Agents: whoever's phone is on the cases of a firm lets another phone act for them, for one case or for all, until a day; it
// can be taken back at any time by either. What an agent does is recorded under the grant, which names both.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "journal/vault.hpp"
#include "store/database.hpp"

namespace tongdian::identity {

struct Grant {
  std::string id;                                     ///< what events carry: opaque
  Hash grantor{}, agent{};                            ///< phones as the vault's keyed digests
  std::string case_number;                            ///< empty: every case of the grantor, those to come as well
  std::string grantor_name, agent_name, agent_phone;  ///< sealed at rest
  Instant granted_at{}, until{};
  std::optional<Instant> revoked_at;

  [[nodiscard]] bool in_force(Instant now) const { return !revoked_at && granted_at <= now && now < until; }
};

class Grants {
 public:
  Grants(const journal::Vault& vault, Random& random) : vault_(vault), random_(random) {}

  /// The same id once more changes nothing. `identity.self_grant` where both phones are one, `identity.too_many_grants`
  /// beyond 50 in force.
  Result<void> give(store::Session& writer, const Grant& grant) const;
  /// By the grantor, or by the agent who lays it down; false where neither has one of this id in force.
  static bool revoke(store::Session& writer, const std::string& id, const Hash& by, Instant now);

  /// Grants hold names: those of an erased case, and those of a phone that has no case any more, go. How many there were.
  static std::int64_t forget_erased(store::Session& writer);

  [[nodiscard]] std::vector<Grant> given_by(store::Session& session, const Hash& grantor) const;
  [[nodiscard]] std::vector<Grant> held_by(store::Session& session, const Hash& agent) const;
  [[nodiscard]] std::optional<Grant> find(store::Session& session, const std::string& id) const;
  /// The grant by which the agent may act in this case of this phone; nothing where there is none in force.
  [[nodiscard]] static std::optional<std::string> reaching(store::Session& session, const Hash& agent,
                                                           const Hash& grantor, const std::string& number, Instant now);

 private:
  [[nodiscard]] std::vector<Grant> read(store::Session& session, std::string_view where, store::Param value) const;

  const journal::Vault& vault_;
  Random& random_;
};

}  // namespace tongdian::identity
