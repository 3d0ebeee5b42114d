#include "http/request_reader.hpp"

#include <doctest/doctest.h>

using namespace tongdian;
using namespace tongdian::http;

namespace {

/// Shows the bytes `step` at a time. The code of the problem, "" for a whole request, "more" for one that is not whole.
std::string outcome(std::string_view bytes, std::size_t step, RequestReader& reader, std::size_t* used = nullptr) {
  std::size_t begin = 0;
  for (std::size_t end = std::min(step, bytes.size());; end = std::min(end + step, bytes.size())) {
    while (true) {
      const bool had_header = reader.header_done();
      auto taken = reader.take(bytes.substr(begin, end - begin));
      if (!taken) return taken.error().code;
      begin += *taken;
      if (used) *used = begin;
      if (reader.done()) return "";
      if (reader.header_done() == had_header || begin == end) break;
    }
    if (end == bytes.size()) return "more";
  }
}

const std::string host = "Host: x\r\n";

}  // namespace

TEST_CASE("what is a request and what is none, in whatever pieces it comes") {
  const std::string many_fields = [] {
    std::string out;
    for (int i = 0; i < 100; ++i) out += "Field-" + std::to_string(i) + ": 12345\r\n";
    return out;
  }();
  struct Row {
    std::string bytes;
    std::string_view outcome;
  };
  const Row rows[] = {
      {"GET / HTTP/1.1\r\n" + host + "\r\n", ""},
      {"GET / HTTP/1.0\r\n\r\n", ""},
      {"GET http://x/a HTTP/1.1\r\n" + host + "\r\n", ""},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", ""},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nab", "more"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", ""},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "more"},
      {"GET / HTTP/1.1\r\n", "more"},
      {"BREW / HTTP/1.1\r\n" + host + "\r\n", ""},
      {"GET / HTTP/1.1\r\n\r\n", "http.bad_header"},
      {"GET / HTTP/1.1\r\n" + host + host + "\r\n", "http.bad_header"},
      {"GET / HTTP/2.0\r\n" + host + "\r\n", "http.version_not_supported"},
      {"GET /\r\n\r\n", "http.bad_request"},
      {"\x16\x03\x01\x02\x01\r\n\r\n", "http.bad_request"},
      {"GET  / HTTP/1.1\r\n" + host + "\r\n", "http.bad_request"},
      {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", "http.bad_request"},
      {"GET /../etc/passwd HTTP/1.1\r\n" + host + "\r\n", "http.bad_target"},
      {"GET /%2e%2e/etc/passwd HTTP/1.1\r\n" + host + "\r\n", "http.bad_target"},
      {"OPTIONS * HTTP/1.1\r\n" + host + "\r\n", "http.bad_target"},
      {"CONNECT x:443 HTTP/1.1\r\n" + host + "\r\n", "http.bad_target"},
      {"GET / HTTP/1.1\r\n" + host + many_fields + "\r\n", "http.headers_too_large"},
      {"GET /" + std::string(2000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", "http.headers_too_large"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 65\r\n\r\n", "http.too_large"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", "http.bad_request"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", "http.bad_request"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "http.bad_request"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n41\r\n" + std::string(65, 'a') +
           "\r\n0\r\n\r\n",
       "http.too_large"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", "http.bad_request"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n", "http.bad_header"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", "http.bad_header"},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "http.bad_header"},
      {"POST / HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n", "more"},
      {"POST / HTTP/1.1\r\n" + host + "Expect: miracles\r\nContent-Length: 3\r\n\r\n", "http.unknown_expectation"},
  };
  for (const auto& row : rows)
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, row.bytes.size()}) {
      CAPTURE(row.bytes);
      CAPTURE(step);
      RequestReader reader({.header = 1024, .body = 64});
      CHECK(outcome(row.bytes, step, reader) == row.outcome);
    }
}

TEST_CASE("both a length and chunks: one reading, or none") {
  RequestReader reader({});
  const auto code = outcome(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1000, reader);
  CHECK((code == "http.bad_header" || code == "http.bad_request"));
}

TEST_CASE("a request is read whole") {
  RequestReader reader({});
  const std::string bytes =
      "POST /a/%E7%94%B5?x=1 HTTP/1.1\r\nhost: x\r\nCookie:  s=1 \r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\nCookie: forged=1\r\n\r\nGET";
  std::size_t used = 0;
  REQUIRE(outcome(bytes, bytes.size(), reader, &used) == "");
  CHECK(bytes.substr(used) == "GET");  // the next request's bytes stay
  const auto& request = *reader.request();
  CHECK(request.method == wire::Method::post);
  CHECK(request.target.segments == std::vector<std::string>{"a", "电"});
  CHECK(request.query("x") == "1");
  CHECK(request.headers.get("COOKIE") == "s=1");
  CHECK(request.headers.count("Cookie") == 1);  // a trailer is no header
  CHECK(request.body == "abcde");
  CHECK(reader.keep_alive());
}

// Found by the fuzzer: Beast counts a header that comes whole otherwise than one that comes in pieces.
TEST_CASE("the limit of a header is one number, however its bytes come") {
  constexpr std::size_t limit = 512;
  for (std::size_t size = limit - 60; size <= limit + 60; ++size) {
    const std::string begin = "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\nField: ", end = "\r\n\r\n";
    const std::string bytes = begin + std::string(size - begin.size() - end.size(), 'x') + end;
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{100}, bytes.size()}) {
      CAPTURE(size);
      CAPTURE(step);
      RequestReader reader({.header = limit, .body = 64});
      CHECK(outcome(bytes, step, reader) == (size <= limit ? "" : "http.headers_too_large"));
    }
  }
}

// Found by the fuzzer: an assertion of the parser, which anybody could have ended the program with.
TEST_CASE("a chunked body may come cut anywhere") {
  const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string body :
       {"0\r\n\r\n", "0\r\nA: b\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "0;a=b\r\n\r\n", "00\r\n\r\n"}) {
    const std::string bytes = head + body;
    for (std::size_t first = 0; first <= body.size(); ++first)
      for (std::size_t second = first; second <= body.size(); ++second) {
        CAPTURE(body);
        CAPTURE(first);
        CAPTURE(second);
        RequestReader reader({});
        std::size_t used = 0;
        for (const auto end : {head.size() + first, head.size() + second, bytes.size()})
          for (bool more = true; more && !reader.done();) {
            const auto taken = reader.take(std::string_view(bytes).substr(used, end - used));
            REQUIRE(taken.has_value());
            used += *taken;
            more = *taken > 0 && used < end;
          }
        CHECK(reader.done());
        CHECK(used == bytes.size());
      }
  }
}

TEST_CASE("who keeps the connection") {
  struct Row {
    std::string bytes;
    bool keep_alive;
  };
  const Row rows[] = {
      {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.bytes);
    RequestReader reader({});
    REQUIRE(outcome(row.bytes, row.bytes.size(), reader) == "");
    CHECK(reader.keep_alive() == row.keep_alive);
  }
}
