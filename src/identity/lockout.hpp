// Failures in a row lock: ten for five minutes, every further one for twice as long, an hour at most. In the database, so that
// neither a restart nor another node forgets; the subject is a keyed digest, the same for names that there are and are not.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "store/database.hpp"
#include "wire/problem.hpp"

namespace tongdian::identity::lockout {

/// `identity.too_many` with the time that remains.
std::optional<wire::Later> objection(store::Session& session, const Hash& subject, Instant now);
/// One failure more.
void failed(store::Session& writer, const Hash& subject, Instant now);
void forget(store::Session& writer, const Hash& subject);
/// Whether there is anything to forget: most who sign in never failed, and cost no write.
bool remembers(store::Session& session, const Hash& subject);

}  // namespace tongdian::identity::lockout
