// The register of the whitelist 白名单 as a table: which case, which kind, how it stands, which works and by when.
#pragma once

#include <string>
#include <vector>

#include "connection/case_state.hpp"
#include "connection/case_view.hpp"
#include "store/migrations.hpp"

namespace tongdian::connection {

/// Migration 19: whitelist_view, whitelist_work.
extern const store::Migration whitelist_migration;

void write_whitelist(store::Session& session, std::int64_t id, const CaseState& state);

struct RegisterRow {
  CaseRow of;
  WhitelistEntry entry;  ///< without who proposed it
};

struct RegisterQuery {
  std::string stand;     ///< of WhitelistEntry::Stand; empty is every one
  bool overdue = false;  ///< works under way past their day alone
  std::string area;
  std::vector<std::string> areas, enterprises;  ///< what the reader may see; empty is everything
  std::string after;                            ///< `next` of the page before
  std::int64_t limit = 50;
  LocalDate today{};
};

struct RegisterPage {
  std::vector<RegisterRow> rows;
  std::string next;                     ///< empty on the last page
  std::int64_t total = 0, overdue = 0;  ///< of all pages
};

/// What is expected first stands first.
RegisterPage whitelist(store::Session& session, const RegisterQuery& query);

}  // namespace tongdian::connection
