#include "connection/whitelist_view.hpp"

#include <charconv>

#include "connection/view_days.hpp"
#include "store/where.hpp"

namespace tongdian::connection {

const store::Migration whitelist_migration{19, "the whitelist", R"(
-- Days are since 1970-01-01, 99999999 where there is none; next_day is the first day by which works under way are to be done.
CREATE TABLE whitelist_view (stream BIGINT_KEY, kind TEXT NOT NULL, stand TEXT NOT NULL, connection_point TEXT NOT NULL, computed SMALLINT NOT NULL,
  proposed_at BIGINT NOT NULL, entered_at BIGINT, completed_at BIGINT, withdrawn_at BIGINT, reason TEXT NOT NULL, next_day BIGINT NOT NULL);
CREATE TABLE whitelist_work (stream BIGINT NOT NULL, id TEXT NOT NULL, place BIGINT NOT NULL, limited_by TEXT NOT NULL, cure TEXT NOT NULL, what TEXT NOT NULL,
  responsible TEXT NOT NULL, expected_day BIGINT NOT NULL, first_expected_day BIGINT NOT NULL, completed_at BIGINT, PRIMARY KEY (stream, id));
)"};

namespace {

store::Param ms_or_null(const std::optional<Instant>& t) {
  return t ? store::Param{to_ms(*t)} : store::Param{store::null};
}
std::int64_t day_or_undated(const std::optional<LocalDate>& day) { return day ? day_number(*day) : undated; }

std::optional<Instant> instant_at(const store::Row& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(from_ms(row.integer(column)));
}

/// The first day by which something under way is to be done.
std::int64_t next_day(const WhitelistEntry& entry) {
  std::int64_t first = undated;
  if (entry.stand() != WhitelistEntry::Stand::under_way) return first;
  for (const auto& each : entry.works)
    if (!each.completed_at) first = std::min(first, day_or_undated(each.expected_on));
  return first;
}

std::vector<GridWork> works_of(store::Session& session, std::int64_t stream) {
  std::vector<GridWork> out;
  session.query(
      "SELECT id, limited_by, cure, what, responsible, expected_day, first_expected_day, completed_at FROM whitelist_work WHERE stream = $1 ORDER BY place",
      {stream}, [&](const store::Row& r) {
        out.push_back({std::string(r.text(0)), std::string(r.text(1)), std::string(r.text(2)), std::string(r.text(3)),
                       std::string(r.text(4)), day_from(r.integer(5)), day_from(r.integer(6)), instant_at(r, 7)});
      });
  return out;
}

void add_filters(store::Where& where, const RegisterQuery& q) {
  if (!q.stand.empty()) where.add("w.stand = ?", std::string_view(q.stand));
  if (q.overdue) where.add("w.next_day < ?", day_number(q.today));
  if (!q.area.empty()) where.add("area = ?", std::string_view(q.area));
  where.one_of("area", q.areas);
  where.one_of("enterprise", q.enterprises);
}

constexpr std::string_view tables = "FROM whitelist_view w JOIN case_view c ON c.stream = w.stream ";

}  // namespace

void write_whitelist(store::Session& session, std::int64_t id, const CaseState& s) {
  if (!s.whitelist) return;
  const auto& entry = *s.whitelist;
  session.run(
      "INSERT INTO whitelist_view (stream, kind, stand, connection_point, computed, proposed_at, entered_at, completed_at, withdrawn_at, reason, next_day) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (stream) DO UPDATE SET kind = excluded.kind, stand = excluded.stand, "
      "connection_point = excluded.connection_point, computed = excluded.computed, proposed_at = excluded.proposed_at, entered_at = excluded.entered_at, "
      "completed_at = excluded.completed_at, withdrawn_at = excluded.withdrawn_at, reason = excluded.reason, next_day = excluded.next_day",
      {id, std::string_view(entry.kind), name_of(entry.stand()), std::string_view(entry.connection_point),
       std::int64_t{entry.computed}, to_ms(entry.proposed_at), ms_or_null(entry.entered_at),
       ms_or_null(entry.completed_at), ms_or_null(entry.withdrawn_at), std::string_view(entry.reason),
       next_day(entry)});
  // A second proposal may have fewer works than the first.
  session.run("DELETE FROM whitelist_work WHERE stream = $1", {id});
  std::int64_t place = 0;
  for (const auto& each : entry.works)
    session.run(
        "INSERT INTO whitelist_work (stream, id, place, limited_by, cure, what, responsible, expected_day, first_expected_day, completed_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        {id, std::string_view(each.id), ++place, std::string_view(each.limit), std::string_view(each.cure),
         std::string_view(each.what), std::string_view(each.responsible), day_or_undated(each.expected_on),
         day_or_undated(each.first_expected_on), ms_or_null(each.completed_at)});
}

RegisterPage whitelist(store::Session& session, const RegisterQuery& q) {
  RegisterPage page;
  store::Where where;
  add_filters(where, q);
  session.query("SELECT count(*) " + std::string(tables) + where.sql(), where.params(),
                [&](const store::Row& row) { page.total = row.integer(0); });
  store::Where late;
  auto overdue = q;
  overdue.overdue = true;
  add_filters(late, overdue);
  session.query("SELECT count(*) " + std::string(tables) + late.sql(), late.params(),
                [&](const store::Row& row) { page.overdue = row.integer(0); });

  // `after` is "DAY-STREAM" of the last row of the page before.
  const auto dash = q.after.find('-');
  if (dash != std::string::npos) {
    std::int64_t day = 0, stream = 0;
    std::from_chars(q.after.data(), q.after.data() + dash, day);
    std::from_chars(q.after.data() + dash + 1, q.after.data() + q.after.size(), stream);
    where.add("(w.next_day, w.stream) > (?, ?)", day, stream);
  }
  std::int64_t last_day = 0;
  session.query(
      "SELECT w.stream, w.kind, w.connection_point, w.computed, w.proposed_at, w.entered_at, w.completed_at, w.withdrawn_at, w.reason, w.next_day " +
          std::string(tables) + where.sql() + " ORDER BY w.next_day, w.stream LIMIT " + std::to_string(q.limit + 1),
      where.params(), [&](const store::Row& r) {
        if (static_cast<std::int64_t>(page.rows.size()) == q.limit) {
          page.next = std::to_string(last_day) + "-" + std::to_string(page.rows.back().of.stream);
          return;
        }
        RegisterRow row;
        row.of.stream = r.integer(0);
        row.entry.kind = r.text(1);
        row.entry.connection_point = r.text(2);
        row.entry.computed = r.integer(3) != 0;
        row.entry.proposed_at = from_ms(r.integer(4));
        row.entry.entered_at = instant_at(r, 5);
        row.entry.completed_at = instant_at(r, 6);
        row.entry.withdrawn_at = instant_at(r, 7);
        row.entry.reason = r.text(8);
        last_day = r.integer(9);
        page.rows.push_back(std::move(row));
      });
  for (auto& row : page.rows) {
    row.of = cases_of(session, {row.of.stream}).at(0);
    row.entry.works = works_of(session, row.of.stream);
  }
  return page;
}

}  // namespace tongdian::connection
