#include "journeys/person.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "journal/glances.hpp"
#include "journal/vault_files.hpp"
#include "notify/notify.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

std::string text_at(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

json::Array readers(const Found& found, store::Session& session, const connection::PageContext& context) {
  json::Array out;
  const auto add = [&](const journal::VaultRead& read, bool whole) {
    out.push_back(json::Object{{"reader", read.reader},
                               {"name", context.staff_name(read.reader)},
                               {"first_at", format_instant(read.first_at, context.days.zone)},
                               {"whole", whole}});
  };
  for (const auto& read : journal::reads_of(session, found.row.stream)) add(read, true);
  for (const auto& read : journal::glances_of(session, found.row.stream)) add(read, false);
  for (const auto& listed : journal::listed_of(session, found.row.stream)) {
    add({listed.reader, listed.first_at}, false);
    out.back().as_object()["list"] = json::Object{{"days", listed.days}, {"last_on", format_date(listed.last_on)}};
  }
  return out;
}

/// The events' own JSON, as the journal has it.
json::Array events(const Found& found) {
  json::Array out;
  for (const auto& event : found.folded.events) out.push_back(json::parse(journal::encode(event)).value());
  return out;
}

/// What of each file lets anybody check that the journal speaks of it; its bytes are a download of their own.
json::Array files(const Found& found, const journal::Vault& vault, store::Session& session) {
  json::Array out;
  for (const auto& paper : found.folded.state.papers)
    if (const auto key = journal::file_key(vault, session, found.row.stream, paper.file))
      out.push_back(
          json::Object{{"id", paper.file}, {"digest", paper.digest}, {"salt", to_hex(journal::file_salt(*key))}});
  return out;
}

/// What they complained of, in their words; the answers are the city's and stand beside the case.
json::Array complaints(const Found& found, const journal::Vault& vault, store::Session& session) {
  json::Array out;
  for (const auto owner : journal::belonging_to(session, found.row.stream))
    if (const auto said = vault.open(session, owner)) out.push_back(json::Object{{"text", text_at(*said, "text")}});
  return out;
}

Result<wire::Response> copy(City& city, const wire::Request& request) {
  std::optional<connection::CaseRow> row;
  std::optional<Reach> reach;
  {
    auto reader = city.database.reader();
    row = connection::find_case(*reader, request.parameter("number"));
    if (row) reach = reach_of(city, *reader, request.principal, *row);
  }
  if (!reach) return not_found();
  // The copy is the person's own right, not their agent's.
  if (reach->by == Reach::By::grant)
    return refusal("identity.forbidden", {"个人信息副本只给本人", "a copy of the data is for the person alone"},
                   {"请由本人登录后下载", "let them sign in themselves"});
  const bool staff = request.principal.kind == wire::Principal::Kind::staff;
  // On disk before the answer: a copy that left the house is never one that nobody knows of.
  if (staff)
    city.engine.write([&](store::Session& writer) {
      const Instant now = city.clock.now();
      journal::note_read(writer, row->stream, request.principal.user, city.pack().zone().date_of(now), now);
    });
  auto reader = city.database.reader();
  const auto found = find(*reader, row->number);
  if (!found) return not_found();
  const Pages pages(city, *reader, found->row.area, request.principal);
  auto response = wire::json_response(person_copy(*found, city.vault, *reader, pages.context, staff));
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Disposition", "attachment; filename=\"" + found->row.number + "-person.json\"");
  return response;
}

}  // namespace

Result<Corrected> correct(const Correction& correction, const Found& found, const journal::Vault& vault,
                          store::Session& session) {
  const auto kept = vault.open(session, found.row.stream).value_or(json::Object{});
  Corrected out;
  const auto merged = [&](const char* field, const std::string& given) {
    const std::string before = text_at(kept, field);
    if (given.empty() || given == before) return before;
    out.command.fields.emplace_back(field);
    return given;
  };
  Applicant applicant;
  applicant.name = merged("name", correction.name);
  applicant.phone = merged("phone", plain_phone(correction.phone));
  applicant.id_number = merged("id_number", correction.id_number);
  const Site site{found.row.area, found.row.township, merged("address", correction.address)};
  if (auto problem = defect(applicant, "/input")) return *std::move(problem);
  if (auto problem = address_defect(site.address, "/input")) return *std::move(problem);
  out.sealed = sealed(applicant, site, text_at(kept, "site_reason"), vault, vault.key_of(session, found.row.stream));
  out.command.applicant_digest = to_hex(out.sealed.commitment);
  return out;
}

json::Object person_copy(const Found& found, const journal::Vault& vault, store::Session& session,
                         const connection::PageContext& context, bool whole) {
  const auto erased = journal::erased_at(session, found.row.stream);
  auto kept = vault.open(session, found.row.stream);
  if (kept && !whole) {
    kept->erase("salt");
    (*kept)["id_number"] = masked(text_at(*kept, "id_number"), 3, 2);
  }
  json::Object shown{{"name", ""}, {"phone", ""}, {"id_number", ""}, {"address", ""}};
  for (auto& [key, value] : shown)
    if (kept) value = text_at(*kept, key);
  shown["erased_at"] = erased ? json::Value(format_instant(*erased, context.days.zone)) : json::Value(nullptr);
  auto page = connection::whole_case(found.folded, context, connection::Side::customer, false);
  page["person"] = shown;
  page["messages"] = notify::notices_of(session, found.row.stream, context.days.zone);
  return {{"format", "tongdian-person"},
          {"version", 1},
          {"number", found.row.number},
          {"made_at", format_instant(context.now, context.days.zone)},
          {"whole", whole},
          {"person", kept ? json::Value(*std::move(kept)) : json::Value(nullptr)},
          {"erased_at", shown.at("erased_at")},
          {"readers", readers(found, session, context)},
          {"case", std::move(page)},
          {"files", files(found, vault, session)},
          {"complaints", complaints(found, vault, session)},
          {"events", events(found)}};
}

void add_person(wire::Router& router, City& city) {
  using wire::Access;
  router.get("/api/v1/cases/{number}/person", Access::staff({wire::Role::manager}).or_case_customer(),
             [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
               city.workers.answer(reply, [&city, request, reply] { reply(copy(city, *request)); });
             });
}

}  // namespace tongdian::journeys
