// Finding people again without keeping what they are called: keyed digests of the pairs of characters in name and address, of the
// single characters of the name and of the phone's last four digits. They say who may be meant; the opened data say who is.
// They go with the person; without the vault's tag key they tell nobody anything but that two people share one of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "journal/vault.hpp"

namespace tongdian::journal {

/// Migration 13: vault_token, vault_unindexed.
extern const store::Migration search_migration;

/// What texts are compared by: full-width as half-width, capitals as small, without blanks and punctuation. Bytes that are no
/// UTF-8 are left out.
std::u32string folded(std::string_view text);

struct PersonQuery {
  std::vector<std::u32string> words;  ///< each of them has to be there
  std::vector<std::int64_t> tokens;   ///< without a repeat; none where there is nothing to search for
};
/// What somebody typed: parts of a name, parts of an address, the last four digits of a phone, with blanks between.
PersonQuery person_query(const Vault& vault, std::string_view typed);
/// Whether the data, as `Vault::open` gives them, hold every word.
bool matches(const json::Object& data, const PersonQuery& query);

/// Makes the digests of at most `limit` people who are new or were corrected; in the caller's transaction. How many there were.
std::size_t index_people(const Vault& vault, store::Session& writer, std::int64_t limit);
/// In the queue for that.
void index_again(store::Session& writer, std::int64_t owner);
/// Nothing of them can be found any more.
void forget_tokens(store::Session& writer, std::int64_t owner);

}  // namespace tongdian::journal
