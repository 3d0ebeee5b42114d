#include "http/server.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <thread>

#include "base/files.hpp"
#include "base/random.hpp"
#include "http/test_client.hpp"
#include "wire/body.hpp"

using namespace tongdian;
using namespace tongdian::http;
using namespace std::chrono_literals;
using wire::Access;
using wire::json_response;
using wire::Reply;
using wire::Request;
using wire::RequestPtr;

namespace {

struct OpenGate final : wire::Gate {
  Result<wire::Principal> admit(const Request&, const Access&) override { return wire::Principal{}; }
};

/// What a test answers with, when it likes, from its own thread.
template <class T>
class Held {
 public:
  void hold(T given) {
    const std::lock_guard lock(mutex_);
    held_ = std::move(given);
    arrived_.notify_all();
  }
  T take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return held_.has_value(); });
    T out = *std::move(held_);
    held_.reset();
    return out;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::optional<T> held_;
};

struct House {
  OpenGate gate;
  std::binary_semaphore standing{0}, go_on{0};  ///< a loop stands in /api/stands between the two
  Held<Reply> held;
  Held<std::shared_ptr<wire::EventStream>> stream;
  std::mutex log_mutex;
  std::vector<std::string> log;
  Server server;

  explicit House(Options options = {}) : server(with_log(std::move(options)), routes(), gate) {
    REQUIRE(server.start().has_value());
  }

  Options with_log(Options options) {
    options.log = [this](const AccessLine& line) {
      const std::lock_guard lock(log_mutex);
      log.push_back(std::string(line.method) + " " + std::string(line.pattern) + " " +
                    std::to_string(wire::code_of(line.status)) +
                    (line.fault.empty() ? "" : " " + std::string(line.fault)));
    };
    return options;
  }

  wire::Router routes() {
    wire::Router router;
    router.get("/api/hello/{name}", Access::everyone(), [](const Request& request) -> Result<wire::Response> {
      return json_response(json::Value(request.parameter("name")));
    });
    router.post("/api/echo", Access::everyone(), [](const Request& request) -> Result<wire::Response> {
      return wire::Response{.status = wire::Status::ok, .content_type = "text/plain", .body = request.body};
    });
    router.get("/api/big", Access::everyone(), [](const Request&) -> Result<wire::Response> {
      return wire::Response{
          .status = wire::Status::ok, .content_type = "text/plain", .body = std::string(8u << 20, 'x')};
    });
    router.get("/api/throws", Access::everyone(),
               [](const Request&) -> Result<wire::Response> { throw std::runtime_error("broken"); });
    router.get("/api/forgets", Access::everyone(), [](const RequestPtr&, const Reply&) {});
    router.get("/api/held", Access::everyone(), [this](const RequestPtr&, const Reply& reply) { held.hold(reply); });
    router.get("/api/stands", Access::everyone(), [this](const Request&) -> Result<wire::Response> {
      standing.release(), go_on.acquire();
      return json_response("went on");
    });
    router.get("/api/stream", Access::everyone(), [this](const Request&) -> Result<wire::Response> {
      auto made = std::make_shared<wire::EventStream>();
      stream.hold(made);
      return wire::Response{.content_type = "text/event-stream", .stream = std::move(made)};
    });
    router.get("/api/elsewhere", Access::everyone(), [](const RequestPtr&, const Reply& reply) {
      std::thread([reply] { reply(json_response("elsewhere")); }).detach();
    });
    return router;
  }

  TestClient client() { return TestClient(server.port()); }
};

std::string get(std::string_view path, std::string_view fields = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n";
}
std::string post(std::string_view body) {
  return "POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

std::string code_in(const Received& received) {
  return std::string(json::parse(received.body)->at("code").as_string());
}

}  // namespace

TEST_CASE("one request, one answer, on a connection that stays") {
  struct Row {
    std::string bytes;
    int status;
    std::string_view code;  ///< of a problem; empty: none
    bool stays;
  };
  const Row rows[] = {
      {get("/api/hello/a"), 200, "", true},
      {get("/api/hello/a", "Connection: close\r\n"), 200, "", false},
      {"GET /api/hello/a HTTP/1.0\r\n\r\n", 200, "", false},
      {"GET /api/hello/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, "", true},
      {"GET http://x/api/hello/a HTTP/1.1\r\nHost: x\r\n\r\n", 200, "", true},
      {post("abc"), 200, "", true},
      {"POST /api/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200, "", true},
      {get("/api/nothing"), 404, "http.not_found", true},
      {get("/"), 404, "http.not_found", true},
      {get("/api/echo"), 405, "http.method_not_allowed", true},
      {"BREW /api/echo HTTP/1.1\r\nHost: x\r\n\r\n", 405, "http.method_not_allowed", true},
      {get("/api/throws"), 500, "http.internal", true},
      {get("/api/forgets"), 500, "http.internal", true},
      {get("/api/elsewhere"), 200, "", true},
      {"nonsense\r\n\r\n", 400, "http.bad_request", false},
      {"GET / HTTP/1.1\r\n\r\n", 400, "http.bad_header", false},
      {"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505, "http.version_not_supported", false},
      {get("/../../etc/passwd"), 400, "http.bad_target", false},
      {get("/%2e%2e/%2e%2e/etc/passwd"), 400, "http.bad_target", false},
      {get("/api/hello/a%2f..%2fb"), 400, "http.bad_target", false},
      {get("/api/hello/%00"), 400, "http.bad_target", false},
      {get("/" + std::string(20'000, 'a')), 431, "http.headers_too_large", false},
      {get("/", "Field: " + std::string(20'000, 'a') + "\r\n"), 431, "http.headers_too_large", false},
      {"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n", 413, "http.too_large", false},
      {"POST /api/echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n", 413,
       "http.too_large", false},
      {"POST /api/echo HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 5\r\n\r\n", 417,
       "http.unknown_expectation", false},
      {"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
       "", false},
  };
  House house({.limits = {.header = 16u << 10, .body = 4096}});
  for (const auto& row : rows) {
    CAPTURE(row.bytes.substr(0, 200));
    TestClient client(house.server.port());
    const auto received = client.ask(row.bytes);
    REQUIRE(received.status == row.status);
    if (!row.code.empty()) {
      CHECK(code_in(received) == row.code);
      CHECK(received.field("Content-Type") == "application/problem+json");
    }
    CHECK_FALSE(received.field("X-Request-Id").empty());
    CHECK_FALSE(received.field("Date").empty());
    CHECK(received.field("X-Content-Type-Options") == "nosniff");
    CHECK(received.field("Content-Security-Policy").find("frame-ancestors 'none'") != std::string::npos);
    if (row.stays)
      CHECK(client.ask(get("/api/hello/again")).body == "\"again\"");
    else
      CHECK(client.at_end());
  }
}

TEST_CASE("a body larger than allowed is refused while it is still being sent") {
  House house({.limits = {.header = 16u << 10, .body = 4096}});
  TestClient client(house.server.port());
  client.send("POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  client.send(std::string(1'000'000, 'a'));
  CHECK(client.receive().status == 413);
}

TEST_CASE("pipelined requests are answered in their order, also when the first takes long") {
  House house;
  TestClient client(house.server.port());
  client.send(get("/api/held") + get("/api/hello/2") + post("3") + get("/api/hello/4"));
  house.held.take()(json_response("1"));
  CHECK(client.receive().body == "\"1\"");
  CHECK(client.receive().body == "\"2\"");
  CHECK(client.receive().body == "3");
  CHECK(client.receive().body == "\"4\"");
}

TEST_CASE("a request in single bytes") {
  House house;
  TestClient client(house.server.port());
  for (const char c : post("one byte after the other")) client.send({&c, 1});
  CHECK(client.receive().body == "one byte after the other");
}

TEST_CASE("HEAD has the fields of GET and no body") {
  House house;
  TestClient client(house.server.port());
  client.send("HEAD /api/hello/a HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto received = client.receive(true);
  CHECK(received.status == 200);
  CHECK(received.field("Content-Length") == "3");
  CHECK(client.ask(get("/api/hello/b")).body == "\"b\"");
}

TEST_CASE("100-continue comes before the body does") {
  House house;
  TestClient client(house.server.port());
  client.send("POST /api/echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  CHECK(client.receive().status == 100);
  CHECK(client.ask("abc").body == "abc");
}

TEST_CASE("a client that takes the answer slowly gets all of it") {
  House house;
  TestClient client(house.server.port());
  const auto received = client.ask(get("/api/big"));
  CHECK(received.status == 200);
  CHECK(received.body.size() == 8u << 20);
}

TEST_CASE("slow clients are let go") {
  SUBCASE("a header that does not end") {
    House house({.header_timeout = 40ms});
    TestClient client(house.server.port());
    const auto received = client.ask("GET /api/hello/a HTTP/1.1\r\nHost: x\r\nSlow");
    CHECK(received.status == 408);
    CHECK(client.at_end());
  }
  SUBCASE("a header that drips: each byte buys no time") {
    House house({.header_timeout = 40ms});
    TestClient client(house.server.port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\nDrip: ");
    while (client.send("x")) std::this_thread::yield();  // until the server closes; a hang is the test's failure
  }
  SUBCASE("a body that does not come") {
    House house({.body_timeout = 40ms});
    TestClient client(house.server.port());
    CHECK(client.ask("POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na").status == 408);
    CHECK(client.at_end());
  }
  SUBCASE("nothing at all") {
    House house({.idle_timeout = 40ms});
    TestClient client(house.server.port());
    CHECK(client.at_end());
  }
  SUBCASE("no next request") {
    House house({.idle_timeout = 40ms});
    TestClient client(house.server.port());
    CHECK(client.ask(get("/api/hello/a")).status == 200);
    CHECK(client.at_end());
  }
  SUBCASE("an answer that nobody takes") {
    House house({.write_timeout = 40ms});
    TestClient client(house.server.port());
    for (int i = 0; i < 8; ++i) client.send(get("/api/big"));
    // The write gives up, the log says so, and the connection's remains are its client's affair.
    while (true) {
      const std::lock_guard lock(house.log_mutex);
      if (!house.log.empty()) break;
    }
    std::size_t whole = 0;
    while (client.receive().status == 200) ++whole;
    CHECK(whole < 8);
  }
}

TEST_CASE("a handler that never answers is answered for, and its late word is ignored") {
  House house({.answer_timeout = 40ms});
  TestClient client(house.server.port());
  const auto received = client.ask(get("/api/held"));
  CHECK(received.status == 503);
  CHECK(code_in(received) == "http.no_answer");
  CHECK(client.at_end());
  house.held.take()(json_response("late"));
  CHECK(house.client().ask(get("/api/hello/a")).status == 200);
}

TEST_CASE("a client that goes while it waits harms nobody") {
  House house;
  {
    TestClient client(house.server.port());
    client.send(get("/api/held"));
    const Reply reply = house.held.take();
    { const TestClient gone = house.client(); }
    reply(json_response("to whom?"));
  }
  CHECK(house.client().ask(get("/api/hello/a")).status == 200);
}

TEST_CASE("one connection too many is told so") {
  House house({.max_connections = 1});
  TestClient first(house.server.port());
  CHECK(first.ask(get("/api/hello/a")).status == 200);
  TestClient second(house.server.port());
  CHECK(second.receive().status == 503);
  CHECK(second.at_end());
  CHECK(first.ask(get("/api/hello/b")).status == 200);
}

TEST_CASE("stopping lets a running request end") {
  House house;
  TestClient idle(house.server.port());
  CHECK(idle.ask(get("/api/hello/a")).status == 200);
  TestClient busy(house.server.port());
  busy.send(get("/api/held") + get("/api/hello/never"));
  const Reply reply = house.held.take();
  const std::jthread stopping([&] { house.server.stop(20s); });
  CHECK(idle.at_end());  // the server has begun to stop
  CHECK_FALSE(TestClient(house.server.port()).ask(get("/api/hello/a")).status == 200);
  reply(json_response("in time"));
  const auto received = busy.receive();
  CHECK((received.body == "\"in time\"" && received.field("Connection") == "close"));
  CHECK(busy.at_end());
}

TEST_CASE("stopping hears out who has asked already, on an old connection and on one that nobody has accepted yet") {
  House house({.threads = 1});
  TestClient idle(house.server.port());
  CHECK(idle.ask(get("/api/hello/a")).status == 200);
  TestClient busy = house.client();
  busy.send(get("/api/stands"));
  house.standing.acquire();
  idle.send(get("/api/hello/b"));
  TestClient fresh(house.server.port());
  fresh.send(get("/api/hello/c"));
  const std::jthread stopping([&] { house.server.stop(20s); });
  std::this_thread::sleep_for(50ms);  // it has told the loop, which stands
  house.go_on.release();
  for (auto* client : {&busy, &idle, &fresh}) {
    const auto received = client->receive();
    CHECK(received.status == 200);
    CHECK((client == &busy || received.field("Connection") == "close"));
  }
}

TEST_CASE("stopping has an end, and an answer after it is harmless") {
  auto house = std::make_unique<House>();
  TestClient client(house->server.port());
  client.send(get("/api/held"));
  const Reply reply = house->held.take();
  house->server.stop(10ms);
  CHECK(client.receive().status == 0);
  house.reset();
  reply(json_response("too late"));
}

TEST_CASE("several threads share one port, and nobody else does") {
  House house({.threads = 3});
  for (int i = 0; i < 30; ++i) CHECK(house.client().ask(get("/api/hello/a")).status == 200);
  for (const unsigned threads : {1u, 2u}) {
    OpenGate gate;
    Server second({.port = house.server.port(), .threads = threads}, wire::Router(), gate);
    const auto started = second.start();
    REQUIRE(started.has_error());
    CHECK(started.error().code == "http.cannot_listen");
  }
}

TEST_CASE("an address that is none") {
  OpenGate gate;
  Server server({.address = "not an address"}, wire::Router(), gate);
  CHECK(server.start().error().code == "http.cannot_listen");
}

TEST_CASE("the log names routes, never paths") {
  House house;
  TestClient client(house.server.port());
  client.ask(get("/api/hello/13800000000"));
  client.ask(get("/api/13800000000"));
  client.ask(get("/api/throws"));
  client.ask("GET /13800000000\r\n\r\n");
  house.server.stop(1s);
  CHECK(house.log ==
        std::vector<std::string>{"GET /api/hello/{name} 200", "GET - 404", "GET /api/throws 500 broken", "GET - 400"});
}

TEST_CASE("a page that informs says it without script, in the reader's language") {
  SystemRandom random;
  const auto root = std::filesystem::temp_directory_path() / ("tongdian-web-" + random.token(8));
  std::filesystem::create_directories(root / "plain");
  REQUIRE(write_file_atomically(root / "index.html", "<html><!--page-->wait<!--/page--><script>").has_value());
  REQUIRE(write_file_atomically(root / "plain/help.zh.html", "帮助").has_value());
  REQUIRE(write_file_atomically(root / "plain/help.en.html", "help").has_value());
  {
    House house({.web_root = root, .page = [](const auto& request, const auto& reply, const auto& filled) {
                   if (request->target.segments.front() != "rules") return false;
                   reply(filled("<p>the rules</p>"));
                   return true;
                 }});
    TestClient client(house.server.port());
    CHECK(client.ask(get("/help")).body == "<html>帮助<script>");
    CHECK(client.ask(get("/help", "Accept-Language: en\r\n")).body == "<html>help<script>");
    CHECK(client.ask(get("/rules")).body == "<html><p>the rules</p><script>");
    CHECK(client.ask(get("/rules")).field("Vary") == "Accept-Language");
    CHECK(client.ask(get("/other")).body == "<html><!--page-->wait<!--/page--><script>");
    CHECK(client.ask(get("/plain/help.zh.html")).body == "帮助");
    CHECK(client.ask(get("/api/hello/a")).body == "\"a\"");
  }
  std::filesystem::remove_all(root);
}

TEST_CASE("the web's files beside the routes") {
  SystemRandom random;
  const auto root = std::filesystem::temp_directory_path() / ("tongdian-web-" + random.token(8));
  std::filesystem::create_directories(root);
  REQUIRE(write_file_atomically(root / "index.html", "<html>").has_value());
  {
    House house({.web_root = root});
    TestClient client(house.server.port());
    CHECK(client.ask(get("/case/7")).body == "<html>");
    CHECK(client.ask(get("/api/hello/a")).body == "\"a\"");
    CHECK(client.ask(get("/api/nothing")).status == 404);
    CHECK(client.ask(get("/nothing.js")).status == 404);
    const auto etag = client.ask(get("/")).field("ETag");
    const auto again = client.ask(get("/", "If-None-Match: " + etag + "\r\n"));
    CHECK(again.status == 304);
    CHECK(again.field("Content-Length").empty());
  }
  std::filesystem::remove_all(root);
}

TEST_CASE("behind a proxy of this machine the client is whom the proxy saw") {
  OpenGate gate;
  wire::Router router;
  router.get("/api/me", Access::everyone(), [](const Request& request) -> Result<wire::Response> {
    return json_response(json::Value(request.remote));
  });
  Server server({.behind_proxy = true}, std::move(router), gate);
  REQUIRE(server.start().has_value());
  TestClient client(server.port());
  CHECK(client.ask(get("/api/me")).body == "\"127.0.0.1\"");
  CHECK(client.ask(get("/api/me", "X-Forwarded-For: 10.0.0.9, 203.0.113.7\r\n")).body == "\"203.0.113.7\"");
  // A proxy that adds a field of its own behind the client's.
  CHECK(client.ask(get("/api/me", "X-Forwarded-For: 10.0.0.9\r\nX-Forwarded-For: 203.0.113.7\r\n")).body ==
        "\"203.0.113.7\"");
  CHECK(client.ask(get("/api/me", "X-Forwarded-For: forged\r\n")).body == "\"127.0.0.1\"");
}

TEST_CASE("an answer that goes on: each frame as it is written, until either side ends it") {
  House house({.stream_pulse = 20ms});
  TestClient client(house.server.port());
  REQUIRE(client.send("GET /api/stream HTTP/1.1\r\nHost: x\r\n\r\n"));
  const auto head = client.receive(true);
  CHECK(head.status == 200);
  CHECK(head.field("Content-Type") == "text/event-stream");
  CHECK(head.field("Content-Length").empty());
  CHECK(head.field("Connection") == "close");
  const auto stream = house.stream.take();
  REQUIRE(stream->write(wire::event_frame("case", 7, "{}")));
  CHECK(client.until("id: 7\nevent: case\ndata: {}\n\n"));
  CHECK(client.until(":\n\n"));  // the pulse
  REQUIRE(stream->write(wire::event_frame("case", 8, "{}")));
  stream->close();
  CHECK(client.until("id: 8\nevent: case\ndata: {}\n\n"));
  CHECK(client.closed());
  CHECK(!stream->write("more"));
}

TEST_CASE("a reader who does not keep up, has gone, or outlives the server is let go") {
  House house({.stream_pulse = 20ms});
  {
    TestClient slow(house.server.port());
    REQUIRE(slow.send("GET /api/stream HTTP/1.1\r\nHost: x\r\n\r\n"));
    REQUIRE(slow.receive(true).status == 200);
    const auto stream = house.stream.take();
    const std::string frame = wire::event_frame("case", 1, std::string(100'000, 'x'));
    int written = 0;
    while (stream->write(frame)) ++written;
    CHECK(written > 0);
  }
  std::shared_ptr<wire::EventStream> left;
  {
    TestClient gone(house.server.port());
    REQUIRE(gone.send("GET /api/stream HTTP/1.1\r\nHost: x\r\n\r\n"));
    REQUIRE(gone.receive(true).status == 200);
    left = house.stream.take();
  }
  while (!left->closed()) std::this_thread::sleep_for(1ms);  // the pulse finds nobody

  TestClient last(house.server.port());
  REQUIRE(last.send("GET /api/stream HTTP/1.1\r\nHost: x\r\n\r\n"));
  REQUIRE(last.receive(true).status == 200);
  house.server.stop(10s);
  CHECK(last.closed());
}
