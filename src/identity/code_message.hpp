// A one-time code on its way to a phone: a row of the outbox, sealed, so that neither the number nor the code lies in the clear.
#pragma once

#include <string>
#include <string_view>

#include "base/random.hpp"
#include "journal/vault.hpp"
#include "store/database.hpp"

namespace tongdian::identity {

inline constexpr std::string_view code_topic = "code";

struct CodeMessage {
  std::string phone, code;
};

/// Into the outbox, before what waits there: somebody looks at their phone. In the caller's transaction.
void post_code(store::Session& writer, const journal::Vault& vault, Random& random, const CodeMessage& message);
/// Of the row's payload.
CodeMessage read_code(const journal::Vault& vault, std::string_view payload);

}  // namespace tongdian::identity
