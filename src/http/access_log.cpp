#include <spdlog/spdlog.h>

#include <array>
#include <cstdio>

#include "base/json.hpp"
#include "http/server.hpp"

namespace tongdian::http {

// Members of a JSON object; whoever formats the log adds time, level and the braces (app/log.hpp). What could name a person
// is not here to begin with: AccessLine has the route's pattern and neither path nor query, body, headers or address.
void log_access(const AccessLine& line) {
  const bool failed = wire::code_of(line.status) >= 500;
  std::string out = R"("event":"request")";
  const auto add = [&](std::string_view name, std::string_view text) {
    out.append(",\"").append(name).append("\":");
    json::append_string(out, text);
  };
  add("id", line.id);
  add("method", line.method);
  add("route", line.pattern);
  std::array<char, 96> numbers{};
  const auto us = line.took.count();
  std::snprintf(numbers.data(), numbers.size(), R"(,"status":%u,"ms":%lld.%03lld,"bytes":%zu)",
                wire::code_of(line.status), static_cast<long long>(us / 1000), static_cast<long long>(us % 1000),
                line.bytes);
  out.append(numbers.data());
  if (!line.code.empty()) add("code", line.code);
  if (!line.fault.empty()) add("fault", line.fault);
  auto logger = spdlog::get("request");
  if (!logger) logger = spdlog::default_logger();
  logger->log(failed ? spdlog::level::err : spdlog::level::info, out);
}

}  // namespace tongdian::http
