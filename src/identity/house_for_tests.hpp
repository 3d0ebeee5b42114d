// A database with the tables that identity needs, a vault and a clock that stands still.
#pragma once

#include <memory>

#include "base/time_text.hpp"
#include "engine/executor.hpp"
#include "identity/accounts.hpp"
#include "identity/schema.hpp"
#include "identity/sessions.hpp"
#include "journal/heads.hpp"
#include "journal/journal.hpp"
#include "journal/person_search.hpp"
#include "journal/vault_files.hpp"
#include "store/database_for_tests.hpp"

namespace tongdian::identity {

struct House {
  store::DatabaseForTests place;
  std::unique_ptr<store::Database> db = place.open();
  ManualClock clock{*parse_instant("2021-11-15T09:00:00+08:00")};
  SeededRandom random{1};
  journal::Vault vault{sha256("vault"), sha256("tag"), random};

  House() {
    const std::vector<store::Migration> all{journal::migration,
                                            journal::vault_migration,
                                            engine::migration,
                                            {4, "", "SELECT 1"},
                                            migration,
                                            {6, "", "SELECT 1"},
                                            journal::rotation_migration,
                                            journal::erasure_migration,
                                            people_migration,
                                            {10, journal::files_migration.name, journal::files_migration.sql},
                                            {11, journal::search_migration.name, journal::search_migration.sql},
                                            {12, journal::belongs_migration.name, journal::belongs_migration.sql}};
    store::migrate(*db, all);
  }
  store::Session& writer() { return db->writer(); }
  Sessions::Write write() {
    return [this](const auto& work) {
      store::Transaction t(db->writer());
      work(db->writer());
      t.commit();
    };
  }
  Sessions sessions() { return {*db, clock, random, write()}; }
  /// What `work` gives, in a transaction.
  template <class Work>
  auto in_transaction(Work work) {
    store::Transaction t(db->writer());
    auto out = work(db->writer());
    t.commit();
    return out;
  }
  Account account(const std::string& user, const std::string& password,
                  std::vector<wire::Role> roles = {wire::Role::clerk}) {
    const Account a{"u-" + user, user, user, std::move(roles), {}, {}};
    add_account(writer(), a, password, clock.now()).value();
    return *find_account(writer(), user);
  }
};

}  // namespace tongdian::identity
