#include "identity/service_keys.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace tongdian::identity {
namespace {

constexpr std::string_view prefix = "td_";
constexpr std::string_view columns = "id, name, scopes, areas, enterprises, made_by, made_at, until, revoked_at";

std::vector<std::string> list_at(const store::Row& row, int column) {
  return json::read_text<std::vector<std::string>>(row.text(column)).value();
}

ServiceKey key_of(const store::Row& row) {
  ServiceKey out;
  out.id = row.text(0);
  out.name = row.text(1);
  out.scopes = list_at(row, 2);
  out.areas = list_at(row, 3);
  out.enterprises = list_at(row, 4);
  out.made_by = row.text(5);
  out.made_at = from_ms(row.integer(6));
  out.until = from_ms(row.integer(7));
  if (const auto at = row.optional_integer(8)) out.revoked_at = from_ms(*at);
  return out;
}

}  // namespace

Result<std::string> make_key(store::Session& writer, Random& random, ServiceKey key) {
  if (key.scopes.empty())
    return bad_input("identity.no_scope", "", {"密钥至少要有一个用途", "a key is good for something"},
                     {"使用 --scope", "give --scope"});
  for (const auto& scope : key.scopes)
    if (std::ranges::find(scopes, scope) == std::end(scopes))
      return bad_input("identity.unknown_scope", "", {"没有这个用途 " + scope, "there is no scope " + scope},
                       {"可用 leads、cases", "use leads or cases"});
  key.id = "k" + random.token(6);
  const std::string secret = random.token(32);
  const Hash hash = sha256(secret);
  const auto scopes_text = json::canonical(json::write(key.scopes));
  const auto areas = json::canonical(json::write(key.areas));
  const auto enterprises = json::canonical(json::write(key.enterprises));
  writer.run(
      "INSERT INTO service_key (id, name, secret, scopes, areas, enterprises, made_by, made_at, until) VALUES ($1, $2, $3, "
      "$4, $5, $6, $7, $8, $9)",
      {std::string_view(key.id), std::string_view(key.name), ByteView(hash), std::string_view(scopes_text),
       std::string_view(areas), std::string_view(enterprises), std::string_view(key.made_by), to_ms(key.made_at),
       to_ms(key.until)});
  return std::string(prefix) + key.id + "_" + secret;
}

bool revoke_key(store::Session& writer, const std::string& id, Instant now) {
  bool done = false;
  writer.query("UPDATE service_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id",
               {std::string_view(id), to_ms(now)}, [&](const store::Row&) { done = true; });
  return done;
}

std::vector<ServiceKey> all_keys(store::Session& session) {
  std::vector<ServiceKey> out;
  session.query("SELECT " + std::string(columns) + " FROM service_key ORDER BY made_at, id", {},
                [&](const store::Row& row) { out.push_back(key_of(row)); });
  return out;
}

std::optional<wire::Principal> program_of(store::Session& session, std::string_view key, Instant now) {
  if (!key.starts_with(prefix)) return {};
  key.remove_prefix(prefix.size());
  const auto bar = key.find('_');
  if (bar == std::string_view::npos) return {};
  const Hash given = sha256(key.substr(bar + 1));
  std::optional<wire::Principal> out;
  session.query("SELECT " + std::string(columns) + ", secret FROM service_key WHERE id = $1", {key.substr(0, bar)},
                [&](const store::Row& row) {
                  const ServiceKey found = key_of(row);
                  if (!equal_constant_time(row.bytes(9), given) || found.revoked_at || found.until <= now) return;
                  wire::Principal who;
                  who.kind = wire::Principal::Kind::program;
                  who.user = found.id;
                  who.name = found.name;
                  who.scopes = found.scopes;
                  who.areas = found.areas;
                  who.enterprises = found.enterprises;
                  out = std::move(who);
                });
  return out;
}

}  // namespace tongdian::identity
