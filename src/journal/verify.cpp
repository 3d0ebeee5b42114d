#include "journal/verify.hpp"

#include <algorithm>

#include "journal/journal.hpp"

namespace tongdian::journal {
namespace {

Problem altered(std::uint64_t position, std::string en, std::string zh) {
  Problem p = failure("journal.altered", {std::move(zh), std::move(en)},
                      {"请与外部保存的树头和备份比对", "compare with the heads kept outside and with the backup"});
  p.path = std::to_string(position);
  return p;
}

void check_tiles(store::Session& session, Auditor& auditor) {
  const Suite suite = suite_of(session);
  // Every stored tile against the events or the tiles below it; proofs are made of tiles.
  session.query("SELECT level, number, hashes FROM tile ORDER BY level, number", {}, [&](const store::Row& row) {
    const auto level = row.integer(0);
    const auto number = static_cast<std::uint64_t>(row.integer(1));
    const ByteView hashes = row.bytes(2);
    std::vector<Hash> below;
    if (level == 0) {
      session.query("SELECT body FROM event WHERE position > $1 AND position <= $2 ORDER BY position",
                    {static_cast<std::int64_t>(number * 256), static_cast<std::int64_t>(number * 256 + 256)},
                    [&](const store::Row& event) { below.push_back(leaf_hash(suite, bytes_of(event.text(0)))); });
    } else {
      session.query("SELECT hashes FROM tile WHERE level = $1 AND number >= $2 AND number < $3 ORDER BY number",
                    {level - 8, static_cast<std::int64_t>(number * 256), static_cast<std::int64_t>(number * 256 + 256)},
                    [&](const store::Row& tile) {
                      Frontier f(suite);
                      for (std::size_t i = 0; i + 32 <= tile.bytes(0).size(); i += 32) {
                        Hash h{};
                        std::copy_n(tile.bytes(0).begin() + static_cast<std::ptrdiff_t>(i), 32, h.begin());
                        f.append(h);
                      }
                      below.push_back(f.root());
                    });
    }
    const ByteView wanted(reinterpret_cast<const std::uint8_t*>(below.data()), below.size() * sizeof(Hash));
    if (below.size() != 256 || !std::ranges::equal(wanted, hashes))
      auditor.note(std::min(auditor.events(), number * 256 + 1),
                   "tile " + std::to_string(level) + "/" + std::to_string(number) + " is not that of the events",
                   "哈希块与事件不符");
  });
}

}  // namespace

Auditor::Auditor(Suite suite, std::string log, std::vector<KeyRecord> keys, std::optional<Head> expected)
    : keys_(std::move(keys)), expected_(std::move(expected)), tree_(suite) {
  found_.log = std::move(log);
  found_.suite = suite;
  found_.keys = keys_.size();
  for (const auto& key : keys_) wanted_.insert(key.since);
  if (expected_) wanted_.insert(expected_->size);
  remember_root();
}

void Auditor::remember_root() {
  if (wanted_.contains(tree_.size())) roots_[tree_.size()] = tree_.root();
}

void Auditor::event(std::uint64_t position, std::string_view bytes) {
  ++found_.events;
  if (position != found_.events)
    return note(position, "position " + std::to_string(found_.events) + " is missing",
                "缺少位置 " + std::to_string(found_.events));
  tree_.append(leaf_hash(found_.suite, bytes_of(bytes)));
  remember_root();
  const auto e = decode(bytes);
  if (!e) return note(position, e.error().detail.en, e.error().detail.zh);
  if (encode(*e) != bytes) note(position, "the bytes are not canonical", "字节不是规范形式");
  if (e->position != position)
    note(position, "the event says position " + std::to_string(e->position),
         "事件自称位置 " + std::to_string(e->position));
  auto& sequence = sequences_[e->stream];
  if (e->sequence != ++sequence) {
    note(position,
         "stream " + e->stream + ": sequence " + std::to_string(e->sequence) + " after " + std::to_string(sequence - 1),
         "流 " + e->stream + " 序号不连续");
    sequence = e->sequence;
  }
  if (e->recorded_at < last_) note(position, "recorded before its predecessor", "记录时间早于前一事件");
  last_ = e->recorded_at;
}

void Auditor::head(const Head& head) {
  ++found_.heads;
  last_head_ = head.size;
  if (head.size > found_.events)
    return note(head.size, "a head stands for more events than there are", "树头覆盖的事件多于现存事件");
  if (head.size < found_.events) return note(head.size, "a head stands in the wrong place", "树头的位置不对");
  if (head.root != tree_.root()) note(head.size, "the head's root is not that of the events", "树头与事件不符");
  if (auto problem = check_head(found_.suite, found_.log, keys_, head)) note(*std::move(problem));
}

void Auditor::note(std::uint64_t position, std::string en, std::string zh) {
  note(altered(position, std::move(en), std::move(zh)));
}

void Auditor::note(Problem problem) {
  constexpr std::size_t enough = 100;
  if (found_.wrong.size() < enough) found_.wrong.push_back(std::move(problem));
}

Verification Auditor::finish() {
  if (last_head_ < found_.events) note(found_.events, "the last events are under no head", "最后的事件没有树头");
  const auto root_at = [&](std::uint64_t size) -> std::optional<Hash> {
    const auto known = roots_.find(size);
    // A key that takes over beyond the end of the events has no root to stand on.
    return known == roots_.end() ? Hash{} : known->second;
  };
  for (auto& problem : check_keys(found_.suite, found_.log, keys_, root_at)) note(std::move(problem));
  if (expected_ && expected_->size > found_.events)
    note(found_.events, "the journal has fewer events than the head kept outside", "日志比外部保存的树头短（被截断）");
  else if (expected_ && root_at(expected_->size) != expected_->root)
    note(expected_->size, "the journal does not extend the head kept outside", "日志与外部保存的树头不一致");
  found_.root = tree_.root();
  return found_;
}

Verification verify(store::Session& session, const std::optional<Head>& expected, const OnProgress& progress) {
  constexpr std::size_t page = 512;
  Auditor auditor(suite_of(session), log_id(session), keys_of(session), expected);
  std::vector<Head> heads = heads_after(session, 0, page);
  std::size_t next = 0;
  const auto head_due = [&](std::uint64_t size) -> const Head* {
    if (next == heads.size() && !heads.empty()) {
      heads = heads_after(session, heads.back().size, page);
      next = 0;
    }
    return next < heads.size() && heads[next].size <= size ? &heads[next++] : nullptr;
  };
  read_all(session, 0, [&](std::uint64_t position, std::string_view bytes) {
    auditor.event(position, bytes);
    while (const Head* head = head_due(auditor.events())) auditor.head(*head);
    if (progress && auditor.events() % 4096 == 0) progress(auditor.events());
  });
  if (const Head* beyond = head_due(std::numeric_limits<std::uint64_t>::max())) auditor.head(*beyond);
  check_tiles(session, auditor);
  return auditor.finish();
}

}  // namespace tongdian::journal
