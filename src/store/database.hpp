// The database port: one writer, a pool of readers, the same SQL on every implementation.
//
// SQL is written once for SQLite and PostgreSQL: parameters are $1, $2 …; time is BIGINT milliseconds, booleans are
// SMALLINT; JSON columns are JSONB and read with -> and ->> only; LIKE, string_agg, strftime and json_each are not used,
// for they differ. BIGINT_KEY in a migration becomes the implementation's 64-bit primary key.
//
// What goes wrong is thrown as ProblemError with a failure of code `store.*`: a transaction that throws is rolled back by
// its owner, and nothing of it was acknowledged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"

namespace tongdian::store {

/// A parameter; text and bytes are views that live until the call returns.
using Param = std::variant<std::monostate, std::int64_t, double, std::string_view, ByteView>;
inline constexpr std::monostate null{};

template <class T>
Param nullable(const std::optional<T>& value) {
  return value ? Param{std::int64_t{*value}} : Param{null};
}

enum class Type { none, integer, real, text, bytes };

/// The row that a query stands on; views live until the callback returns. Columns count from 0. Each is read as what it
/// is: no implementation turns one type into another as the next would.
class Row {
 public:
  virtual ~Row() = default;
  [[nodiscard]] virtual Type type(int column) const = 0;
  [[nodiscard]] virtual std::string_view name(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual double real(int column) const = 0;
  [[nodiscard]] virtual std::string_view text(int column) const = 0;
  [[nodiscard]] virtual ByteView bytes(int column) const = 0;
  [[nodiscard]] virtual int columns() const = 0;

  [[nodiscard]] bool is_null(int column) const { return type(column) == Type::none; }
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional{integer(column)};
  }
};

using OnRow = std::function<void(const Row&)>;
/// Hears how much of a copy is done, in the implementation's own units.
using OnCopied = std::function<void(std::uint64_t done, std::uint64_t of)>;

/// One connection, used by one thread at a time. Statements are prepared once and kept by their text. A connection that was
/// lost is made anew by the next transaction; the one that it was lost in fails.
class Session {
 public:
  virtual ~Session() = default;

  /// A statement without rows. An implementation may send it later, with its neighbours; then its failure shows at the
  /// next query or at commit.
  virtual void run(std::string_view sql, std::span<const Param> params) = 0;
  virtual void query(std::string_view sql, std::span<const Param> params, const OnRow& on_row) = 0;
  /// Several statements in a row, without parameters: migrations.
  virtual void script(const std::string& sql) = 0;

  virtual void begin() = 0;
  /// A transaction that sees what every exclusive one before it has committed, on whatever node, and that no other runs
  /// beside. The order of the journal is the order of these.
  virtual void begin_exclusive() = 0;
  /// Returns when the transaction is on disk. `store.commit_unknown` where the connection was lost before the answer: it may
  /// have taken hold or not, and the next transaction sees which.
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;

  void run(std::string_view sql, std::initializer_list<Param> params = {}) {
    run(sql, std::span<const Param>{params.begin(), params.size()});
  }
  void query(std::string_view sql, std::initializer_list<Param> params, const OnRow& on_row) {
    query(sql, std::span<const Param>{params.begin(), params.size()}, on_row);
  }
  /// The first column of the first row, where there is one and it is not null.
  std::optional<std::int64_t> integer(std::string_view sql, std::initializer_list<Param> params = {});
  std::optional<std::string> text(std::string_view sql, std::initializer_list<Param> params = {});
};

enum class Order { any, exclusive };

/// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Session& session, Order order = Order::any) : session_(session) {
    if (order == Order::exclusive)
      session_.begin_exclusive();
    else
      session_.begin();
  }
  ~Transaction() {
    if (open_) session_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    session_.commit();
    open_ = false;
  }

 private:
  Session& session_;
  bool open_ = true;
};

class Database;

/// A reader from the pool, in one snapshot from its first query to its end; gives itself back.
class Reader {
 public:
  Reader(Database& database, std::unique_ptr<Session> session);
  ~Reader();
  Reader(Reader&&) noexcept = default;
  Reader& operator=(Reader&&) = delete;
  Session* operator->() const { return session_.get(); }
  Session& operator*() const { return *session_; }

 private:
  Database* database_;
  std::unique_ptr<Session> session_;
};

class Database {
 public:
  virtual ~Database() = default;
  /// The one connection that writes; its owner is the engine's thread.
  virtual Session& writer() = 0;
  /// Waits for a free reader where all are out.
  virtual Reader reader() = 0;
  /// A word for the implementation: "sqlite", "postgresql".
  [[nodiscard]] virtual std::string_view kind() const = 0;
  /// Whether other programs may write it at the same time: several nodes of one city.
  [[nodiscard]] virtual bool shared() const = 0;
  /// Names of the tables that are there, in order.
  virtual std::vector<std::string> tables(Session& session) = 0;

  /// Writes one snapshot of the whole database to a new file while others write on. `store.no_copy` where the
  /// implementation has tools of its own for that.
  virtual void copy_to(const std::filesystem::path& file, const OnCopied& on_copied);
  /// What the implementation finds wrong with its own files; empty where all is well or there is nothing to look at.
  virtual std::vector<std::string> quick_check() { return {}; }

 protected:
  static std::vector<std::string> names(Session& session, std::string_view sql);

 private:
  friend class Reader;
  virtual void give_back(std::unique_ptr<Session> session) noexcept = 0;
};

}  // namespace tongdian::store
