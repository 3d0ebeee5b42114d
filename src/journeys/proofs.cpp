// What anyone needs to check the journal for themselves: heads, consistency of two of them, and a case's events with their
// paths to a signed root. Whoever holds the number may have the proof; there is no personal data in it.
#include "journal/journal.hpp"
#include "journal/receipt.hpp"
#include "journeys/city.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

json::Array hexes(const std::vector<Hash>& path) {
  json::Array out;
  for (const auto& h : path) out.emplace_back(to_hex(h));
  return out;
}

Result<wire::Response> prove(City& city, const wire::Request& request) {
  // The number is what opens a proof: finding one by trying has to be slow.
  if (auto later = city.lookups_from.count(identity::network_of(request.remote)))
    return problem_response(*later, request.language());
  auto reader = city.database.reader();
  const auto json = case_proof(*reader, request.parameter("number"));
  if (!json) return not_found();
  return wire::json_response(*json);
}

Result<wire::Response> consistency(const City& city, const wire::Request& request) {
  if (auto problem = wire::unknown_query(request, {"from", "to"})) return *std::move(problem);
  auto reader = city.database.reader();
  const auto size = static_cast<std::int64_t>(journal::latest_head(*reader).size);
  const auto to = wire::query_integer(request, "to", 0, size, size);
  if (!to) return to.error();
  const auto from = wire::query_integer(request, "from", 0, *to, 0);
  if (!from) return from.error();
  const auto m = static_cast<std::uint64_t>(*from);
  const auto n = static_cast<std::uint64_t>(*to);
  const auto nodes = journal::nodes_of(*reader);
  return wire::json_response(
      json::Object{{"from", *from},
                   {"to", *to},
                   {"path", hexes(m == 0 ? std::vector<Hash>{} : journal::consistency_path(m, n, nodes))},
                   {"from_root", to_hex(journal::root_of(m, nodes))},
                   {"to_root", to_hex(journal::root_of(n, nodes))}});
}

}  // namespace

std::optional<json::Object> case_proof(store::Session& session, std::string_view number) {
  const std::string name = "case/" + std::string(number);
  const auto last = session.integer("SELECT last FROM stream WHERE name = $1", {std::string_view(name)});
  if (!last) return {};
  return journal::make_receipt(session, number, static_cast<std::uint64_t>(*last));
}

void add_proofs(wire::Router& router, City& city) {
  using wire::Access;
  router.get("/api/v1/cases/{number}/proof", Access::everyone(),
             [&city](const wire::Request& request) { return prove(city, request); });
  router.get("/api/v1/journal/head", Access::everyone(), [&city](const wire::Request&) -> Result<wire::Response> {
    auto reader = city.database.reader();
    return wire::json_response(journal::to_json(journal::log_id(*reader), journal::latest_head(*reader)));
  });
  router.get("/api/v1/journal/consistency", Access::everyone(),
             [&city](const wire::Request& request) { return consistency(city, request); });
}

}  // namespace tongdian::journeys
