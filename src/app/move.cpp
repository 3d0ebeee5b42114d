#include "app/move.hpp"

#include <algorithm>
#include <filesystem>

#include "app/foundation.hpp"
#include "journal/verify.hpp"

namespace tongdian::app {
namespace {

namespace fs = std::filesystem;

/// Stands in the target from before its first table until all is verified.
constexpr const char* mark = "moving";

struct End {
  std::string address;
  fs::path folder;  ///< empty for PostgreSQL
};

End end_of(const std::string& text) {
  if (store::is_postgres(text)) return {text, {}};
  const fs::path path = text;
  if (path.extension() == ".db") return {text, path.has_parent_path() ? path.parent_path() : "."};
  return {(path / "city.db").string(), path};
}

std::vector<std::string> tables_of(store::Database& database, store::Session& session) {
  auto out = database.tables(session);
  std::erase_if(out, [](const auto& t) { return t == mark || t == "migration"; });
  return out;
}

std::uint64_t rows_of(store::Session& session, const std::string& table) {
  return static_cast<std::uint64_t>(session.integer("SELECT count(*) FROM " + table).value_or(0));
}

void require_empty(store::Database& database, const std::string& where) {
  require_finished(database, database.writer());
  if (database.tables(database.writer()).empty()) return;
  throw ProblemError(refusal("move.not_empty", {"目标已有数据", "there are data at " + where + " already"},
                             {"请指定空的数据库或新的目录；不会覆盖已有数据",
                              "name an empty database or a new folder; data are never overwritten"}));
}

void require_same_version(int present) {
  if (present == static_cast<int>(all_migrations().size())) return;
  throw ProblemError(refusal("move.other_version",
                             {"来源的数据版本为 " + std::to_string(present) + "，与本程序不同",
                              "the source is of version " + std::to_string(present) + ", not this program's"},
                             {"请先用本程序对来源运行一次 serve，升级后再搬迁",
                              "run this program's serve on the source once, which upgrades it, then move"}));
}

store::Param param_of(const store::Row& row, int c) {
  switch (row.type(c)) {
    case store::Type::none: return store::null;
    case store::Type::integer: return row.integer(c);
    case store::Type::real: return row.real(c);
    case store::Type::text: return row.text(c);
    case store::Type::bytes: break;
  }
  return row.bytes(c);
}

std::string insert_of(const std::string& table, const store::Row& row) {
  std::string columns, values;
  for (int c = 0; c < row.columns(); ++c) {
    columns += (c ? ", " : "") + std::string(row.name(c));
    values += (c ? ", $" : "$") + std::to_string(c + 1);
  }
  return "INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ")";
}

/// In transactions of some length: one of a whole city would keep it twice in the target's log.
std::uint64_t copy_table(store::Session& from, store::Session& to, const std::string& table,
                         const std::function<void()>& on_row) {
  constexpr std::uint64_t a_commit = 10'000;
  std::uint64_t rows = 0;
  std::string insert;
  std::vector<store::Param> values;
  std::optional<store::Transaction> transaction;
  from.query("SELECT * FROM " + table + " ORDER BY 1", {}, [&](const store::Row& row) {
    if (insert.empty()) insert = insert_of(table, row);
    if (!transaction) transaction.emplace(to);
    values.clear();
    for (int c = 0; c < row.columns(); ++c) values.push_back(param_of(row, c));
    to.run(insert, std::span<const store::Param>(values));
    if (++rows % a_commit == 0) {
      transaction->commit();
      transaction.reset();
    }
    on_row();
  });
  if (transaction) transaction->commit();
  return rows;
}

[[noreturn]] void differ(const std::string& zh, const std::string& en) {
  throw ProblemError(failure("move.differs", {"搬迁结果与来源不符：" + zh, "the target is not the source: " + en},
                             {"来源未改动，请继续使用来源；清空目标后重试",
                              "the source is as it was, go on with it; empty the target and try again"}));
}

void check(store::Database& target, const Moved& moved, const OnMoved& on_verified) {
  auto& session = target.writer();
  for (const auto& [table, rows] : moved.tables)
    if (rows_of(session, table) != rows) differ(table + " 的行数", "the number of rows of " + table);
  const auto head = journal::latest_head(session);
  if (head.size != moved.head.size || head.root != moved.head.root || journal::log_id(session) != moved.log)
    differ("树头", "its head");
  const auto found = journal::verify(session, moved.head, [&](std::uint64_t n) {
    if (on_verified) on_verified(n, moved.head.size);
  });
  if (!found.wrong.empty()) differ(found.wrong.front().detail.zh, found.wrong.front().detail.en);
}

}  // namespace

Moved copy_tables(store::Database& source, store::Session& from, store::Database& target, const OnMoved& on_copied) {
  Moved moved;
  const auto tables = tables_of(source, from);
  if (tables != tables_of(target, target.writer())) differ("表不同", "it has other tables");
  std::uint64_t all = 0, done = 0;
  for (const auto& table : tables) all += rows_of(from, table);
  for (const auto& table : tables) {
    const auto rows = copy_table(from, target.writer(), table, [&] {
      if (on_copied && ++done % 1000 == 0) on_copied(done, all);
    });
    moved.tables.push_back({table, rows});
  }
  moved.log = journal::log_id(from);
  moved.head = journal::latest_head(from);
  return moved;
}

void require_finished(store::Database& database, store::Session& session) {
  const auto tables = database.tables(session);
  if (std::ranges::find(tables, mark) == tables.end()) return;
  throw ProblemError(
      failure("move.unfinished", {"这里的数据是一次未完成的搬迁", "a move into this database was broken off"},
              {"请清空它（删除该数据库或目录）再重新搬迁；来源未改动",
               "empty it (drop the database, remove the file), then move again; the source is as it was"}));
}

Moved move_city(const MoveOrder& order, const OnMoved& on_copied, const OnMoved& on_verified) {
  const End from = end_of(order.from), to = end_of(order.to);
  if (!from.folder.empty() && !fs::exists(from.address))
    throw ProblemError(
        refusal("data.not_found", {"这里没有数据：" + order.from, "there are no data at " + order.from},
                {"请用 --from 指定数据目录或 PostgreSQL 地址", "name a data folder or a PostgreSQL with --from"}));
  FolderLock from_lock, to_lock;
  if (!from.folder.empty()) from_lock = FolderLock(from.folder);
  if (!to.folder.empty()) {
    fs::create_directories(to.folder);
    if (from.folder.empty() || !fs::equivalent(from.folder, to.folder)) to_lock = FolderLock(to.folder);
  }
  const auto source = store::open_store({from.address, !from.folder.empty(), 2});
  const auto target = store::open_store({to.address, false, 2});
  require_empty(*target, to.folder.empty() ? "the target" : to.address);

  std::optional<Moved> moved;
  const auto carry = [&](store::Session& session) {
    require_finished(*source, session);
    require_same_version(store::schema_version(*source, session));
    target->writer().script(std::string("CREATE TABLE ") + mark + " (log TEXT NOT NULL)");
    store::migrate(*target, all_migrations());
    moved = copy_tables(*source, session, *target, on_copied);
  };
  if (from.folder.empty()) {
    // Nobody appends to what is being carried away.
    store::Transaction held(source->writer(), store::Order::exclusive);
    carry(source->writer());
  } else {
    carry(*source->reader());
  }
  check(*target, *moved, on_verified);
  target->writer().script(std::string("DROP TABLE ") + mark);
  return *moved;
}

}  // namespace tongdian::app
