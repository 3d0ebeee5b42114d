#include "identity/grants.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "identity/sealing.hpp"

namespace tongdian::identity {
namespace {

constexpr std::string_view purpose = "grant";
/// A firm has a few agents; more is somebody trying how much the table holds.
constexpr std::int64_t most = 50;

struct Names {
  std::string grantor, agent, phone;
};
BOOST_DESCRIBE_STRUCT(Names, (), (grantor, agent, phone))

Hash hash_at(const store::Row& row, int column) {
  Hash out{};
  const auto bytes = row.bytes(column);
  if (bytes.size() == out.size()) std::ranges::copy(bytes, out.begin());
  return out;
}

}  // namespace

Result<void> Grants::give(store::Session& writer, const Grant& g) const {
  if (g.grantor == g.agent)
    return refusal("identity.self_grant", {"不能委托给自己的手机号", "a grant to one's own phone"},
                   {"请填写代理人的手机号", "give the agent's phone"});
  // Those of a day count even where they were taken back: what may be filled and emptied without end has no limit.
  const auto given = writer.integer(
      "SELECT count(*) FROM agent_grant WHERE grantor = $1 AND id <> $4 AND (granted_at > $3 OR (revoked_at IS NULL AND "
      "until > $2))",
      {ByteView(g.grantor), to_ms(g.granted_at), to_ms(g.granted_at - std::chrono::days(1)), std::string_view(g.id)});
  if (given.value_or(0) >= most)
    return refusal("identity.too_many_grants", {"有效的委托已达 50 个", "fifty grants are in force already"},
                   {"请先撤回不再需要的委托", "take back those that are no longer needed"});
  const auto names = json::canonical(json::write(Names{g.grantor_name, g.agent_name, g.agent_phone}));
  const Bytes sealed = seal(vault_, random_, purpose, g.id, bytes_of(names));
  writer.run(
      "INSERT INTO agent_grant (id, grantor, agent, case_number, sealed, granted_at, until) VALUES ($1, $2, $3, $4, $5, $6, "
      "$7) ON CONFLICT DO NOTHING",
      {std::string_view(g.id), ByteView(g.grantor), ByteView(g.agent), std::string_view(g.case_number),
       ByteView(sealed), to_ms(g.granted_at), to_ms(g.until)});
  return {};
}

bool Grants::revoke(store::Session& writer, const std::string& id, const Hash& by, Instant now) {
  bool done = false;
  writer.query(
      "UPDATE agent_grant SET revoked_at = $3 WHERE id = $1 AND (grantor = $2 OR agent = $2) AND revoked_at IS NULL "
      "RETURNING id",
      {std::string_view(id), ByteView(by), to_ms(now)}, [&](const store::Row&) { done = true; });
  return done;
}

std::int64_t Grants::forget_erased(store::Session& writer) {
  std::int64_t gone = 0;
  writer.query(
      "DELETE FROM agent_grant WHERE NOT EXISTS (SELECT 1 FROM vault v WHERE v.phone_tag = agent_grant.grantor) OR EXISTS "
      "(SELECT 1 FROM stream s JOIN vault v ON v.owner = s.id WHERE s.name = 'case/' || agent_grant.case_number AND "
      "v.erased_at IS NOT NULL) RETURNING id",
      {}, [&](const store::Row&) { ++gone; });
  return gone;
}

std::vector<Grant> Grants::read(store::Session& session, std::string_view where, store::Param value) const {
  std::vector<Grant> out;
  session.query(
      "SELECT id, grantor, agent, case_number, sealed, granted_at, until, revoked_at FROM agent_grant WHERE " +
          std::string(where) + " = $1 ORDER BY granted_at DESC, id",
      {value}, [&](const store::Row& row) {
        Grant g;
        g.id = row.text(0);
        g.grantor = hash_at(row, 1);
        g.agent = hash_at(row, 2);
        g.case_number = row.text(3);
        const auto names = json::read_text<Names>(text_of(unseal(vault_, purpose, g.id, row.bytes(4)))).value();
        g.grantor_name = names.grantor;
        g.agent_name = names.agent;
        g.agent_phone = names.phone;
        g.granted_at = from_ms(row.integer(5));
        g.until = from_ms(row.integer(6));
        if (const auto revoked = row.optional_integer(7)) g.revoked_at = from_ms(*revoked);
        out.push_back(std::move(g));
      });
  return out;
}

std::vector<Grant> Grants::given_by(store::Session& session, const Hash& grantor) const {
  return read(session, "grantor", ByteView(grantor));
}

std::vector<Grant> Grants::held_by(store::Session& session, const Hash& agent) const {
  return read(session, "agent", ByteView(agent));
}

std::optional<Grant> Grants::find(store::Session& session, const std::string& id) const {
  auto found = read(session, "id", std::string_view(id));
  if (found.empty()) return {};
  return std::move(found.front());
}

std::optional<std::string> Grants::reaching(store::Session& session, const Hash& agent, const Hash& grantor,
                                            const std::string& number, Instant now) {
  return session.text(
      "SELECT id FROM agent_grant WHERE agent = $1 AND grantor = $2 AND (case_number = '' OR case_number = $3) AND "
      "granted_at <= $4 AND until > $4 AND revoked_at IS NULL ORDER BY granted_at, id",
      {ByteView(agent), ByteView(grantor), std::string_view(number), to_ms(now)});
}

}  // namespace tongdian::identity
