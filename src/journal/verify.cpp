#include <algorithm>
#include <unordered_map>

#include "journal/journal.hpp"

namespace tongdian::journal {
namespace {

Problem altered(std::uint64_t position, std::string en, std::string zh) {
  Problem p = failure("journal.altered", {std::move(zh), std::move(en)},
                      {"请与外部保存的树头和备份比对", "compare with the heads kept outside and with the backup"});
  p.path = std::to_string(position);
  return p;
}

/// One pass over the events, with the heads beside it in order of size.
class Pass {
 public:
  Pass(store::Session& session, Verification& found) : log_(log_id(session)), found_(found) {
    session.query(
        "SELECT h.size, h.root, h.signed_at, h.key_id, h.signature, k.public_key FROM head h LEFT JOIN head_key k ON k.id = h.key_id ORDER BY h.size",
        {}, [&](const store::Row& row) {
          Head h;
          h.size = static_cast<std::uint64_t>(row.integer(0));
          if (row.bytes(1).size() == h.root.size()) std::copy(row.bytes(1).begin(), row.bytes(1).end(), h.root.begin());
          h.signed_at = from_ms(row.integer(2));
          h.key_id = row.text(3);
          h.signature.assign(row.bytes(4).begin(), row.bytes(4).end());
          h.public_key.assign(row.bytes(5).begin(), row.bytes(5).end());
          heads_.push_back(std::move(h));
        });
  }

  void event(std::uint64_t row, std::string_view bytes) {
    ++found_.events;
    if (row != found_.events)
      return note(row, "position " + std::to_string(found_.events) + " is missing",
                  "缺少位置 " + std::to_string(found_.events));
    tree_.append(leaf_hash(bytes_of(bytes)));
    const auto e = decode(bytes);
    if (!e) return note(row, e.error().detail.en, e.error().detail.zh);
    if (encode(*e) != bytes) note(row, "the bytes are not canonical", "字节不是规范形式");
    if (e->position != row)
      note(row, "the event says position " + std::to_string(e->position),
           "事件自称位置 " + std::to_string(e->position));
    auto& sequence = sequences_[e->stream];
    if (e->sequence != ++sequence) {
      note(row,
           "stream " + e->stream + ": sequence " + std::to_string(e->sequence) + " after " +
               std::to_string(sequence - 1),
           "流 " + e->stream + " 序号不连续");
      sequence = e->sequence;
    }
    if (e->recorded_at < last_) note(row, "recorded before its predecessor", "记录时间早于前一事件");
    last_ = e->recorded_at;
    check_head(row);
  }

  void finish() {
    if (next_ < heads_.size())
      note(heads_[next_].size, "a head stands for more events than there are", "树头覆盖的事件多于现存事件");
    const bool sealed = found_.events == 0 || (!heads_.empty() && heads_.back().size == found_.events);
    if (!sealed) note(found_.events, "the last events are under no head", "最后的事件没有树头");
  }

  [[nodiscard]] Hash root() const { return tree_.root(); }

 private:
  void check_head(std::uint64_t row) {
    if (next_ >= heads_.size() || heads_[next_].size != row) return;
    const Head& h = heads_[next_++];
    ++found_.heads;
    if (h.root != tree_.root()) note(row, "the head's root is not that of the events", "树头与事件不符");
    if (!verify_signature(h.public_key, signed_text(log_, h), h.signature))
      note(row, "the head's signature does not hold", "树头签名无效");
  }

  void note(std::uint64_t position, std::string en, std::string zh) {
    constexpr std::size_t enough = 100;
    if (found_.wrong.size() < enough) found_.wrong.push_back(altered(position, std::move(en), std::move(zh)));
  }

  std::string log_;
  Verification& found_;
  Frontier tree_;
  std::vector<Head> heads_;
  std::size_t next_ = 0;
  std::unordered_map<std::string, std::uint64_t> sequences_;
  Instant last_{};
};

void check_tiles(store::Session& session, std::uint64_t size, Verification& found) {
  // Every stored tile against the events or the tiles below it; proofs are made of tiles.
  session.query("SELECT level, number, hashes FROM tile ORDER BY level, number", {}, [&](const store::Row& row) {
    const auto level = row.integer(0);
    const auto number = static_cast<std::uint64_t>(row.integer(1));
    const ByteView hashes = row.bytes(2);
    std::vector<Hash> below;
    if (level == 0) {
      session.query("SELECT body FROM event WHERE position > $1 AND position <= $2 ORDER BY position",
                    {static_cast<std::int64_t>(number * 256), static_cast<std::int64_t>(number * 256 + 256)},
                    [&](const store::Row& event) { below.push_back(leaf_hash(bytes_of(event.text(0)))); });
    } else {
      session.query("SELECT hashes FROM tile WHERE level = $1 AND number >= $2 AND number < $3 ORDER BY number",
                    {level - 8, static_cast<std::int64_t>(number * 256), static_cast<std::int64_t>(number * 256 + 256)},
                    [&](const store::Row& tile) {
                      Frontier f;
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
      found.wrong.push_back(
          altered(std::min(size, number * 256 + 1),
                  "tile " + std::to_string(level) + "/" + std::to_string(number) + " is not that of the events",
                  "哈希块与事件不符"));
  });
}

}  // namespace

Verification verify(store::Session& session, const std::optional<Head>& expected,
                    const std::function<void(std::uint64_t)>& progress) {
  Verification found;
  Pass pass(session, found);
  std::optional<Hash> at_expected;
  if (expected && expected->size == 0) at_expected = empty_root();
  read_all(session, 0, [&](std::uint64_t position, std::string_view bytes) {
    pass.event(position, bytes);
    if (expected && expected->size == found.events) at_expected = pass.root();
    if (progress && found.events % 4096 == 0) progress(found.events);
  });
  pass.finish();
  check_tiles(session, found.events, found);
  if (expected && !at_expected)
    found.wrong.push_back(altered(found.events, "the journal has fewer events than the head kept outside",
                                  "日志比外部保存的树头短（被截断）"));
  else if (expected && *at_expected != expected->root)
    found.wrong.push_back(
        altered(expected->size, "the journal does not extend the head kept outside", "日志与外部保存的树头不一致"));
  return found;
}

}  // namespace tongdian::journal
