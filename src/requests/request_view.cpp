// The table of requests: what waits for somebody's answer.
#include "requests/request.hpp"

#include "store/where.hpp"

namespace tongdian::requests {

const store::Migration migration{10, "requests", R"(
CREATE TABLE request_view (stream BIGINT_KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, state TEXT NOT NULL, subject TEXT NOT NULL, area TEXT NOT NULL, enterprise TEXT NOT NULL,
  content TEXT NOT NULL, asked_kind TEXT NOT NULL, asked_id TEXT NOT NULL, asked_at BIGINT NOT NULL, answered_kind TEXT NOT NULL, answered_id TEXT NOT NULL, answered_at BIGINT, words TEXT NOT NULL);
CREATE INDEX request_view_state ON request_view (state, asked_at);
CREATE INDEX request_view_subject ON request_view (subject);
)"};

const store::Migration settled_migration{15, "settled complaints", R"(
-- What whoever complained said of the answer: 'yes', 'no', or nothing yet.
ALTER TABLE request_view ADD COLUMN settled TEXT NOT NULL DEFAULT '';
)"};

const store::Migration clock_migration{22, "clocks of complaints", R"(
-- What the clock said last of a complaint that waits, by when it is to be answered, and the answer that settled nothing.
ALTER TABLE request_view ADD COLUMN alarm TEXT NOT NULL DEFAULT '';
ALTER TABLE request_view ADD COLUMN due_on TEXT NOT NULL DEFAULT '';
ALTER TABLE request_view ADD COLUMN earlier TEXT NOT NULL DEFAULT '';
)"};

namespace {

constexpr std::string_view select =
    "SELECT id, kind, state, subject, area, enterprise, content, asked_kind, asked_id, asked_at, answered_kind, "
    "answered_id, answered_at, words, settled, stream, alarm, due_on, earlier FROM request_view ";

json::Value to_json(const Earlier& e) {
  return json::Object{
      {"state", name_of(e.state)}, {"words", e.words}, {"by_kind", e.by.kind}, {"by_id", e.by.id}, {"at", to_ms(e.at)}};
}

Earlier earlier_of(const json::Value& v) {
  const auto text = [&](const char* key) { return std::string(v.at(key).as_string()); };
  return {enum_of<Status>(text("state")).value_or(Status::declined),
          text("words"),
          {text("by_kind"), text("by_id")},
          from_ms(v.at("at").to_number<std::int64_t>())};
}

Request request_of(const store::Row& row) {
  Request r;
  r.id = row.text(0);
  r.kind = enum_of<Kind>(row.text(1)).value_or(Kind::review);
  r.state = enum_of<Status>(row.text(2)).value_or(Status::open);
  r.subject = row.text(3);
  r.area = row.text(4);
  r.enterprise = row.text(5);
  r.content = json::parse(row.text(6)).value();
  r.asked_by = {std::string(row.text(7)), std::string(row.text(8))};
  r.asked_at = from_ms(row.integer(9));
  r.answered_by = {std::string(row.text(10)), std::string(row.text(11))};
  if (const auto at = row.optional_integer(12)) r.answered_at = from_ms(*at);
  r.words = row.text(13);
  if (const auto settled = row.text(14); !settled.empty()) r.settled = settled == "yes";
  r.stream = row.integer(15);
  r.alarm = row.text(16);
  r.due_on = row.text(17);
  if (const auto earlier = row.text(18); !earlier.empty()) r.earlier = earlier_of(json::parse(earlier).value());
  return r;
}

}  // namespace

void Requests::project(store::Session& session, std::int64_t id, const engine::State& state) const {
  const auto& r = static_cast<const Request&>(state);
  const std::string content = json::canonical(r.content);
  const std::string earlier = r.earlier ? json::canonical(to_json(*r.earlier)) : "";
  session.run("DELETE FROM request_view WHERE stream = $1", {id});
  session.run(
      "INSERT INTO request_view (stream, id, kind, state, subject, area, enterprise, content, asked_kind, asked_id, "
      "asked_at, answered_kind, answered_id, answered_at, words, settled, alarm, due_on, earlier) VALUES ($1, $2, $3, $4, $5, "
      "$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
      {id, std::string_view(r.id), name_of(r.kind), name_of(r.state), std::string_view(r.subject),
       std::string_view(r.area), std::string_view(r.enterprise), std::string_view(content),
       std::string_view(r.asked_by.kind), std::string_view(r.asked_by.id), to_ms(r.asked_at),
       std::string_view(r.answered_by.kind), std::string_view(r.answered_by.id),
       store::nullable(r.answered_at ? std::optional(to_ms(*r.answered_at)) : std::nullopt), std::string_view(r.words),
       std::string_view(!r.settled   ? ""
                        : *r.settled ? "yes"
                                     : "no"),
       std::string_view(r.alarm), std::string_view(r.due_on), std::string_view(earlier)});
}

namespace {

store::Where those(const Query& q) {
  store::Where where;
  if (q.from_customers)
    where.add(*q.from_customers ? "kind IN ('review', 'complaint')" : "kind NOT IN ('review', 'complaint')");
  if (q.open_only) where.add("state = 'open'");
  if (q.granted_only) where.add("state = 'granted'");
  if (!q.subject.empty()) where.add("subject = ?", std::string_view(q.subject));
  if (q.streams) where.among("stream", *q.streams);
  where.one_of("area", q.areas);
  where.one_of("enterprise", q.enterprises);
  return where;
}

}  // namespace

std::vector<Request> list(store::Session& session, const Query& q) {
  const auto where = those(q);
  std::vector<Request> out;
  session.query(std::string(select) + where.sql() + " ORDER BY asked_at, id LIMIT 200", where.params(),
                [&](const store::Row& row) { out.push_back(request_of(row)); });
  return out;
}

std::int64_t count(store::Session& session, const Query& q) {
  const auto where = those(q);
  std::int64_t out = 0;
  session.query("SELECT count(*) FROM request_view " + where.sql(), where.params(),
                [&](const store::Row& row) { out = row.integer(0); });
  return out;
}

LateComplaints late_complaints(store::Session& session, const std::vector<std::string>& areas,
                               const std::vector<std::string>& enterprises) {
  store::Where where;
  where.add("state = 'open'");
  where.add("kind = 'complaint'");
  where.add("alarm IN ('overdue', 'reminded', 'supervised', 'named')");
  where.one_of("area", areas);
  where.one_of("enterprise", enterprises);
  LateComplaints out;
  session.query("SELECT alarm, count(*) FROM request_view " + where.sql() + " GROUP BY alarm", where.params(),
                [&](const store::Row& row) {
                  const auto alarm = row.text(0);
                  out.late += row.integer(1);
                  if (alarm == "supervised" || alarm == "named") out.supervised += row.integer(1);
                });
  return out;
}

namespace {

std::vector<std::int64_t> complaints(store::Session& session, std::string_view also) {
  std::vector<std::int64_t> out;
  session.query("SELECT stream FROM request_view WHERE kind = 'complaint'" + std::string(also) + " ORDER BY stream", {},
                [&](const store::Row& row) { out.push_back(row.integer(0)); });
  return out;
}

}  // namespace

std::vector<std::int64_t> waiting_complaints(store::Session& session) {
  return complaints(session, " AND state = 'open'");
}

std::vector<std::int64_t> all_complaints(store::Session& session) { return complaints(session, ""); }

std::optional<Request> find(store::Session& session, std::string_view id) {
  std::optional<Request> out;
  session.query(std::string(select) + "WHERE id = $1", {id}, [&](const store::Row& row) { out = request_of(row); });
  return out;
}

}  // namespace tongdian::requests
