#include "store/sqlite.hpp"

#include <sqlite3.h>

#include <cassert>
#include <unordered_map>
#include <vector>

#include "store/reader_pool.hpp"
#include "store/sqlite_copy.hpp"
#include "store/sqlite_failure.hpp"
#include "store/text_hash.hpp"

namespace tongdian::store {
namespace {

struct Closer {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};

/// A prepared statement and where $1, $2 … are in it: SQLite numbers named parameters by first appearance.
struct Statement {
  sqlite3_stmt* stmt = nullptr;
  std::vector<int> index;

  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(stmt); }
};

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* stmt) : stmt_(stmt) {}
  Type type(int c) const override {
    switch (sqlite3_column_type(stmt_, c)) {
      case SQLITE_INTEGER: return Type::integer;
      case SQLITE_FLOAT: return Type::real;
      case SQLITE_TEXT: return Type::text;
      case SQLITE_BLOB: return Type::bytes;
      default: return Type::none;
    }
  }
  std::string_view name(int c) const override { return sqlite3_column_name(stmt_, c); }
  std::int64_t integer(int c) const override { return sqlite3_column_int64(stmt_, c); }
  double real(int c) const override { return sqlite3_column_double(stmt_, c); }
  std::string_view text(int c) const override {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(stmt_, c));
    return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(stmt_, c))};
  }
  ByteView bytes(int c) const override {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(stmt_, c));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, c))};
  }
  int columns() const override { return sqlite3_column_count(stmt_); }

 private:
  sqlite3_stmt* stmt_;
};

class SqliteSession final : public Session {
 public:
  SqliteSession(const SqliteOptions& options, bool write) : write_(write) {
    const auto& file = options.file;
    sqlite3* db = nullptr;
    const int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const int opened = sqlite3_open_v2(file.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX,
                                       options.vfs.empty() ? nullptr : options.vfs.c_str());
    db_.reset(db);
    if (opened != SQLITE_OK) fail_sqlite(db, "opening " + file.string());
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, 5000);
    script("PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;");
    // 16 MB of log between checkpoints: fewer of them, and each a long sequential copy.
    // What is deleted becomes zeros: an erased person's key is not to lie in free space.
    if (write)
      script(
          "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA secure_delete=ON;");
  }

  void run(std::string_view sql, std::span<const Param> params) override {
    Statement& s = bound(sql, params);
    const int stepped = sqlite3_step(s.stmt);
    // A reset repeats the error of the step, so the message is taken first.
    if (stepped != SQLITE_DONE && stepped != SQLITE_ROW) {
      const Resetter resetter{s.stmt};
      fail_sqlite(db_.get(), sql);
    }
    sqlite3_reset(s.stmt);
  }

  void query(std::string_view sql, std::span<const Param> params, const OnRow& on_row) override {
    Statement& s = bound(sql, params);
    const Resetter resetter{s.stmt};
    const SqliteRow row(s.stmt);
    for (;;) {
      const int stepped = sqlite3_step(s.stmt);
      if (stepped == SQLITE_DONE) return;
      if (stepped != SQLITE_ROW) fail_sqlite(db_.get(), sql);
      on_row(row);
    }
  }

  void script(const std::string& sql) override {
    if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail_sqlite(db_.get(), sql);
  }

  // The writer takes its lock at once: a transaction that starts by reading could otherwise fail half-way.
  void begin() override { run(write_ ? "BEGIN IMMEDIATE" : "BEGIN", std::span<const Param>{}); }
  void begin_exclusive() override { begin(); }
  void commit() override { run("COMMIT", std::span<const Param>{}); }
  void rollback() noexcept override {
    // SQLite may have rolled back by itself (disk full); then there is nothing left to do. Every reader ends like this, so the
    // statement is a prepared one, as all others.
    if (sqlite3_get_autocommit(db_.get()) != 0) return;
    try {
      run("ROLLBACK", std::span<const Param>{});
    } catch (...) {
      sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
  }

 private:
  struct Resetter {
    sqlite3_stmt* stmt;
    ~Resetter() { sqlite3_reset(stmt); }
  };

  Statement& bound(std::string_view sql, std::span<const Param> params) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) found = prepare(sql);
    Statement& s = found->second;
    for (std::size_t i = 0; i < params.size(); ++i) bind(s, i, params[i], sql);
    return s;
  }

  auto prepare(std::string_view sql)
      -> std::unordered_map<std::string, Statement, TextHash, std::equal_to<>>::iterator {
    sqlite3_stmt* stmt = nullptr;
    if (sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &stmt,
                           nullptr) != SQLITE_OK)
      fail_sqlite(db_.get(), sql);
    auto added = statements_.try_emplace(std::string(sql)).first;
    added->second.stmt = stmt;
    const int count = sqlite3_bind_parameter_count(stmt);
    for (int n = 1; n <= count; ++n)
      added->second.index.push_back(sqlite3_bind_parameter_index(stmt, ("$" + std::to_string(n)).c_str()));
    return added;
  }

  void bind(Statement& s, std::size_t i, const Param& value, std::string_view sql) {
    assert(i < s.index.size() && "more parameters than the statement has");
    const int at = s.index[i];
    const int done = std::visit(
        [&](const auto& v) {
          using T = std::decay_t<decltype(v)>;
          if constexpr (std::is_same_v<T, std::monostate>)
            return sqlite3_bind_null(s.stmt, at);
          else if constexpr (std::is_same_v<T, std::int64_t>)
            return sqlite3_bind_int64(s.stmt, at, v);
          else if constexpr (std::is_same_v<T, double>)
            return sqlite3_bind_double(s.stmt, at, v);
          else if constexpr (std::is_same_v<T, std::string_view>)
            return sqlite3_bind_text64(s.stmt, at, v.data() ? v.data() : "", v.size(), SQLITE_STATIC, SQLITE_UTF8);
          else
            return sqlite3_bind_blob64(s.stmt, at, v.data() ? static_cast<const void*>(v.data()) : "", v.size(),
                                       SQLITE_STATIC);
        },
        value);
    if (done != SQLITE_OK) fail_sqlite(db_.get(), sql);
  }

  bool write_;
  std::unique_ptr<sqlite3, Closer> db_;
  std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;
};

/// Every session is used by one thread at a time, and nobody reads SQLite's own count of its memory: both cost a lock at
/// each allocation.
void configure_library() {
  static const bool done = [] {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return sqlite3_initialize() == SQLITE_OK;
  }();
  assert(done);
}

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(const SqliteOptions& options)
      : options_(options),
        readers_(options.readers, [this] { return std::make_unique<SqliteSession>(options_, false); }) {
    configure_library();
    if (!options.read_only) writer_ = std::make_unique<SqliteSession>(options, true);
  }

  Session& writer() override {
    assert(writer_ && "a read-only database has no writer");
    return *writer_;
  }

  Reader reader() override {
    assert(options_.file != ":memory:" && "a private database has no readers");
    return Reader(*this, readers_.take());
  }

  std::string_view kind() const override { return "sqlite"; }
  bool shared() const override { return false; }
  std::vector<std::string> tables(Session& session) override {
    return names(
        session,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name");
  }

  void copy_to(const std::filesystem::path& file, const OnCopied& on_copied) override {
    copy_sqlite(options_.file, file, on_copied);
  }

  std::vector<std::string> quick_check() override {
    std::vector<std::string> out;
    const auto note = [&](const Row& row) {
      if (row.text(0) != "ok") out.emplace_back(row.text(0));
    };
    reader()->query("PRAGMA quick_check(10)", {}, note);
    return out;
  }

 private:
  void give_back(std::unique_ptr<Session> session) noexcept override { readers_.give_back(std::move(session)); }

  SqliteOptions options_;
  std::unique_ptr<SqliteSession> writer_;
  ReaderPool readers_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const SqliteOptions& options) {
  return std::make_unique<SqliteDatabase>(options);
}

}  // namespace tongdian::store
