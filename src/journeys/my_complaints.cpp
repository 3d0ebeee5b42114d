// A complaint about no case in particular, of a customer who is known by phone: about a counter, a hotline, a meter reader. Its words
// belong to the person of their newest case, and go with them.
#include <algorithm>

#include "journal/people.hpp"
#include "journeys/complaints.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

struct MyComplaintRequest {
  std::string about, text, area, enterprise;
};
BOOST_DESCRIBE_STRUCT(MyComplaintRequest, (), (about, text, area, enterprise))

/// The rows of the vault that are this customer's; the oldest first, none for an agent who has no case of their own.
std::vector<std::int64_t> persons_of(store::Session& session, const wire::Request& request) {
  const auto tag = tag_of(request.principal.phone_tag);
  return tag ? journal::owners_of_tag(session, *tag) : std::vector<std::int64_t>{};
}

/// Of these persons, what is about no case.
std::vector<requests::Request> complaints_of(store::Session& session, const std::vector<std::int64_t>& persons) {
  requests::Query query;
  query.from_customers = true;
  query.open_only = false;
  query.streams.emplace();
  for (const auto person : persons)
    std::ranges::copy(journal::belonging_to(session, person), std::back_inserter(*query.streams));
  auto out = requests::list(session, query);
  std::erase_if(out, [](const auto& r) { return r.kind != requests::Kind::complaint || !r.subject.empty(); });
  return out;
}

/// Who is to answer: those who work in this area for this enterprise.
std::optional<Problem> wrong_place(const City& city, const MyComplaintRequest& body) {
  if (std::ranges::find(city.pack().areas(), body.area, &policy::Area::code) == city.pack().areas().end())
    return bad_input("json.unknown_value", "/area", {"请从列表中选择", "choose one of the list"});
  if (std::ranges::find(city.enterprises, body.enterprise, &policy::SupplyEnterprise::id) == city.enterprises.end())
    return bad_input("json.unknown_value", "/enterprise", {"请从列表中选择", "choose one of the list"});
  return {};
}

Result<wire::Response> list(const City& city, const wire::Request& request) {
  auto reader = city.database.reader();
  const auto those = complaints_of(*reader, persons_of(*reader, request));
  return wire::json_response(complaints_json(city, *reader, those, request.principal));
}

void complain(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  auto key = wire::idempotency_key(*request);
  if (!key) return reply(key.error());
  auto body = wire::read_body<MyComplaintRequest>(*request);
  if (!body) return reply(body.error());
  if (auto problem = complaint_defect(body->about, body->text, city.pack())) return reply(*std::move(problem));
  if (auto problem = wrong_place(city, *body)) return reply(*std::move(problem));
  std::vector<std::int64_t> persons;
  {
    auto reader = city.database.reader();
    persons = persons_of(*reader, *request);
    const bool sent_again = requests::find(*reader, request_id(city, *key)).has_value();
    if (!sent_again)
      if (auto problem = waits_already(complaints_of(*reader, persons), body->about)) return reply(*problem);
  }
  if (persons.empty())
    return reply(refusal(
        "requests.no_case",
        {"您名下没有办件，这里无法登记投诉", "you have no case of your own, so that no complaint can be kept here"},
        {"请拨打 95598 或 12398；代办的件请在该件页面投诉",
         "call 95598 or 12398; of a case that you have as an agent, complain on its page"}));
  make_complaint(city, request, reply, *key, {"customer", "applicant"},
                 {body->about, body->text, "", body->area, body->enterprise, persons.back()});
}

Result<engine::Actor> settler(const City& city, const wire::Request& request, const std::string& id) {
  auto reader = city.database.reader();
  const auto own = complaints_of(*reader, persons_of(*reader, request));
  if (std::ranges::find(own, id, &requests::Request::id) == own.end()) return no_request();
  return engine::Actor{"customer", "applicant"};
}

}  // namespace

void add_my_complaints(wire::Router& router, City& city) {
  using wire::Access;
  router.get("/api/v1/my/complaints", Access::phone_customer(),
             [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
               city.workers.answer(reply, [&city, request, reply] { reply(list(city, *request)); });
             });
  router.post("/api/v1/my/complaints", Access::phone_customer(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) { complain(city, request, reply); });
  router.post("/api/v1/my/complaints/{complaint}/settle", Access::phone_customer(),
              [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
                settle_complaint(city, request, reply, settler);
              });
}

}  // namespace tongdian::journeys
