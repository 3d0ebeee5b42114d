#include "app/settings.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "base/temporary_folder.hpp"

using namespace tongdian;
using namespace tongdian::app;

namespace {

struct Given {
  std::string file;
  std::vector<std::string> arguments{};
  std::vector<std::pair<std::string, std::string>> environment{};
};

/// The settings that a start would have, or the problem's "code at LINE:COLUMN".
std::pair<Settings, std::string> start(const Given& given) {
  const TemporaryFolder folder;
  const auto file = folder.path / "city.yaml";
  std::ofstream(file) << given.file;
  for (const auto& [name, value] : given.environment) ::setenv(name.c_str(), value.c_str(), 1);
  CLI::App command;
  auto s = std::make_shared<Settings>();
  add_settings(command, s);
  std::string wrong;
  try {
    std::vector<std::string> arguments(given.arguments.rbegin(), given.arguments.rend());
    command.parse(arguments);
    read_settings(command, file.string(), true, *s);
  } catch (const ProblemError& e) {
    wrong = e.problem.code + " at " + e.problem.path.substr(std::min(file.string().size() + 1, e.problem.path.size()));
  } catch (const CLI::ParseError& e) {
    wrong = e.get_name();
  }
  for (const auto& each : given.environment) ::unsetenv(each.first.c_str());
  return {*s, wrong};
}

}  // namespace

TEST_CASE("the command line wins over the environment, the environment over the file") {
  const std::string file = "port: 1\nlisten: 1.1.1.1\nbehind_proxy: true\nlog_level: warn\n";
  const auto from_file = start({file}).first;
  CHECK(from_file.port == 1);
  CHECK(from_file.listen == "1.1.1.1");
  CHECK(from_file.behind_proxy);
  CHECK(from_file.log_level == "warn");
  CHECK(from_file.data == default_data);
  const auto both = start({file, {"--port", "3"}, {{"TONGDIAN_PORT", "2"}, {"TONGDIAN_LISTEN", "2.2.2.2"}}}).first;
  CHECK(both.port == 3);
  CHECK(both.listen == "2.2.2.2");
  CHECK(both.log_level == "warn");
  CHECK(start({file, {}, {{"TONGDIAN_BEHIND_PROXY", "false"}}}).first.behind_proxy == false);
}

TEST_CASE("what is wrong in the file is named by line and column") {
  const struct {
    const char* file;
    const char* wrong;
  } cases[] = {
      {"port: 8080\n", ""},
      {"{\"port\": 8080, \"listen\": \"127.0.0.1\"}\n", ""},  // JSON is YAML
      {"port: 8080\nprot: 80\n", "config.wrong at 2:1"},
      {"metrics-port: 1\n", "config.wrong at 1:1"},
      {"port: 8080\nport: 8081\n", "config.wrong at 2:1"},
      {"listen: 127.0.0.1\nport: eighty\n", "config.wrong at 2:7"},
      {"port: 65536\n", "config.wrong at 1:7"},
      {"port: 010\n", "config.wrong at 1:7"},
      {"metrics_port: -2\n", "config.wrong at 1:15"},
      {"behind_proxy: yes\n", "config.wrong at 1:15"},
      {"log_level: loud\n", "config.wrong at 1:12"},
      {"data: [a, b]\n", "config.wrong at 1:7"},
      {"- port\n", "config.wrong at 1:1"},
      {"port: [\n", "config.wrong at 2:1"},
      {"# nothing\n", "config.wrong at 1:1"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.file);
    CHECK(start({each.file}).second == each.wrong);
  }
  CHECK(start({"port: 1\n", {}, {{"TONGDIAN_PORT", "99999"}}}).second == "ValidationError");
}

TEST_CASE("the default file may be absent, a named one may not, none may be asked for") {
  CLI::App command;
  auto s = std::make_shared<Settings>();
  add_settings(command, s);
  CHECK_NOTHROW(read_settings(command, "/nowhere/tongdian.yaml", false, *s));
  CHECK_NOTHROW(read_settings(command, "", true, *s));
  CHECK_THROWS_AS(read_settings(command, "/nowhere/tongdian.yaml", true, *s), ProblemError);
}

TEST_CASE("the file of the package is read, and speaks of every setting") {
  const auto path = std::filesystem::path(TONGDIAN_SOURCE_DIR) / "packaging" / "tongdian.yaml";
  CLI::App command;
  auto s = std::make_shared<Settings>();
  add_settings(command, s);
  read_settings(command, path.string(), true, *s);
  CHECK(s->data == "/var/lib/tongdian");
  CHECK(s->behind_proxy);
  CHECK(s->metrics_port == 9464);
  std::ifstream in(path);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  each_setting([&](std::string name, auto&&...) {
    std::replace(name.begin(), name.end(), '-', '_');
    CAPTURE(name);
    CHECK((text.find("\n" + name + ": ") != text.npos || text.find("\n# " + name + ": ") != text.npos));
  });
}
