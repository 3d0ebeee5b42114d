#include "wire/body.hpp"

#include <doctest/doctest.h>

#include "wire/field.hpp"

using namespace tongdian;
using namespace tongdian::wire;

namespace {

struct Sample {
  std::string name;
  int count = 0;
};
BOOST_DESCRIBE_STRUCT(Sample, (), (name, count))

Request with_body(std::string type, std::string body) {
  Request request;
  request.headers.add("content-type", std::move(type));
  request.body = std::move(body);
  return request;
}

Request with_target(std::string_view target) {
  Request request;
  request.target = read_target(target).value();
  return request;
}

}  // namespace

TEST_CASE("a JSON body") {
  struct Row {
    std::string type;
    std::string body;
    std::string_view code;  ///< empty: read
  };
  const Row rows[] = {
      {"application/json", R"({"name":"a","count":2})", ""},
      {"Application/JSON; charset=UTF-8", R"({"name":"a","count":2})", ""},
      {"application/json; charset=gbk", R"({"name":"a","count":2})", "http.unsupported_media_type"},
      {"application/jsonp", R"({"count":2})", "http.unsupported_media_type"},
      {"text/plain", R"({"count":2})", "http.unsupported_media_type"},
      {"", R"({"count":2})", "http.unsupported_media_type"},
      {"application/json", "", "json.syntax"},
      {"application/json", "{", "json.syntax"},
      {"application/json", "{}", "json.missing"},
      {"application/json", R"({"count":"2"})", "json.wrong_type"},
      {"application/json", R"({"count":2,"more":1})", "json.unknown_key"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.type);
    CAPTURE(row.body);
    const auto read = read_body<Sample>(with_body(row.type, row.body));
    REQUIRE(read.has_value() == row.code.empty());
    if (!read) CHECK(read.error().code == row.code);
  }
}

TEST_CASE("an idempotency key") {
  const auto taken = [](std::string key) {
    Request request;
    request.headers.add("idempotency-key", std::move(key));
    return idempotency_key(request).has_value();
  };
  CHECK(taken("a"));
  CHECK(taken("Az09_-"));
  CHECK(taken(std::string(64, 'x')));
  CHECK_FALSE(taken(""));
  CHECK_FALSE(taken(std::string(65, 'x')));
  CHECK_FALSE(taken("a b"));
  CHECK_FALSE(taken("键"));
  CHECK_FALSE(idempotency_key(Request{}).has_value());
}

TEST_CASE("query values") {
  const auto request = with_target("/inbox?limit=50&area=370602&q=%E7%94%B5&bad=5x&empty=");
  CHECK(query_integer(request, "limit", 1, 100, 20).value() == 50);
  CHECK(query_integer(request, "after", 1, 100, 20).value() == 20);
  CHECK(query_integer(request, "limit", 1, 49, 20).error().path == "?limit");
  CHECK_FALSE(query_integer(request, "bad", 1, 100, 20).has_value());
  CHECK_FALSE(query_integer(request, "empty", 1, 100, 20).has_value());
  CHECK(request.query("q") == "电");
  CHECK_FALSE(request.query("nothing").has_value());
  CHECK_FALSE(unknown_query(request, {"limit", "area", "q", "bad", "empty"}).has_value());
  CHECK(unknown_query(request, {"limit", "area", "q", "bad"})->path == "?empty");
}

TEST_CASE("cookies") {
  Request request;
  request.headers.add("Cookie", "a=1; tongdian_session=abc=; b");
  CHECK(request.cookie("tongdian_session") == "abc=");
  CHECK(request.cookie("a") == "1");
  CHECK_FALSE(request.cookie("b").has_value());
  CHECK_FALSE(request.cookie("session").has_value());

  Response response;
  set_cookie(response, {.name = "s", .value = "x", .max_age = std::chrono::hours(1), .secure = true});
  set_cookie(response, {.name = "t", .value = "y"});
  CHECK(response.headers.count("set-cookie") == 2);
  CHECK(response.headers.get("set-cookie") == "s=x; Path=/; HttpOnly; SameSite=Strict; Max-Age=3600; Secure");
}

TEST_CASE("entity tags") {
  Request request;
  auto response = with_etag(request, json_response("a"));
  const std::string etag(response.headers.get("ETag"));
  CHECK(response.status == Status::ok);
  CHECK(etag == etag_of("\"a\""));
  CHECK(etag != etag_of("\"b\""));
  for (const auto& header : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
    CAPTURE(header);
    request.headers.set("If-None-Match", header);
    response = with_etag(request, json_response("a"));
    CHECK(response.status == Status::not_modified);
    CHECK(response.bytes().empty());
    CHECK(response.headers.get("ETag") == etag);
  }
  request.headers.set("If-None-Match", "\"x\"");
  CHECK(with_etag(request, json_response("a")).status == Status::ok);
}

TEST_CASE("weighted lists") {
  CHECK(list_admits("gzip, deflate, br", "gzip"));
  CHECK(list_admits("GZIP;q=0.1", "gzip"));
  CHECK(list_admits("*", "br"));
  CHECK_FALSE(list_admits("*, br;q=0", "br"));
  CHECK_FALSE(list_admits("gzip;q=0", "gzip"));
  CHECK_FALSE(list_admits("", "gzip"));
  CHECK_FALSE(list_admits("identity", "gzip"));
}
