#include "journeys/application.hpp"

#include <algorithm>

#include "connection/actions.hpp"
#include "connection/case_view.hpp"
#include "journal/journal.hpp"

namespace tongdian::journeys {
namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::optional<Problem> text_defect(const std::string& text, std::size_t limit, const std::string& path, const char* zh,
                                   const char* en) {
  if (trimmed(text).empty())
    return bad_input("connection.required", path, {std::string("请填写") + zh, std::string("please give the ") + en});
  if (text.size() > limit)
    return bad_input("connection.too_long", path,
                     {std::string(zh) + "过长", std::string("the ") + en + " is too long"});
  return {};
}

engine::Command opening_command(const std::string& key, const engine::Actor& actor, const std::string& channel,
                                const std::string& number) {
  engine::Command c;
  c.id = key;
  c.stream = "case/" + number;
  c.creates = true;
  c.actor = actor;
  c.channel = channel;
  return c;
}

/// The same applicant: the same number of a licence or an identity card; where neither gave one, the same name.
bool same_applicant(const json::Object& kept, const Applicant& now) {
  const auto at = [&](std::string_view key) {
    const auto* v = kept.if_contains(key);
    return v && v->is_string() ? std::string(v->get_string()) : std::string();
  };
  if (at("id_number") != now.id_number) return false;
  return !now.id_number.empty() || at("name") == trimmed(now.name);
}

/// Documents of acceptance that an earlier case of this phone and applicant has seen: a licence once given is not asked again.
std::vector<std::string> held_documents(const journal::Vault& vault, store::Session& session,
                                        const Applicant& applicant, const std::string& phone) {
  constexpr std::size_t most = 10;  // earlier cases that are looked at
  auto owners = vault.owners_of_phone(session, phone);
  if (owners.size() > most) owners.erase(owners.begin(), owners.end() - most);
  std::vector<std::string> out;
  for (const auto owner : owners) {
    const auto kept = vault.open(session, owner);
    if (!kept || !same_applicant(*kept, applicant)) continue;
    connection::CaseState state;
    const auto last = session.integer("SELECT last FROM stream WHERE id = $1", {owner});
    journal::read_stream(session, static_cast<std::uint64_t>(last.value_or(0)),
                         [&](journal::Event&& event, std::string_view) { connection::evolve(state, event); });
    for (auto& id : connection::seen_at_acceptance(state))
      if (std::ranges::find(out, id) == out.end()) out.push_back(std::move(id));
  }
  return out;
}

struct Opened {
  connection::Opening opening;
  journal::Sealed sealed;
};

/// Who and where goes to the vault; codes and a digest go on.
Opened opened(const Submission& s, const journal::Vault& vault, store::Session& session, Random& random,
              LocalDate today) {
  Opened out;
  out.sealed = sealed(s.applicant, s.site, s.facts.site_reason, vault);
  connection::Opening& o = out.opening;
  o.number = make_number(random, today);
  o.area = s.site.area;
  o.township = s.site.township;
  o.enterprise = s.enterprise;
  o.applicant_digest = to_hex(out.sealed.commitment);
  o.duplicates = connection::likely_duplicates(session, out.sealed.phone_tag, out.sealed.site_tag);
  o.held = held_documents(vault, session, s.applicant, plain_phone(s.applicant.phone));
  o.facts = s.facts;
  return out;
}

std::string fingerprint(const journal::Vault& vault, const json::Value& body) {
  return to_hex(vault.tag("command", json::canonical(body))).substr(0, 16);
}

}  // namespace

std::string plain_phone(std::string_view phone) {
  std::string out;
  for (char c : phone)
    if (c >= '0' && c <= '9') out += c;
  if (out.size() == 13 && out.starts_with("86")) out.erase(0, 2);
  return out;
}

std::string make_number(Random& random, LocalDate today) {
  static constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const std::chrono::year_month_day d{today};
  const auto two = [](unsigned n) {
    return std::string{static_cast<char>('0' + n / 10 % 10), static_cast<char>('0' + n % 10)};
  };
  std::string out = "TD" + two(static_cast<unsigned>(static_cast<int>(d.year()) % 100)) +
                    two(static_cast<unsigned>(d.month())) + two(static_cast<unsigned>(d.day())) + "-";
  for (const auto byte : random.array<6>()) out += alphabet[byte % alphabet.size()];
  return out;
}

journal::Sealed sealed(const Applicant& applicant, const Site& site, const std::string& site_reason,
                       const journal::Vault& vault, const std::optional<Hash>& key) {
  const std::string phone = plain_phone(applicant.phone);
  const std::string address = trimmed(site.address);
  return vault.seal({{"name", trimmed(applicant.name)},
                     {"phone", phone},
                     {"id_number", applicant.id_number},
                     {"address", address},
                     {"site_reason", site_reason}},
                    phone, site.area + "/" + site.township + "/" + address, key);
}

std::optional<Problem> defect(const Applicant& a, const std::string& at) {
  if (auto p = text_defect(a.name, 180, at + "/name", "姓名或单位名称", "name")) return p;
  const std::string phone = plain_phone(a.phone);
  if (phone.size() < 5 || phone.size() > 20)
    return bad_input("connection.bad_phone", at + "/phone",
                     {"请填写能联系到您的电话号码", "please give a phone number that reaches you"});
  if (a.id_number.size() > 60)
    return bad_input("connection.too_long", at + "/id_number", {"证件号码过长", "the id number is too long"});
  return {};
}

std::optional<Problem> address_defect(const std::string& address, const std::string& at) {
  return text_defect(address, 600, at + "/address", "用电地址", "address");
}

std::optional<Problem> defect(const Submission& s) {
  if (auto p = defect(s.applicant, "/applicant")) return p;
  // A sanity bound of the form, not of the policy: what is submitted stays in the journal for ever.
  constexpr double most_kw = 1'000'000;
  if (!(s.facts.requested_kw > 0) || s.facts.requested_kw > most_kw)
    return bad_input("connection.bad_capacity", "/facts/requested_kw",
                     {"报装容量应大于 0 且不超过 1,000,000 千瓦", "the capacity is above 0 and at most 1,000,000 kW"},
                     {"请核对容量（千瓦）", "check the capacity, in kW"});
  if (auto p = address_defect(s.site.address, "/site")) return p;
  if (s.channel != "online" && s.channel != "counter")
    return bad_input("connection.unknown_channel", "/channel",
                     {"渠道应为 online 或 counter", "the channel is online or counter"});
  return {};
}

Submission as_submission(const Lead& lead) {
  return {lead.facts, lead.applicant, {lead.area, lead.township, lead.address}, lead.enterprise, "counter"};
}

engine::Command to_command(const Submission& s, const std::string& key, const engine::Actor& actor,
                           const journal::Vault& vault, store::Session& session, Random& random, LocalDate today) {
  auto [opening, sealed] = opened(s, vault, session, random, today);
  auto command = opening_command(key, actor, s.channel, opening.number);
  command.fingerprint = fingerprint(vault, json::write(s));
  command.sealed = std::move(sealed);
  command.body = std::make_shared<connection::Command>(connection::Submit{std::move(opening)});
  return command;
}

engine::Command to_command(const Lead& lead, const std::string& key, const engine::Actor& actor,
                           const journal::Vault& vault, store::Session& session, Random& random, LocalDate today) {
  auto [opening, sealed] = opened(as_submission(lead), vault, session, random, today);
  auto command = opening_command(key, actor, "lead", opening.number);
  command.fingerprint = fingerprint(vault, json::write(lead));
  command.sealed = std::move(sealed);
  command.body = std::make_shared<connection::Command>(
      connection::RecordLead{std::move(opening), lead.project_code, lead.arrived_at});
  return command;
}

}  // namespace tongdian::journeys
