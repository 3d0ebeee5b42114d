// Who looked at a case while its person's data were masked. Half a name beside a township is a datum too, so the person is told;
// apart from `vault_read`, because seeing masked and seeing whole on one day are two things to know.
#pragma once

#include "journal/vault.hpp"

namespace tongdian::journal {

/// Migration 17: vault_glance.
extern const store::Migration glance_migration;
/// Migration 23: vault_listed.
extern const store::Migration listed_migration;

void note_glance(store::Session& session, std::int64_t owner, std::string_view reader, LocalDate day, Instant now);
/// Whether that has been noted.
bool was_glanced(store::Session& session, std::int64_t owner, std::string_view reader, LocalDate day);
/// By time; once a day each.
std::vector<VaultRead> glances_of(store::Session& session, std::int64_t owner);

/// In whose lists a case stood as one row of many, the name masked: one entry for a reader and a case, however often.
struct Listed {
  std::string reader;
  Instant first_at{};
  LocalDate last_on{};
  std::int64_t days = 0;  ///< on how many days
};
/// Those of them that are not noted for this reader and day yet.
std::vector<std::int64_t> not_listed(store::Session& session, const std::vector<std::int64_t>& owners,
                                     std::string_view reader, LocalDate day);
void note_listed(store::Session& session, const std::vector<std::int64_t>& owners, std::string_view reader,
                 LocalDate day, Instant now);
std::vector<Listed> listed_of(store::Session& session, std::int64_t owner);

}  // namespace tongdian::journal
