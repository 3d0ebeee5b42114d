#include "journal/person_search.hpp"

#include <algorithm>
#include <cstring>
#include <set>

namespace tongdian::journal {
namespace {

constexpr std::size_t last_digits = 4;

/// The code point at `at`, which moves behind it; 0 for bytes that are no UTF-8.
char32_t next(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
  if (more == 0 || lead > 0xF4) return 0;
  char32_t out = lead & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    if (at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) return 0;
    out = out << 6 | (static_cast<unsigned char>(text[at++]) & 0x3F);
  }
  return out;
}

/// Full-width forms have their half-width ones 0xFEE0 before them.
char32_t plain(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
  return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool counts(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  const bool blank_or_sign =
      c == 0xA0 || c == 0xB7 || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F) || c == 0xFEFF;
  return !blank_or_sign;
}

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }

bool is_tail(std::u32string_view word) { return word.size() == last_digits && std::ranges::all_of(word, is_digit); }

std::int64_t token(const Vault& vault, char kind, std::u32string_view part) {
  std::string text(1, kind);
  text.append(reinterpret_cast<const char*>(part.data()), part.size() * sizeof(char32_t));
  const Hash digest = vault.tag("search", text);
  std::int64_t out = 0;
  std::memcpy(&out, digest.data(), sizeof out);
  return out;
}

void add_pairs(const Vault& vault, std::u32string_view text, std::set<std::int64_t>& out) {
  for (std::size_t i = 0; i + 2 <= text.size(); ++i) out.insert(token(vault, '2', text.substr(i, 2)));
}

std::string_view text_of(const json::Object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::u32string tail_of(const json::Object& data) {
  const auto phone = folded(text_of(data, "phone"));
  return phone.size() < last_digits ? std::u32string() : phone.substr(phone.size() - last_digits);
}

std::set<std::int64_t> tokens_of(const Vault& vault, const json::Object& data) {
  std::set<std::int64_t> out;
  const auto name = folded(text_of(data, "name"));
  add_pairs(vault, name, out);
  for (std::size_t i = 0; i < name.size(); ++i) out.insert(token(vault, '1', std::u32string_view(name).substr(i, 1)));
  add_pairs(vault, folded(text_of(data, "address")), out);
  if (const auto tail = tail_of(data); !tail.empty()) out.insert(token(vault, '4', tail));
  return out;
}

}  // namespace

const store::Migration search_migration{13, "search of people", R"(
CREATE TABLE vault_token (token BIGINT NOT NULL, owner BIGINT NOT NULL, PRIMARY KEY (token, owner));
CREATE INDEX vault_token_owner ON vault_token (owner);
-- Whose tokens are still to be made.
CREATE TABLE vault_unindexed (owner BIGINT_KEY);
INSERT INTO vault_unindexed (owner) SELECT owner FROM vault WHERE phone_tag IS NOT NULL;
)"};

std::u32string folded(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();)
    if (const auto c = plain(next(text, at)); counts(c)) out += c;
  return out;
}

PersonQuery person_query(const Vault& vault, std::string_view typed) {
  PersonQuery out;
  std::set<std::int64_t> tokens;
  for (std::size_t at = 0; at < typed.size();) {
    const auto end = std::min(typed.find(' ', at), typed.size());
    auto word = folded(typed.substr(at, end - at));
    at = end + 1;
    if (word.empty()) continue;
    if (is_tail(word))
      tokens.insert(token(vault, '4', word));
    else if (word.size() == 1)
      tokens.insert(token(vault, '1', word));
    else
      add_pairs(vault, word, tokens);
    out.words.push_back(std::move(word));
  }
  out.tokens.assign(tokens.begin(), tokens.end());
  return out;
}

bool matches(const json::Object& data, const PersonQuery& query) {
  const auto name = folded(text_of(data, "name")), address = folded(text_of(data, "address")), tail = tail_of(data);
  return std::ranges::all_of(query.words, [&](const std::u32string& word) {
    if (is_tail(word)) return tail == word;
    return name.find(word) != name.npos || (word.size() > 1 && address.find(word) != address.npos);
  });
}

std::size_t index_people(const Vault& vault, store::Session& writer, std::int64_t limit) {
  std::vector<std::int64_t> owners;
  writer.query("SELECT owner FROM vault_unindexed ORDER BY owner LIMIT $1", {limit},
               [&](const store::Row& row) { owners.push_back(row.integer(0)); });
  for (const auto owner : owners) {
    writer.run("DELETE FROM vault_token WHERE owner = $1", {owner});
    // Erased since: nothing to be found by.
    if (const auto data = vault.open(writer, owner))
      for (const auto each : tokens_of(vault, *data))
        writer.run("INSERT INTO vault_token (token, owner) VALUES ($1, $2)", {each, owner});
    writer.run("DELETE FROM vault_unindexed WHERE owner = $1", {owner});
  }
  return owners.size();
}

void index_again(store::Session& writer, std::int64_t owner) {
  writer.run("INSERT INTO vault_unindexed (owner) VALUES ($1) ON CONFLICT DO NOTHING", {owner});
}

void forget_tokens(store::Session& writer, std::int64_t owner) {
  writer.run("DELETE FROM vault_token WHERE owner = $1", {owner});
  writer.run("DELETE FROM vault_unindexed WHERE owner = $1", {owner});
}

}  // namespace tongdian::journal
