#include <spdlog/spdlog.h>

#include "base/json.hpp"
#include "http/server.hpp"

namespace tongdian::http {

void log_access(const AccessLine& line) {
  const bool failed = wire::code_of(line.status) >= 500;
  std::string fault;
  if (!line.fault.empty()) {
    fault = " fault=";
    json::append_string(fault, line.fault);  // one line whatever was thrown
  }
  spdlog::log(failed ? spdlog::level::err : spdlog::level::info, "{} {} {} {} us {} B id={}{}", line.method,
              line.pattern, wire::code_of(line.status), line.took.count(), line.bytes, line.id, fault);
}

}  // namespace tongdian::http
