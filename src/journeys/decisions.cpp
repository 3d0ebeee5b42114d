// POST /api/v1/decide and /api/v1/decide/better: what the policy says of an application before there is one, and what would
// make the answer better.
#include "base/time_text.hpp"
#include "journeys/city.hpp"
#include "policy/explain.hpp"
#include "policy/neighbours.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

/// The facts as sent, applied for now where they do not say when.
Result<policy::Facts> facts_of(const City& city, const wire::Request& request) {
  auto facts = wire::read_body<policy::Facts>(request);
  if (facts && facts->applied_at.empty()) facts->applied_at = format_instant(city.clock.now(), city.pack().zone());
  return facts;
}

json::Object explained(const City& city, const policy::Decision& decision, const std::string& id) {
  json::Object out = policy::explained(city.pack(), policy::to_json(city.pack(), decision));
  out["id"] = id;
  return out;
}

Result<wire::Response> decide(const City& city, const wire::Request& request) {
  const auto facts = facts_of(city, request);
  if (!facts) return facts.error();
  policy::Decision decision;
  if (auto problem = city.pack().decide(*facts, *city.connection.calendar(), decision)) return *std::move(problem);
  return wire::json_response(explained(city, decision, facts->id));
}

Result<wire::Response> what_would_help(const City& city, const wire::Request& request) {
  const auto facts = facts_of(city, request);
  if (!facts) return facts.error();
  policy::Decision decision;
  const auto calendar = city.connection.calendar();
  if (auto problem = city.pack().decide(*facts, *calendar, decision)) return *std::move(problem);
  json::Array better;
  for (const auto& b : policy::what_would_help(city.pack(), *calendar, *facts)) {
    json::Array changes;
    for (const auto& c : b.changes) changes.push_back(json::Object{{"pointer", c.pointer}, {"value", c.value}});
    better.push_back(
        json::Object{{"changes", std::move(changes)}, {"decision", explained(city, b.decision, facts->id)}});
  }
  return wire::json_response(json::Object{{"better", std::move(better)}});
}

}  // namespace

void add_decisions(wire::Router& router, City& city) {
  router.post("/api/v1/decide", wire::Access::everyone(),
              [&city](const wire::Request& request) { return decide(city, request); });
  router.post("/api/v1/decide/better", wire::Access::everyone(),
              [&city](const wire::Request& request) { return what_would_help(city, request); });
}

}  // namespace tongdian::journeys
