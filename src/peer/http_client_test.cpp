#include "peer/http_client.hpp"

#include <doctest/doctest.h>

using namespace tongdian;

TEST_CASE("only https leaves this machine, and a name that merely looks like ours is not ours") {
  const peer::HttpClient client;
  for (const char* url : {"http://sso.example/", "http://127.0.0.1.evil.example/", "http://localhost.evil.example",
                          "http://127.0.0.1@evil.example/", "http://localhost:80@evil.example/", "ftp://127.0.0.1/",
                          "file:///etc/passwd", "", "HTTP://sso.example"}) {
    CAPTURE(url);
    CHECK(client.ask({url}).error().code == "peer.not_secure");
  }
}

TEST_CASE("nobody there is an answer, not a wait") {
  const peer::HttpClient client;
  CHECK(client.ask({"http://127.0.0.1:1/"}).error().code == "peer.unreachable");
}
