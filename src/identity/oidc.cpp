#include "identity/oidc.hpp"

#include <algorithm>

#include "identity/sealing.hpp"
#include "wire/target.hpp"

namespace tongdian::identity {
namespace {

constexpr auto ticket_lifetime = std::chrono::minutes(10);
/// How long its endpoints and keys are believed.
constexpr auto provider_lifetime = std::chrono::hours(1);
constexpr auto keys_pause = std::chrono::minutes(1);
/// Between the provider's clock and ours.
constexpr auto leeway = std::chrono::seconds(60);
constexpr std::string_view purpose = "oidc ticket";

struct TicketText {
  std::string state, nonce, verifier, goal;
  std::int64_t until = 0;
};
BOOST_DESCRIBE_STRUCT(TicketText, (), (state, nonce, verifier, goal, until))

std::string text_in(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

std::optional<Instant> instant_in(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (!v || !v->is_number()) return {};
  const double seconds = v->to_number<double>();
  if (!(seconds > 0 && seconds < 1e11)) return {};
  return from_ms(static_cast<std::int64_t>(seconds) * 1000);
}

/// A text, or every text of a list.
std::vector<std::string> texts_in(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  std::vector<std::string> out;
  if (v && v->is_string()) out.emplace_back(v->get_string());
  if (v && v->is_array())
    for (const auto& each : v->get_array())
      if (each.is_string()) out.emplace_back(each.get_string());
  return out;
}

Problem bad_answer(const std::string& why) {
  return failure(
      "identity.oidc_bad_answer",
      {"统一身份认证的答复不合规范：" + why, "the single sign-on's answer is not as the standard has it: " + why},
      {"请重试；仍不行请联系管理员", "try again; if it persists ask the administrator"});
}

Problem bad_token(const std::string& why) {
  return refusal("identity.oidc_bad_token",
                 {"统一身份认证的令牌未通过检查", "the single sign-on's token does not pass: " + why},
                 {"请重新登录；仍不行请联系管理员", "sign in again; if it persists ask the administrator"});
}

Problem stale() {
  return refusal(
      "identity.oidc_stale",
      {"这次登录已过期，或不是在这个浏览器里开始的", "this sign-in is over, or was not begun in this browser"},
      {"请重新登录", "sign in again"});
}

Problem refused() {
  return refusal("identity.oidc_refused",
                 {"统一身份认证没有同意这次登录", "the single sign-on did not agree to this sign-in"},
                 {"请重新登录，或用账号密码登录", "sign in again, or by account and password"});
}

Result<json::Object> object_in(const peer::Answered& answer) {
  if (answer.status != 200) return bad_answer("status " + std::to_string(answer.status));
  auto value = json::parse(answer.body);
  if (!value || !value->is_object()) return bad_answer("no JSON object");
  return std::move(value->get_object());
}

bool same(std::string_view a, std::string_view b) { return equal_constant_time(bytes_of(a), bytes_of(b)); }

std::string with_query(const std::string& address, const std::vector<std::pair<std::string, std::string>>& query) {
  std::string out = address;
  char separator = address.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : query) {
    out += separator + name + "=" + wire::percent_encoded(value);
    separator = '&';
  }
  return out;
}

}  // namespace

std::string Oidc::safe_goal(std::string_view goal) {
  const bool ours = goal.size() >= 1 && goal.size() <= 300 && goal[0] == '/' &&
                    (goal.size() == 1 || (goal[1] != '/' && goal[1] != '\\')) &&
                    std::ranges::all_of(goal, [](char c) { return c > ' ' && c < 127 && c != '\\'; });
  return ours ? std::string(goal) : "/desk";
}

std::string Oidc::seal(const Ticket& t) const {
  const auto text = json::canonical(json::write(TicketText{t.state, t.nonce, t.verifier, t.goal, to_ms(t.until)}));
  return to_hex(identity::seal(vault_, random_, purpose, "", bytes_of(text)));
}

std::optional<Oidc::Ticket> Oidc::unseal(std::string_view hex) const {
  const auto sealed = from_hex(hex);
  if (!sealed) return {};
  try {
    const Bytes plain = identity::unseal(vault_, purpose, "", *sealed);
    const auto text = json::read_text<TicketText>(text_of(plain));
    if (!text) return {};
    return Ticket{text->state, text->nonce, text->verifier, text->goal, from_ms(text->until)};
  } catch (const ProblemError&) {
    return {};  // somebody's own idea of a ticket
  }
}

Result<Oidc::Provider> Oidc::provider() {
  const Instant now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    if (provider_ && now - provider_->asked < provider_lifetime) return *provider_;
  }
  std::string base = settings_.issuer;
  while (base.ends_with('/')) base.pop_back();
  const auto answer = ask_({base + "/.well-known/openid-configuration"});
  if (!answer) return answer.error();
  const auto found = object_in(*answer);
  if (!found) return found.error();
  if (text_in(*found, "issuer") != settings_.issuer) return bad_answer("another issuer");
  Provider p{text_in(*found, "authorization_endpoint"), text_in(*found, "token_endpoint"), text_in(*found, "jwks_uri"),
             now};
  if (p.authorization.empty() || p.token.empty() || p.keys.empty()) return bad_answer("an endpoint is missing");
  const std::lock_guard lock(mutex_);
  provider_ = p;
  return p;
}

Result<Oidc::Started> Oidc::start(std::string_view goal) {
  const auto p = provider();
  if (!p) return p.error();
  const Ticket t{random_.token(16), random_.token(16), random_.token(32), safe_goal(goal),
                 clock_.now() + ticket_lifetime};
  const Hash challenge = sha256(t.verifier);
  return Started{with_query(p->authorization, {{"response_type", "code"},
                                               {"client_id", settings_.client_id},
                                               {"redirect_uri", settings_.redirect},
                                               {"scope", "openid profile"},
                                               {"state", t.state},
                                               {"nonce", t.nonce},
                                               {"code_challenge", jwt::base64url(challenge)},
                                               {"code_challenge_method", "S256"}}),
                 seal(t)};
}

Result<std::string> Oidc::token_for(const Provider& p, std::string_view code, const Ticket& t) const {
  peer::Ask ask{p.token,
                {{"grant_type", "authorization_code"},
                 {"code", std::string(code)},
                 {"redirect_uri", settings_.redirect},
                 {"code_verifier", t.verifier}},
                settings_.client_id,
                settings_.client_secret};
  const auto said = ask_(ask);
  if (!said) return said.error();
  // RFC 6749 5.2: a code that was used, is over, or is another's.
  if (said->status == 400 || said->status == 401) return refused();
  const auto answer = object_in(*said);
  if (!answer) return answer.error();
  std::string token = text_in(*answer, "id_token");
  if (token.empty()) return bad_answer("no id_token");
  return token;
}

Result<json::Object> Oidc::claims_of(const Provider& p, std::string_view token) {
  const Instant now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    if (keys_ && now - keys_asked_ < provider_lifetime)
      if (auto claims = keys_->verified(token); claims || now - keys_asked_ < keys_pause) return claims;
  }
  const auto answer = ask_({p.keys});
  if (!answer) return answer.error();
  auto keys = jwt::Keys::read(answer->body);
  if (!keys) return keys.error();
  const std::lock_guard lock(mutex_);
  keys_ = *std::move(keys);
  keys_asked_ = now;
  return keys_->verified(token);
}

std::optional<Problem> Oidc::objection(const json::Object& claims, const OidcSettings& settings, std::string_view nonce,
                                       Instant now) {
  if (text_in(claims, "iss") != settings.issuer) return bad_token("of another issuer");
  const auto audience = texts_in(claims, "aud");
  if (std::ranges::find(audience, settings.client_id) == audience.end()) return bad_token("for another client");
  if (audience.size() > 1 && text_in(claims, "azp") != settings.client_id)
    return bad_token("for other clients as well");
  if (const auto party = text_in(claims, "azp"); !party.empty() && party != settings.client_id)
    return bad_token("for another client");
  const auto expires = instant_in(claims, "exp"), issued = instant_in(claims, "iat");
  if (!expires || *expires + leeway <= now) return bad_token("over");
  if (!issued || *issued > now + leeway) return bad_token("not yet");
  if (nonce.empty() || !same(text_in(claims, "nonce"), nonce)) return bad_token("of another sign-in");
  if (text_in(claims, "sub").empty()) return bad_token("of nobody");
  return {};
}

Result<Oidc::Returned> Oidc::finish(std::string_view sealed, std::string_view state, std::string_view code) {
  const auto ticket = unseal(sealed);
  if (!ticket || ticket->until <= clock_.now() || state.empty() || !same(ticket->state, state)) return stale();
  if (code.empty()) return refused();
  const auto p = provider();
  if (!p) return p.error();
  const auto token = token_for(*p, code, *ticket);
  if (!token) return token.error();
  const auto claims = claims_of(*p, *token);
  if (!claims) return claims.error();
  if (auto problem = objection(*claims, settings_, ticket->nonce, clock_.now())) return *std::move(problem);
  return Returned{{text_in(*claims, "sub"), text_in(*claims, "name"), texts_in(*claims, settings_.claim)},
                  safe_goal(ticket->goal)};
}

std::optional<OidcGrant> grant_of(const OidcSettings& settings, const OidcIdentity& who) {
  if (const auto own = settings.accounts.find(who.subject); own != settings.accounts.end())
    return OidcGrant{own->second, {}};
  for (const auto& [group, authority] : settings.authorities)
    if (std::ranges::find(who.groups, group) != who.groups.end() && !authority.roles.empty())
      return OidcGrant{"", authority};
  return {};
}

}  // namespace tongdian::identity
