// POST /api/v1/decide: what the policy says of an application before there is one.
#include "base/time_text.hpp"
#include "journeys/city.hpp"
#include "policy/explain.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {

void add_decisions(wire::Router& router, City& city) {
  router.post("/api/v1/decide", wire::Access::everyone(),
              [&city](const wire::Request& request) -> Result<wire::Response> {
                auto facts = wire::read_body<policy::Facts>(request);
                if (!facts) return facts.error();
                if (facts->applied_at.empty()) facts->applied_at = format_instant(city.clock.now(), city.pack().zone());
                policy::Decision decision;
                if (auto problem = city.pack().decide(*facts, *city.connection.calendar(), decision))
                  return *std::move(problem);
                json::Object out = policy::explained(city.pack(), policy::to_json(city.pack(), decision));
                out["id"] = facts->id;
                return wire::json_response(out);
              });
}

}  // namespace tongdian::journeys
