#include "notify/notify.hpp"

#include <vector>

#include "base/time_text.hpp"

namespace tongdian::notify {

const store::Migration migration{6, "notify", R"(
-- id is the outbox row's: the same row twice is the same notice.
CREATE TABLE notice (id BIGINT_KEY, stream BIGINT NOT NULL, at BIGINT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL);
CREATE INDEX notice_stream ON notice (stream);
)"};

namespace {

constexpr std::string_view aside = "failed:";
constexpr int most_tries = 3;

struct Item {
  std::int64_t id = 0, stream = 0;
  std::string topic, payload;
};

std::vector<Item> waiting(store::Session& session, std::int64_t limit) {
  std::vector<Item> items;
  session.query("SELECT id, stream, topic, payload FROM outbox WHERE topic NOT LIKE 'failed:%' ORDER BY id LIMIT $1",
                {limit}, [&](const store::Row& row) {
                  items.push_back({row.integer(0), row.integer(1), std::string(row.text(2)), std::string(row.text(3))});
                });
  return items;
}

void carry_out(store::Session& session, const Item& item, const Words& words, Instant now, const Carry& carry) {
  if (item.topic != "notice") {
    if (carry) carry(session, item.topic, item.payload);
  } else {
    const auto payload = json::parse(item.payload).value();
    const Sentence text =
        words(std::string(payload.at("type").as_string()), std::string(payload.at("number").as_string()));
    if (!text.zh.empty())
      session.run("INSERT INTO notice (id, stream, at, zh, en) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                  {item.id, item.stream, to_ms(now), std::string_view(text.zh), std::string_view(text.en)});
  }
  session.run("DELETE FROM outbox WHERE id = $1", {item.id});
}

bool of_the_database(const std::exception& e) {
  const auto* problem = dynamic_cast<const ProblemError*>(&e);
  const std::string_view code = problem ? std::string_view(problem->problem.code) : std::string_view();
  return code.starts_with("store.") && code != "store.constraint";  // which is the row's own
}

}  // namespace

std::int64_t drain(store::Session& session, const Words& words, Instant now, std::int64_t limit, const Carry& carry) {
  const auto items = waiting(session, limit);
  for (const auto& item : items) carry_out(session, item, words, now, carry);
  return static_cast<std::int64_t>(items.size());
}

void Outbox::empty(engine::Executor& executor, store::Database& database, Instant now) {
  try {
    executor.in_transaction([&](store::Session& session) { drain(session, words_, now, 500, carry_); });
    failed_.clear();
  } catch (const std::exception& e) {
    if (of_the_database(e)) throw;
    one_by_one(executor, database, now);
  }
}

void Outbox::one_by_one(engine::Executor& executor, store::Database& database, Instant now) {
  const auto items = waiting(*database.reader(), 500);
  for (const auto& item : items) try {
      executor.in_transaction([&](store::Session& session) { carry_out(session, item, words_, now, carry_); });
    } catch (const std::exception& e) {
      if (of_the_database(e)) throw;
      if (++failed_[item.id] < most_tries) continue;
      executor.in_transaction([&](store::Session& session) {
        session.run("UPDATE outbox SET topic = $2 WHERE id = $1",
                    {item.id, std::string_view(std::string(aside) + item.topic)});
      });
      failed_.erase(item.id);
      if (told_) told_(item.topic, e.what());
    }
}

std::int64_t set_aside(store::Session& session) {
  return session.integer("SELECT count(*) FROM outbox WHERE topic LIKE 'failed:%'").value_or(0);
}

json::Array notices_of(store::Session& session, std::int64_t stream, Zone zone) {
  json::Array out;
  session.query("SELECT at, zh, en FROM notice WHERE stream = $1 ORDER BY id", {stream}, [&](const store::Row& row) {
    out.push_back(json::Object{{"at", format_instant(from_ms(row.integer(0)), zone)},
                               {"text", json::Object{{"zh", row.text(1)}, {"en", row.text(2)}}}});
  });
  return out;
}

}  // namespace tongdian::notify
