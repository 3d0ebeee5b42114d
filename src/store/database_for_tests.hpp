// A fresh database of the kind that this run of a test program is on: TONGDIAN_TEST_STORE=postgresql, or SQLite. Tests are
// written once; ctest runs the programs of rooms that store on both (unit.ROOM and unit.ROOM.postgresql).
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "base/temporary_folder.hpp"
#include "store/open.hpp"

namespace tongdian::store {

/// tests/postgres.py, started with the first database that is asked for; it ends with this program, however that ends.
class ServerForTests {
 public:
  static ServerForTests& get() {
    static ServerForTests server;
    return server;
  }
  ServerForTests(const ServerForTests&) = delete;
  ServerForTests& operator=(const ServerForTests&) = delete;
  ~ServerForTests() {
    ::close(to_);
    char rest = 0;
    while (::read(from_, &rest, 1) > 0) {}
    ::close(from_);
  }

  /// Cuts it off as a crash would; starts it again.
  void kill() { ask("kill\n"); }
  void start() { ask("start\n"); }

  [[nodiscard]] const std::string& url() const { return url_; }
  /// The address of a new, empty schema: a database of its own as far as the program can tell.
  std::string fresh() {
    const std::string name = "t" + std::to_string(++schemas_);
    open_store({url_})->writer().script("CREATE SCHEMA " + name);
    return url_ + "&options=-csearch_path%3D" + name;
  }

 private:
  ServerForTests() {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    const pid_t child = ::fork();
    if (child == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::execl("/usr/bin/env", "env", "python3", TONGDIAN_SOURCE_DIR "/tests/postgres.py", nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = out[0];
    url_ = line();
    if (!url_.starts_with("postgresql://")) throw std::runtime_error("tests/postgres.py did not start: " + url_);
  }

  void ask(std::string_view what) {
    if (::write(to_, what.data(), what.size()) < 0 || line() != "ok")
      throw std::runtime_error("tests/postgres.py: no answer");
  }
  std::string line() {
    std::string out;
    for (char c = 0; ::read(from_, &c, 1) > 0 && c != '\n';) out += c;
    return out;
  }

  int to_ = -1, from_ = -1;
  std::string url_;
  int schemas_ = 0;
};

inline bool tests_on_postgres() {
  const char* kind = std::getenv("TONGDIAN_TEST_STORE");
  return kind != nullptr && std::string_view(kind) == "postgresql";
}

/// An empty database of the kind of this run, gone with the test.
class DatabaseForTests {
 public:
  DatabaseForTests()
      : address_(tests_on_postgres() ? ServerForTests::get().fresh() : (folder_.path / "a.db").string()) {}

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] std::unique_ptr<Database> open(bool read_only = false, int readers = 4) const {
    return open_store({address_, read_only, readers});
  }

 private:
  TemporaryFolder folder_;
  std::string address_;
};

}  // namespace tongdian::store
