#include "journal/glances.hpp"

namespace tongdian::journal {

const store::Migration glance_migration{17, "who looked at masked data", R"(
CREATE TABLE vault_glance (owner BIGINT NOT NULL, reader TEXT NOT NULL, day BIGINT NOT NULL, first_at BIGINT NOT NULL, PRIMARY KEY (owner, reader, day));
)"};

void note_glance(store::Session& session, std::int64_t owner, std::string_view reader, LocalDate day, Instant now) {
  session.run("INSERT INTO vault_glance (owner, reader, day, first_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
              {owner, reader, std::int64_t{day.time_since_epoch().count()}, to_ms(now)});
}

bool was_glanced(store::Session& session, std::int64_t owner, std::string_view reader, LocalDate day) {
  return session
      .integer("SELECT 1 FROM vault_glance WHERE owner = $1 AND reader = $2 AND day = $3",
               {owner, reader, std::int64_t{day.time_since_epoch().count()}})
      .has_value();
}

std::vector<VaultRead> glances_of(store::Session& session, std::int64_t owner) {
  std::vector<VaultRead> out;
  session.query("SELECT reader, first_at FROM vault_glance WHERE owner = $1 ORDER BY first_at, reader", {owner},
                [&](const store::Row& row) {
                  out.push_back({std::string(row.text(0)), from_ms(row.integer(1))});
                });
  return out;
}

}  // namespace tongdian::journal
