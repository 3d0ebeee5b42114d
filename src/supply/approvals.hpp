// Loads that cases were promised and that are not there yet, as the network takes them in: each draws its whole power the year
// round, beside what the network's own table approved.csv says. So nobody is promised the same kilowatt twice (三(五)1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "grid/surroundings.hpp"

namespace tongdian::supply {

struct Approval {
  std::string id;    ///< the case's number
  std::string node;  ///< by its name in the network's tables
  double kw = 0;
};
BOOST_DESCRIBE_STRUCT(Approval, (), (id, node, kw))

/// As the journal stood after the event at `through`, which is 0 for an empty one; none where no journal was asked.
struct Approvals {
  std::optional<std::uint64_t> through;
  std::vector<Approval> loads;  ///< in the order of id and node: sums must not depend on who asks

  /// SHA-256 of the loads as canonical JSON.
  [[nodiscard]] std::string digest() const;
};

/// What came of them on a network.
struct Counted {
  std::int64_t cases = 0, unplaced = 0;  ///< `unplaced`: loads at nodes that the network does not have
  double kw = 0;
};

/// Adds them to what is approved already, but for those that the table has under the case's number.
Counted take_in(const Approvals& approvals, const grid::Network& network, grid::Surroundings& around);

}  // namespace tongdian::supply
