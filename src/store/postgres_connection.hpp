// One connection of libpq in pipeline mode: what is sent is queued, and its answers are taken in the same order.
#pragma once

#include <libpq-fe.h>

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/database.hpp"
#include "store/text_hash.hpp"

namespace tongdian::store {

/// The connection is gone, and with it the transaction that it stood in. Code `store.connection_lost`.
struct ConnectionLost : ProblemError {
  using ProblemError::ProblemError;
};

struct PgResultCloser {
  void operator()(PGresult* r) const { PQclear(r); }
};
using PgResult = std::unique_ptr<PGresult, PgResultCloser>;

class PgConnection {
 public:
  /// Connects; `setup` runs first on the new connection. Throws `store.cannot_open`.
  PgConnection(const std::string& url, const std::string& setup);

  /// Queues a statement, prepared once by its text and the types of its parameters.
  void send(std::string_view sql, std::span<const Param> params);
  /// Queues a statement of our own that is not worth preparing: BEGIN, COMMIT. `may_fail` ignores its answer.
  void send_plain(const char* sql, bool may_fail = false);
  /// Closes the group of what was queued and sends it. After an error in a group its rest is not carried out.
  void sync();
  /// Takes all answers but the last group's last, then throws the first failure among them.
  void settle();

  /// The rows of the last statement that was sent, one by one, after `sync`; nothing after the last. Failures of what was
  /// sent before it are thrown first.
  void start_rows();
  PgResult next_row();
  /// Leaves the connection free, whatever rows are still to come.
  void drop_rows() noexcept;

  /// Several statements at once, outside the pipeline.
  void script(const std::string& sql);

  [[nodiscard]] bool all_answered() const { return sent_.empty(); }

 private:
  struct Closer {
    void operator()(PGconn* c) const { PQfinish(c); }
  };
  struct Sent {
    enum class Kind { prepare, statement, plain, sync } kind;
    const std::string* sql = nullptr;  ///< key of statements_
    bool may_fail = false;
  };
  struct Prepared {
    std::string types;
    std::string name;
  };

  void take_answer(const Sent& sent);
  void note(const Sent& sent, const PGresult* result);
  void throw_failure();
  void require(int sent_ok, std::string_view doing);
  [[noreturn]] void lost(std::string_view doing);
  void enter_pipeline();
  const char* prepared(std::string_view sql, std::span<const Param> params, const std::string*& key);

  std::unique_ptr<PGconn, Closer> conn_;
  std::unordered_map<std::string, std::vector<Prepared>, TextHash, std::equal_to<>> statements_;
  std::deque<Sent> sent_;  ///< not yet answered
  std::optional<Problem> failure_;
  bool lost_ = false;
  std::uint64_t names_ = 0;
  int unflushed_ = 0;
};

}  // namespace tongdian::store
