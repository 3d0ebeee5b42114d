#include "app/log.hpp"

#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/json.hpp"
#include "base/time_text.hpp"

namespace tongdian::app {
namespace {

class JsonLines final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& out) override {
    const auto level = spdlog::level::to_string_view(msg.level);
    std::string line = R"({"time":")" + format_utc(std::chrono::floor<std::chrono::milliseconds>(msg.time)) +
                       R"(","level":")" + std::string(level.data(), level.size()) + R"(",)";
    const std::string_view payload(msg.payload.data(), msg.payload.size());
    if (std::string_view(msg.logger_name.data(), msg.logger_name.size()) == "request") {
      line.append(payload);  // members already
    } else {
      line.append(R"("event":"message","message":)");
      json::append_string(line, payload);
    }
    line.append("}\n");
    out.append(line.data(), line.data() + line.size());
  }
  [[nodiscard]] std::unique_ptr<formatter> clone() const override { return std::make_unique<JsonLines>(); }
};

}  // namespace

void set_up_log(const std::string& level) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink->set_formatter(std::make_unique<JsonLines>());
  spdlog::drop("request");
  spdlog::register_logger(std::make_shared<spdlog::logger>("request", sink));
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("tongdian", sink));
  spdlog::set_level(spdlog::level::from_str(level));
}

}  // namespace tongdian::app
