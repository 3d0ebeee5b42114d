#include "connection/case_view.hpp"

#include <algorithm>
#include <charconv>

#include "connection/alarms.hpp"
#include "connection/connection.hpp"
#include "connection/view_days.hpp"
#include "store/where.hpp"

namespace tongdian::connection {
namespace {

using store::Where;

/// The worst of what the clock has said of the total and of the stage that runs; a stage that is over is over.
std::string_view worst_alarm(const CaseState& s) {
  const std::string stage = s.stage() ? s.stage()->id : std::string();
  std::string_view worst;
  for (const auto& alarm : s.alarms) {
    if (alarm == "breached") return "breached";
    const std::string scope = alarm.substr(alarm.find(':') + 1);
    if (scope != "total" && scope != stage) continue;
    if (alarm == "overdue:total" && s.ceiling_wd == s.target_wd) return "breached";
    if (alarm.starts_with("overdue")) worst = "overdue";
    if (alarm.starts_with("warned") && worst.empty()) worst = "warned";
  }
  return worst;
}

constexpr std::string_view columns =
    "SELECT stream, number, phase, class, stage, area, township, enterprise, holder, alarm, requested_kw, due_day, ceiling_day, beyond, opened_at FROM case_view ";

CaseRow row_from(const store::Row& r) {
  CaseRow out;
  out.stream = r.integer(0);
  out.number = r.text(1);
  out.phase = r.text(2);
  out.klass = r.text(3);
  out.stage = r.text(4);
  out.area = r.text(5);
  out.township = r.text(6);
  out.enterprise = r.text(7);
  out.holder = r.text(8);
  out.alarm = r.text(9);
  out.requested_kw = r.real(10);
  out.due_on = day_from(r.integer(11));
  out.ceiling_on = day_from(r.integer(12));
  out.beyond_calendar = r.integer(13) != 0;
  out.opened_at = from_ms(r.integer(14));
  return out;
}

void add_state(Where& where, const InboxQuery& q) {
  switch (q.state) {
    case InboxState::open: where.add("is_open = 1"); break;
    case InboxState::customer: where.add("is_open = 1 AND holder = 'customer'"); break;
    case InboxState::late:
      where.add("is_open = 1");
      where.add("due_day < ?", day_number(q.today));
      break;
    case InboxState::done: where.add("is_open = 0"); break;
    case InboxState::all: break;
  }
}

/// `beyond_prefix` sorts behind every number that begins as the query says.
void add_filters(Where& where, const InboxQuery& q, std::string_view beyond_prefix) {
  add_state(where, q);
  if (!q.area.empty()) where.add("area = ?", std::string_view(q.area));
  if (!q.stage.empty()) where.add("stage = ?", std::string_view(q.stage));
  if (!q.number_prefix.empty()) {
    where.add("number >= ?", std::string_view(q.number_prefix));
    where.add("number < ?", beyond_prefix);
  }
  where.one_of("area", q.areas);
  where.one_of("enterprise", q.enterprises);
  if (!q.member.empty())
    where.add("stream IN (SELECT stream FROM case_team WHERE account = ? OR (cover = ? AND cover_day >= ?))",
              std::string_view(q.member), std::string_view(q.member), day_number(q.today));
  if (q.phone_tag) where.add("stream IN (SELECT owner FROM vault WHERE phone_tag = ?)", ByteView(*q.phone_tag));
  if (q.streams) where.among("stream", *q.streams);
}

}  // namespace

const store::Migration migration{4, "connection", R"(
-- due_day and ceiling_day are days since 1970-01-01, 99999999 where no date binds; both follow from the events and the
-- calendar and are written again whenever either changes.
CREATE TABLE case_view (stream BIGINT_KEY, number TEXT NOT NULL, phase TEXT NOT NULL, is_open SMALLINT NOT NULL, class TEXT NOT NULL, stage TEXT NOT NULL,
  area TEXT NOT NULL, township TEXT NOT NULL, enterprise TEXT NOT NULL, requested_kw DOUBLE PRECISION NOT NULL, holder TEXT NOT NULL, alarm TEXT NOT NULL,
  due_day BIGINT NOT NULL, ceiling_day BIGINT NOT NULL, beyond SMALLINT NOT NULL, opened_at BIGINT NOT NULL, ended_at BIGINT);
CREATE INDEX case_inbox ON case_view (due_day) WHERE is_open = 1;
CREATE INDEX case_beyond ON case_view (stream) WHERE beyond = 1;
)"};

const store::Migration ending_migration{24, "cases by the end of their number", R"(
-- "TD260701-7K2PQM": people read out the last four.
CREATE INDEX case_ending ON case_view (substr(number, 12));
)"};

void write_case_view(store::Session& session, std::int64_t id, const CaseState& s, const Days& days) {
  const auto opens = lead_opens_at(s, days);
  const auto due_on = opens ? std::optional(days.zone.date_of(*opens)) : binding_due(s, days);
  const auto ceiling = s.phase == Phase::running ? due(grid_spans(s, days), s.ceiling_wd, days) : std::nullopt;
  const bool open = s.open() || s.phase == Phase::lead;
  const std::string_view holder = s.phase == Phase::with_customer ? "customer" : open ? "grid" : "nobody";
  const std::string_view stage = s.stage() ? std::string_view(s.stage()->id) : std::string_view();
  session.run(
      "INSERT INTO case_view (stream, number, phase, is_open, class, stage, area, township, enterprise, requested_kw, holder, alarm, due_day, ceiling_day, beyond, opened_at, ended_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (stream) DO UPDATE SET phase = excluded.phase, is_open = excluded.is_open, "
      "class = excluded.class, stage = excluded.stage, holder = excluded.holder, alarm = excluded.alarm, due_day = excluded.due_day, ceiling_day = excluded.ceiling_day, "
      "beyond = excluded.beyond, opened_at = excluded.opened_at, ended_at = excluded.ended_at",
      {id, std::string_view(s.number), name_of(s.phase), std::int64_t{open}, std::string_view(s.klass), stage,
       std::string_view(s.area), std::string_view(s.township), std::string_view(s.enterprise), s.facts.requested_kw,
       holder, worst_alarm(s), due_on ? day_number(*due_on) : undated, ceiling ? day_number(*ceiling) : undated,
       std::int64_t{beyond_calendar(s, days)}, to_ms(s.opened_at),
       s.ended_at ? store::Param{to_ms(*s.ended_at)} : store::Param{store::null}});
}

InboxPage inbox(store::Session& session, const InboxQuery& q) {
  Where where;
  const std::string beyond_prefix = q.number_prefix + "~";
  add_filters(where, q, beyond_prefix);

  InboxPage page;
  session.query("SELECT count(*) FROM case_view " + where.sql(), where.params(),
                [&](const store::Row& row) { page.total = row.integer(0); });

  // `after` is "DAY-STREAM" of the last row of the page before.
  const auto dash = q.after.find('-');
  if (dash != std::string::npos) {
    std::int64_t day = 0, stream = 0;
    std::from_chars(q.after.data(), q.after.data() + dash, day);
    std::from_chars(q.after.data() + dash + 1, q.after.data() + q.after.size(), stream);
    where.add("(due_day, stream) > (?, ?)", day, stream);
  }
  std::int64_t last_day = 0;
  session.query(std::string(columns) + where.sql() + " ORDER BY due_day, stream LIMIT " + std::to_string(q.limit + 1),
                where.params(), [&](const store::Row& row) {
                  if (static_cast<std::int64_t>(page.rows.size()) == q.limit) {
                    page.next = std::to_string(last_day) + "-" + std::to_string(page.rows.back().stream);
                    return;
                  }
                  page.rows.push_back(row_from(row));
                  last_day = row.integer(11);
                });
  return page;
}

namespace {

std::vector<std::int64_t> newest(store::Session& session, const Where& where, std::int64_t limit) {
  std::vector<std::int64_t> out;
  session.query("SELECT stream FROM case_view " + where.sql() + " ORDER BY stream DESC LIMIT " + std::to_string(limit),
                where.params(), [&](const store::Row& row) { out.push_back(row.integer(0)); });
  return out;
}

}  // namespace

std::vector<std::int64_t> ending_in(store::Session& session, const InboxQuery& q, std::string_view end,
                                    std::int64_t limit) {
  Where where;
  const std::string beyond_prefix = q.number_prefix + "~", like = "%" + std::string(end);
  add_filters(where, q, beyond_prefix);
  where.add("substr(number, 12) = ?", end.substr(end.size() - 4));
  where.add("number LIKE ?", std::string_view(like));
  return newest(session, where, limit);
}

std::vector<std::int64_t> candidates(store::Session& session, const InboxQuery& q,
                                     const std::vector<std::int64_t>& tokens, std::int64_t limit) {
  Where where;
  const std::string beyond_prefix = q.number_prefix + "~";
  add_filters(where, q, beyond_prefix);
  where.add("stream IN (SELECT owner FROM vault_token WHERE token IN (" + where.list(tokens, tokens.size()) +
            ") GROUP BY owner HAVING count(*) = " + std::to_string(tokens.size()) + ")");
  return newest(session, where, limit);
}

std::optional<CaseRow> find_case(store::Session& session, std::string_view number) {
  std::optional<CaseRow> out;
  const std::string name = "case/" + std::string(number);
  session.query(std::string(columns) + "WHERE stream = (SELECT id FROM stream WHERE name = $1)",
                {std::string_view(name)}, [&](const store::Row& row) { out = row_from(row); });
  return out;
}

std::vector<CaseRow> cases_of(store::Session& session, const std::vector<std::int64_t>& streams) {
  std::vector<CaseRow> out;
  for (const auto stream : streams)
    session.query(std::string(columns) + "WHERE stream = $1", {stream},
                  [&](const store::Row& row) { out.push_back(row_from(row)); });
  std::ranges::sort(out, [](const CaseRow& a, const CaseRow& b) { return a.stream > b.stream; });
  return out;
}

std::vector<std::string> likely_duplicates(store::Session& session, const Hash& phone_tag, const Hash& site_tag) {
  std::vector<std::string> out;
  session.query(
      "SELECT c.number FROM vault v JOIN case_view c ON c.stream = v.owner WHERE v.phone_tag = $1 AND v.site_tag = $2 AND c.is_open = 1 ORDER BY c.stream LIMIT 5",
      {ByteView(phone_tag), ByteView(site_tag)}, [&](const store::Row& row) { out.emplace_back(row.text(0)); });
  return out;
}

std::vector<std::int64_t> open_cases(store::Session& session) {
  std::vector<std::int64_t> out;
  session.query("SELECT stream FROM case_view WHERE is_open = 1 ORDER BY stream", {},
                [&](const store::Row& row) { out.push_back(row.integer(0)); });
  return out;
}

std::vector<std::int64_t> waiting_for_calendar(store::Session& session) {
  std::vector<std::int64_t> out;
  session.query("SELECT stream FROM case_view WHERE beyond = 1 ORDER BY stream", {},
                [&](const store::Row& row) { out.push_back(row.integer(0)); });
  return out;
}

}  // namespace tongdian::connection
