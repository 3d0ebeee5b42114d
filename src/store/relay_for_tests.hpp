// Stands between a program and PostgreSQL on a socket of its own, and can lose the answer to a commit: the server has carried it
// out, and whoever asked never hears of it.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/temporary_folder.hpp"

namespace tongdian::store {

class RelayForTests {
 public:
  /// `url` names the folder of the server's socket with host=.
  explicit RelayForTests(const std::string& url) {
    const auto at = url.find("host=") + 5;
    const auto end = std::min(url.find('&', at), url.size());
    server_ = url.substr(at, end - at);
    url_ = url.substr(0, at) + folder_.path.string() + url.substr(end);
    listening_ = socket_at(folder_.path.string(), true);
    thread_ = std::thread([this] { run(); });
  }
  ~RelayForTests() {
    ending_ = true;
    thread_.join();
    ::close(listening_);
  }
  RelayForTests(const RelayForTests&) = delete;
  RelayForTests& operator=(const RelayForTests&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }
  /// The next commit is carried out and not answered; its connection is closed.
  void lose_next_commit() { lose_ = true; }
  [[nodiscard]] bool lost() const { return !lose_; }

 private:
  struct Pair {
    int client = -1, server = -1;
    bool swallow = false;  ///< the server's next words are the answer that gets lost
  };

  static int socket_at(const std::string& folder, bool listening) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder + "/.s.PGSQL.5432";
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const auto* a = reinterpret_cast<const sockaddr*>(&address);
    const bool ok =
        listening ? ::bind(fd, a, sizeof address) == 0 && ::listen(fd, 16) == 0 : ::connect(fd, a, sizeof address) == 0;
    if (!ok) throw std::runtime_error("relay: " + path);
    return fd;
  }

  void run() {
    std::vector<Pair> pairs;
    while (!ending_) {
      std::vector<pollfd> fds{{listening_, POLLIN, 0}};
      for (const auto& p : pairs) fds.insert(fds.end(), {{p.client, POLLIN, 0}, {p.server, POLLIN, 0}});
      ::poll(fds.data(), fds.size(), 20);
      for (std::size_t i = pairs.size(); i-- > 0;) {
        const bool goes_on = (fds[2 * i + 1].revents == 0 || from_client(pairs[i])) &&
                             (fds[2 * i + 2].revents == 0 || from_server(pairs[i]));
        if (goes_on) continue;
        close(pairs[i]);
        pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(i));
      }
      if (fds[0].revents != 0) pairs.push_back({::accept(listening_, nullptr, nullptr), socket_at(server_, false)});
    }
    for (const auto& p : pairs) close(p);
  }

  static void close(const Pair& p) {
    ::close(p.client);
    ::close(p.server);
  }

  bool from_client(Pair& p) {
    char buffer[65536];
    const auto n = ::read(p.client, buffer, sizeof buffer);
    if (n <= 0) return false;
    const std::string_view said(buffer, static_cast<std::size_t>(n));
    // The whole statement, not a part of READ COMMITTED.
    if (said.find(std::string_view("\0COMMIT\0", 8)) != std::string_view::npos && lose_) p.swallow = true;
    return ::send(p.server, buffer, said.size(), MSG_NOSIGNAL) == n;
  }

  bool from_server(Pair& p) {
    char buffer[65536];
    const auto n = ::read(p.server, buffer, sizeof buffer);
    if (n <= 0) return false;
    if (p.swallow) {
      lose_ = false;
      return false;
    }
    return ::send(p.client, buffer, static_cast<std::size_t>(n), MSG_NOSIGNAL) == n;
  }

  TemporaryFolder folder_;
  std::string server_, url_;
  int listening_ = -1;
  std::atomic<bool> ending_ = false, lose_ = false;
  std::thread thread_;
};

}  // namespace tongdian::store
