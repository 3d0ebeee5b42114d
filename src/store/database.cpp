#include "store/database.hpp"

namespace tongdian::store {

std::optional<std::int64_t> Session::integer(std::string_view sql, std::initializer_list<Param> params) {
  std::optional<std::int64_t> out;
  query(sql, params, [&](const Row& row) {
    if (!out) out = row.optional_integer(0);
  });
  return out;
}

std::optional<std::string> Session::text(std::string_view sql, std::initializer_list<Param> params) {
  std::optional<std::string> out;
  query(sql, params, [&](const Row& row) {
    if (!out && !row.is_null(0)) out = std::string(row.text(0));
  });
  return out;
}

void Database::copy_to(const std::filesystem::path&, const OnCopied&) {
  throw ProblemError(refusal(
      "store.no_copy", {"该数据库请用自带工具备份", "this database is backed up with its own tools"},
      {"PostgreSQL：用 pg_dump 或 pg_basebackup，密钥另存", "PostgreSQL: pg_dump or pg_basebackup; the keys apart"}));
}

std::vector<std::string> Database::names(Session& session, std::string_view sql) {
  std::vector<std::string> out;
  session.query(sql, {}, [&](const Row& row) { out.emplace_back(row.text(0)); });
  return out;
}

Reader::Reader(Database& database, std::unique_ptr<Session> session)
    : database_(&database), session_(std::move(session)) {
  try {
    session_->begin();
  } catch (...) {
    database_->give_back(std::move(session_));
    throw;
  }
}

Reader::~Reader() {
  if (!session_) return;
  session_->rollback();
  database_->give_back(std::move(session_));
}

}  // namespace tongdian::store
