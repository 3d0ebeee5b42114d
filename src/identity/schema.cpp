#include "identity/schema.hpp"

namespace tongdian::identity {

const store::Migration people_migration{9, "people", R"(
ALTER TABLE account ADD COLUMN disabled_at BIGINT;
-- Secrets of authenticators, sealed under a key of the account; `pending` was shown and not yet confirmed by a code.
ALTER TABLE account ADD COLUMN totp BYTES;
ALTER TABLE account ADD COLUMN totp_pending BYTES;
-- The step of the last code that was taken: none is taken twice (RFC 6238 5.2).
ALTER TABLE account ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;
CREATE TABLE recovery_code (account TEXT NOT NULL, code BYTES NOT NULL, used_at BIGINT, PRIMARY KEY (account, code));

-- Whoever is signed in signs in again: the old rows do not say since when and from where.
DROP TABLE session;
CREATE TABLE session (token_hash BYTES PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, principal TEXT NOT NULL, opened_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL);
CREATE INDEX session_account ON session (account);

-- Failures in a row of one account, phone or key; the subject is a keyed digest.
CREATE TABLE lockout (subject BYTES PRIMARY KEY, failures BIGINT NOT NULL, last_at BIGINT NOT NULL, until BIGINT NOT NULL);
CREATE TABLE one_time_code (subject BYTES PRIMARY KEY, code BYTES NOT NULL, expires_at BIGINT NOT NULL, tries BIGINT NOT NULL);

-- Who may act for a firm: phones as keyed digests, the names sealed under a key of the grant.
CREATE TABLE agent_grant (id TEXT PRIMARY KEY, grantor BYTES NOT NULL, agent BYTES NOT NULL, case_number TEXT NOT NULL, sealed BYTES NOT NULL, granted_at BIGINT NOT NULL, until BIGINT NOT NULL, revoked_at BIGINT);
CREATE INDEX agent_grant_agent ON agent_grant (agent);
CREATE INDEX agent_grant_grantor ON agent_grant (grantor);

CREATE TABLE service_key (id TEXT PRIMARY KEY, name TEXT NOT NULL, secret BYTES NOT NULL, scopes TEXT NOT NULL, areas TEXT NOT NULL, enterprises TEXT NOT NULL, made_by TEXT NOT NULL, made_at BIGINT NOT NULL, until BIGINT NOT NULL, revoked_at BIGINT);
)"};

}  // namespace tongdian::identity
