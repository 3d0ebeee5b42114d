#include "identity/sessions.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace tongdian::identity {
namespace {

constexpr auto staff_lifetime = std::chrono::hours(12);
constexpr auto customer_lifetime = std::chrono::hours(2);
/// How long what memory holds is believed without a look at the table.
constexpr auto trusted_for = std::chrono::seconds(1);
constexpr std::size_t longest_agent = 200;

std::string text_of_principal(const wire::Principal& p) {
  return json::canonical(json::Object{{"staff", p.kind == wire::Principal::Kind::staff},
                                      {"user", p.user},
                                      {"name", p.name},
                                      {"roles", json::write(p.roles)},
                                      {"areas", json::write(p.areas)},
                                      {"enterprises", json::write(p.enterprises)},
                                      {"case_number", p.case_number},
                                      {"phone_tag", p.phone_tag},
                                      {"session", p.session},
                                      {"pending", p.pending},
                                      {"csrf", p.csrf}});
}

wire::Principal principal_of(std::string_view text) {
  const auto value = json::parse(text).value();
  const auto& o = value.get_object();
  wire::Principal p;
  p.kind = o.at("staff").as_bool() ? wire::Principal::Kind::staff : wire::Principal::Kind::customer;
  p.user = std::string(o.at("user").as_string());
  p.name = std::string(o.at("name").as_string());
  p.roles = json::read<std::vector<wire::Role>>(o.at("roles")).value();
  p.areas = json::read<std::vector<std::string>>(o.at("areas")).value();
  p.enterprises = json::read<std::vector<std::string>>(o.at("enterprises")).value();
  p.case_number = std::string(o.at("case_number").as_string());
  p.phone_tag = std::string(o.at("phone_tag").as_string());
  p.session = std::string(o.at("session").as_string());
  p.pending = o.at("pending").as_bool();
  p.csrf = std::string(o.at("csrf").as_string());
  return p;
}

}  // namespace

Sessions::Sessions(store::Database& database, const Clock& clock, Random& random, Write write)
    : database_(database), clock_(clock), random_(random), write_(std::move(write)) {}

Sessions::Opened Sessions::open(wire::Principal principal, const From& from, const std::string& password_hash) {
  principal.csrf = random_.token(16);
  principal.session = random_.token(8);
  Opened out{random_.token(32), std::move(principal)};
  const Hash hash = sha256(out.token);
  const Instant now = clock_.now();
  const Instant expires =
      now + (out.principal.kind == wire::Principal::Kind::staff ? staff_lifetime : customer_lifetime);
  write_([&](store::Session& s) {
    if (!password_hash.empty() &&
        s.text("SELECT password FROM account WHERE id = $1", {std::string_view(out.principal.user)}) != password_hash)
      throw ProblemError(refusal("identity.wrong_password", {"密码刚刚已更改", "the password has changed this moment"},
                                 {"请用新密码登录", "sign in with the new one"}));
    const auto text = text_of_principal(out.principal);
    s.run(
        "INSERT INTO session (token_hash, id, account, principal, opened_at, expires_at, address, agent) VALUES ($1, $2, "
        "$3, $4, $5, $6, $7, $8)",
        {ByteView(hash), std::string_view(out.principal.session), std::string_view(out.principal.user),
         std::string_view(text), to_ms(now), to_ms(expires), std::string_view(from.address),
         std::string_view(from.agent).substr(0, longest_agent)});
    s.run("DELETE FROM session WHERE expires_at <= $1", {to_ms(now)});
  });
  const std::lock_guard lock(mutex_);
  drop_expired();
  entries_[hash] = {out.principal, expires, now};
  return out;
}

/// What staff may do is what their account says now, not what it said when the session was opened: a sign-in that was under
/// way while the account was disabled, or lost a right, opens nothing by it.
std::optional<Sessions::Entry> Sessions::read(const Hash& hash) const {
  std::optional<Entry> out;
  database_.reader()->query(
      "SELECT s.principal, s.expires_at, a.roles, a.areas, a.enterprises, a.disabled_at FROM session s LEFT JOIN account a "
      "ON a.id = s.account WHERE s.token_hash = $1",
      {ByteView(hash)}, [&](const store::Row& row) {
        auto who = principal_of(row.text(0));
        if (who.kind == wire::Principal::Kind::staff) {
          if (row.is_null(2) || !row.is_null(5)) return;
          who.roles = json::read_text<std::vector<wire::Role>>(row.text(2)).value();
          who.areas = json::read_text<std::vector<std::string>>(row.text(3)).value();
          who.enterprises = json::read_text<std::vector<std::string>>(row.text(4)).value();
        }
        out = Entry{std::move(who), from_ms(row.integer(1)), clock_.now()};
      });
  return out;
}

std::optional<wire::Principal> Sessions::find(std::string_view token) const {
  const Hash hash = sha256(token);
  const Instant now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(hash);
    if (found != entries_.end() && found->second.looked <= now && now - found->second.looked < trusted_for)
      return found->second.expires > now ? std::optional(found->second.principal) : std::nullopt;
  }
  // Signed in on another node, or signed out there, or by a new password.
  const auto entry = read(hash);
  const std::lock_guard lock(mutex_);
  if (!entry || entry->expires <= now) {
    entries_.erase(hash);
    return {};
  }
  entries_[hash] = *entry;
  return entry->principal;
}

void Sessions::close(std::string_view token) {
  const Hash hash = sha256(token);
  write_([hash](store::Session& s) { s.run("DELETE FROM session WHERE token_hash = $1", {ByteView(hash)}); });
  const std::lock_guard lock(mutex_);
  entries_.erase(hash);
}

std::vector<Sessions::Listed> Sessions::of(const std::string& account) const {
  std::vector<Listed> out;
  database_.reader()->query(
      "SELECT id, address, agent, opened_at, expires_at FROM session WHERE account = $1 AND expires_at > $2 ORDER BY "
      "opened_at DESC, id",
      {std::string_view(account), to_ms(clock_.now())}, [&](const store::Row& row) {
        out.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                       from_ms(row.integer(3)), from_ms(row.integer(4))});
      });
  return out;
}

bool Sessions::close_one(const std::string& account, const std::string& id) {
  bool found = false;
  write_([&](store::Session& s) {
    s.query("DELETE FROM session WHERE account = $1 AND id = $2 RETURNING id",
            {std::string_view(account), std::string_view(id)}, [&](const store::Row&) { found = true; });
  });
  look_again();
  return found;
}

void Sessions::close_others(const std::string& account, const std::string& keep) {
  write_([&](store::Session& s) {
    s.run("DELETE FROM session WHERE account = $1 AND id <> $2", {std::string_view(account), std::string_view(keep)});
  });
  look_again();
}

void Sessions::look_again() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
}

void Sessions::drop_expired() const {
  const Instant now = clock_.now();
  std::erase_if(entries_, [&](const auto& e) { return e.second.expires <= now; });
}

}  // namespace tongdian::identity
