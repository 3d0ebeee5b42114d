// A blunt client for tests: a socket, bytes out, bytes in. It waits for events, never for a time; the receive timeout
// only ends a test that would hang.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tongdian::http {

struct Received {
  int status = 0;
  std::string head;  ///< status line and fields
  std::string body;

  [[nodiscard]] std::string field(std::string_view name) const {
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + 2 + name.size() + 2;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class TestClient {
 public:
  explicit TestClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~TestClient() { ::close(socket_); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }

  /// False once the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// One answer; status 0 when the connection ended before one was whole. `to_head`: no body follows.
  Received receive(bool to_head = false) {
    Received out;
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return out;
    out.head = input_.substr(0, end + 2);
    input_.erase(0, end + 4);
    const auto length_text = out.field("Content-Length");
    const std::size_t length = to_head || length_text.empty() ? 0 : std::stoul(length_text);
    while (input_.size() < length)
      if (!more()) return out;
    out.body = input_.substr(0, length);
    input_.erase(0, length);
    out.status = std::stoi(out.head.substr(9, 3));
    return out;
  }

  Received ask(std::string_view bytes) {
    send(bytes);
    return receive();
  }

  /// Reads up to and with `text`; false where the connection ends before it comes.
  bool until(std::string_view text) {
    std::size_t at = 0;
    while ((at = input_.find(text)) == std::string::npos)
      if (!more()) return false;
    input_.erase(0, at + text.size());
    return true;
  }
  /// Reads what is left; the server closes after it.
  bool closed() {
    while (more()) input_.clear();
    return true;
  }

  /// Whether nothing more comes and the server has closed.
  bool at_end() { return input_.empty() && !more(); }

 private:
  bool more() {
    char piece[4096];
    const auto n = ::recv(socket_, piece, sizeof piece, 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      throw std::runtime_error("the server neither answers nor closes");
    if (n <= 0) return false;
    input_.append(piece, static_cast<std::size_t>(n));
    return true;
  }

  int socket_;
  bool connected_ = false;
  std::string input_;
};

}  // namespace tongdian::http
