// Customers sign in by their phone: a one-time code goes to it, and whoever has the code sees the cases of the phone. Whether
// a phone is known nobody learns: the answer and the work are the same.
#include "identity/code_message.hpp"
#include "identity/lockout.hpp"
#include "identity/one_time.hpp"
#include "journal/people.hpp"
#include "journeys/application.hpp"
#include "journeys/city.hpp"
#include "journeys/session_cookie.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

struct CodeRequest {
  std::string phone;
};
struct PhoneSession {
  std::string phone, code;
};
BOOST_DESCRIBE_STRUCT(CodeRequest, (), (phone))
BOOST_DESCRIBE_STRUCT(PhoneSession, (), (phone, code))

std::optional<Problem> bad_phone(const std::string& plain) {
  if (plain.size() >= 5 && plain.size() <= 20) return {};
  return bad_input("connection.bad_phone", "/phone",
                   {"请填写能联系到您的电话号码", "please give a phone number that reaches you"});
}

/// Somebody's cases, or somebody's agent.
bool is_known(const City& city, store::Session& session, const Hash& tag) {
  return !journal::owners_of_tag(session, tag).empty() || !city.grants.held_by(session, tag).empty();
}

Result<wire::Response> send_code(City& city, const std::string& phone) {
  const Hash tag = city.vault.phone_tag(phone);
  city.engine.write([&](store::Session& writer) {
    const auto code =
        identity::issue(writer, city.vault, city.random, identity::phone_code, to_hex(tag), city.clock.now());
    if (is_known(city, writer, tag)) identity::post_code(writer, city.vault, city.random, {phone, code});
  });
  return wire::json_response(
      json::Object{{"expires_in_s", std::chrono::seconds(identity::phone_code.lifetime).count()}},
      wire::Status::accepted);
}

void sign_in(City& city, const wire::RequestPtr& request, const wire::Reply& reply, const PhoneSession& body) {
  const Hash tag = city.vault.phone_tag(plain_phone(body.phone));
  const Hash subject = city.vault.tag("lockout", "phone " + to_hex(tag));
  const Instant now = city.clock.now();
  if (auto locked = identity::lockout::objection(*city.database.reader(), subject, now)) return reply(*locked);
  bool right = false;
  city.engine.write([&](store::Session& writer) {
    right = identity::redeem(writer, city.vault, identity::phone_code, to_hex(tag), body.code, now);
    if (right)
      identity::lockout::forget(writer, subject);
    else
      identity::lockout::failed(writer, subject, now);
  });
  if (!right)
    return reply(refusal("identity.wrong_code", {"验证码不正确，或已过期", "the code is wrong, or over"},
                         {"请重新获取验证码；需要帮助请拨打 95598", "ask for a new code; for help call 95598"}));
  wire::Principal who;
  who.kind = wire::Principal::Kind::customer;
  who.phone_tag = to_hex(tag);
  reply(open_session(city, *request, std::move(who)));
}

json::Object listed(const City& city, store::Session& session, const Pages& pages, const connection::CaseRow& row,
                    const std::optional<std::string>& grant) {
  return {{"row", row_of(city, session, row, pages)}, {"grant", grant ? json::Value(*grant) : json::Value(nullptr)}};
}

Result<wire::Response> my_cases(const City& city, const wire::Request& request) {
  const auto tag = tag_of(request.principal.phone_tag);
  if (!tag) return not_found();
  auto reader = city.database.reader();
  const Pages pages(city, *reader);
  json::Array rows;
  for (const auto& row : connection::cases_of(*reader, journal::owners_of_tag(*reader, *tag)))
    rows.push_back(listed(city, *reader, pages, row, {}));
  for (const auto& grant : city.grants.held_by(*reader, *tag)) {
    if (!grant.in_force(city.clock.now())) continue;
    for (const auto& row : connection::cases_of(*reader, journal::owners_of_tag(*reader, grant.grantor)))
      if (grant.case_number.empty() || grant.case_number == row.number)
        rows.push_back(listed(city, *reader, pages, row, grant.id));
  }
  return wire::json_response(json::Object{{"cases", std::move(rows)}});
}

}  // namespace

void add_phones(wire::Router& router, City& city) {
  using wire::Access;
  router.post(
      "/api/v1/phone-codes", Access::everyone(), [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
        auto body = wire::read_body<CodeRequest>(*request);
        if (!body) return reply(body.error());
        const std::string phone = plain_phone(body->phone);
        if (auto problem = bad_phone(phone)) return reply(*problem);
        if (!city.sends_codes)
          return reply(failure(
              "identity.no_sender", {"本市尚未开通短信", "this city sends no short messages yet"},
              {"请用受理编号和手机号查询，或拨打 95598", "look a case up by its number and phone, or call 95598"}));
        if (auto later = city.codes_from.count(identity::network_of(request->remote))) return reply(*later);
        if (auto later = city.codes.count(phone)) return reply(*later);
        if (auto later = city.codes_a_day.count(phone)) return reply(*later);
        city.workers.answer(reply, [&city, reply, phone] { reply(send_code(city, phone)); });
      });
  router.post("/api/v1/phone-session", Access::everyone(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
                auto body = wire::read_body<PhoneSession>(*request);
                if (!body) return reply(body.error());
                if (auto problem = bad_phone(plain_phone(body->phone))) return reply(*problem);
                if (auto later = city.lookups_from.count(identity::network_of(request->remote))) return reply(*later);
                city.workers.answer(
                    reply, [&city, request, reply, body = *std::move(body)] { sign_in(city, request, reply, body); });
              });
  router.get("/api/v1/my/cases", Access::phone_customer(),
             [&city](const wire::Request& request) { return my_cases(city, request); });
}

}  // namespace tongdian::journeys
