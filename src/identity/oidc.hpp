// A city's single sign-on by OpenID Connect: authorization code with PKCE (RFC 7636), state and nonce. What comes back is
// believed only as far as the provider's keys and the configuration go.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "identity/jwt.hpp"
#include "journal/vault.hpp"
#include "peer/http_client.hpp"
#include "wire/access.hpp"

namespace tongdian::identity {

/// What the configuration says (docs/operating); read by app.
struct OidcSettings {
  std::string issuer;  ///< exactly as the provider writes it
  std::string client_id, client_secret;
  std::string redirect;                         ///< our own address, https://city.example/api/v1/oidc/return
  Sentence name;                                ///< of the sign-on, for the button
  std::map<std::string, std::string> accounts;  ///< subject → account name here
  std::string claim;                            ///< whose values are looked up in `authorities`
  struct Authority {
    std::vector<wire::Role> roles;
    std::vector<std::string> areas, enterprises;
  };
  /// Value of the claim → authority. The first row that somebody has counts alone: rights and places of several rows joined
  /// would give rights in places that none of them gives.
  std::vector<std::pair<std::string, Authority>> authorities;
};

/// Who the provider says they are, checked.
struct OidcIdentity {
  std::string subject, name;
  std::vector<std::string> groups;  ///< values of the claim
};

class Oidc {
 public:
  /// How the provider is asked: over the network, and by tests without one.
  using Ask = std::function<Result<peer::Answered>(const peer::Ask&)>;

  Oidc(
      OidcSettings settings, const journal::Vault& vault, Random& random, const Clock& clock,
      Ask ask = [client = peer::HttpClient()](const peer::Ask& what) { return client.ask(what); })
      : settings_(std::move(settings)), vault_(vault), random_(random), clock_(clock), ask_(std::move(ask)) {}

  [[nodiscard]] const OidcSettings& settings() const { return settings_; }

  struct Started {
    std::string location;  ///< where the browser goes
    std::string ticket;    ///< for a cookie: state, nonce, verifier and goal, sealed
  };
  /// `goal` is a path of our own, or the desk. Asks the provider (discovery), where it was not asked within the hour.
  Result<Started> start(std::string_view goal);

  struct Returned {
    OidcIdentity identity;
    std::string goal;
  };
  /// `identity.oidc_stale` (no ticket, another's state, ten minutes over), `identity.oidc_refused` (the provider says no),
  /// `identity.oidc_bad_answer`, `identity.oidc_bad_token`, `peer.*`.
  Result<Returned> finish(std::string_view ticket, std::string_view state, std::string_view code);

  /// The claims of a token that is for us, now, from this issuer, with this nonce.
  static std::optional<Problem> objection(const json::Object& claims, const OidcSettings& settings,
                                          std::string_view nonce, Instant now);
  /// A path of our own; anything else is the desk: "//elsewhere", "/\\elsewhere" and "https:" leave the house.
  static std::string safe_goal(std::string_view goal);

 private:
  struct Provider {
    std::string authorization, token, keys;
    Instant asked{};
  };
  struct Ticket {
    std::string state, nonce, verifier, goal;
    Instant until{};
  };
  Result<Provider> provider();
  Result<std::string> token_for(const Provider& provider, std::string_view code, const Ticket& ticket) const;
  /// Keys are asked for again after an hour, for the provider may have withdrawn one, and where none of them has signed the
  /// token, once a minute at most: it may have changed them.
  Result<json::Object> claims_of(const Provider& provider, std::string_view token);
  [[nodiscard]] std::string seal(const Ticket& ticket) const;
  [[nodiscard]] std::optional<Ticket> unseal(std::string_view text) const;

  OidcSettings settings_;
  const journal::Vault& vault_;
  Random& random_;
  const Clock& clock_;
  Ask ask_;
  std::mutex mutex_;
  std::optional<Provider> provider_;
  std::optional<jwt::Keys> keys_;
  Instant keys_asked_{};
};

/// What the configuration makes of somebody: their own account here, or what their groups give them.
struct OidcGrant {
  std::string account;  ///< name of an account here; empty: `authority` counts
  OidcSettings::Authority authority;
};
/// Nothing where the configuration knows neither the subject nor one of the groups.
std::optional<OidcGrant> grant_of(const OidcSettings& settings, const OidcIdentity& who);

}  // namespace tongdian::identity
