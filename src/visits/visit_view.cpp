// The table of visits: whose times are free, and who comes when.
#include "visits/visit.hpp"

#include "store/where.hpp"

namespace tongdian::visits {

const store::Migration migration{16, "visits", R"(
CREATE TABLE visit_view (stream BIGINT_KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, state TEXT NOT NULL, starts_at BIGINT NOT NULL, minutes BIGINT NOT NULL,
  number TEXT NOT NULL, area TEXT NOT NULL, enterprise TEXT NOT NULL);
CREATE INDEX visit_view_time ON visit_view (starts_at);
CREATE INDEX visit_view_number ON visit_view (number) WHERE number <> '';
)"};

namespace {

constexpr std::string_view select =
    "SELECT id, account, state, starts_at, minutes, number, area, enterprise FROM visit_view ";

Visit visit_of(const store::Row& row) {
  Visit v;
  v.id = row.text(0);
  v.account = row.text(1);
  v.state = enum_of<Status>(row.text(2)).value_or(Status::none);
  v.starts_at = from_ms(row.integer(3));
  v.minutes = static_cast<int>(row.integer(4));
  v.number = row.text(5);
  v.area = row.text(6);
  v.enterprise = row.text(7);
  return v;
}

}  // namespace

void Visits::project(store::Session& session, std::int64_t id, const engine::State& state) const {
  const auto& v = static_cast<const Visit&>(state);
  session.run(
      "INSERT INTO visit_view (stream, id, account, state, starts_at, minutes, number, area, enterprise) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
      "ON CONFLICT (stream) DO UPDATE SET state = excluded.state, number = excluded.number, area = excluded.area, enterprise = excluded.enterprise",
      {id, std::string_view(v.id), std::string_view(v.account), name_of(v.state), to_ms(v.starts_at),
       std::int64_t{v.minutes}, std::string_view(v.number), std::string_view(v.area), std::string_view(v.enterprise)});
}

namespace {

store::Where those(const Query& q) {
  store::Where where;
  where.add("starts_at >= ?", to_ms(q.from));
  where.add("starts_at < ?", to_ms(q.until));
  if (!q.account.empty()) where.add("account = ?", std::string_view(q.account));
  if (!q.not_account.empty()) where.add("account <> ?", std::string_view(q.not_account));
  if (!q.number.empty()) where.add("number = ?", std::string_view(q.number));
  if (q.state) where.add("state = ?", name_of(*q.state));
  where.one_of("area", q.areas);
  where.one_of("enterprise", q.enterprises);
  return where;
}

}  // namespace

std::int64_t count(store::Session& session, const Query& q) {
  const auto where = those(q);
  std::int64_t out = 0;
  session.query("SELECT count(*) FROM visit_view " + where.sql(), where.params(),
                [&](const store::Row& row) { out = row.integer(0); });
  return out;
}

std::vector<Visit> list(store::Session& session, const Query& q) {
  const auto where = those(q);
  std::vector<Visit> out;
  session.query(std::string(select) + where.sql() + " ORDER BY starts_at, account LIMIT 1000", where.params(),
                [&](const store::Row& row) { out.push_back(visit_of(row)); });
  return out;
}

std::optional<Visit> find(store::Session& session, std::string_view id) {
  std::optional<Visit> out;
  session.query(std::string(select) + "WHERE id = $1", {id}, [&](const store::Row& row) { out = visit_of(row); });
  return out;
}

}  // namespace tongdian::visits
