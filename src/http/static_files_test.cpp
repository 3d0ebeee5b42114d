#include "http/static_files.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "base/random.hpp"

using namespace tongdian;
using namespace tongdian::http;
using wire::Method;
using wire::Status;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    SystemRandom random;
    path = fs::temp_directory_path() / ("tongdian-static-" + random.token(8));
    fs::create_directories(path / "web/assets");
  }
  ~Folder() { fs::remove_all(path); }
  void write(const std::string& name, std::string_view bytes) const { std::ofstream(path / "web" / name) << bytes; }
};

wire::Request request_for(std::string_view target, Method method = Method::get) {
  wire::Request request;
  request.method = method;
  request.target = wire::read_target(target).value();
  return request;
}

}  // namespace

TEST_CASE("the web's files") {
  const Folder folder;
  folder.write("index.html", "<html>");
  folder.write("icon.svg", "<svg/>");
  fs::create_directories(folder.path / "web/errors");
  folder.write("errors/http.not_found.html", "<title>");
  folder.write("assets/app-1a2b.js", "let a");
  folder.write(".secret", "secret");
  std::ofstream(folder.path / "outside.txt") << "outside";
  fs::create_symlink(folder.path / "outside.txt", folder.path / "web/link.txt");
  const StaticFiles files(folder.path / "web");

  struct Row {
    std::string_view target;
    Status status;
    std::string_view body;
    std::string_view type;
    std::string_view cache;
  };
  constexpr std::string_view page = "text/html; charset=utf-8";
  const Row rows[] = {
      {"/", Status::ok, "<html>", page, "no-cache"},
      {"/index.html", Status::ok, "<html>", page, "no-cache"},
      {"/case/2021-000007", Status::ok, "<html>", page, "no-cache"},  // the web's own router knows
      {"/desk/", Status::ok, "<html>", page, "no-cache"},
      {"/icon.svg", Status::ok, "<svg/>", "image/svg+xml", "no-cache"},
      {"/errors/http.not_found", Status::ok, "<title>", page, "no-cache"},
      {"/errors/http.not_found.html", Status::ok, "<title>", page, "no-cache"},
      {"/assets/app-1a2b.js", Status::ok, "let a", "text/javascript; charset=utf-8",
       "public, max-age=31536000, immutable"},
      {"/assets/app-old.js", Status::not_found, "", "", ""},
      {"/nothing.png", Status::not_found, "", "", ""},
      {"/.secret", Status::not_found, "", "", ""},
      {"/link.txt", Status::not_found, "", "", ""},
      {"/outside.txt", Status::not_found, "", "", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.target);
    const auto response = files.serve(request_for(row.target));
    CHECK(response.status == row.status);
    if (row.status != Status::ok) continue;
    CHECK(response.bytes() == row.body);
    CHECK(response.content_type == row.type);
    CHECK(response.headers.get("Cache-Control") == row.cache);
  }
  const auto posted = files.serve(request_for("/index.html", Method::post));
  CHECK(posted.status == Status::method_not_allowed);
  CHECK(posted.headers.get("Allow") == "GET, HEAD");
}

TEST_CASE("a reader who has the bytes is not sent them again") {
  const Folder folder;
  folder.write("index.html", "one");
  const StaticFiles files(folder.path / "web");
  auto request = request_for("/");
  const auto first = files.serve(request);
  request.headers.set("If-None-Match", std::string(first.headers.get("ETag")));
  const auto second = files.serve(request);
  CHECK(second.status == Status::not_modified);
  CHECK(second.bytes().empty());
  CHECK(second.headers.get("ETag") == first.headers.get("ETag"));

  // A new build of the web is served without a restart.
  folder.write("index.html", "two");
  fs::last_write_time(folder.path / "web/index.html", fs::file_time_type::clock::now() + std::chrono::hours(1));
  const auto third = files.serve(request);
  CHECK(third.status == Status::ok);
  CHECK(third.bytes() == "two");
}

TEST_CASE("compressed files go to those who accept them, and only while they are of the same build") {
  const Folder folder;
  folder.write("a.js", "plain");
  folder.write("a.js.gz", "gzipped");
  folder.write("a.js.br", "brotli");
  folder.write("stale.js", "plain");
  folder.write("stale.js.gz", "gzipped");
  const auto later = fs::file_time_type::clock::now() + std::chrono::hours(1);
  fs::last_write_time(folder.path / "web/stale.js", later);
  const StaticFiles files(folder.path / "web");
  struct Row {
    std::string_view target;
    std::string accepts;
    std::string_view body;
    std::string_view encoding;
  };
  const Row rows[] = {
      {"/a.js", "", "plain", ""},
      {"/a.js", "gzip", "gzipped", "gzip"},
      {"/a.js", "gzip, br", "brotli", "br"},
      {"/a.js", "br;q=0, gzip", "gzipped", "gzip"},
      {"/stale.js", "gzip", "plain", ""},
  };
  std::string etags;
  for (const auto& row : rows) {
    CAPTURE(row.accepts);
    auto request = request_for(row.target);
    if (!row.accepts.empty()) request.headers.add("Accept-Encoding", row.accepts);
    const auto response = files.serve(request);
    CHECK(response.bytes() == row.body);
    CHECK(response.headers.get("Content-Encoding") == row.encoding);
    CHECK(response.headers.get("Vary") == (row.target == "/a.js" ? "Accept-Encoding" : ""));
  }
}
