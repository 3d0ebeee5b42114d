#include "supply/approvals.hpp"

#include <set>

#include "base/digest.hpp"

namespace tongdian::supply {

std::string Approvals::digest() const { return to_hex(sha256(json::canonical(json::write(loads)))); }

Counted take_in(const Approvals& approvals, const grid::Network& network, grid::Surroundings& around) {
  Counted out;
  if (approvals.loads.empty()) return out;
  std::set<std::string, std::less<>> in_table, cases;
  for (const auto& each : around.approved) in_table.insert(each.id);
  const grid::IdIndex nodes(network.nodes.id);
  for (const auto& each : approvals.loads) {
    if (in_table.contains(each.id)) continue;
    const auto node = nodes.find_spelt(each.node);
    if (!node) {
      ++out.unplaced;
      continue;
    }
    around.approved.push_back({each.id, *node, each.kw});
    out.kw += each.kw;
    cases.insert(each.id);
  }
  out.cases = static_cast<std::int64_t>(cases.size());
  return out;
}

}  // namespace tongdian::supply
