#include "journeys/city.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "identity/accounts.hpp"
#include "identity/service_keys.hpp"
#include "journal/journal.hpp"
#include "journal/people.hpp"
#include "journeys/durations.hpp"
#include "journeys/qr.hpp"

namespace tongdian::journeys {
namespace {

Sentence enterprise_name(const policy::Pack& pack, const std::string& id) {
  const auto found = std::ranges::find(pack.enterprises(), id, &policy::SupplyEnterprise::id);
  return found == pack.enterprises().end() ? Sentence{id, id} : found->name;
}

/// Both: who acts, and for whom. Whole for those who see the person whole; the customer knows whom they made their agent.
std::string agent_name(const City& city, store::Session& session, const std::string& grant,
                       const wire::Principal& reader) {
  const auto found = city.grants.find(session, grant);
  if (!found) return grant;
  const bool handles = handles_cases(reader), customer = reader.kind == wire::Principal::Kind::customer;
  const auto shown = [](const std::string& name, bool whole) { return whole ? name : masked(name, 1, 0); };
  return shown(found->agent_name, handles || customer) + "（代 " + shown(found->grantor_name, handles) + "）";
}

std::string text_at(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

}  // namespace

bool handles_cases(const wire::Principal& who) { return who.has(wire::Role::clerk) || who.has(wire::Role::manager); }

std::string program_name(store::Session& session, const std::string& id) {
  for (const auto& key : identity::all_keys(session))
    if (key.id == id) return key.name;
  return id;
}

json::Object person(const City& city, store::Session& session, std::int64_t stream, bool whole) {
  const auto kept = city.vault.open(session, stream).value_or(json::Object{});
  const auto erased = journal::erased_at(session, stream);
  const auto show = [&](std::string_view key, std::size_t head, std::size_t tail) {
    const std::string text = text_at(kept, key);
    return whole ? text : masked(text, head, tail);
  };
  return {{"name", show("name", 1, 0)},
          {"phone", show("phone", 3, 4)},
          {"id_number", show("id_number", 3, 2)},
          {"address", show("address", 3, 0)},
          {"erased_at", erased ? json::Value(format_instant(*erased, city.pack().zone())) : json::Value(nullptr)}};
}

Pages::Pages(const City& city, store::Session& session, std::string_view area, const wire::Principal& reader)
    : Pages(city.connection, city.clock.now(), session, area) {
  context.other_name = [&city, &session, reader](const std::string& kind, const std::string& id) {
    return kind == "agent" ? agent_name(city, session, id, reader) : program_name(session, id);
  };
}

Pages::Pages(const connection::Connection& connection, Instant now, store::Session& session, std::string_view area)
    : calendar(connection.calendar(area)),
      context{connection.policy_pack(),
              {calendar.get(), connection.policy_pack().zone()},
              now,
              [&session](const std::string& user) {
                const auto account = identity::find_account_by_id(session, user);
                return account ? account->name : user;
              },
              [&connection](const std::string& id) { return enterprise_name(connection.policy_pack(), id); }} {}

std::string masked(std::string_view text, std::size_t head, std::size_t tail) {
  // Characters, not bytes: UTF-8 continuation bytes do not count.
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  const std::size_t n = starts.size();
  if (n == 0) return "";
  if (n <= head + tail) return std::string(text.substr(0, n > 1 ? starts[1] : text.size())) + "**";
  return std::string(text.substr(0, starts[head])) + "****" +
         (tail == 0 ? "" : std::string(text.substr(starts[n - tail])));
}

std::optional<Found> find(store::Session& session, std::string_view number) {
  auto row = connection::find_case(session, number);
  return row ? std::optional(fold(session, *std::move(row))) : std::nullopt;
}

Found fold(store::Session& session, connection::CaseRow row) {
  const auto last = session.integer("SELECT last FROM stream WHERE id = $1", {row.stream});
  Found found{std::move(row), {}};
  journal::read_stream(session, static_cast<std::uint64_t>(last.value_or(0)),
                       [&](journal::Event&& event, std::string_view) {
                         connection::evolve(found.folded.state, event);
                         found.folded.events.push_back(std::move(event));
                       });
  return found;
}

json::Object row_of(const City& city, store::Session& session, const connection::CaseRow& row, const Pages& pages) {
  const auto kept = city.vault.open(session, row.stream);
  const auto* name = kept ? kept->if_contains("name") : nullptr;
  auto out = connection::inbox_row(row, pages.context,
                                   name && name->is_string() ? masked(name->get_string(), 1, 0) : std::string());
  out["person_erased"] = !kept && journal::erased_at(session, row.stream).has_value();
  return out;
}

connection::Side side_of(const wire::Principal& who) {
  if (who.kind == wire::Principal::Kind::customer) return connection::Side::customer;
  return who.has(wire::Role::manager) ? connection::Side::manager : connection::Side::staff;
}

bool within_district(const wire::Principal& who, const std::string& area, const std::string& enterprise) {
  const auto admits = [](const std::vector<std::string>& list, const std::string& one) {
    return list.empty() || std::ranges::find(list, one) != list.end();
  };
  return admits(who.areas, area) && admits(who.enterprises, enterprise);
}

namespace {

std::optional<Reach> reach_of_phone(const City& city, store::Session& session, const std::string& phone_tag,
                                    const connection::CaseRow& row) {
  const auto own = tag_of(phone_tag);
  const auto of_case = journal::phone_tag_of(session, row.stream);
  if (!own || !of_case) return {};
  if (*own == *of_case) return Reach{Reach::By::own};
  auto grant = identity::Grants::reaching(session, *own, *of_case, row.number, city.clock.now());
  if (!grant) return {};
  return Reach{Reach::By::grant, *std::move(grant)};
}

}  // namespace

std::optional<Hash> tag_of(std::string_view hex) {
  const auto bytes = from_hex(hex);
  Hash out{};
  if (!bytes || bytes->size() != out.size()) return {};
  std::ranges::copy(*bytes, out.begin());
  return out;
}

std::optional<Reach> reach_of(const City& city, store::Session& session, const wire::Principal& who,
                              const connection::CaseRow& row) {
  using Kind = wire::Principal::Kind;
  switch (who.kind) {
    case Kind::visitor: return {};
    case Kind::customer:
      if (!who.phone_tag.empty()) return reach_of_phone(city, session, who.phone_tag, row);
      return who.case_number == row.number ? std::optional(Reach{Reach::By::own}) : std::nullopt;
    case Kind::staff:
    case Kind::program:
      if (!within_district(who, row.area, row.enterprise)) return {};
      return Reach{who.kind == Kind::staff ? Reach::By::staff : Reach::By::program};
  }
  return {};
}

engine::Actor actor_of(const wire::Principal& who, const Reach& reach) {
  switch (reach.by) {
    case Reach::By::own: return {"customer", "applicant"};
    case Reach::By::grant: return {"agent", reach.grant};
    case Reach::By::staff: return {"staff", who.user};
    case Reach::By::program: return {"program", who.user};
  }
  return {};
}

Problem not_found() {
  return refusal("connection.not_found",
                 {"没有找到这个案件，或您无权查看", "there is no such case, or it is not yours to see"},
                 {"请核对编号和手机号；需要帮助请拨打 95598", "check the number and the phone; for help call 95598"});
}

void add_all(wire::Router& router, City& city) {
  add_information(router, city);
  add_decisions(router, city);
  add_applications(router, city);
  add_cases(router, city);
  add_person(router, city);
  add_papers(router, city);
  add_inbox(router, city);
  add_team(router, city);
  add_whitelist(router, city);
  add_qr(router, city);
  add_durations(router, city);
  add_proofs(router, city);
  add_supply(router, city);
  add_sessions(router, city);
  add_what_if(router, city);
  add_logs(router, city);
  add_forecasts(router, city);
  add_supervision(router, city);
  add_account(router, city);
  add_phones(router, city);
  add_grants(router, city);
  add_oidc(router, city);
  add_requests(router, city);
  add_complaints(router, city);
  add_my_complaints(router, city);
  add_visits(router, city);
  add_accounts(router, city);
  add_calendars(router, city);
}

}  // namespace tongdian::journeys
