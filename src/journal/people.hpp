// Whose cases are whose, by the keyed digest of a phone; nobody's number is read for it.
#pragma once

#include <optional>
#include <vector>

#include "base/digest.hpp"
#include "store/database.hpp"

namespace tongdian::journal {

/// Of the person of this case; nothing where they were erased, or where there never was one.
std::optional<Hash> phone_tag_of(store::Session& session, std::int64_t owner);
/// Cases of this phone, by their row numbers.
std::vector<std::int64_t> owners_of_tag(store::Session& session, const Hash& phone_tag);

}  // namespace tongdian::journal
