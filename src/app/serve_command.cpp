// tongdian serve: the program that a city runs.
#include <spdlog/spdlog.h>

#include <sys/resource.h>

#include <iostream>
#include <thread>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/grid_city.hpp"
#include "app/log.hpp"
#include "app/metrics.hpp"
#include "app/oidc_settings.hpp"
#include "app/running_city.hpp"
#include "app/service_manager.hpp"
#include "app/settings.hpp"
#include "base/files.hpp"
#include "grid/findings.hpp"
#include "http/server.hpp"
#include "journeys/plain_pages.hpp"

namespace tongdian::app {
namespace {

/// "standard" or "sm" on the command line, or a suite's whole name as the journal has it.
std::optional<journal::Suite> suite_named(const std::string& name) {
  if (name.empty()) return {};
  if (name == "standard") return journal::Suite::standard;
  if (name == "sm") return journal::Suite::sm;
  if (const auto suite = enum_of<journal::Suite>(name)) return suite;
  throw ProblemError(bad_input(
      "journal.unknown_suite", "suite", {"套件应为 standard 或 sm", "the suite is standard or sm"},
      {"standard 为 SHA-256 与 Ed25519，sm 为 SM3 与 SM2", "standard is SHA-256 with Ed25519, sm is SM3 with SM2"}));
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
  return options;
}

/// On this machine alone, whatever the city listens on: figures are for its operators. Nothing where none were asked for.
std::unique_ptr<http::Server> serve_metrics(const Settings& s, Metrics& metrics, wire::Gate& gate) {
  if (s.metrics_port < 0) return {};
  http::Options options;
  options.port = static_cast<std::uint16_t>(s.metrics_port);
  options.max_connections = 16;
  auto server = std::make_unique<http::Server>(std::move(options), metrics_router(metrics), gate);
  server->start().value();
  std::cout << "metrics on " << server->url() << "/metrics" << std::endl;
  return server;
}

CityOptions city_options(const Settings& s, bool demo) {
  CityOptions options;
  options.secure_cookies = s.behind_proxy;
  options.rules.second_factor_required = s.second_factor == "required";
  if (!s.breach_list.empty()) options.rules.breached.load(s.breach_list).value();
  options.codes_to_log = demo || s.codes == "log";
  if (!s.oidc.empty()) options.oidc = read_oidc(s.oidc);
  return options;
}

/// A reader of a live page keeps a connection open; the usual soft limit of 1,024 files is less than a city's readers.
void allow_many_connections() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65'536);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void run(const Settings& s) {
  http::block_stop_signals();
  allow_many_connections();
  set_up_log(s.log_level);
  auto foundation = open_foundation(Place(s.data, s.store), s.pack, Opening::own, suite_named(s.suite));
  const bool demo = s.demo || foundation->is_demo(*foundation->database->reader());
  const std::string network = demo && s.network.empty() ? (s.size == "full" ? "made-up-full" : "made-up") : s.network;
  auto grid = network.empty() ? nullptr : supply_grid(network);
  if (s.demo) ensure_demo(*foundation, {}, nullptr, grid.get());
  std::shared_ptr<const Clock> clock = demo ? demo_clock(*foundation) : std::make_shared<SystemClock>();
  RunningCity city(std::move(foundation), clock, demo, city_options(s, demo));
  if (grid) {
    for (const auto& island : grid::islands(grid->network()))
      spdlog::warn("{}: {}: {}", network, island.element, island.what.en);
    city.use(std::move(grid));
  }
  auto router = city.router();
  Metrics metrics(city, router);
  auto options = http_options(s);
  options.log = [&metrics](const http::AccessLine& line) {
    metrics.count(line);
    http::log_access(line);
  };
  options.page = [&city](const wire::RequestPtr& request, const wire::Reply& reply, auto filled) {
    return journeys::inform(city.journeys(), request, reply, std::move(filled));
  };
  http::Server server(std::move(options), std::move(router), city.gate());
  server.start().value();
  // For scripts: one line, flushed, once connections are taken.
  std::cout << "listening on " << server.url() << std::endl;
  const auto scraped = serve_metrics(s, metrics, city.gate());
  tell_service_manager("READY=1\nSTATUS=listening on " + server.url());
  if (demo) std::cout << demo_sign_ins(*city.foundation().database->reader()) << std::flush;
  if (web_folder(s.web).empty())
    spdlog::warn("no pages found (web/dist): only the interface answers; `make build` builds them");
  if (city.foundation().database->reader()->integer("SELECT count(*) FROM account").value_or(0) == 0)
    spdlog::warn(
        "nobody can sign in yet: echo 'a long phrase' | tongdian user add --data {} --role admin --role clerk USER",
        s.data);
  http::wait_for_stop_signal();
  tell_service_manager("STOPPING=1");
  spdlog::info("stopping: running requests end, nothing new is taken");
  server.stop(std::chrono::seconds(10));
}

}  // namespace

void add_serve(CLI::App& program) {
  auto* command = program.add_subcommand("serve", "Runs the city: interface, pages, deadlines");
  auto s = std::make_shared<Settings>();
  auto config = std::make_shared<std::string>(default_config);
  add_settings(*command, s);
  auto* file =
      command
          ->add_option("--config", *config, "Configuration file, YAML with the names of these options; \"\" reads none")
          ->envname("TONGDIAN_CONFIG")
          ->capture_default_str();
  command->footer("Example: tongdian serve --data city --port 8080");
  command->callback([command, file, s, config] {
    read_settings(*command, *config, file->count() > 0, *s);
    run(*s);
  });
}

}  // namespace tongdian::app
