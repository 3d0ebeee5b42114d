// A human review of what the policy decided: a customer asks for it, it lands where managers and supervisors look, one of
// them answers in words. And the same inbox for changes under four eyes, which administrators answer.
#include "journeys/requests.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "connection/free_text.hpp"
#include "identity/one_time.hpp"
#include "journeys/complaints.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

using requests::Kind;
using wire::Role;

struct ReviewRequest {
  std::string about;
};
struct AnswerRequest {
  std::string outcome, words;
};
BOOST_DESCRIBE_STRUCT(ReviewRequest, (), (about))
BOOST_DESCRIBE_STRUCT(AnswerRequest, (), (outcome, words))

/// What of a decision somebody may want looked at; a closed list, so that nothing personal gets into the journal.
constexpr std::string_view subjects[] = {"programme", "class", "days", "cost", "documents", "permit", "other"};

bool may_see(store::Session& session, const wire::Principal& who, const requests::Request& r) {
  if (requests::from_customers(r.kind))
    return (who.has(Role::manager) || who.has(Role::supervisor)) && within_district(who, r.area, r.enterprise);
  if (r.kind == Kind::calendar) return may_change_calendar(who, r.area);
  auto account = identity::find_account_by_id(session, r.subject);
  if (!who.has(Role::admin) || !account || !within_authority(who, *account)) return false;
  if (r.kind != Kind::authority) return true;
  // To grant is to give: what is asked for has to lie within the granter's own reach as well as what is there.
  account->areas = json::read<std::vector<std::string>>(r.content.at("areas")).value();
  account->enterprises = json::read<std::vector<std::string>>(r.content.at("enterprises")).value();
  return within_authority(who, *account);
}

Result<wire::Response> list(const City& city, const wire::Request& request) {
  const auto& who = request.principal;
  auto reader = city.database.reader();
  // Each kind, and each reach, has its own first 200: those of others do not push one's own off the page.
  std::vector<requests::Request> found;
  std::int64_t more = 0;
  const auto look = [&](const requests::Query& query) {
    auto some = requests::list(*reader, query);
    more += requests::count(*reader, query) - static_cast<std::int64_t>(some.size());
    std::ranges::move(some, std::back_inserter(found));
  };
  if (who.has(Role::admin)) look({.from_customers = false});
  if (who.has(Role::manager) || who.has(Role::supervisor))
    look({.from_customers = true, .areas = who.areas, .enterprises = who.enterprises});
  std::ranges::stable_sort(found, {}, &requests::Request::asked_at);
  json::Array rows;
  for (const auto& r : found)
    if (may_see(*reader, who, r)) rows.push_back(request_json(city, *reader, r, who));
  return wire::json_response(json::Object{{"requests", std::move(rows)}, {"more", more}});
}

Result<wire::Response> reviews_of(const City& city, const wire::Request& request) {
  auto reader = city.database.reader();
  const auto row = connection::find_case(*reader, request.parameter("number"));
  if (!row || !reach_of(city, *reader, request.principal, *row)) return not_found();
  requests::Query query;
  query.subject = row->number;
  query.open_only = false;
  json::Array rows;
  for (const auto& r : requests::list(*reader, query))
    if (r.kind == Kind::review) rows.push_back(request_json(city, *reader, r, request.principal));
  return wire::json_response(json::Object{{"requests", std::move(rows)}});
}

/// One of a kind at a time: whoever asks a hundred times does not bury what others ask.
bool waits_already(store::Session& session, const std::string& number, const std::string& about) {
  return std::ranges::any_of(requests::list(session, {.from_customers = true, .subject = number}), [&](const auto& r) {
    return r.kind == Kind::review && r.content.at("about") == json::Value(about);
  });
}

void ask_review(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<ReviewRequest>(*request);
  if (!body) return reply(body.error());
  if (std::ranges::find(subjects, body->about) == std::end(subjects))
    return reply(bad_input("json.unknown_value", "/about", {"请从列表中选择", "choose one of the list"}));
  std::optional<Reach> reach;
  std::optional<connection::CaseRow> row;
  {
    auto reader = city.database.reader();
    row = connection::find_case(*reader, request->parameter("number"));
    if (row) reach = reach_of(city, *reader, request->principal, *row);
    const bool sent_again = requests::find(*reader, request_id(city, *key)).has_value();
    if (reach && !sent_again && waits_already(*reader, row->number, body->about))
      return reply(refusal("requests.waiting",
                           {"已有一项同样的复核申请在等待答复", "the same review is being waited for"},
                           {"请等待答复；内容不同请选择其他事项", "wait for its answer, or ask about something else"}));
  }
  if (!reach) return reply(not_found());
  make_request(city, request, reply, *key, actor_of(request->principal, *reach),
               {Kind::review, row->number, row->area, row->enterprise, json::Object{{"about", body->about}}});
}

engine::Command command_for(const wire::Request& request, const std::string& key, std::string_view id,
                            requests::Command::Any body) {
  engine::Command c;
  c.id = "request:" + key;
  c.stream = "request/" + std::string(id);
  c.actor = {"staff", request.principal.user};
  c.channel = "desk";
  c.body = std::make_shared<requests::Command>(std::move(body));
  return c;
}

/// What the granter alone may see: a code for a new password, to be handed over.
json::Value code_for(City& city, const requests::Request& r) {
  const auto account = identity::find_account_by_id(*city.database.reader(), r.subject);
  const bool wants_one = r.state == requests::Status::granted && account &&
                         (r.kind == Kind::reset || (r.kind == Kind::authority && account->password_hash.empty() &&
                                                    !identity::is_single_sign_on(*account)));
  if (!wants_one) return nullptr;
  std::string code;
  city.engine.write([&](store::Session& writer) {
    code = identity::issue(writer, city.vault, city.random, identity::reset_code, account->id, city.clock.now());
  });
  return json::Value(code);
}

void carry_out(City& city, const wire::RequestPtr& request, const wire::Reply& reply, requests::Command::Any body,
               const std::string& key) {
  const std::string id(request->parameter("id"));
  {
    auto reader = city.database.reader();
    const auto r = requests::find(*reader, id);
    if (!r || !may_see(*reader, request->principal, *r)) return reply(no_request());
    if (auto* answer = std::get_if<requests::Answer>(&body); answer && r->kind == Kind::complaint)
      answer->involved = had_a_hand(*reader, r->subject, request->principal.user);
  }
  city.engine.submit(command_for(*request, key, id, std::move(body)),
                     [&city, request, reply, id](const engine::Answer& answer) {
                       if (!answer) return reply(answer.error());
                       city.workers.answer(reply, [&city, request, reply, id, repeated = answer->repeated] {
                         const auto r = requests::find(*city.database.reader(), id);
                         if (!r) return reply.internal_error();
                         // Shown once: the same key again gets the request and no new code.
                         const json::Value code = repeated ? json::Value(nullptr) : code_for(city, *r);
                         auto reader = city.database.reader();
                         auto out = request_json(city, *reader, *r, request->principal);
                         out["code"] = code;
                         reply(wire::json_response(out));
                       });
                     });
}

void answer(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<AnswerRequest>(*request);
  if (!body) return reply(body.error());
  const auto outcome = enum_of<requests::Outcome>(body->outcome);
  if (!outcome)
    return reply(bad_input("json.unknown_value", "/outcome", {"应为 granted 或 declined", "granted or declined"}));
  // The words stay in the journal for ever.
  if (auto problem = connection::personal(body->words, "/words")) return reply(*problem);
  carry_out(city, request, reply, requests::Answer{*outcome, body->words}, *key);
}

}  // namespace

Problem no_request() {
  return refusal("identity.not_found",
                 {"没有这项申请，或您无权查看", "there is no such request, or it is not yours to see"},
                 {"请刷新页面", "reload the page"});
}

json::Object actor_json(const City& city, store::Session& session, const engine::Actor& actor) {
  const Pages pages(city, session);
  const bool staff = actor.kind == "staff";
  return {{"kind", actor.kind},
          {"name", staff                   ? pages.context.staff_name(actor.id)
                   : actor.kind == "agent" ? pages.context.other_name(actor.kind, actor.id)
                                           : std::string()}};
}

json::Object request_json(const City& city, store::Session& session, const requests::Request& r,
                          const wire::Principal& reader) {
  const Zone zone = city.pack().zone();
  if (r.kind == Kind::complaint && reader.kind == wire::Principal::Kind::staff)
    if (const auto person = journal::belongs_to(session, r.stream)) note_seen(city, session, *person, reader.user);
  std::string name = r.subject;
  if (r.kind == Kind::calendar) name = std::string(r.content.at("name").as_string());
  if (requests::of_account(r.kind))
    if (const auto account = identity::find_account_by_id(session, r.subject)) name = account->name;
  const bool staff = reader.kind == wire::Principal::Kind::staff;
  const engine::Actor self{"staff", reader.user};
  const bool own = r.asked_by == self || r.subject == reader.user || (r.earlier && r.earlier->by == self) ||
                   (staff && r.kind == Kind::complaint && had_a_hand(session, r.subject, reader.user));
  return {
      {"id", r.id},
      {"kind", name_of(r.kind)},
      {"state", name_of(r.state)},
      {"subject", r.subject},
      {"subject_name", name},
      {"content", r.content},
      {"asked_by", actor_json(city, session, r.asked_by)},
      {"asked_at", format_instant(r.asked_at, zone)},
      {"answered_by", r.answered_at ? json::Value(actor_json(city, session, r.answered_by)) : json::Value(nullptr)},
      {"answered_at", r.answered_at ? json::Value(format_instant(*r.answered_at, zone)) : json::Value(nullptr)},
      {"words", r.words},
      {"complaint", r.kind == Kind::complaint ? json::Value(complaint_json(city, session, r)) : json::Value(nullptr)},
      {"may_answer", staff && !own && r.state == requests::Status::open && may_see(session, reader, r)}};
}

std::string request_id(const City& city, const std::string& key) {
  const auto digest = city.vault.tag("request", key);
  constexpr auto alphabet = identity::reset_code.alphabet;
  std::string out = "R";
  for (std::size_t i = 0; i < 12; ++i) out += alphabet[digest[i] % alphabet.size()];
  return out;
}

void make_request(City& city, const wire::RequestPtr& request, const wire::Reply& reply, const std::string& key,
                  engine::Actor actor, requests::Make make, InTheVault said) {
  engine::Command c;
  c.id = "request:" + key;
  c.stream = "request/" + request_id(city, key);
  c.creates = true;
  c.channel = actor.kind == "staff" ? "desk" : "online";
  c.actor = std::move(actor);
  c.fingerprint =
      to_hex(city.vault.tag("command", std::string(name_of(make.kind)) + make.subject +
                                           (said.words.empty() ? json::canonical(make.content) : said.words)))
          .substr(0, 16);
  c.body = std::make_shared<requests::Command>(std::move(make));
  c.sealed = std::move(said.sealed);
  city.engine.submit(std::move(c), [&city, request, reply](const engine::Answer& answer) {
    if (!answer) return reply(answer.error());
    city.workers.answer(reply, [&city, request, reply, stream = answer->stream] {
      auto reader = city.database.reader();
      const auto r = requests::find(*reader, std::string_view(stream).substr(stream.find('/') + 1));
      if (!r) return reply.internal_error();
      reply(wire::json_response(request_json(city, *reader, *r, request->principal), wire::Status::created));
    });
  });
}

void add_requests(wire::Router& router, City& city) {
  using wire::Access;
  const auto answerers = Access::staff({Role::manager, Role::supervisor, Role::admin}).within(Access::Reach::rows);
  router.post("/api/v1/cases/{number}/reviews", Access::staff({Role::clerk, Role::manager}).or_case_customer(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { ask_review(city, request, reply); });
  router.get("/api/v1/cases/{number}/reviews", Access::any_staff().or_case_customer(),
             [&city](const wire::Request& request) { return reviews_of(city, request); });
  router.get("/api/v1/requests", answerers, [&city](const wire::Request& request) { return list(city, request); });
  router.post("/api/v1/requests/{id}/answer", answerers,
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { answer(city, request, reply); });
  router.post("/api/v1/requests/{id}/withdraw", answerers,
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
                auto key = wire::idempotency_key(*request);
                if (!key) return reply(key.error());
                carry_out(city, request, reply, requests::Withdraw{}, *key);
              });
}

}  // namespace tongdian::journeys
