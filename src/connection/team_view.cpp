#include "connection/team_view.hpp"

#include "connection/case_state.hpp"
#include "connection/events.hpp"
#include "connection/view_days.hpp"
#include "store/where.hpp"

namespace tongdian::connection {

const store::Migration team_migration{12, "team of a case", R"(
-- cover and cover_day (days since 1970-01-01): who stands in, until the end of which day; empty and 0 without.
CREATE TABLE case_team (stream BIGINT NOT NULL, role TEXT NOT NULL, account TEXT NOT NULL, cover TEXT NOT NULL, cover_day BIGINT NOT NULL,
  PRIMARY KEY (stream, role));
CREATE INDEX case_team_account ON case_team (account);
CREATE INDEX case_team_cover ON case_team (cover) WHERE cover_day > 0;
)"};

void write_team(store::Session& session, std::int64_t id, const CaseState& state) {
  for (const auto& m : state.team)
    session.run(
        "INSERT INTO case_team (stream, role, account, cover, cover_day) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (stream, role) DO UPDATE SET account = excluded.account, cover = excluded.cover, cover_day = excluded.cover_day",
        {id, std::string_view(m.role), std::string_view(m.account), std::string_view(m.cover),
         m.cover_until ? day_number(*m.cover_until) : std::int64_t{0}});
}

std::vector<TeamRole> roles_of(store::Session& session, std::string_view account, const std::vector<std::string>& areas,
                               const std::vector<std::string>& enterprises) {
  store::Where where;
  where.add("account = ?", account);
  where.add("is_open = 1");
  where.one_of("area", areas);
  where.one_of("enterprise", enterprises);
  std::vector<TeamRole> out;
  session.query(
      "SELECT c.stream, c.number, c.area, c.enterprise, t.role, t.cover, c.due_day, t.cover_day FROM case_team t JOIN case_view c ON c.stream = t.stream " +
          where.sql() + " ORDER BY c.due_day, c.stream, t.role",
      where.params(), [&](const store::Row& r) {
        const auto cover_day = r.integer(7);
        out.push_back({r.integer(0), std::string(r.text(1)), std::string(r.text(2)), std::string(r.text(3)),
                       std::string(r.text(4)), std::string(r.text(5)), day_from(r.integer(6)),
                       cover_day == 0 ? std::nullopt : day_from(cover_day)});
      });
  return out;
}

std::vector<std::int64_t> with_a_team(store::Session& session) {
  std::vector<std::int64_t> out;
  const std::string type = "%\"type\":\"" + std::string(events::team_changed) + "\"%";
  session.query("SELECT DISTINCT stream FROM event WHERE body LIKE $1 ORDER BY stream", {std::string_view(type)},
                [&](const store::Row& row) { out.push_back(row.integer(0)); });
  return out;
}

}  // namespace tongdian::connection
