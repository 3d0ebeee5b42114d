#include "journeys/complaints.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "connection/free_text.hpp"
#include "policy/explain.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

using requests::Kind;

constexpr std::size_t longest_text = 6000;

struct ComplaintRequest {
  std::string about, text;
};
struct SettleRequest {
  bool satisfied = false;
};
BOOST_DESCRIBE_STRUCT(ComplaintRequest, (), (about, text))
BOOST_DESCRIBE_STRUCT(SettleRequest, (), (satisfied))

std::vector<requests::Request> complaints_of(store::Session& session, std::string_view number) {
  requests::Query query;
  query.from_customers = true;
  query.subject = number;
  query.open_only = false;
  auto out = requests::list(session, query);
  std::erase_if(out, [](const auto& r) { return r.kind != Kind::complaint; });
  return out;
}

Result<wire::Response> list(const City& city, const wire::Request& request) {
  auto reader = city.database.reader();
  const auto row = connection::find_case(*reader, request.parameter("number"));
  if (!row || !reach_of(city, *reader, request.principal, *row)) return not_found();
  return wire::json_response(complaints_json(city, *reader, complaints_of(*reader, row->number), request.principal));
}

/// The last day on which an answer is in time; "" beyond the calendar.
std::string answer_by(const City& city, std::string_view area) {
  const auto calendar = city.connection.calendar(area);
  const auto due =
      calendar->add(city.pack().zone().date_of(city.clock.now()), city.pack().complaints().answer_within_wd);
  return due ? format_date(*due) : "";
}

void complain(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<ComplaintRequest>(*request);
  if (!body) return reply(body.error());
  if (auto problem = complaint_defect(body->about, body->text, city.pack())) return reply(*std::move(problem));
  std::optional<connection::CaseRow> row;
  std::optional<Reach> reach;
  {
    auto reader = city.database.reader();
    row = connection::find_case(*reader, request->parameter("number"));
    if (row) reach = reach_of(city, *reader, request->principal, *row);
    const bool sent_again = requests::find(*reader, request_id(city, *key)).has_value();
    if (reach && !sent_again)
      if (auto problem = waits_already(complaints_of(*reader, row->number), body->about)) return reply(*problem);
  }
  if (!reach) return reply(not_found());
  make_complaint(city, request, reply, *key, actor_of(request->principal, *reach),
                 {body->about, body->text, row->number, row->area, row->enterprise, row->stream});
}

/// In whose name the complaint of this case is settled.
Result<engine::Actor> settler(const City& city, const wire::Request& request, const std::string& id) {
  auto reader = city.database.reader();
  const auto row = connection::find_case(*reader, request.parameter("number"));
  const auto reach = row ? reach_of(city, *reader, request.principal, *row) : std::nullopt;
  if (!reach) return not_found();
  const auto r = requests::find(*reader, id);
  if (!r || r->kind != Kind::complaint || r->subject != row->number) return no_request();
  return actor_of(request.principal, *reach);
}

/// The answer that settled nothing.
json::Object earlier_json(const City& city, store::Session& session, const requests::Earlier& e) {
  return {{"state", name_of(e.state)},
          {"words", e.words},
          {"answered_by", actor_json(city, session, e.by)},
          {"answered_at", format_instant(e.at, city.pack().zone())}};
}

}  // namespace

std::optional<Problem> complaint_defect(const std::string& about, const std::string& text, const policy::Pack& pack) {
  const auto& list = pack.complaints().about;
  if (list.empty())
    return refusal("requests.no_complaints", {"这里不受理网上投诉", "complaints are not taken here"},
                   {"请拨打 12398", "call 12398"});
  if (std::ranges::find(list, about, &policy::Reason::id) == list.end())
    return bad_input("json.unknown_value", "/about", {"请从列表中选择", "choose one of the list"});
  return connection::blank(text, "/text", longest_text);
}

std::optional<Problem> waits_already(const std::vector<requests::Request>& those, const std::string& about) {
  if (std::ranges::none_of(those, [&](const auto& r) {
        return r.state == requests::Status::open && r.content.at("about") == json::Value(about);
      }))
    return {};
  return refusal("requests.waiting", {"同一事项的投诉正在等待答复", "a complaint about the same is being waited for"},
                 {"请等待答复，或拨打 12398", "wait for its answer, or call 12398"});
}

json::Object complaints_json(const City& city, store::Session& session, const std::vector<requests::Request>& those,
                             const wire::Principal& reader) {
  json::Array rows, about;
  for (const auto& r : those) rows.push_back(request_json(city, session, r, reader));
  for (const auto& reason : city.pack().complaints().about)
    about.push_back(json::Object{{"id", reason.id}, {"name", policy::to_json(reason.name)}});
  return {{"requests", std::move(rows)},
          {"about", std::move(about)},
          {"answer_within_wd", city.pack().complaints().answer_within_wd}};
}

void make_complaint(City& city, const wire::RequestPtr& request, const wire::Reply& reply, const std::string& key,
                    engine::Actor actor, const Complaint& said) {
  auto sealed = city.vault.seal({{"text", said.text}}, "", "");
  sealed.belongs_to = said.person;
  const json::Object content{{"about", said.about}, {"due_on", answer_by(city, said.area)}};
  std::string digest = to_hex(sealed.commitment);
  make_request(city, request, reply, key, std::move(actor),
               {Kind::complaint, said.subject, said.area, said.enterprise, content, std::move(digest)},
               {said.about + "\n" + said.text, std::move(sealed)});
}

void settle_complaint(City& city, const wire::RequestPtr& request, const wire::Reply& reply, Settler settler) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<SettleRequest>(*request);
  if (!body) return reply(body.error());
  const std::string id(request->parameter("complaint"));
  auto actor = settler(city, *request, id);
  if (!actor) return reply(actor.error());
  engine::Command c;
  c.id = "request:" + *key;
  c.stream = "request/" + id;
  c.actor = *std::move(actor);
  c.channel = "online";
  c.body = std::make_shared<requests::Command>(requests::Settle{body->satisfied});
  city.engine.submit(std::move(c), [&city, request, reply, id](const engine::Answer& answer) {
    if (!answer) return reply(answer.error());
    city.workers.answer(reply, [&city, request, reply, id] {
      auto reader = city.database.reader();
      const auto r = requests::find(*reader, id);
      if (!r) return reply.internal_error();
      reply(wire::json_response(request_json(city, *reader, *r, request->principal)));
    });
  });
}

json::Object complaint_json(const City& city, store::Session& session, const requests::Request& r) {
  const std::string about(r.content.at("about").as_string());
  const std::string& due_on = r.due_on;
  const auto& reasons = city.pack().complaints().about;
  const auto reason = std::ranges::find(reasons, about, &policy::Reason::id);
  const auto due = parse_date(due_on);
  const auto answered = city.pack().zone().date_of(r.answered_at.value_or(city.clock.now()));
  const auto words = city.vault.open(session, r.stream);
  const auto* text = words ? words->if_contains("text") : nullptr;
  const auto& areas = city.pack().areas();
  const auto area = std::ranges::find(areas, r.area, &policy::Area::code);
  return {{"about", about},
          {"about_name", policy::to_json(reason == reasons.end() ? Sentence{about, about} : reason->name)},
          {"area_name", policy::to_json(area == areas.end() ? Sentence{r.area, r.area} : area->name)},
          {"text", text ? *text : json::Value(nullptr)},
          {"due_on", due_on.empty() ? json::Value(nullptr) : json::Value(due_on)},
          {"overdue", due && answered > *due},
          {"settled", r.settled ? json::Value(*r.settled) : json::Value(nullptr)},
          {"alarm", r.alarm.empty() ? json::Value(nullptr) : json::Value(r.alarm)},
          {"earlier", r.earlier ? json::Value(earlier_json(city, session, *r.earlier)) : json::Value(nullptr)}};
}

bool had_a_hand(store::Session& session, std::string_view number, const std::string& user) {
  const auto found = find(session, number);
  if (!found) return false;
  const auto& state = found->folded.state;
  return std::ranges::any_of(state.team, [&](const auto& m) { return m.account == user || m.cover == user; }) ||
         std::ranges::any_of(found->folded.events, [&](const auto& e) {
           return e.actor == engine::Actor{"staff", user};
         });
}

void add_complaints(wire::Router& router, City& city) {
  using wire::Access;
  using wire::Role;
  const auto those = Access::staff({Role::clerk, Role::manager}).or_case_customer();
  router.get("/api/v1/cases/{number}/complaints", Access::any_staff().or_case_customer(),
             [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
               city.workers.answer(reply, [&city, request, reply] { reply(list(city, *request)); });
             });
  router.post("/api/v1/cases/{number}/complaints", those,
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { complain(city, request, reply); });
  router.post("/api/v1/cases/{number}/complaints/{complaint}/settle", Access::staff({}).or_case_customer(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
                settle_complaint(city, request, reply, settler);
              });
}

}  // namespace tongdian::journeys
