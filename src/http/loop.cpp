#include "http/loop.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include "http/connection.hpp"

namespace tongdian::http {
namespace {

using boost::system::error_code;

constexpr std::string_view full =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";

// How often deadlines are looked at: one timer a thread instead of two timer operations a request. A deadline is late
// by at most this much.
std::chrono::milliseconds sweep_every(const Options& options) {
  const auto shortest = std::min({options.idle_timeout, options.header_timeout, options.body_timeout,
                                  options.answer_timeout, options.write_timeout});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

}  // namespace

Loop::Loop(Service& shared) : service(shared) {}
Loop::~Loop() = default;

error_code Loop::listen(const Tcp::endpoint& endpoint, bool shared_port) {
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(Acceptor::reuse_address(true), error);
  const int yes = 1;
  if (!error && shared_port && ::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) != 0)
    error.assign(errno, boost::system::system_category());
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(Acceptor::max_listen_connections, error);
  return error;
}

void Loop::run() {
  asio::co_spawn(io_, accept(), asio::detached);
  asio::co_spawn(io_, sweep(), asio::detached);
  io_.run();
}

void Loop::drain(std::chrono::milliseconds grace) {
  asio::post(io_, [this, grace] {
    if (!draining_) {
      draining_ = true;
      // Who has connected by now, and may have asked already, is heard; closing would reset them.
      error_code error;
      acceptor_.non_blocking(true, error);
      while (!error) {
        Socket socket(io_);
        acceptor_.accept(socket, error);
        if (!error) take(std::move(socket));
      }
      acceptor_.close(error);
      for (Connection* connection : connections_) connection->drain();
    }
    abandon_at_ = std::min(abandon_at_, Steady::now() + grace);
    sweep_timer_.cancel();
  });
}

void Loop::add(Connection& connection) {
  ++service.connections;
  connections_.insert(&connection);
}

void Loop::remove(Connection& connection) {
  --service.connections;
  connections_.erase(&connection);
  if (draining_ && connections_.empty()) sweep_timer_.cancel();
}

std::string_view Loop::date() {
  const auto now = to_ms(service.options.wall_clock->now());
  if (now / 1000 != date_second_) {
    date_second_ = now / 1000;
    date_ = http_date(now);
  }
  return date_;
}

void Loop::take(Socket socket) {
  if (service.connections < service.options.max_connections) {
    asio::co_spawn(io_, Connection::live(std::make_shared<Connection>(*this, std::move(socket))), asio::detached);
    return;
  }
  error_code error;
  socket.non_blocking(true, error);
  socket.write_some(asio::buffer(full), error);
  socket.shutdown(Tcp::socket::shutdown_send, error);
}

Awaitable<void> Loop::accept() {
  while (!draining_) {
    error_code error;
    Socket socket = co_await acceptor_.async_accept(asio::redirect_error(awaiting, error));
    if (error && draining_) co_return;
    if (error) {
      // Out of descriptors, most likely: some will come free, and asking at once would only burn the processor.
      Timer pause(io_, std::chrono::milliseconds(50));
      co_await pause.async_wait(asio::redirect_error(awaiting, error));
      continue;
    }
    take(std::move(socket));
  }
}

Awaitable<void> Loop::sweep() {
  const auto every = sweep_every(service.options);
  while (!draining_ || !connections_.empty()) {
    error_code cancelled;
    sweep_timer_.expires_after(every);
    co_await sweep_timer_.async_wait(asio::redirect_error(awaiting, cancelled));
    const auto now = Steady::now();
    for (Connection* connection : connections_) {
      connection->expire_if_due(now);
      if (now >= abandon_at_) connection->abandon();
    }
  }
}

}  // namespace tongdian::http
