#include "store/postgres_connection.hpp"

#include <array>
#include <bit>
#include <cassert>
#include <utility>

namespace tongdian::store {
namespace {

// Types of the parameters as the server numbers them (pg_type.h, stable). A text goes without one: the server takes it for
// what stands in its place, so that it fits TEXT and JSONB alike.
constexpr Oid oid_unknown = 0, oid_bytea = 17, oid_int8 = 20, oid_float8 = 701;

/// Texts that are made at run time (a query with as many conditions as the reader chose) must not fill the server.
constexpr std::size_t most_statements = 1000;
constexpr int statements_a_flush = 16;

std::string_view code_of(std::string_view state) {
  if (state.starts_with("23")) return "store.constraint";
  if (state == "53100") return "store.disk_full";
  if (state == "25006") return "store.read_only";
  if (state == "40001" || state == "40P01" || state == "55P03" || state == "57014" || state == "53300")
    return "store.busy";
  if (state == "XX001" || state == "XX002") return "store.corrupt";
  if (state.starts_with("58")) return "store.io";
  if (state.starts_with("28") || state.starts_with("3D") || state.starts_with("3F")) return "store.cannot_open";
  return "store.failed";
}

/// The server ends this connection (57P01 by an administrator, 57P02 after a crash), or the way to it is broken.
bool means_lost(std::string_view state) {
  return state.starts_with("08") || state == "57P01" || state == "57P02" || state == "57P03" || state == "25P03";
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

Problem problem(std::string_view code, const std::string& why, std::string_view doing) {
  return failure(std::string(code), {"数据库出错：" + why, why + " (while " + std::string(doing) + ")"},
                 {"未确认的操作未写入，请稍后重试", "nothing unacknowledged was written; try again later"});
}

char type_letter(const Param& p) { return static_cast<char>('a' + p.index()); }

Oid oid_of(char letter) {
  switch (letter) {
    case 'b': return oid_int8;
    case 'c': return oid_float8;
    case 'e': return oid_bytea;
    default: return oid_unknown;
  }
}

/// Parameters as libpq takes them. Numbers and bytes go in binary, texts as texts that end with a zero.
class Values {
 public:
  explicit Values(std::span<const Param> params) {
    const auto n = params.size();
    assert(n <= most && "more parameters than this was made for");
    std::size_t room = 0;
    for (const auto& p : params)
      if (const auto* text = std::get_if<std::string_view>(&p)) room += text->size() + 1;
    texts_.reserve(room);
    for (std::size_t i = 0; i < n; ++i) std::visit([&](const auto& v) { set(i, v); }, params[i]);
  }
  [[nodiscard]] const char* const* values() const { return values_.data(); }
  [[nodiscard]] const int* lengths() const { return lengths_.data(); }
  [[nodiscard]] const int* formats() const { return formats_.data(); }

 private:
  /// A search names as many rows as it found people, some two thousand, filled up to a power of two (where.hpp). Memory beyond what a
  /// statement has is not touched.
  static constexpr std::size_t most = 5000;

  void set(std::size_t i, std::monostate) {
    values_[i] = nullptr;
    lengths_[i] = formats_[i] = 0;
  }
  void set(std::size_t i, std::int64_t v) { set_number(i, static_cast<std::uint64_t>(v)); }
  void set(std::size_t i, double v) { set_number(i, std::bit_cast<std::uint64_t>(v)); }
  void set(std::size_t i, std::string_view v) {
    if (v.find('\0') != std::string_view::npos)
      throw ProblemError(bad_input("store.zero_byte", "",
                                   {"文本中不能有零字节", "a text with a zero byte in it cannot be stored or found"}));
    values_[i] = texts_.data() + texts_.size();
    texts_.append(v);
    texts_ += '\0';
    lengths_[i] = formats_[i] = 0;
  }
  void set(std::size_t i, ByteView v) {
    // An empty value must not look like none.
    values_[i] = v.empty() ? "" : reinterpret_cast<const char*>(v.data());
    lengths_[i] = static_cast<int>(v.size());
    formats_[i] = 1;
  }
  void set_number(std::size_t i, std::uint64_t bits) {
    for (int k = 0; k < 8; ++k) numbers_[i][static_cast<std::size_t>(k)] = static_cast<char>(bits >> (56 - 8 * k));
    values_[i] = numbers_[i].data();
    lengths_[i] = 8;
    formats_[i] = 1;
  }

  std::array<const char*, most> values_;
  std::array<int, most> lengths_, formats_;
  std::array<std::array<char, 8>, most> numbers_;
  std::string texts_;
};

PGconn* connect(const std::string& url) {
  // What stands before dbname may be overridden in the address, what stands after it may not.
  static constexpr const char* names[] = {
      "connect_timeout",     "application_name", "tcp_user_timeout", "keepalives_idle",
      "keepalives_interval", "dbname",           "client_encoding",  nullptr};
  const char* values[] = {"5", "tongdian", "15000", "5", "5", url.c_str(), "UTF8", nullptr};
  return PQconnectdbParams(names, values, 1);
}

}  // namespace

PgConnection::PgConnection(const std::string& url, const std::string& setup) : conn_(connect(url)) {
  if (PQstatus(conn_.get()) != CONNECTION_OK)
    throw ProblemError(problem("store.cannot_open", trimmed(PQerrorMessage(conn_.get())), "connecting"));
  PQsetNoticeProcessor(
      conn_.get(), [](void*, const char*) {}, nullptr);
  const char* encoding = PQparameterStatus(conn_.get(), "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8")
    throw ProblemError(
        failure("store.cannot_open", {"数据库编码不是 UTF8", "the database's encoding is not UTF8"},
                {"请用 CREATE DATABASE … ENCODING 'UTF8' 建库", "make it with CREATE DATABASE … ENCODING 'UTF8'"}));
  enter_pipeline();
  script(setup);
}

void PgConnection::enter_pipeline() {
  if (PQenterPipelineMode(conn_.get()) != 1) lost("entering pipeline mode");
}

void PgConnection::lost(std::string_view doing) {
  lost_ = true;
  throw ConnectionLost(problem("store.connection_lost", trimmed(PQerrorMessage(conn_.get())), doing));
}

void PgConnection::require(int sent_ok, std::string_view doing) {
  if (sent_ok != 1) lost(doing);
}

const char* PgConnection::prepared(std::string_view sql, std::span<const Param> params, const std::string*& key) {
  // A null may stand for any type, so that the same text with and without one are two statements.
  std::string types;
  for (const auto& p : params) types += type_letter(p);
  auto found = statements_.find(sql);
  if (found == statements_.end()) found = statements_.try_emplace(std::string(sql)).first;
  key = &found->first;
  for (const auto& p : found->second)
    if (p.types == types) return p.name.c_str();
  std::vector<Oid> oids;
  for (const char letter : types) oids.push_back(oid_of(letter));
  found->second.push_back({std::move(types), "s" + std::to_string(++names_)});
  const char* name = found->second.back().name.c_str();
  sent_.push_back({Sent::Kind::prepare, key});
  require(PQsendPrepare(conn_.get(), name, key->c_str(), static_cast<int>(oids.size()), oids.data()), sql);
  return name;
}

void PgConnection::send(std::string_view sql, std::span<const Param> params) {
  const Values values(params);
  if (statements_.size() >= most_statements && sent_.empty()) {
    send_plain("DEALLOCATE ALL");
    statements_.clear();
  }
  const std::string* key = nullptr;
  const std::string name = prepared(sql, params, key);
  sent_.push_back({Sent::Kind::statement, key});
  require(PQsendQueryPrepared(conn_.get(), name.c_str(), static_cast<int>(params.size()), values.values(),
                              values.lengths(), values.formats(), 1),
          sql);
  // The server works on the first while the next ones are made.
  if (++unflushed_ >= statements_a_flush) {
    unflushed_ = 0;
    PQflush(conn_.get());
  }
}

void PgConnection::send_plain(const char* sql, bool may_fail) {
  sent_.push_back({Sent::Kind::plain, nullptr, may_fail});
  require(PQsendQueryParams(conn_.get(), sql, 0, nullptr, nullptr, nullptr, nullptr, 1), sql);
}

void PgConnection::sync() {
  sent_.push_back({Sent::Kind::sync});
  require(PQpipelineSync(conn_.get()), "sending");
}

void PgConnection::note(const Sent& sent, const PGresult* result) {
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
      // The server answers the commit of a transaction that has failed with a rollback, and calls it no error.
      if (sent.kind == Sent::Kind::plain && !sent.may_fail && !failure_ &&
          std::string_view(PQcmdStatus(const_cast<PGresult*>(result))) == "ROLLBACK")
        failure_ = problem("store.failed", "the transaction had failed and was rolled back", "committing");
      return;
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE: return;
    case PGRES_PIPELINE_ABORTED:
      if (sent.kind == Sent::Kind::prepare) statements_.find(*sent.sql)->second.clear();
      return;
    default: break;
  }
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view state = field ? field : "";
  const std::string doing = sent.sql ? *sent.sql : "a transaction's begin or end";
  if (sent.kind == Sent::Kind::prepare) statements_.find(*sent.sql)->second.clear();
  // What libpq says by itself (it could not write) has no state; everything that the server says has one.
  const bool cut = state.empty() || means_lost(state) || PQstatus(conn_.get()) == CONNECTION_BAD;
  lost_ = lost_ || cut;
  if (failure_ || (sent.may_fail && !cut)) return;
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  failure_ = problem(cut ? "store.connection_lost" : code_of(state),
                     trimmed(message ? message : PQresultErrorMessage(result)), doing);
}

void PgConnection::take_answer(const Sent& sent) {
  if (sent.kind == Sent::Kind::sync) {
    const PgResult r(PQgetResult(conn_.get()));
    if (PQresultStatus(r.get()) == PGRES_PIPELINE_SYNC) return;
    if (!failure_) failure_ = problem("store.connection_lost", trimmed(PQerrorMessage(conn_.get())), "waiting");
    lost_ = true;
    return;
  }
  while (const PgResult r{PQgetResult(conn_.get())}) note(sent, r.get());
}

void PgConnection::throw_failure() {
  if (!failure_) return;
  const Problem p = *std::exchange(failure_, std::nullopt);
  if (lost_) throw ConnectionLost(p);
  throw ProblemError(p);
}

void PgConnection::settle() {
  while (!sent_.empty()) {
    const Sent sent = sent_.front();
    take_answer(sent);
    sent_.pop_front();
    // Of a connection that is gone nothing more is to be expected.
    if (lost_) sent_.clear();
  }
  throw_failure();
}

void PgConnection::start_rows() {
  assert(sent_.size() >= 2 && sent_.back().kind == Sent::Kind::sync);
  while (sent_.size() > 2 && !lost_) {
    take_answer(Sent(sent_.front()));
    sent_.pop_front();
  }
  if (failure_ || lost_) return settle();
  PQsetSingleRowMode(conn_.get());
}

PgResult PgConnection::next_row() {
  if (sent_.empty()) return nullptr;
  while (PgResult r{PQgetResult(conn_.get())}) {
    if (PQresultStatus(r.get()) == PGRES_SINGLE_TUPLE) return r;
    note(sent_.front(), r.get());
  }
  sent_.pop_front();
  settle();
  return nullptr;
}

void PgConnection::drop_rows() noexcept {
  try {
    while (next_row()) {}
  } catch (const std::exception&) {
    // Somebody else's failure is on its way up already.
  }
}

void PgConnection::script(const std::string& sql) {
  assert(sent_.empty());
  if (PQexitPipelineMode(conn_.get()) != 1) lost("leaving pipeline mode");
  const PgResult r(PQexec(conn_.get(), sql.c_str()));
  const Sent sent{Sent::Kind::plain};
  note(sent, r.get());
  if (failure_) failure_->detail.en += ": " + sql.substr(0, 200);
  if (!lost_) enter_pipeline();
  throw_failure();
}

}  // namespace tongdian::store
