// What the system says of this process.
#pragma once

namespace tongdian::app {

struct ProcessFigures {
  double resident_bytes = 0, cpu_seconds = 0, open_files = 0;
  double started = 0;  ///< seconds since 1970
};
/// From /proc; what cannot be read is 0.
ProcessFigures process_figures();

}  // namespace tongdian::app
