#include "journal/glances.hpp"

#include <algorithm>

#include "store/where.hpp"

namespace tongdian::journal {

const store::Migration glance_migration{17, "who looked at masked data", R"(
CREATE TABLE vault_glance (owner BIGINT NOT NULL, reader TEXT NOT NULL, day BIGINT NOT NULL, first_at BIGINT NOT NULL, PRIMARY KEY (owner, reader, day));
)"};

const store::Migration listed_migration{23, "who had a case in their lists", R"(
CREATE TABLE vault_listed (owner BIGINT NOT NULL, reader TEXT NOT NULL, first_at BIGINT NOT NULL, last_day BIGINT NOT NULL, days BIGINT NOT NULL, PRIMARY KEY (owner, reader));
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

std::vector<std::int64_t> not_listed(store::Session& session, const std::vector<std::int64_t>& owners,
                                     std::string_view reader, LocalDate day) {
  constexpr std::size_t at_once = 512;  // a statement takes some ten thousand parameters, a sheet has more rows
  std::vector<std::int64_t> known;
  for (std::size_t i = 0; i < owners.size(); i += at_once) {
    const auto from = owners.begin() + static_cast<std::ptrdiff_t>(i);
    const std::vector<std::int64_t> some(from,
                                         from + static_cast<std::ptrdiff_t>(std::min(at_once, owners.size() - i)));
    store::Where where;
    where.add("reader = ?", reader);
    where.add("last_day = ?", std::int64_t{day.time_since_epoch().count()});
    where.among("owner", some);
    session.query("SELECT owner FROM vault_listed " + where.sql(), where.params(),
                  [&](const store::Row& row) { known.push_back(row.integer(0)); });
  }
  std::ranges::sort(known);
  std::vector<std::int64_t> out;
  std::ranges::copy_if(owners, std::back_inserter(out),
                       [&](std::int64_t owner) { return !std::ranges::binary_search(known, owner); });
  return out;
}

void note_listed(store::Session& session, const std::vector<std::int64_t>& owners, std::string_view reader,
                 LocalDate day, Instant now) {
  for (const auto owner : owners)
    session.run(
        "INSERT INTO vault_listed (owner, reader, first_at, last_day, days) VALUES ($1, $2, $3, $4, 1) ON CONFLICT (owner, reader) DO UPDATE SET "
        "days = vault_listed.days + 1, last_day = excluded.last_day WHERE vault_listed.last_day < excluded.last_day",
        {owner, reader, to_ms(now), std::int64_t{day.time_since_epoch().count()}});
}

std::vector<Listed> listed_of(store::Session& session, std::int64_t owner) {
  std::vector<Listed> out;
  session.query("SELECT reader, first_at, last_day, days FROM vault_listed WHERE owner = $1 ORDER BY first_at, reader",
                {owner}, [&](const store::Row& row) {
                  out.push_back({std::string(row.text(0)), from_ms(row.integer(1)),
                                 LocalDate{std::chrono::days(row.integer(2))}, row.integer(3)});
                });
  return out;
}

}  // namespace tongdian::journal
