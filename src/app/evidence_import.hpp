// A table of evidence 佐证 into the journal, row by row, each through the engine as if it had been entered at the desk.
#pragma once

#include "app/foundation.hpp"
#include "journeys/evidence_file.hpp"

namespace tongdian::app {

struct EvidenceImport {
  std::size_t recorded = 0, repeated = 0;
  std::vector<journeys::WrongRow> wrong;  ///< by line
};

/// Rows that are wrong keep no other from being recorded; the whole corrected file may be read again.
EvidenceImport import_evidence(Foundation& f, const journeys::EvidenceFile& file, const Clock& clock);

}  // namespace tongdian::app
