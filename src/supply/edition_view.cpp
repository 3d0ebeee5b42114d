// The tables of editions, and of the lists that they name.
#include "supply/edition.hpp"

namespace tongdian::supply {

const store::Migration edition_migration{18, "editions of open capacity", R"(
CREATE TABLE edition_view (stream BIGINT_KEY, month TEXT NOT NULL UNIQUE, version BIGINT NOT NULL, at BIGINT NOT NULL, network TEXT NOT NULL,
  made_up BIGINT NOT NULL, network_digest TEXT NOT NULL, standards_digest TEXT NOT NULL, list_digest TEXT NOT NULL, places BIGINT NOT NULL, limited BIGINT NOT NULL);
CREATE TABLE published_list (digest TEXT NOT NULL PRIMARY KEY, body BYTES NOT NULL);
)"};

const store::Migration approved_edition_migration{21, "editions count approved cases", R"(
ALTER TABLE edition_view ADD COLUMN approved_through BIGINT;
ALTER TABLE edition_view ADD COLUMN approved_digest TEXT NOT NULL DEFAULT '';
)"};

void Editions::project(store::Session& session, std::int64_t id, const engine::State& state) const {
  const auto& [edition, version, at] = static_cast<const Published&>(state);
  session.run(
      "INSERT INTO edition_view (stream, month, version, at, network, made_up, network_digest, standards_digest, list_digest, places, limited, "
      "approved_through, approved_digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (stream) DO UPDATE SET version = excluded.version, at = excluded.at, "
      "network = excluded.network, made_up = excluded.made_up, network_digest = excluded.network_digest, standards_digest = excluded.standards_digest, "
      "list_digest = excluded.list_digest, places = excluded.places, limited = excluded.limited, approved_through = excluded.approved_through, "
      "approved_digest = excluded.approved_digest",
      {id, std::string_view(edition.month), version, to_ms(at), std::string_view(edition.network),
       std::int64_t{edition.made_up}, std::string_view(edition.network_digest),
       std::string_view(edition.standards_digest), std::string_view(edition.list_digest), edition.places,
       edition.limited, store::nullable(edition.approved_through), std::string_view(edition.approved_digest)});
}

namespace {

constexpr std::string_view select =
    "SELECT month, version, at, network, made_up, network_digest, standards_digest, list_digest, places, limited, approved_through, approved_digest FROM edition_view ";

Published published_of(const store::Row& row) {
  Published p;
  p.version = row.integer(1);
  p.at = from_ms(row.integer(2));
  p.edition = {std::string(row.text(0)), std::string(row.text(3)), row.integer(4) != 0, std::string(row.text(5)),
               std::string(row.text(6)), std::string(row.text(7)), row.integer(8),      row.integer(9),
               row.optional_integer(10), std::string(row.text(11))};
  return p;
}

}  // namespace

std::vector<Published> editions(store::Session& session) {
  std::vector<Published> out;
  session.query(std::string(select) + "ORDER BY month DESC", {},
                [&](const store::Row& row) { out.push_back(published_of(row)); });
  return out;
}

Published edition_of(store::Session& session, const std::string& month) {
  Published out;
  session.query(std::string(select) + "WHERE month = $1", {std::string_view(month)},
                [&](const store::Row& row) { out = published_of(row); });
  return out;
}

void keep_list(store::Session& writer, const std::string& digest, std::string_view csv) {
  writer.run("INSERT INTO published_list (digest, body) VALUES ($1, $2) ON CONFLICT DO NOTHING",
             {std::string_view(digest), bytes_of(csv)});
}

std::optional<std::string> find_list(store::Session& session, const std::string& digest) {
  std::optional<std::string> out;
  session.query("SELECT body FROM published_list WHERE digest = $1", {std::string_view(digest)},
                [&](const store::Row& row) { out.emplace(text_of(row.bytes(0))); });
  return out;
}

}  // namespace tongdian::supply
