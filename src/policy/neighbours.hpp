// What would change a decision: the same pack is asked about neighbouring facts, one answer changed at a time. Nothing here knows
// a threshold; where a number matters, the boundary is found by asking. Pure.
#pragma once

#include <string>
#include <vector>

#include "policy/pack.hpp"

namespace tongdian::policy {

/// One answer given otherwise: where it stands in the facts (a JSON pointer) and what it would be.
struct Change {
  std::string pointer;
  json::Value value;
};

/// What an applicant compares: how long, how much, what permission, how many papers. Lower is better in each.
struct Worth {
  int target_wd = 0;
  int permit = 0;    ///< none, exempt, commitment, ordinary
  int boundary = 0;  ///< who pays: meter, planning_red_line, ownership_point
  int papers = 0;
  bool operator==(const Worth&) const = default;
};
Worth worth_of(const Decision& decision);
/// Better in one thing and worse in none.
bool improves(const Worth& to, const Worth& from);

/// A neighbour that is decided better, with its decision.
struct Better {
  std::vector<Change> changes;  ///< one, or all of those that are needed together
  Facts facts;
  Decision decision;
};

/// The neighbours with a better decision, the best first: every one whose single change helps; where the four-zero service
/// (二·省钱) fails on several conditions of which none helps alone, all of them together. At most `limit`.
/// The facts must be decidable; views in the decisions point into the pack.
std::vector<Better> what_would_help(const Pack& pack, const calendar::Calendar& calendar, const Facts& facts,
                                    std::size_t limit = 6);

}  // namespace tongdian::policy
