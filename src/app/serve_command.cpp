// tongdian serve: the program that a city runs.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>
#include <thread>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/running_city.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "http/server.hpp"

namespace tongdian::app {
namespace {

/// The configuration file: the same names as the options. An option on the command line wins.
struct Settings {
  std::string data = default_data;
  std::string pack;
  std::string listen = "127.0.0.1";
  int port = 8080;
  int threads = 0;  ///< 0: one a core, at most 8
  std::string web;  ///< folder of the built pages; empty: found beside the program
  bool demo = false;
  bool behind_proxy = false;
};

struct SettingsFile {
  std::optional<std::string> data, pack, listen, web;
  std::optional<int> port, threads;
  std::optional<bool> behind_proxy;
};
BOOST_DESCRIBE_STRUCT(SettingsFile, (), (data, pack, listen, web, port, threads, behind_proxy))

template <class T>
void fill(const CLI::App& command, const char* option, const std::optional<T>& from, T& to) {
  if (from && command.count(option) == 0) to = *from;
}

void read_settings(const CLI::App& command, const std::string& file, Settings& s) {
  const auto text = read_file(file, 1 << 20).value();
  auto read = json::read_text<SettingsFile>(text);
  if (!read) {
    Problem p = read.error();
    p.path = file + (p.path.empty() ? "" : " " + p.path);
    throw ProblemError(std::move(p));
  }
  fill(command, "--data", read->data, s.data);
  fill(command, "--pack", read->pack, s.pack);
  fill(command, "--listen", read->listen, s.listen);
  fill(command, "--web", read->web, s.web);
  fill(command, "--port", read->port, s.port);
  fill(command, "--threads", read->threads, s.threads);
  fill(command, "--behind-proxy", read->behind_proxy, s.behind_proxy);
}

std::filesystem::path web_folder(const std::string& given) {
  if (!given.empty()) {
    if (std::filesystem::exists(std::filesystem::path(given) / "index.html")) return given;
    throw ProblemError(refusal("serve.no_pages", {"该目录没有页面：" + given, "there are no pages in " + given},
                               {"请先 make build，或去掉 --web", "make build first, or leave --web out"}));
  }
  for (const auto& each : {program_folder() / "../web/dist", program_folder() / "../share/tongdian/web"})
    if (std::filesystem::exists(each / "index.html")) return std::filesystem::canonical(each);
  return {};
}

/// The demo's clock starts on its day; a demo that ran before goes on where it was, for time is never set back.
std::shared_ptr<const Clock> demo_clock(Foundation& f) {
  const Instant last = last_recorded(*f.database->reader());
  return std::make_shared<OffsetClock>(std::max(demo_start(), last));
}

http::Options http_options(const Settings& s) {
  http::Options options;
  options.address = s.listen;
  options.port = static_cast<std::uint16_t>(s.port);
  options.threads = s.threads > 0 ? static_cast<unsigned>(s.threads)
                                  : std::min(8u, std::max(1u, std::thread::hardware_concurrency()));
  options.behind_proxy = s.behind_proxy;
  options.web_root = web_folder(s.web);
  options.log = http::log_access;
  return options;
}

void run(const Settings& s) {
  http::block_stop_signals();
  spdlog::set_default_logger(spdlog::stderr_logger_mt("tongdian"));
  auto foundation = open_foundation(s.data, s.pack, Opening::own);
  if (s.demo) ensure_demo(*foundation);
  const bool demo = foundation->is_demo(*foundation->database->reader());
  std::shared_ptr<const Clock> clock = demo ? demo_clock(*foundation) : std::make_shared<SystemClock>();
  RunningCity city(std::move(foundation), clock, demo, s.behind_proxy);
  http::Server server(http_options(s), city.router(), city.gate());
  server.start().value();
  // For scripts: one line, flushed, once connections are taken.
  std::cout << "listening on " << server.url() << std::endl;
  if (demo) std::cout << demo_sign_ins(*city.foundation().database->reader()) << std::flush;
  if (web_folder(s.web).empty())
    std::cerr << "no pages found (web/dist): only the interface answers; `make build` builds them\n";
  if (city.foundation().database->reader()->integer("SELECT count(*) FROM account").value_or(0) == 0)
    std::cerr << "nobody can sign in yet: echo 'a long phrase' | tongdian user add --data " << s.data
              << " --role admin --role clerk USER\n";
  http::wait_for_stop_signal();
  std::cerr << "stopping: running requests end, nothing new is taken\n";
  server.stop(std::chrono::seconds(10));
}

}  // namespace

void add_serve(CLI::App& program) {
  auto* command = program.add_subcommand("serve", "Runs the city: interface, pages, deadlines");
  auto s = std::make_shared<Settings>();
  auto config = std::make_shared<std::string>();
  command->add_option("--data", s->data, "Data folder")->capture_default_str();
  command->add_option("--pack", s->pack, "Policy pack: an id, or a folder");
  command->add_option("--listen", s->listen, "Address to listen on")->capture_default_str();
  command->add_option("--port", s->port, "Port; 0 takes a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command->add_option("--threads", s->threads, "Network threads; 0: one a core")
      ->check(CLI::Range(0, 64))
      ->capture_default_str();
  command->add_option("--web", s->web, "Folder of the built pages");
  command->add_flag("--demo", s->demo, "Fill an empty data folder with the made-up city, on a clock of its own");
  command->add_flag("--behind-proxy", s->behind_proxy, "Believe X-Forwarded-For of a proxy on this machine");
  command->add_option("--config", *config, "Configuration file, JSON with the names of these options");
  command->footer("Example: tongdian serve --data city --port 8080");
  command->callback([command, s, config] {
    if (!config->empty()) read_settings(*command, *config, *s);
    run(*s);
  });
}

}  // namespace tongdian::app
