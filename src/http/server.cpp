#include "http/server.hpp"

#include <thread>
#include <vector>

#include "base/random.hpp"
#include "http/loop.hpp"

namespace tongdian::http {
namespace {

using boost::system::error_code;

Problem cannot_listen(const Options& options, const std::string& why) {
  const std::string where = options.address + ":" + std::to_string(options.port);
  return failure("http.cannot_listen", {"无法在 " + where + " 监听：" + why, "cannot listen on " + where + ": " + why},
                 {"请换一个端口，或停掉占用它的程序", "choose another port, or stop the program that has it"});
}

// Sockets that share a port would also share it with a second tongdian of the same user, and requests would go to either:
// an unshared socket must be able to have the address first.
error_code is_taken(const Tcp::endpoint& endpoint) {
  asio::io_context io;
  Acceptor probe(io);
  error_code error;
  probe.open(endpoint.protocol(), error);
  if (!error) probe.set_option(Acceptor::reuse_address(true), error);
  if (!error) probe.bind(endpoint, error);
  return error;
}

}  // namespace

struct Server::Running {
  explicit Running(Service* given) : service(given) {}
  std::unique_ptr<Service> service;
  std::vector<std::shared_ptr<Loop>> loops;
  std::vector<std::thread> threads;
  Tcp::endpoint endpoint;
};

Server::Server(Options options, wire::Router router, wire::Gate& gate)
    : running_(std::make_unique<Running>(new Service{std::move(options), std::move(router), gate, {}, {}, {}, {}})) {
  auto& service = *running_->service;
  if (!service.options.web_root.empty()) service.files.emplace(service.options.web_root);
  SystemRandom random;
  service.id_prefix = random.token(4) + "-";
}

Server::~Server() { stop(std::chrono::milliseconds(0)); }

Result<void> Server::start() {
  auto& service = *running_->service;
  const auto& options = service.options;
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return cannot_listen(options, error.message());
  running_->endpoint = {address, options.port};
  const unsigned threads = std::max(1u, options.threads);
  if (threads > 1) error = is_taken(running_->endpoint);
  for (unsigned i = 0; i < threads && !error; ++i) {
    const auto& loop = running_->loops.emplace_back(std::make_shared<Loop>(service));
    error = loop->listen(running_->endpoint, threads > 1);
    if (!error) running_->endpoint = loop->endpoint();
  }
  if (error) {
    running_->loops.clear();
    return cannot_listen(options, error.message());
  }
  for (const auto& loop : running_->loops) running_->threads.emplace_back([loop] { loop->run(); });
  return {};
}

void Server::stop(std::chrono::milliseconds grace) {
  for (const auto& loop : running_->loops) loop->drain(grace);
  for (auto& thread : running_->threads) thread.join();
  running_->threads.clear();
  running_->loops.clear();
}

std::uint16_t Server::port() const { return running_->endpoint.port(); }

std::string Server::url() const {
  const auto address = running_->endpoint.address();
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return "http://" + host + ":" + std::to_string(port());
}

}  // namespace tongdian::http
