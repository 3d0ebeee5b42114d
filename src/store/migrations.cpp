#include "store/migrations.hpp"

#include <algorithm>
#include <cassert>
#include <string>

namespace tongdian::store {
namespace {

std::string replaced(std::string text, std::string_view word, std::string_view by) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size()))
    text.replace(at, word.size(), by);
  return text;
}

std::string in_dialect(std::string_view sql, std::string_view kind) {
  const bool sqlite = kind == "sqlite";
  // Only "INTEGER PRIMARY KEY" is SQLite's row id; any other spelling makes a second tree.
  std::string out = replaced(std::string(sql), "BIGINT_KEY", sqlite ? "INTEGER PRIMARY KEY" : "BIGINT PRIMARY KEY");
  // Texts sort by their bytes, as SQLite sorts them, whatever the language of the server's database is.
  if (!sqlite) out = replaced(std::move(out), " TEXT", " TEXT COLLATE \"C\"");
  return replaced(std::move(out), "BYTES", sqlite ? "BLOB" : "BYTEA");
}

}  // namespace

int schema_version(Database& database, Session& session) {
  const auto tables = database.tables(session);
  if (std::ranges::find(tables, "migration") == tables.end()) return 0;
  return static_cast<int>(session.integer("SELECT max(number) FROM migration").value_or(0));
}

void migrate(Database& database, std::span<const Migration> migrations) {
  Session& session = database.writer();
  int present = schema_version(database, session);
  if (present > static_cast<int>(migrations.size()))
    throw ProblemError(failure("store.newer", {"数据由更新版本的程序建立", "the data were made by a newer program"},
                               {"请使用建立该数据的版本或更新的版本", "use that version or a later one"}));
  int expected = 1;
  for (const Migration& m : migrations) {
    assert(m.number == expected && "migrations are numbered without gaps");
    ++expected;
    if (m.number <= present) continue;
    // Another node may be at the same, and be through by now.
    Transaction transaction(session, Order::exclusive);
    present = schema_version(database, session);
    if (m.number <= present) continue;
    if (present == 0)
      session.script("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)");
    session.script(in_dialect(m.sql, database.kind()));
    session.run("INSERT INTO migration (number, name) VALUES ($1, $2)", {std::int64_t{m.number}, m.name});
    transaction.commit();
  }
}

}  // namespace tongdian::store
