// One network thread: its io_context, its listening socket, its connections and their deadlines.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "http/server.hpp"
#include "http/static_files.hpp"

namespace tongdian::http {

// Concrete executors throughout: the type-erased default costs a fifth of a request's time.
namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Steady = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Steady, asio::wait_traits<Steady>, Executor>;
template <class T>
using Awaitable = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> awaiting{};

/// What all loops share.
struct Service {
  Options options;
  wire::Router router;
  wire::Gate& gate;
  std::optional<StaticFiles> files;
  std::string id_prefix;  ///< of this start of the server, so that ids in old logs are not taken for new ones
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::size_t> connections{0};
};

class Connection;

/// Held by its thread, and by every answer that is still to come: an answer after the server's end wakes nobody, but the
/// io_context it knocks at is still there.
class Loop : public std::enable_shared_from_this<Loop> {
 public:
  explicit Loop(Service& service);
  ~Loop();

  boost::system::error_code listen(const Tcp::endpoint& endpoint, bool shared_port);
  [[nodiscard]] Tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  /// Until `drain` has come to its end.
  void run();
  /// From any thread.
  void drain(std::chrono::milliseconds grace);

  // For the connections of this loop, on its thread:
  Service& service;
  [[nodiscard]] bool draining() const { return draining_; }
  [[nodiscard]] Executor executor() { return io_.get_executor(); }
  [[nodiscard]] std::string_view date();
  void add(Connection& connection);
  void remove(Connection& connection);

 private:
  Awaitable<void> accept();
  /// Begins a connection, or turns it away where there are too many.
  void take(Socket socket);
  Awaitable<void> sweep();

  asio::io_context io_{1};
  Acceptor acceptor_{io_};
  Timer sweep_timer_{io_};
  std::unordered_set<Connection*> connections_;
  bool draining_ = false;
  Steady::time_point abandon_at_ = Steady::time_point::max();
  std::int64_t date_second_ = -1;
  std::string date_;
};

}  // namespace tongdian::http
