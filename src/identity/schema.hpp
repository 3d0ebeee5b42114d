// The room's second migration: everything that came with second factors, customers' phones, agents, programs and OIDC.
#pragma once

#include "store/migrations.hpp"

namespace tongdian::identity {

/// Migration 9: more of account and session; recovery_code, lockout, one_time_code, agent_grant, service_key.
extern const store::Migration people_migration;

}  // namespace tongdian::identity
