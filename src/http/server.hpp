// The HTTP server: sockets, limits and time, around a route table. Nothing of the network shows through this header.
//
//   http::Server server({.port = 8080, .web_root = "web/dist"}, std::move(router), gate);
//   if (auto started = server.start(); !started) …
//   std::cerr << "listening on " << server.url() << '\n';
//   http::wait_for_stop_signal();
//   server.stop(std::chrono::seconds(10));
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "http/request_reader.hpp"
#include "wire/router.hpp"

namespace tongdian::http {

/// What is said about a request afterwards: nothing that could name a person. The path stays out, its pattern goes in.
struct AccessLine {
  std::string_view id;
  std::string_view method;
  std::string_view pattern;  ///< of the route; "static" for the web's files; "-" when no route was found
  wire::Status status;
  std::chrono::microseconds took;  ///< from the last byte of the request to the last byte of the answer handed on
  std::size_t bytes;               ///< of the answer's body
  std::string_view fault;          ///< what a handler threw; usually empty
  std::string_view code;           ///< of the problem that was answered; usually empty
};

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;              ///< 0: any free one, see Server::port
  unsigned threads = 1;                ///< each with sockets of its own; the kernel shares connections out among them
  std::size_t max_connections = 4096;  ///< one more is told 503 and closed
  ReadLimits limits{};
  std::chrono::milliseconds idle_timeout{60'000};    ///< between two requests
  std::chrono::milliseconds header_timeout{10'000};  ///< from a request's first byte to the end of its header
  std::chrono::milliseconds body_timeout{30'000};    ///< from there to the end of its body
  std::chrono::milliseconds answer_timeout{60'000};  ///< a handler's; then 503 `http.no_answer`
  std::chrono::milliseconds write_timeout{30'000};   ///< for the client to take the answer
  /// How often a word goes over a stream of events that has nothing to say, so that a client who has gone is noticed, and how long one lives:
  /// then the browser comes again, and its session is looked at anew.
  std::chrono::milliseconds stream_pulse{15'000};
  std::chrono::milliseconds stream_life{600'000};
  bool behind_proxy = false;         ///< believe X-Forwarded-For's last address when the peer is this machine
  std::filesystem::path web_root{};  ///< empty: no files, the routes alone
  /// What a page says before its script runs, and where none runs: answers with `filled(HTML)`, now or later, from any thread;
  /// false where it has nothing for this address.
  using Filled = std::function<wire::Response(const std::string& html)>;
  std::function<bool(const wire::RequestPtr&, const wire::Reply&, Filled filled)> page{};
  std::function<void(const AccessLine&)> log{};  ///< on the network threads; must be thread-safe and not throw
  std::shared_ptr<const Clock> wall_clock = std::make_shared<SystemClock>();  ///< for the Date header alone
};

class Server {
 public:
  /// `gate`, and what the handlers refer to, outlive the server and every Reply that is still held.
  Server(Options options, wire::Router router, wire::Gate& gate);
  /// Stops without grace.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens when it returns. `http.cannot_listen` names the address and what the system says, also when another program
  /// has the port.
  Result<void> start();
  /// Accepts nothing more, closes idle connections, lets running requests end, and returns when they have; after `grace`
  /// the rest are cut off. Safe to call twice.
  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] std::uint16_t port() const;
  /// "http://127.0.0.1:8080"
  [[nodiscard]] std::string url() const;

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

/// One line a request to spdlog's logger "request", else to the default one; an answer of 5xx is an error.
void log_access(const AccessLine& line);

/// Call first thing in main's thread, before any other starts: SIGINT and SIGTERM then wait to be fetched.
void block_stop_signals();
/// Sleeps until SIGINT or SIGTERM comes.
void wait_for_stop_signal();

}  // namespace tongdian::http
