#include "app/service_manager.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "base/temporary_folder.hpp"

using namespace tongdian;

namespace {

/// What arrives at a socket of this name when the service manager is told something.
std::string told(const std::string& name, const std::string& variable) {
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), name.size());
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address),
                 static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())) == 0);
  ::setenv("NOTIFY_SOCKET", variable.c_str(), 1);
  app::tell_service_manager("READY=1\nSTATUS=listening");
  ::unsetenv("NOTIFY_SOCKET");
  std::array<char, 256> buffer{};
  const auto n = ::recv(fd, buffer.data(), buffer.size(), 0);
  ::close(fd);
  return n < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(n));
}

}  // namespace

TEST_CASE("the service manager hears at its socket, be it a file or a name alone; without one nothing happens") {
  const TemporaryFolder folder;
  const std::string file = folder.path / "notify";
  CHECK(told(file, file) == "READY=1\nSTATUS=listening");
  const std::string name = "tongdian-test-" + std::to_string(::getpid());
  CHECK(told(std::string(1, '\0') + name, "@" + name) == "READY=1\nSTATUS=listening");
  CHECK(told(std::string(1, '\0') + name, "relative") == "");
  CHECK(told(std::string(1, '\0') + name, "/" + std::string(200, 'x')) == "");
  app::tell_service_manager("READY=1");
}
