// Event logs in XES (IEEE 1849-2016 and the dialects before it), read from left to right, a trace at a time.
#pragma once

#include "mining/event.hpp"
#include "mining/figures.hpp"
#include "mining/options.hpp"
#include "mining/window.hpp"

namespace tongdian::mining {

/// Each trace is a case, also where two have one name. Attributes count at the top level of their trace or event alone; of two
/// with one key the last; defaults of <global> are no values. Events outside a trace belong to no case and are counted apart.
/// Throws `mine.broken_xml`, `mine.not_a_log` after everything before that place has been given to `cases`.
void read_xes(Window& window, const Mapping& mapping, Labels& labels, Notes& notes, Source& source, Cases& cases);

}  // namespace tongdian::mining
