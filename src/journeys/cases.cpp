// A case, for its customer and for staff: find it, see it, act on it.
#include "base/time_text.hpp"
#include "connection/actions.hpp"
#include "identity/accounts.hpp"
#include "journeys/application.hpp"
#include "journeys/city.hpp"
#include "journeys/person.hpp"
#include "journeys/session_cookie.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

struct Track {
  std::string number, phone;
};
struct ActionRequest {
  std::int64_t expected_sequence = 0;
  json::Value input;
  std::string occurred_at;  ///< when it happened, as whoever enters it later says; a claim, never the record
};
BOOST_DESCRIBE_STRUCT(Track, (), (number, phone))
BOOST_DESCRIBE_STRUCT(ActionRequest, (), (expected_sequence, input, occurred_at))

/// Numbers are read as people type them.
std::string plain_number(std::string_view number) {
  std::string out;
  for (char c : number)
    if (c != ' ') out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return out;
}

/// On a worker's thread: the session is on disk before the answer.
Result<wire::Response> track(City& city, const Track& body) {
  const std::string number = plain_number(body.number);
  auto reader = city.database.reader();
  const auto found = find(*reader, number);
  // One answer for a wrong number and a wrong phone: nobody learns which numbers there are.
  if (!found || !city.vault.phone_matches(*reader, found->row.stream, plain_phone(body.phone))) return not_found();
  city.lookups.forget(number);
  wire::Principal customer;
  customer.kind = wire::Principal::Kind::customer;
  customer.case_number = number;
  const auto opened = city.sessions.open(customer);
  wire::Response response =
      wire::json_response(json::Object{{"case", case_for(city, *reader, *found, opened.principal)},
                                       {"session", json::Object{{"csrf", opened.principal.csrf}}}});
  set_session_cookie(response, opened.token, city.secure_cookies);
  return response;
}

Result<wire::Response> look(City& city, const wire::Request& request) {
  auto reader = city.database.reader();
  const auto row = connection::find_case(*reader, request.parameter("number"));
  if (!row || !reach_of(city, *reader, request.principal, *row)) return not_found();
  return {{.content_type = "application/json",
           .body = "{\"case\":" + case_text(city, *reader, *row, request.principal) + "}"}};
}

Result<wire::Response> follow(City& city, const wire::Request& request) {
  const std::string number(request.parameter("number"));
  {
    auto reader = city.database.reader();
    const auto row = connection::find_case(*reader, number);
    if (!row || !reach_of(city, *reader, request.principal, *row)) return not_found();
  }
  return live_response(request, [&](auto after) { return city.live.follow_case(number, after); });
}

template <class T>
Result<std::shared_ptr<const engine::Body>> body_of(const json::Value& input) {
  auto read = json::read<T>(input);
  if (!read) {
    Problem p = read.error();
    p.path = "/input" + p.path;
    return p;
  }
  return std::shared_ptr<const engine::Body>(std::make_shared<connection::Command>(*std::move(read)));
}

Result<std::shared_ptr<const engine::Body>> read_action(connection::Action action, const json::Value& input) {
  namespace c = connection;
  switch (action) {
    case c::Action::ask_documents: return body_of<c::AskDocuments>(input);
    case c::Action::supplement: return body_of<c::Supplement>(input);
    case c::Action::accept: return body_of<c::Accept>(input);
    case c::Action::reply_plan: return body_of<c::ReplyPlan>(input);
    case c::Action::take_back: return body_of<c::TakeBack>(input);
    case c::Action::review_design: return body_of<c::ReviewDesign>(input);
    case c::Action::inspect_midway: return body_of<c::InspectMidway>(input);
    case c::Action::record_defects: return body_of<c::RecordDefects>(input);
    case c::Action::energise: return body_of<c::Energise>(input);
    case c::Action::rate: return body_of<c::Rate>(input);
    case c::Action::withdraw: return body_of<c::Withdraw>(input);
    case c::Action::open: return body_of<c::Open>(input);
    case c::Action::erase_person: return body_of<c::ErasePerson>(input);
    case c::Action::correct_person: break;  // its data go another way: see with_correction
    case c::Action::record_evidence: return body_of<c::RecordEvidence>(input);
    case c::Action::name_firm: return body_of<c::NameFirm>(input);
    case c::Action::record_charge: return body_of<c::RecordCharge>(input);
    case c::Action::confirm_charge: return body_of<c::ConfirmCharge>(input);
    case c::Action::drop_charge: return body_of<c::DropCharge>(input);
    case c::Action::assign: return body_of<c::Assign>(input);
    case c::Action::answer_order: return body_of<c::AnswerOrder>(input);
    case c::Action::propose_whitelist: return body_of<c::ProposeWhitelist>(input);
    case c::Action::add_works: return body_of<c::AddWorks>(input);
    case c::Action::confirm_whitelist: return body_of<c::ConfirmWhitelist>(input);
    case c::Action::withdraw_whitelist: return body_of<c::WithdrawWhitelist>(input);
    case c::Action::reschedule_works: return body_of<c::RescheduleWorks>(input);
    case c::Action::complete_works: return body_of<c::CompleteWorks>(input);
  }
  return bad_input("connection.unknown_action", "", {"没有这个操作", "there is no such action"});
}

/// The data go to the vault with the command; its body says only which they are.
std::optional<Problem> correct_with(engine::Command& command, const City& city, const std::string& number,
                                    const json::Value& input) {
  const auto read = json::read<Correction>(input);
  if (!read) {
    Problem p = read.error();
    p.path = "/input" + p.path;
    return p;
  }
  auto reader = city.database.reader();
  const auto found = find(*reader, number);
  if (!found) return not_found();
  Corrected corrected;
  // Where nothing is left to correct, it is the case that says so.
  if (!journal::erased_at(*reader, found->row.stream)) {
    auto made = correct(*read, *found, city.vault, *reader);
    if (!made) return made.error();
    corrected = *std::move(made);
    command.sealed = std::move(corrected.sealed);
  }
  command.body = std::make_shared<connection::Command>(std::move(corrected.command));
  return {};
}

bool may_have_draft(connection::Action action) {
  return action == connection::Action::accept || action == connection::Action::reply_plan ||
         action == connection::Action::propose_whitelist;
}

/// A question in `draft` becomes what the network answers: the sender says where and how much, never what was computed.
std::optional<Problem> compute_draft(const City& city, connection::Action action, json::Value& input) {
  auto* object = input.if_object();
  const auto* asked = object ? object->if_contains("draft") : nullptr;
  if (!asked || asked->is_null()) return {};
  auto record = draft_record(city, *asked, action == connection::Action::propose_whitelist);
  if (!record) {
    Problem p = record.error();
    p.path = "/input/draft" + p.path;
    return p;
  }
  (*object)["draft"] = *std::move(record);
  return {};
}

Result<engine::Command> action_command(City& city, const wire::Request& request, const Reach& reach) {
  auto key = wire::idempotency_key(request);
  if (!key) return key.error();
  const auto action = enum_of<connection::Action>(request.parameter("action"));
  if (!action)
    return refusal("connection.unknown_action", {"没有这个操作", "there is no such action"},
                   {"请刷新页面", "reload the page"}, city.pack().citations("connection.unknown_action"));
  auto body = wire::read_body<ActionRequest>(request);
  if (!body) return body.error();
  const bool customer = request.principal.kind == wire::Principal::Kind::customer;
  // An agent applies, supplements and withdraws; whether somebody's data stay is theirs alone to say.
  const bool not_an_agents = reach.by == Reach::By::grant && *action == connection::Action::erase_person;
  if (not_an_agents || !connection::belongs_to(side_of(request.principal), *action))
    return refusal("identity.forbidden", {"此操作不属于您", "this action is not yours to take"},
                   {"请联系承办人员", "ask whoever handles the case"});
  // What is done in the name of the city is its staff's to say.
  if (const auto* input = body->input.if_object(); customer && input && input->contains("requested_by"))
    return bad_input("json.unknown_key", "/input/requested_by", {"没有这一项", "there is no such member"});
  if (body->expected_sequence < 1)
    return bad_input("json.out_of_range", "/expected_sequence",
                     {"应为页面所见的序号", "the sequence that the page shows"});
  std::optional<Instant> occurred_at;
  if (!body->occurred_at.empty()) {
    occurred_at = parse_instant(body->occurred_at);
    if (!occurred_at)
      return bad_input("connection.bad_instant", "/occurred_at",
                       {"时间格式应为 RFC 3339（带时区）", "expected an RFC 3339 time with its offset"});
    if (*occurred_at > city.clock.now())
      return bad_input("connection.in_the_future", "/occurred_at",
                       {"发生时间不能晚于现在", "nothing can have happened later than now"});
  }
  engine::Command c;
  const std::string number(request.parameter("number"));
  c.id = "act:" + *key;
  c.stream = "case/" + number;
  c.expected_sequence = static_cast<std::uint64_t>(body->expected_sequence);
  c.actor = actor_of(request.principal, reach);
  c.channel = customer ? "online" : "desk";
  c.fingerprint =
      to_hex(city.vault.tag("command",
                            json::canonical(json::Object{{"action", name_of(*action)}, {"input", body->input}})))
          .substr(0, 16);
  if (*action == connection::Action::correct_person) {
    if (auto problem = correct_with(c, city, number, body->input)) return *std::move(problem);
    return c;
  }
  if (may_have_draft(*action))
    if (auto problem = compute_draft(city, *action, body->input)) return *std::move(problem);
  auto read = read_action(*action, body->input);
  if (!read) return read.error();
  c.body = *std::move(read);
  c.occurred_at = occurred_at;
  return c;
}

/// An account that is there goes in by its opaque id in place of its user name.
std::optional<Problem> name_one(City& city, std::string& user, std::string_view path) {
  const auto account = identity::find_account(*city.database.reader(), user);
  if (!account)
    return bad_input("connection.unknown_account", std::string(path),
                     {"没有这个工作人员账号", "there is no such account of a member of staff"},
                     {"请填写用户名", "give a user name"});
  user = account->id;
  return {};
}

/// A role, or works, are somebody's: named by a user name; the event has the account's opaque id.
std::optional<Problem> name_account(City& city, engine::Command& command) {
  auto any = static_cast<const connection::Command&>(*command.body).any;
  std::optional<Problem> problem;
  if (auto* assign = std::get_if<connection::Assign>(&any))
    problem = name_one(city, assign->account, "/input/account");
  else if (auto* proposal = std::get_if<connection::ProposeWhitelist>(&any))
    problem = name_one(city, proposal->responsible, "/input/responsible");
  else if (auto* works = std::get_if<connection::AddWorks>(&any))
    problem = name_one(city, works->responsible, "/input/responsible");
  else
    return {};
  if (!problem) command.body = std::make_shared<connection::Command>(std::move(any));
  return problem;
}

/// What the text forbids to ask is refused, and that it was asked is an event: on disk before the clerk hears of it.
bool forbidden_request(const Problem& p) {
  return p.code == "connection.document_not_on_list" || p.code == "connection.already_held" ||
         p.code == "connection.letter_demanded";
}

void note_refusal(City& city, const engine::Command& refused, const std::string& action, const Problem& problem,
                  const wire::Reply& reply) {
  connection::NoteRefusal note{action, problem.code, {}};
  if (const auto* ask =
          std::get_if<connection::AskDocuments>(&static_cast<const connection::Command&>(*refused.body).any))
    for (const auto& id : ask->documents)
      // Ids of the pack alone: what somebody typed may be anything.
      if (city.pack().document(id)) note.documents.push_back(id);
  engine::Command c;
  c.id = "refused:" + refused.id;
  c.stream = refused.stream;
  c.actor = refused.actor;
  c.channel = refused.channel;
  c.fingerprint = refused.fingerprint;
  c.body = std::make_shared<connection::Command>(std::move(note));
  city.engine.submit(std::move(c),
                     [reply, problem](const engine::Answer& answer) { reply(answer ? problem : answer.error()); });
}

void submit_action(City& city, const wire::RequestPtr& request, const wire::Reply& reply, const Reach& reach) {
  auto command = action_command(city, *request, reach);
  if (!command) return reply(command.error());
  if (auto problem = name_account(city, *command)) return reply(*std::move(problem));
  auto kept = *command;
  city.engine.submit(
      *std::move(command), [&city, request, reply, kept = std::move(kept)](const engine::Answer& answer) {
        if (!answer && forbidden_request(answer.error()) && kept.actor.kind == "staff")
          return note_refusal(city, kept, std::string(request->parameter("action")), answer.error(), reply);
        if (!answer) return reply(answer.error());
        city.workers.answer(reply, [&city, request, reply] {
          auto reader = city.database.reader();
          const auto found = find(*reader, request->parameter("number"));
          if (!found) return reply.internal_error();
          reply(wire::json_response(json::Object{{"case", case_for(city, *reader, *found, request->principal)}}));
        });
      });
}

void act(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  std::optional<Reach> reach;
  {
    auto reader = city.database.reader();
    const auto row = connection::find_case(*reader, request->parameter("number"));
    if (row) reach = reach_of(city, *reader, request->principal, *row);
  }
  if (!reach) return reply(not_found());
  // A plan may be drafted, which takes its milliseconds: not on the network's thread.
  if (const auto action = enum_of<connection::Action>(request->parameter("action")); action && may_have_draft(*action))
    return city.workers.answer(reply,
                               [&city, request, reply, reach = *reach] { submit_action(city, request, reply, reach); });
  submit_action(city, request, reply, *reach);
}

}  // namespace

void set_session_cookie(wire::Response& response, const std::string& token, bool secure) {
  wire::set_cookie(response, {std::string(identity::cookie_name), token, {}, secure});
}

void add_cases(wire::Router& router, City& city) {
  using wire::Access;
  using wire::Role;
  router.post("/api/v1/track", Access::everyone(), [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
    auto body = wire::read_body<Track>(*request);
    if (!body) return reply(body.error());
    if (auto later = city.lookups_from.count(identity::network_of(request->remote))) return reply(*later);
    if (auto later = city.lookups.count(plain_number(body->number))) return reply(*later);
    city.workers.answer(reply, [&city, request, reply, body = *std::move(body)] { reply(track(city, body)); });
  });
  router.get("/api/v1/cases/{number}", Access::any_staff().or_case_customer().or_program("cases"),
             [&city](const wire::Request& request) { return look(city, request); });
  router.get("/api/v1/cases/{number}/events", Access::any_staff().or_case_customer(),
             [&city](const wire::Request& request) { return follow(city, request); });
  router.post("/api/v1/cases/{number}/actions/{action}", Access::staff({Role::clerk, Role::manager}).or_case_customer(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { act(city, request, reply); });
}

}  // namespace tongdian::journeys
