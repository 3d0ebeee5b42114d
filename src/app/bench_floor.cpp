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

}  // namespace

Floor::Floor(const std::filesystem::path& folder)
    : file_(::open((folder / "flush").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {
  for (const int a_commit : {1, 10, 32, 100}) {
    Group g{a_commit, store::open_sqlite({folder / (std::to_string(a_commit) + ".db"), false, 1})};
    g.database->writer().script(
        "CREATE TABLE event (position INTEGER PRIMARY KEY, body TEXT NOT NULL);"
        "CREATE TABLE case_row (id INTEGER PRIMARY KEY, state TEXT NOT NULL, due BIGINT NOT NULL)");
    groups_.push_back(std::move(g));
  }
}

Floor::~Floor() {
  if (file_ >= 0) ::close(file_);
}

void Floor::measure(double seconds) {
  for (auto& group : groups_) write(group, seconds);
  flush(seconds);
}

void Floor::write(Group& g, double seconds) {
  static const std::string body(300, 'x');
  auto& s = g.database->writer();
  const auto begin = Time::now();
  while (since(begin) < seconds) {
    store::Transaction t(s);
    for (int i = 0; i < g.a_commit; ++i) {
      const std::int64_t n = ++g.commands;
      s.run("INSERT INTO event (position, body) VALUES ($1, $2)", {n, std::string_view(body)});
      s.run(
          "INSERT INTO case_row (id, state, due) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET state = excluded.state, due = excluded.due",
          {n / 5, std::string_view("running"), n});
    }
    t.commit();
  }
  g.seconds += since(begin);
}

void Floor::flush(double seconds) {
  const std::string page(4096, 'x');
  const auto begin = Time::now();
  while (since(begin) < seconds) {
    if (::pwrite(file_, page.data(), page.size(), flushes_ % 1024 * 4096) < 0 || ::fdatasync(file_) != 0) break;
    ++flushes_;
  }
  flush_seconds_ += since(begin);
}

json::Object Floor::figures() const {
  json::Object out;
  for (const auto& g : groups_)
    out["sqlite_" + std::to_string(g.a_commit) + "_per_commit"] = static_cast<double>(g.commands) / g.seconds;
  out["fdatasync"] = static_cast<double>(flushes_) / flush_seconds_;
  return out;
}

}  // namespace tongdian::app
