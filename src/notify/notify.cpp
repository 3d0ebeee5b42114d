#include "notify/notify.hpp"

#include <vector>

#include "base/time_text.hpp"

namespace tongdian::notify {

const store::Migration migration{6, "notify", R"(
-- id is the outbox row's: the same row twice is the same notice.
CREATE TABLE notice (id BIGINT_KEY, stream BIGINT NOT NULL, at BIGINT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL);
CREATE INDEX notice_stream ON notice (stream);
)"};

std::int64_t drain(store::Session& session, const Words& words, Instant now, std::int64_t limit, const Carry& carry) {
  struct Item {
    std::int64_t id, stream;
    std::string topic, payload;
  };
  std::vector<Item> items;
  session.query("SELECT id, stream, topic, payload FROM outbox ORDER BY id LIMIT $1", {limit},
                [&](const store::Row& row) {
                  items.push_back({row.integer(0), row.integer(1), std::string(row.text(2)), std::string(row.text(3))});
                });
  for (const auto& item : items) {
    if (item.topic != "notice") {
      if (carry) carry(session, item.topic, item.payload);
      session.run("DELETE FROM outbox WHERE id = $1", {item.id});
      continue;
    }
    const auto payload = json::parse(item.payload).value();
    const Sentence text =
        words(std::string(payload.at("type").as_string()), std::string(payload.at("number").as_string()));
    if (!text.zh.empty())
      session.run("INSERT INTO notice (id, stream, at, zh, en) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                  {item.id, item.stream, to_ms(now), std::string_view(text.zh), std::string_view(text.en)});
    session.run("DELETE FROM outbox WHERE id = $1", {item.id});
  }
  return static_cast<std::int64_t>(items.size());
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
