// What `serve` can be told: on its command line, in the environment (TONGDIAN_PORT=…), in a configuration file, in this
// order of precedence. One table makes all three, so that none knows a setting that the others do not.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "app/foundation.hpp"

namespace tongdian::app {

inline constexpr const char* default_config = "/etc/tongdian/tongdian.yaml";

struct Settings {
  std::string data = default_data;
  std::string store;  ///< postgresql://…; empty: the file in the data folder
  std::string pack;
  std::string listen = "127.0.0.1";
  int port = 8080;
  int threads = 0;    ///< 0: one a core, at most 8
  std::string web;    ///< folder of the built pages; empty: found beside the program
  std::string suite;  ///< of a journal that is yet to be made: "standard" or "sm"; empty: as it is, or standard
  bool demo = false;
  std::string network;         ///< the city's: a folder of tables, or a file; empty: none, or the demo's
  std::string size = "small";  ///< of the made-up city's network: small, full
  bool behind_proxy = false;
  int metrics_port = -1;  ///< on this machine only; 0 takes a free one, -1: none
  std::string log_level = "info";
  std::string second_factor = "optional";
  std::string codes = "none";
  std::string oidc;         ///< file that describes the city's single sign-on
  std::string breach_list;  ///< file of passwords that were in somebody's breach, beside the program's own short list
};

/// Calls `f(name, member, help, check)` for each setting. The name is that of the option; in a file and in the environment
/// its dashes are underscores.
template <class F>
void each_setting(F f) {
  f("data", &Settings::data, "Data folder");
  f("store", &Settings::store,
    "Database: postgresql://USER@HOST/NAME (password by ~/.pgpass); without it DATA/city.db");
  f("pack", &Settings::pack, "Policy pack: an id, or a folder");
  f("listen", &Settings::listen, "Address to listen on");
  f("port", &Settings::port, "Port; 0 takes a free one", 0, 65535);
  f("threads", &Settings::threads, "Network threads; 0: one a core", 0, 64);
  f("web", &Settings::web, "Folder of the built pages");
  f("suite", &Settings::suite, "For a new data folder: standard (SHA-256, Ed25519) or sm (SM3, SM2); stays for ever");
  f("demo", &Settings::demo, "Fill an empty data folder with the made-up city, on a clock of its own");
  f("network", &Settings::network,
    "The city's network: a folder of CSV tables, or a file that `tongdian grid` reads; without it nothing is computed of the grid");
  f("size", &Settings::size, "Of the made-up city's network: small (a fiftieth) or full",
    std::initializer_list<const char*>{"small", "full"});
  f("behind-proxy", &Settings::behind_proxy,
    "Believe X-Forwarded-For of a proxy on this machine; cookies for TLS only");
  f("metrics-port", &Settings::metrics_port, "Port of /metrics, on 127.0.0.1; 0 takes a free one, -1: none", -1, 65535);
  f("log-level", &Settings::log_level, "debug, info, warn or error",
    std::initializer_list<const char*>{"debug", "info", "warn", "error"});
  f("second-factor", &Settings::second_factor,
    "Of staff: optional, or required: whoever has none sets it up when they next sign in",
    std::initializer_list<const char*>{"optional", "required"});
  f("codes", &Settings::codes,
    "Where customers' one-time codes go: none, or log (for development: the log then holds phones); the demo logs them",
    std::initializer_list<const char*>{"none", "log"});
  f("oidc", &Settings::oidc, "File that describes the city's single sign-on (OpenID Connect); docs/operating has one");
  f("breach-list", &Settings::breach_list,
    "File of breached passwords, one or its SHA-1 a line, none of which is taken");
}

/// Adds the options and --config to the command.
void add_settings(CLI::App& command, std::shared_ptr<Settings> settings);

/// Fills what neither the command line nor the environment has set. `file` as --config gave it: empty reads none; the
/// default file may be absent. Throws ProblemError `config.wrong` at FILE:LINE:COLUMN.
void read_settings(const CLI::App& command, const std::string& file, bool file_was_named, Settings& settings);

}  // namespace tongdian::app
