#include "journal/journal.hpp"

#include <algorithm>
#include <cassert>

#include "base/time_text.hpp"

namespace tongdian::journal {
namespace {

/// Hashes of one level that are stored together once all of them are there: one 8 KB row for 256 events.
constexpr std::size_t tile_width = 256;
constexpr int tile_height = 8;

std::int64_t signed_of(std::uint64_t n) { return static_cast<std::int64_t>(n); }

Hash hash_from(ByteView bytes) {
  Hash out{};
  if (bytes.size() == out.size()) std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

Hash root_of_tile(Suite suite, std::span<const Hash> hashes) {
  Frontier f(suite);
  for (const Hash& h : hashes) f.append(h);
  return f.root();
}

/// Made with the first key, or found as it was made.
std::string open_log(store::Session& session, const SigningKey& key, Random& random, std::uint64_t size) {
  if (const auto id = session.text("SELECT value FROM journal_meta WHERE name = 'log'")) {
    if (suite_of(session) != key.suite())
      throw ProblemError(
          failure("journal.other_suite",
                  {"该日志使用的密码套件是 " + std::string(name_of(suite_of(session))),
                   "the journal was made with the suite " + std::string(name_of(suite_of(session)))},
                  {"套件在建立时选定，不能更改", "the suite is chosen when a journal is made and stays"}));
    const auto keys = keys_of(session);
    if (keys.empty() || keys.back().id != key.id()) throw ProblemError(unknown_key(key.id()));
    return *id;
  }
  const std::string id = random.token(8);
  session.run("INSERT INTO journal_meta (name, value) VALUES ('log', $1)", {std::string_view(id)});
  session.run("INSERT INTO journal_meta (name, value) VALUES ('suite', $1)", {name_of(key.suite())});
  session.run("INSERT INTO head_key (id, public_key, since_size) VALUES ($1, $2, $3)",
              {std::string_view(key.id()), ByteView(key.public_key()), signed_of(size)});
  return id;
}

}  // namespace

const store::Migration migration{1, "journal", R"(
CREATE TABLE journal_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
-- One row an event: its bytes, which stream (row number) it belongs to and where that stream's event before it stands.
-- The chain of `previous` replaces an index over streams, which would dirty a page more a command.
CREATE TABLE event (position BIGINT_KEY, stream BIGINT NOT NULL, previous BIGINT NOT NULL, body TEXT NOT NULL);
-- 256 neighbouring hashes of level 0, 8, 16 …, written once when all are there.
CREATE TABLE tile (level BIGINT NOT NULL, number BIGINT NOT NULL, hashes BYTES NOT NULL, PRIMARY KEY (level, number));
CREATE TABLE head_key (id TEXT PRIMARY KEY, public_key BYTES NOT NULL, since_size BIGINT NOT NULL);
CREATE TABLE head (size BIGINT_KEY, root BYTES NOT NULL, signed_at BIGINT NOT NULL, key_id TEXT NOT NULL, signature BYTES NOT NULL);
)"};

Journal::Journal(store::Session& session, SigningKey key, Random& random)
    : key_(std::move(key)), frontier_(key_.suite()) {
  store::Transaction transaction(session, store::Order::exclusive);
  const auto size = static_cast<std::uint64_t>(session.integer("SELECT max(position) FROM event").value_or(0));
  log_ = open_log(session, key_, random, size);
  transaction.commit();
  load(session, size);
}

void Journal::load(store::Session& session, std::uint64_t size) {
  // Unfinished tiles, level by level: leaves from the events, higher ones from the tiles below.
  const NodeSource nodes = nodes_of(session);
  partial_.clear();
  for (int level = 0; (size >> level) > 0; level += tile_height) {
    const std::uint64_t count = size >> level;
    auto& hashes = partial_.emplace_back();
    for (std::uint64_t i = count - count % tile_width; i < count; ++i) hashes.push_back(nodes(level, i));
  }
  frontier_ = Frontier::of(size, nodes);
  if (size > 0) {
    session.query("SELECT body FROM event WHERE position = $1", {signed_of(size)}, [&](const store::Row& row) {
      if (const auto e = decode(row.text(0))) last_recorded_ = e->recorded_at;
    });
  }
}

void Journal::catch_up(store::Session& session, const std::function<void(const std::string&)>& on_stream) {
  // Beyond this the tree is read from its tiles.
  constexpr std::uint64_t one_by_one = 1000;
  const auto there = static_cast<std::uint64_t>(session.integer("SELECT max(position) FROM event").value_or(0));
  if (there == size()) return;
  if (there < size())
    throw ProblemError(failure(
        "journal.cut",
        {"数据库中的日志比本节点已见的短：" + std::to_string(there) + " < " + std::to_string(size()),
         "the database holds " + std::to_string(there) + " events, this node has seen " + std::to_string(size())},
        {"数据库可能被恢复到较早的时间；与外部保存的树头比对后再重启节点",
         "it may have been set back to an earlier time; compare with the heads kept outside, then restart the nodes"}));
  if (there - size() > one_by_one) {
    load(session, there);
    on_stream("");
  } else {
    read_all(session, size() + 1, [&](std::uint64_t, std::string_view body) {
      const auto event = decode(body).value();
      const Hash leaf = leaf_hash(suite(), bytes_of(body));
      frontier_.append(leaf);
      push(nullptr, 0, leaf);
      last_recorded_ = event.recorded_at;
      on_stream(event.stream);
    });
  }
  const auto head = head_at(session, there);
  if (!head || head->root != root())
    throw ProblemError(failure(
        "journal.altered", {"其他节点写入的事件与其树头不符", "what another node appended does not lead to its head"},
        {"请停止所有节点并运行 journal verify", "stop every node and run journal verify"}));
}

void Journal::push(store::Session* session, std::size_t tile_level, const Hash& hash) {
  if (partial_.size() <= tile_level) partial_.resize(tile_level + 1);
  auto& hashes = partial_[tile_level];
  hashes.push_back(hash);
  if (hashes.size() < tile_width) return;
  const auto level = static_cast<int>(tile_level) * tile_height;
  const std::uint64_t number = ((frontier_.size() - 1) >> level) / tile_width;
  if (session)
    session->run(
        "INSERT INTO tile (level, number, hashes) VALUES ($1, $2, $3)",
        {std::int64_t{level}, signed_of(number), ByteView(hashes.front().data(), hashes.size() * sizeof(Hash))});
  const Hash root = root_of_tile(suite(), hashes);
  hashes.clear();
  push(session, tile_level + 1, root);
}

void Journal::append(store::Session& session, Event& event, std::uint64_t stream, std::uint64_t previous) {
  event.position = size() + 1;
  const std::string body = encode(event);
  session.run("INSERT INTO event (position, stream, previous, body) VALUES ($1, $2, $3, $4)",
              {signed_of(event.position), signed_of(stream), signed_of(previous), std::string_view(body)});
  const Hash leaf = leaf_hash(suite(), bytes_of(body));
  frontier_.append(leaf);
  push(&session, 0, leaf);
  last_recorded_ = event.recorded_at;
}

void Journal::seal(store::Session& session, Instant now) {
  Head head;
  head.size = size();
  head.root = root();
  head.signed_at = now;
  const auto signature = key_.sign(signed_text(log_, head));
  session.run(
      "INSERT INTO head (size, root, signed_at, key_id, signature) VALUES ($1, $2, $3, $4, $5)",
      {signed_of(head.size), ByteView(head.root), to_ms(now), std::string_view(key_.id()), ByteView(signature)});
}

void Journal::restore(Memory memory) {
  frontier_ = std::move(memory.frontier);
  partial_ = std::move(memory.partial);
  last_recorded_ = memory.last_recorded;
}

NodeSource nodes_of(store::Session& session) {
  // A full tile answers for the eight levels above its hashes; a tile that is not full is made of what is below it.
  const Suite suite = suite_of(session);
  return {suite, [&session, suite](int level, std::uint64_t index) -> Hash {
            const std::function<Hash(int, std::uint64_t)> node = [&](int at, std::uint64_t i) -> Hash {
              const int base = at - at % tile_height;
              const std::uint64_t first = i << (at - base);
              const std::uint64_t count = std::uint64_t{1} << (at - base);
              std::vector<Hash> hashes;
              session.query(
                  "SELECT hashes FROM tile WHERE level = $1 AND number = $2",
                  {std::int64_t{base}, signed_of(first / tile_width)}, [&](const store::Row& row) {
                    const ByteView all = row.bytes(0);
                    for (std::uint64_t k = 0; k < count; ++k)
                      hashes.push_back(hash_from(all.subspan((first % tile_width + k) * sizeof(Hash), sizeof(Hash))));
                  });
              if (hashes.empty() && base == 0) {
                session.query("SELECT body FROM event WHERE position > $1 AND position <= $2 ORDER BY position",
                              {signed_of(first), signed_of(first + count)}, [&](const store::Row& row) {
                                hashes.push_back(leaf_hash(suite, bytes_of(row.text(0))));
                              });
              } else if (hashes.empty()) {
                for (std::uint64_t k = 0; k < count; ++k) hashes.push_back(node(base - 1, 2 * (first + k)));
                for (std::uint64_t k = 0; k < count; ++k)
                  hashes[k] = node_hash(suite, hashes[k], node(base - 1, 2 * (first + k) + 1));
              }
              assert(hashes.size() == count && "a node beyond the tree");
              return root_of_tile(suite, hashes);
            };
            return node(level, index);
          }};
}

void read_stream(store::Session& session, std::uint64_t last,
                 const std::function<void(Event&&, std::string_view)>& on_event) {
  // One question for the whole chain, from its end to its beginning.
  std::vector<std::string> bodies;
  session.query(
      "WITH RECURSIVE chain (position, previous, body) AS (SELECT position, previous, body FROM event WHERE position = $1 "
      "UNION ALL SELECT e.position, e.previous, e.body FROM chain c JOIN event e ON e.position = c.previous) "
      "SELECT body FROM chain ORDER BY position",
      {signed_of(last)}, [&](const store::Row& row) { bodies.emplace_back(row.text(0)); });
  for (const auto& body : bodies) {
    auto event = decode(body);
    on_event(std::move(event.value()), body);
  }
}

std::uint64_t read_page(store::Session& session, std::uint64_t from,
                        const std::function<void(std::uint64_t, std::string_view)>& on_event) {
  constexpr std::int64_t page = 4096;
  std::uint64_t next = from;
  session.query("SELECT position, body FROM event WHERE position >= $1 ORDER BY position LIMIT $2",
                {signed_of(from), page}, [&](const store::Row& row) {
                  next = static_cast<std::uint64_t>(row.integer(0)) + 1;
                  on_event(next - 1, row.text(1));
                });
  return next;
}

void read_all(store::Session& session, std::uint64_t from,
              const std::function<void(std::uint64_t, std::string_view)>& on_event) {
  for (std::uint64_t next = 0; (next = read_page(session, from, on_event)) > from;) from = next;
}

}  // namespace tongdian::journal
