// Who has a role in which case: "my cases", and what is to be handed over when somebody is away.
#pragma once

#include <string>
#include <vector>

#include "connection/case_view.hpp"
#include "store/migrations.hpp"

namespace tongdian::connection {

/// Migration 12: case_team. Cases from before have their rows by `with_a_team` and a refresh.
extern const store::Migration team_migration;

void write_team(store::Session& session, std::int64_t id, const CaseState& state);

/// A role in a case that is not over.
struct TeamRole {
  std::int64_t stream = 0;
  std::string number, area, enterprise, role, cover;
  std::optional<LocalDate> due_on, cover_until;
};
/// The roles that are this account's own, not those that it covers; by due date. `areas` and `enterprises` as in an inbox.
std::vector<TeamRole> roles_of(store::Session& session, std::string_view account, const std::vector<std::string>& areas,
                               const std::vector<std::string>& enterprises);

/// The cases whose journal tells of a team.
std::vector<std::int64_t> with_a_team(store::Session& session);

}  // namespace tongdian::connection
