#include "identity/lockout.hpp"

#include <algorithm>

namespace tongdian::identity::lockout {
namespace {

constexpr std::int64_t free_failures = 10;
constexpr std::chrono::milliseconds first = std::chrono::minutes(5), longest = std::chrono::hours(1);
/// Failures that lie further back no longer count.
constexpr std::chrono::milliseconds remembered = std::chrono::hours(24);

std::chrono::milliseconds locked_for(std::int64_t failures) {
  if (failures < free_failures) return {};
  const auto doublings = std::min<std::int64_t>(failures - free_failures, 10);
  return std::min(longest, first * (std::int64_t{1} << doublings));
}

}  // namespace

std::optional<wire::Later> objection(store::Session& session, const Hash& subject, Instant now) {
  const auto until = session.integer("SELECT until FROM lockout WHERE subject = $1", {ByteView(subject)});
  if (!until || *until <= to_ms(now)) return {};
  return wire::Later{
      refusal("identity.too_many", {"连续失败次数过多，暂时锁定", "too many failures in a row: locked for a while"},
              {"请稍后再试；忘记密码请联系管理员", "try later; if the password is forgotten ask the administrator"}),
      from_ms(*until) - now};
}

void failed(store::Session& writer, const Hash& subject, Instant now) {
  std::int64_t failures = 0;
  writer.query(
      "INSERT INTO lockout (subject, failures, last_at, until) VALUES ($1, 1, $2, 0) ON CONFLICT (subject) DO UPDATE SET "
      "failures = CASE WHEN lockout.last_at < $3 THEN 1 ELSE lockout.failures + 1 END, last_at = $2 RETURNING failures",
      {ByteView(subject), to_ms(now), to_ms(now - remembered)},
      [&](const store::Row& row) { failures = row.integer(0); });
  if (const auto locked = locked_for(failures); locked.count() > 0)
    writer.run("UPDATE lockout SET until = $2 WHERE subject = $1", {ByteView(subject), to_ms(now + locked)});
  writer.run("DELETE FROM lockout WHERE last_at < $1", {to_ms(now - remembered)});
}

void forget(store::Session& writer, const Hash& subject) {
  writer.run("DELETE FROM lockout WHERE subject = $1", {ByteView(subject)});
}

bool remembers(store::Session& session, const Hash& subject) {
  return session.integer("SELECT failures FROM lockout WHERE subject = $1", {ByteView(subject)}).has_value();
}

}  // namespace tongdian::identity::lockout
