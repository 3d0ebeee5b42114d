// Drains the outbox: notices to the people of a case. Today they are shown on the case's page; other ways out (short
// message, app) read the same outbox later.
#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/json.hpp"
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
/// many there were; call again while it is `limit`.
std::int64_t drain(store::Session& session, const Words& words, Instant now, std::int64_t limit = 500,
                   const Carry& carry = {});

/// The notices of a case, oldest first, as the contract's messages.
json::Array notices_of(store::Session& session, std::int64_t stream, Zone zone);

}  // namespace tongdian::notify
