#include "journal/people.hpp"

#include <algorithm>

namespace tongdian::journal {

std::optional<Hash> phone_tag_of(store::Session& session, std::int64_t owner) {
  std::optional<Hash> out;
  session.query("SELECT phone_tag FROM vault WHERE owner = $1 AND phone_tag IS NOT NULL", {owner},
                [&](const store::Row& row) {
                  const auto bytes = row.bytes(0);
                  if (bytes.size() == Hash{}.size()) std::ranges::copy(bytes, out.emplace().begin());
                });
  return out;
}

std::vector<std::int64_t> owners_of_tag(store::Session& session, const Hash& phone_tag) {
  std::vector<std::int64_t> out;
  session.query("SELECT owner FROM vault WHERE phone_tag = $1 ORDER BY owner", {ByteView(phone_tag)},
                [&](const store::Row& row) { out.push_back(row.integer(0)); });
  return out;
}

}  // namespace tongdian::journal
