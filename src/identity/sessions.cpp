#include "identity/sessions.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace tongdian::identity {
namespace {

constexpr auto staff_lifetime = std::chrono::hours(12);
constexpr auto customer_lifetime = std::chrono::hours(2);
/// How long what memory holds is believed without a look at the table.
constexpr auto trusted_for = std::chrono::seconds(1);

std::string text_of_principal(const wire::Principal& p) {
  return json::canonical(json::Object{{"staff", p.kind == wire::Principal::Kind::staff},
                                      {"user", p.user},
                                      {"name", p.name},
                                      {"roles", json::write(p.roles)},
                                      {"areas", json::write(p.areas)},
                                      {"enterprises", json::write(p.enterprises)},
                                      {"case_number", p.case_number},
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
  p.csrf = std::string(o.at("csrf").as_string());
  return p;
}

}  // namespace

Sessions::Sessions(store::Database& database, const Clock& clock, Random& random, Write write)
    : database_(database), clock_(clock), random_(random), write_(std::move(write)) {}

Sessions::Opened Sessions::open(wire::Principal principal) {
  principal.csrf = random_.token(16);
  Opened out{random_.token(32), std::move(principal)};
  const Hash hash = sha256(out.token);
  const Instant now = clock_.now();
  const Instant expires =
      now + (out.principal.kind == wire::Principal::Kind::staff ? staff_lifetime : customer_lifetime);
  write_([hash, user = out.principal.user, text = text_of_principal(out.principal), expires, now](store::Session& s) {
    s.run("INSERT INTO session (token_hash, account, principal, expires_at) VALUES ($1, $2, $3, $4)",
          {ByteView(hash), std::string_view(user), std::string_view(text), to_ms(expires)});
    s.run("DELETE FROM session WHERE expires_at <= $1", {to_ms(now)});
  });
  const std::lock_guard lock(mutex_);
  drop_expired();
  entries_[hash] = {out.principal, expires, now};
  return out;
}

std::optional<Sessions::Entry> Sessions::read(const Hash& hash) const {
  std::optional<Entry> out;
  database_.reader()->query("SELECT principal, expires_at FROM session WHERE token_hash = $1", {ByteView(hash)},
                            [&](const store::Row& row) {
                              out = Entry{principal_of(row.text(0)), from_ms(row.integer(1)), clock_.now()};
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

void Sessions::drop_expired() const {
  const Instant now = clock_.now();
  std::erase_if(entries_, [&](const auto& e) { return e.second.expires <= now; });
}

}  // namespace tongdian::identity
