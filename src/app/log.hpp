// The log: JSON lines on standard error, for the journal of systemd or whoever reads the stream.
//
//   {"time":"2026-11-24T02:00:00.000Z","level":"info","event":"request","id":"…","method":"GET","route":"/api/v1/cases/{number}",
//    "status":200,"ms":0.512,"bytes":1834}
//   {"time":"…","level":"info","event":"message","message":"calendar reloaded, 1 cases armed"}
#pragma once

#include <string>

namespace tongdian::app {

/// The default logger, and "request" for http::log_access. `level`: debug, info, warn, error.
void set_up_log(const std::string& level);

}  // namespace tongdian::app
