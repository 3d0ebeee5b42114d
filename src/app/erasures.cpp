#include "app/erasures.hpp"

#include <algorithm>
#include <map>

#include "base/files.hpp"
#include "base/time_text.hpp"
#include "identity/grants.hpp"
#include "store/scrub.hpp"

namespace tongdian::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* mark = "erased_again";        // in journal_meta: the journal is still to say so
constexpr const char* scrubbed = "vault_scrubbed";  // in journal_meta: how many erasures the files hold nothing of

void set_meta(store::Session& session, const char* name, std::int64_t value) {
  session.run(
      "INSERT INTO journal_meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      {std::string_view(name), std::string_view(std::to_string(value))});
}

std::optional<std::string> meta(store::Session& session, const char* name) {
  return session.text("SELECT value FROM journal_meta WHERE name = $1", {std::string_view(name)});
}

std::int64_t count_erased(store::Session& session) {
  return session.integer("SELECT count(*) FROM vault WHERE erased_at IS NOT NULL").value_or(0);
}

Problem unreadable(const fs::path& file, std::size_t line, const std::string& why) {
  Problem p = failure(
      "erasures.unreadable",
      {"删除名单第 " + std::to_string(line) + " 行无法读取", "line " + std::to_string(line) + ": " + why},
      {"请换用完整的名单（密钥备份处、旧数据目录各有一份），否则已删除的人会随备份回来",
       "use a whole list (one lies with the copy of the keys, one in the old data folder): without it people who "
       "were erased come back with the backup"});
  p.path = file.string();
  return p;
}

}  // namespace

std::vector<Erasure> read_erasures(const fs::path& file) {
  std::vector<Erasure> out;
  if (!fs::exists(file)) return out;
  const std::string text = read_file(file, std::size_t{1} << 30).value();
  std::size_t line = 0;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    ++line;
    if (end == text.npos) throw ProblemError(unreadable(file, line, "it ends in the middle"));
    auto erasure = json::read_text<Erasure>(text.substr(from, end - from));
    if (!erasure) throw ProblemError(unreadable(file, line, erasure.error().detail.en));
    if (!parse_instant(erasure->at)) throw ProblemError(unreadable(file, line, "no time in \"at\""));
    out.push_back(*std::move(erasure));
    from = end + 1;
  }
  return out;
}

std::vector<Erasure> erasures_of(store::Session& session) {
  std::vector<Erasure> out;
  const std::string log = journal::log_id(session);
  session.query("SELECT s.name, v.erased_at FROM vault v JOIN stream s ON s.id = v.owner WHERE v.erased_at IS NOT NULL",
                {}, [&](const store::Row& row) {
                  out.push_back({format_utc(from_ms(row.integer(1))), log, std::string(row.text(0))});
                });
  return out;
}

bool keep_erasures(const fs::path& file, const std::vector<Erasure>& erasures) {
  std::map<std::pair<std::string, std::string>, std::string> all;
  for (auto& e : read_erasures(file)) all.try_emplace({e.log, e.stream}, e.at);
  const auto before = all.size();
  for (const auto& e : erasures) all.try_emplace({e.log, e.stream}, e.at);
  if (all.size() == before) return false;
  std::string text;
  for (const auto& [key, at] : all) text += json::canonical(json::write(Erasure{at, key.first, key.second})) + "\n";
  write_file_atomically(file, text, 0600).value();
  return true;
}

std::uint64_t erase_again(store::Session& writer, const std::vector<Erasure>& erasures) {
  const std::string log = journal::log_id(writer);
  std::uint64_t done = 0;
  store::Transaction transaction(writer, store::Order::exclusive);
  for (const auto& e : erasures) {
    if (e.log != log) continue;
    const auto owner = writer.integer(
        "SELECT v.owner FROM stream s JOIN vault v ON v.owner = s.id WHERE s.name = $1 AND v.erased_at IS NULL",
        {std::string_view(e.stream)});
    if (!owner) continue;
    journal::erase(writer, *owner, parse_instant(e.at).value());
    ++done;
  }
  if (done > 0) set_meta(writer, mark, static_cast<std::int64_t>(done));
  transaction.commit();
  return done;
}

void ErasureKeeper::tell_journal(engine::Executor& executor) {
  std::vector<Erasure> erased;
  {
    auto reader = f_.database->reader();
    if (!meta(*reader, mark)) return;
    erased = erasures_of(*reader);
  }
  constexpr std::size_t a_batch = 100;
  std::optional<Problem> wrong;
  for (std::size_t from = 0; from < erased.size(); from += a_batch) {
    std::vector<engine::Pending> batch;
    for (std::size_t i = from; i < std::min(erased.size(), from + a_batch); ++i) {
      engine::Command c;
      c.id = "erase-again:" + f_.random.token(8);
      c.stream = erased[i].stream;
      c.actor = {"system", "restore"};
      c.channel = "system";
      // One whose journal knows already has nothing to say.
      c.body = std::make_shared<connection::Command>(connection::EraseAgain{parse_instant(erased[i].at).value()});
      batch.push_back({std::move(c), [&wrong](const engine::Answer& answer) {
                         if (!answer) wrong = answer.error();
                       }});
    }
    executor.execute(batch);
  }
  if (wrong) throw ProblemError(*std::move(wrong));
  executor.in_transaction([](store::Session& session) {
    session.run("DELETE FROM journal_meta WHERE name = $1", {std::string_view(mark)});
  });
}

bool ErasureKeeper::scrub_is_due(std::int64_t erased, Instant now) {
  if (now < next_scrub_) return false;
  auto reader = f_.database->reader();
  return meta(*reader, scrubbed).value_or("0") != std::to_string(erased);
}

void ErasureKeeper::run(Instant now) {
  std::int64_t erased = 0;
  {
    auto reader = f_.database->reader();
    erased = count_erased(*reader);
    if (erased != kept_) keep_erasures(f_.data / erasures_file, erasures_of(*reader));
  }
  if (erased != kept_) {
    store::Transaction transaction(f_.database->writer(), store::Order::exclusive);
    identity::Grants::forget_erased(f_.database->writer());
    transaction.commit();
  }
  kept_ = erased;
  if (erased == 0 || !scrub_is_due(erased, now)) return;
  // PostgreSQL writes the table anew under a lock, which a city does not want at every erasure; SQLite may have to wait for a reader.
  next_scrub_ = now + (f_.place.shared() ? std::chrono::hours(24) : std::chrono::minutes(1));
  for (const auto* table : {"vault", "vault_file", "vault_file_part", "vault_token", "agent_grant"})
    if (!store::scrub(*f_.database, table)) return;
  store::Transaction transaction(f_.database->writer(), store::Order::exclusive);
  set_meta(f_.database->writer(), scrubbed, erased);
  transaction.commit();
}

bool ErasureKeeper::finish(Instant now) {
  next_scrub_ = {};
  run(now);
  auto reader = f_.database->reader();
  return meta(*reader, scrubbed).value_or("0") == std::to_string(count_erased(*reader));
}

}  // namespace tongdian::app
