// Open capacity 可开放容量: how much may be added at each node, in every hour of the year, with what limits it.
//
// Each node alone gets the addition, of constant power in every hour. It must keep (1) every current on its way and every
// voltage, (2) its substation's firm capacity, with the largest transformer out, (3) where one tie could carry its whole
// feeder before, that too: N-1. What is approved and not yet built counts as built.
#pragma once

#include <functional>
#include <stop_token>

#include "grid/forest.hpp"
#include "grid/hours.hpp"
#include "grid/transfer.hpp"

namespace tongdian::grid {

enum class Limit : std::uint8_t { overload, undervoltage, no_solution, firm, n_minus_1, asked, dead };

struct NodeCapacity {
  double power = 0;  ///< p.u. of active power
  Limit limit = Limit::dead;
  Row element =
      grid::none;  ///< a branch for an overload, a node for a voltage, a row of `substations` for firm capacity; for
                   ///< N-1 the tie that would carry the feeder
  int hour = 0;
  double firm = 0, n_minus_1 = 0;  ///< what those alone would allow; infinite where they do not bind
};

struct CapacityRules {
  double angle = 0.484;    ///< reactive over active power of what is added
  double most_kw = 20000;  ///< beyond it nothing is searched
  double least_kw = 1;     ///< how finely
  double firm_share = 1;   ///< of the ratings of the transformers that remain
  double slack = 0.01;     ///< of the year's hours
  int threads = 1;
  std::stop_token stop{};  ///< asked to stop, the answer is nullopt, soon
};

struct Capacity {
  std::vector<NodeCapacity> nodes;
  std::vector<NodeCapacity> within;  ///< by node, what the limits of its own part alone would allow
  std::vector<DecisiveHour> hours;
  std::int64_t flows = 0;  ///< power flows of a part that were solved
};

/// `limits` as from limits_of, with standards' voltages put in. nullopt where the network is not radial.
std::optional<Capacity> open_capacity(const Network& network, const Surroundings& around, const Limits& limits,
                                      const CapacityRules& rules);

/// The same again with other loads approved. `before` is of the same network, curves, limits and rules, with `approved_before`: only what
/// the nodes where they differ can reach is worked out anew: their parts, those parts' substations, and N-1 of every feeder that has
/// its source in common with them or is tied to them. All of it comes out as if everything had been, to the digit.
std::optional<Capacity> open_capacity(const Network& network, const Surroundings& around, const Limits& limits,
                                      const CapacityRules& rules, const Capacity& before,
                                      const std::vector<Approved>& approved_before);

}  // namespace tongdian::grid
