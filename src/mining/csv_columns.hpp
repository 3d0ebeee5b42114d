// What a table says about itself at its beginning: separator, columns, how its dates are written.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "mining/figures.hpp"
#include "mining/options.hpp"

namespace tongdian::mining {

/// The separator under which the head reads as a table: `,` `;` tab or `|`. Known names of columns weigh most, then
/// how evenly the rows are long.
char guess_separator(std::string_view head);

struct Columns {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::array<std::size_t, role_count> of_role;
  std::size_t most = 0;  ///< fields of a row that have to be looked at

  [[nodiscard]] std::size_t of(Role role) const { return of_role[static_cast<std::size_t>(role)]; }
  [[nodiscard]] bool has(Role role) const { return of(role) != none; }
};

/// The columns of each role, given or guessed; what was chosen goes to `source`. Throws `mine.columns_unknown`, or
/// `mine.bad_map` where a given one is not there.
Columns choose_columns(const std::vector<std::string>& header, const Mapping& mapping, Source& source);

/// How the values of the time column are to be read, from the first of them.
DateStyle guess_dates(const std::vector<std::string>& values, bool& ambiguous);

}  // namespace tongdian::mining
