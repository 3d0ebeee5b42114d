#include "identity/one_time.hpp"

#include <array>

namespace tongdian::identity {
namespace {

Hash subject_of(const journal::Vault& vault, const OneTimeKind& kind, std::string_view subject) {
  return vault.tag("one-time subject " + std::string(kind.purpose), subject);
}

Hash digest_of(const journal::Vault& vault, const OneTimeKind& kind, std::string_view subject, std::string_view code) {
  return vault.tag("one-time code " + std::string(kind.purpose), std::string(subject) + "\n" + std::string(code));
}

}  // namespace

std::string random_text(Random& random, std::string_view alphabet, std::size_t length) {
  // Bytes beyond the last whole multiple would favour the first letters.
  const std::size_t fair = 256 / alphabet.size() * alphabet.size();
  std::string out;
  while (out.size() < length)
    for (const auto byte : random.array<32>())
      if (byte < fair && out.size() < length) out += alphabet[byte % alphabet.size()];
  return out;
}

std::string plain_code(std::string_view typed) {
  std::string out;
  for (const char c : typed)
    if (c != ' ' && c != '-') out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return out;
}

std::string issue(store::Session& writer, const journal::Vault& vault, Random& random, const OneTimeKind& kind,
                  std::string_view subject, Instant now) {
  std::string code = random_text(random, kind.alphabet, kind.length);
  const Hash who = subject_of(vault, kind, subject), digest = digest_of(vault, kind, subject, code);
  writer.run(
      "INSERT INTO one_time_code (subject, code, expires_at, tries) VALUES ($1, $2, $3, $4) ON CONFLICT (subject) DO "
      "UPDATE SET code = $2, expires_at = $3, tries = $4",
      {ByteView(who), ByteView(digest), to_ms(now + kind.lifetime), std::int64_t{kind.tries}});
  writer.run("DELETE FROM one_time_code WHERE expires_at <= $1", {to_ms(now)});
  return code;
}

bool redeem(store::Session& writer, const journal::Vault& vault, const OneTimeKind& kind, std::string_view subject,
            std::string_view code, Instant now) {
  const Hash who = subject_of(vault, kind, subject), given = digest_of(vault, kind, subject, plain_code(code));
  bool right = false;
  // The try is spent before the code is looked at: two at once cannot both have it.
  writer.query(
      "UPDATE one_time_code SET tries = tries - 1 WHERE subject = $1 AND expires_at > $2 AND tries > 0 RETURNING code",
      {ByteView(who), to_ms(now)}, [&](const store::Row& row) { right = equal_constant_time(row.bytes(0), given); });
  if (right) writer.run("DELETE FROM one_time_code WHERE subject = $1", {ByteView(who)});
  return right;
}

}  // namespace tongdian::identity
