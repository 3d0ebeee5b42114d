// What a column or an attribute of a log means. Guessed from its name, or given.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tongdian::mining {

enum class Role : std::uint8_t {
  none,
  case_id,    ///< which case: of a trace its concept:name
  activity,   ///< what was done
  time,       ///< when it was done
  resource,   ///< who did it
  lifecycle,  ///< start, complete, …
  start,      ///< when the work on it began
  recorded,   ///< when it was put into the system
  deadline,   ///< of the case: when it must be finished
  promised,   ///< of the case: when it was said to be finished
  finished,   ///< of the case: when it was finished, as the system says
  customer,   ///< of the case: for whom or where
};
inline constexpr std::size_t role_count = 12;

/// How a role is called in --map and in the report.
std::string_view name_of(Role role);
/// The role of such a name; none where it is none.
Role role_of(std::string_view name);

/// A role's place in a list of well-known names, the lower the surer; -1 where the name is none of them. Case, blanks,
/// underscores and hyphens do not matter; "case:" before a name says that it is the case's.
int rank(Role role, std::string_view name);

}  // namespace tongdian::mining
