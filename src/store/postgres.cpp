#include "store/postgres.hpp"

#include <cassert>
#include <deque>
#include <utility>

#include "store/postgres_connection.hpp"
#include "store/postgres_row.hpp"
#include "store/reader_pool.hpp"

namespace tongdian::store {
namespace {

/// Whoever waits longer for the journal's lock than this is told to try again; whoever holds it and says nothing for so long
/// (a node that is frozen or cut off) loses it.
constexpr const char* writer_setup = R"(
SET jit = off;
SET lock_timeout = '10s';
SET idle_in_transaction_session_timeout = '30s';
-- A commit that was answered is on disk. A stricter setting of the server (remote_apply) is left as it is.
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local');
)";
constexpr const char* reader_setup = "SET jit = off; SET default_transaction_read_only = on;";

constexpr const char* begin_writing = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
constexpr const char* begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Held to the transaction's end. READ COMMITTED sees, from its next statement on, what the one before has committed.
constexpr const char* take_order =
    "SELECT pg_advisory_xact_lock(hashtextextended('tongdian journal ' || current_schema(), 0))";

class PostgresSession final : public Session {
 public:
  PostgresSession(std::string url, bool write) : url_(std::move(url)), write_(write) { connect(); }

  void run(std::string_view sql, std::span<const Param> params) override {
    if (stage_ == Stage::idle) {
      statement_alone(sql, params);
    } else {
      spool();
      guarded([&] {
        open();
        connection_->send(sql, params);
        only_begun_ = false;
      });
    }
  }

  void query(std::string_view sql, std::span<const Param> params, const OnRow& on_row) override {
    spool();
    // Where nothing of this transaction is done yet, a connection that turns out to be gone is no loss.
    const bool may_repeat = stage_ == Stage::idle ? !write_ : stage_ == Stage::wanted || only_begun_;
    Rows rows;
    try {
      start(sql, params, rows);
    } catch (const ConnectionLost&) {
      if (!may_repeat) throw;
      if (stage_ == Stage::lost) stage_ = Stage::wanted;
      start(sql, params, rows);
    }
    only_begun_ = false;
    read(rows, on_row);
  }

  void script(const std::string& sql) override {
    guarded([&] {
      if (stage_ == Stage::idle) {
        ensure();
        connection_->settle();
      } else {
        open();
        connection_->sync();
        connection_->settle();
      }
      only_begun_ = false;
      connection_->script(sql);
    });
  }

  void begin() override { want(false); }
  void begin_exclusive() override { want(true); }

  void commit() override {
    assert(stage_ != Stage::idle && "a commit without a transaction");
    if (stage_ == Stage::wanted) {
      stage_ = Stage::idle;
      return;
    }
    spool();
    bool asked = false;
    try {
      guarded([&] {
        if (stage_ == Stage::lost) throw ConnectionLost(gone());
        connection_->send_plain("COMMIT");
        asked = true;
        connection_->sync();
        connection_->settle();
      });
    } catch (const ConnectionLost& e) {
      if (!asked) throw;
      throw ProblemError(failure("store.commit_unknown",
                                 {"与数据库的连接在确认前中断：" + e.problem.detail.zh,
                                  "the connection was lost before the commit was answered: " + e.problem.detail.en},
                                 {"请用同一请求标识重试：已写入的不会重复",
                                  "send the same request again under its key: nothing is done twice"}));
    }
    stage_ = Stage::idle;
  }

  void rollback() noexcept override {
    const Stage stage = std::exchange(stage_, Stage::idle);
    if (stage != Stage::open || !connection_) return;
    try {
      spool();
      if (!connection_->all_answered()) {
        connection_->sync();
        try {
          connection_->settle();
        } catch (const ConnectionLost&) {
          throw;
        } catch (const ProblemError&) {
          // Of what is rolled back nobody wants to know the failures.
        }
      }
      // Sent, not waited for: the next use takes the answer.
      connection_->send_plain("ROLLBACK", true);
      connection_->sync();
    } catch (const std::exception&) {
      connection_.reset();
    }
  }

 private:
  enum class Stage {
    idle,    ///< no transaction
    wanted,  ///< begun by the caller; the server hears of it with the first statement
    open,
    lost,  ///< the connection went away in it
  };
  /// What a query still has to give: rows on the wire, or kept aside because another statement needed the wire.
  struct Rows {
    std::deque<PgResult> kept;
    bool all_kept = false;
  };

  void connect() { connection_ = std::make_unique<PgConnection>(url_, write_ ? writer_setup : reader_setup); }
  void ensure() {
    if (!connection_) connect();
  }
  void want(bool exclusive) {
    assert(stage_ == Stage::idle && "a transaction within a transaction");
    stage_ = Stage::wanted;
    exclusive_ = exclusive;
    only_begun_ = false;
  }
  static Problem gone() {
    return failure("store.connection_lost", {"与数据库的连接已中断", "the connection to the database was lost"},
                   {"未确认的操作未写入，请稍后重试", "nothing unacknowledged was written; try again later"});
  }

  /// Lets go of a connection that was lost in the work.
  template <class Work>
  void guarded(Work&& work) {
    try {
      work();
    } catch (const ConnectionLost&) {
      connection_.reset();
      streaming_ = nullptr;
      if (stage_ != Stage::idle) stage_ = Stage::lost;
      throw;
    } catch (...) {
      // The connection has settled: whatever rows were still to come went with the failure.
      streaming_ = nullptr;
      throw;
    }
  }

  void open() {
    if (stage_ == Stage::open) return;
    if (stage_ == Stage::lost) throw ConnectionLost(gone());
    ensure();
    connection_->send_plain(write_ ? begin_writing : begin_reading);
    if (exclusive_) connection_->send_plain(take_order);
    stage_ = Stage::open;
    only_begun_ = true;
  }

  void statement_alone(std::string_view sql, std::span<const Param> params) {
    guarded([&] {
      ensure();
      connection_->send(sql, params);
      connection_->sync();
      connection_->settle();
    });
  }

  void start(std::string_view sql, std::span<const Param> params, Rows& rows) {
    guarded([&] {
      if (stage_ == Stage::idle)
        ensure();
      else
        open();
      connection_->send(sql, params);
      connection_->sync();
      connection_->start_rows();
      streaming_ = &rows;
      // The first row with the rest of the errors: what fails, fails before anybody has seen a row.
      if (auto row = connection_->next_row()) {
        rows.kept.push_back(std::move(row));
      } else {
        rows.all_kept = true;
        streaming_ = nullptr;
      }
    });
  }

  void read(Rows& rows, const OnRow& on_row) {
    struct Leave {
      PostgresSession* session;
      Rows* rows;
      ~Leave() {
        if (session->streaming_ != rows) return;
        session->streaming_ = nullptr;
        if (session->connection_) session->connection_->drop_rows();
      }
    } const leave{this, &rows};
    for (;;) {
      PgResult row;
      if (!rows.kept.empty()) {
        row = std::move(rows.kept.front());
        rows.kept.pop_front();
      } else if (!rows.all_kept) {
        guarded([&] { row = connection_->next_row(); });
        if (!row) {
          rows.all_kept = true;
          streaming_ = nullptr;
        }
      }
      if (!row) return;
      on_row(PostgresRow(row.get()));
    }
  }

  /// A query within the callback of another: the outer one's rows are kept aside, for there is one wire.
  void spool() {
    if (!streaming_) return;
    Rows& rows = *streaming_;
    guarded([&] {
      while (auto row = connection_->next_row()) rows.kept.push_back(std::move(row));
    });
    rows.all_kept = true;
    streaming_ = nullptr;
  }

  std::string url_;
  bool write_;
  std::unique_ptr<PgConnection> connection_;
  Stage stage_ = Stage::idle;
  bool exclusive_ = false;
  bool only_begun_ = false;  ///< nothing but the transaction's begin has been sent
  Rows* streaming_ = nullptr;
};

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(const PostgresOptions& options)
      : options_(options),
        readers_(options.readers, [this] { return std::make_unique<PostgresSession>(options_.url, false); }) {
    if (options.read_only)
      reader();
    else
      writer_ = std::make_unique<PostgresSession>(options.url, true);
  }

  Session& writer() override {
    assert(writer_ && "a read-only database has no writer");
    return *writer_;
  }
  Reader reader() override { return Reader(*this, readers_.take()); }
  std::string_view kind() const override { return "postgresql"; }
  bool shared() const override { return true; }
  std::vector<std::string> tables(Session& session) override {
    return names(
        session,
        "SELECT CAST(tablename AS TEXT) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() ORDER BY tablename");
  }

 private:
  void give_back(std::unique_ptr<Session> session) noexcept override { readers_.give_back(std::move(session)); }

  PostgresOptions options_;
  std::unique_ptr<PostgresSession> writer_;
  ReaderPool readers_;
};

}  // namespace

std::unique_ptr<Database> open_postgres(const PostgresOptions& options) {
  return std::make_unique<PostgresDatabase>(options);
}

}  // namespace tongdian::store
