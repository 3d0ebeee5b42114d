#include "app/bench_floor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "store/sqlite.hpp"

namespace tongdian::app {
namespace {

using Time = std::chrono::steady_clock;

double since(Time::time_point begin) { return std::chrono::duration<double>(Time::now() - begin).count(); }

double rows_per_second(const std::filesystem::path& folder, int a_commit, double seconds) {
  const auto file = folder / ("floor-" + std::to_string(a_commit) + ".db");
  auto db = store::open_sqlite({file, false, 1});
  auto& s = db->writer();
  s.script("CREATE TABLE event (position INTEGER PRIMARY KEY, body TEXT NOT NULL); CREATE TABLE case_row (id INTEGER PRIMARY KEY, state TEXT NOT NULL, due BIGINT NOT NULL)");
  const std::string body(300, 'x');
  std::int64_t n = 0;
  const auto begin = Time::now();
  while (since(begin) < seconds) {
    store::Transaction t(s);
    for (int i = 0; i < a_commit; ++i) {
      ++n;
      s.run("INSERT INTO event (position, body) VALUES ($1, $2)", {n, std::string_view(body)});
      s.run("INSERT INTO case_row (id, state, due) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET state = excluded.state, due = excluded.due", {n / 5, std::string_view("running"), n});
    }
    t.commit();
  }
  return static_cast<double>(n) / since(begin);
}

double flushes_per_second(const std::filesystem::path& folder, double seconds) {
  const int fd = ::open((folder / "floor-flush").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::string page(4096, 'x');
  std::int64_t n = 0;
  const auto begin = Time::now();
  while (since(begin) < seconds) {
    if (::pwrite(fd, page.data(), page.size(), n % 1024 * 4096) < 0 || ::fdatasync(fd) != 0) break;
    ++n;
  }
  ::close(fd);
  return static_cast<double>(n) / since(begin);
}

}  // namespace

json::Object measure_floor(const std::filesystem::path& folder, double seconds) {
  json::Object out;
  for (const int a_commit : {1, 10, 32, 100}) out["sqlite_" + std::to_string(a_commit) + "_per_commit"] = rows_per_second(folder, a_commit, seconds);
  out["fdatasync"] = flushes_per_second(folder, seconds);
  return out;
}

}  // namespace tongdian::app
