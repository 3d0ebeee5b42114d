// Event logs as tables: CSV from whoever exported it. Separator, columns and the forms of dates are guessed, and said.
#pragma once

#include "mining/event.hpp"
#include "mining/figures.hpp"
#include "mining/options.hpp"
#include "mining/window.hpp"

namespace tongdian::mining {

/// Rows of one case id are one case, wherever they stand. A row without a case id counts in Notes alone. Throws
/// `mine.columns_unknown` where the case, the activity or the time has no column, `mine.not_a_log` without a header,
/// `mine.broken_csv` for a quotation that does not end, after everything before that place has been given to `cases`.
void read_csv(Window& window, const Mapping& mapping, Labels& labels, Notes& notes, Source& source, Cases& cases);

}  // namespace tongdian::mining
