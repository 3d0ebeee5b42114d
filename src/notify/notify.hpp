// Drains the outbox: notices to the people of a case. Today they are shown on the case's page; other ways out (short
// message, app) read the same outbox later.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "engine/executor.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"

namespace tongdian::notify {

/// Migration 6: notice.
extern const store::Migration migration;

/// The words for a row of the outbox; empty words send nothing.
using Words = std::function<Sentence(const std::string& type, const std::string& number)>;

/// Does what a row of a topic that is no notice asks for (a one-time code to send, a granted request to carry out), in the
/// transaction that takes the row out; what it throws leaves the row where it is.
using Carry = std::function<void(store::Session& session, const std::string& topic, const std::string& payload)>;

/// Turns rows of the outbox into notices, in the caller's transaction, and takes them out: each exactly once. Returns how
/// many there were; call again while it is `limit`. A row that was set aside is passed over.
std::int64_t drain(store::Session& session, const Words& words, Instant now, std::int64_t limit = 500,
                   const Carry& carry = {});

/// Drains again and again. A row that cannot be carried out holds up no other one: where the rows do not go together, each goes in a
/// transaction of its own, and one that has failed three times is set aside for an operator, with its topic behind "failed:".
class Outbox {
 public:
  /// What a row needs to go; `told` hears of each that is set aside.
  Outbox(Words words, Carry carry, std::function<void(const std::string& topic, const std::string& why)> told)
      : words_(std::move(words)), carry_(std::move(carry)), told_(std::move(told)) {}

  /// Throws what the database throws: then nothing has gone, and no row is to blame.
  void empty(engine::Executor& executor, store::Database& database, Instant now);

 private:
  void one_by_one(engine::Executor& executor, store::Database& database, Instant now);

  Words words_;
  Carry carry_;
  std::function<void(const std::string&, const std::string&)> told_;
  std::map<std::int64_t, int> failed_;
};

/// Rows that were set aside.
std::int64_t set_aside(store::Session& session);

/// The notices of a case, oldest first, as the contract's messages.
json::Array notices_of(store::Session& session, std::int64_t stream, Zone zone);

}  // namespace tongdian::notify
