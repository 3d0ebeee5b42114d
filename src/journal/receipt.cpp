#include "journal/receipt.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "journal/export.hpp"
#include "journal/journal.hpp"

namespace tongdian::journal {
namespace {

constexpr std::string_view format_name = "tongdian-receipt";

struct HeadPart {
  std::string log;
  std::int64_t size = 0;
  std::string root, signed_at, key_id, public_key, signature, signed_text;
};
struct EventPart {
  std::int64_t position = 0;
  std::string event, leaf;
  std::vector<std::string> path;
};
struct Receipt {
  std::string format;
  int version = 0;
  std::string number;
  Suite suite = Suite::standard;
  HeadPart head;
  std::vector<json::Value> keys;
  std::vector<EventPart> events;
};
BOOST_DESCRIBE_STRUCT(HeadPart, (), (log, size, root, signed_at, key_id, public_key, signature, signed_text))
BOOST_DESCRIBE_STRUCT(EventPart, (), (position, event, leaf, path))
BOOST_DESCRIBE_STRUCT(Receipt, (), (format, version, number, suite, head, keys, events))

/// Digits of lower case only: one spelling for one hash.
std::optional<Bytes> plain_hex(std::string_view text) {
  auto bytes = from_hex(text);
  return bytes && to_hex(*bytes) == text ? bytes : std::nullopt;
}

std::optional<Hash> hash_of(std::string_view text) {
  const auto bytes = plain_hex(text);
  Hash out{};
  if (!bytes || bytes->size() != out.size()) return {};
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

class Check {
 public:
  explicit Check(ReceiptReport& report) : report_(report) {}

  void whole(std::string_view text, std::string_view trusted_key) {
    const auto value = json::parse(text);
    const auto read = value ? json::read<Receipt>(*value) : Result<Receipt>(value.error());
    if (!read) return wrong("form", read.error().path, read.error().detail.zh, read.error().detail.en);
    const Receipt& r = *read;
    if (r.format != format_name || r.version != 1)
      return wrong("form", "/format", "不是本系统的回执", "it is not a receipt, or of another version");
    report_.number = r.number;
    report_.log = r.head.log;
    report_.suite = name_of(r.suite);
    report_.key_id = r.head.key_id;
    report_.signed_at = r.head.signed_at;
    report_.size = static_cast<std::uint64_t>(std::max<std::int64_t>(r.head.size, 0));
    const auto root = hash_of(r.head.root);
    if (!root || r.head.size < 1) return wrong("head", "/head/root", "树头不完整", "the head is not complete");
    head(r, *root, trusted_key);
    if (r.events.empty()) wrong("event", "/events", "回执中没有事件", "there is no event in it");
    for (std::size_t i = 0; i < r.events.size(); ++i) event(r, i, *root);
  }

 private:
  void head(const Receipt& r, const Hash& root, std::string_view trusted_key) {
    std::vector<KeyRecord> keys;
    for (std::size_t i = 0; i < r.keys.size(); ++i) {
      auto key = key_from(r.keys[i]);
      if (!key) return wrong("key", "/keys/" + std::to_string(i), key.error().detail.zh, key.error().detail.en);
      keys.push_back(*std::move(key));
    }
    Head h;
    h.size = report_.size;
    h.root = root;
    h.key_id = r.head.key_id;
    const auto at = parse_instant(r.head.signed_at);
    const auto signature = plain_hex(r.head.signature);
    if (!at || format_utc(*at) != r.head.signed_at || !signature)
      return wrong("head", "/head", "树头不完整", "the head is not complete");
    h.signed_at = *at;
    h.signature = *signature;
    if (signed_text(r.head.log, h) != r.head.signed_text)
      wrong("head", "/head/signed_text", "签名文本与树头不符", "the signed text is not that of the head");
    const auto known = [&](std::uint64_t size) { return size == h.size ? std::optional(root) : std::nullopt; };
    for (const auto& p : check_keys(r.suite, r.head.log, keys, known))
      wrong("key", "/keys/" + p.path, p.detail.zh, p.detail.en);
    if (const auto p = check_head(r.suite, r.head.log, keys, h)) wrong("head", "/head", p->detail.zh, p->detail.en);
    const auto own = std::ranges::find(keys, r.head.key_id, &KeyRecord::id);
    if (own == keys.end() || to_hex(own->public_key) != r.head.public_key)
      wrong("key", "/head/public_key", "树头的公钥不在密钥链中", "the head's public key is not that of the chain");
    if (!trusted_key.empty() &&
        std::ranges::none_of(keys, [&](const auto& k) { return to_hex(k.public_key) == trusted_key; }))
      wrong("key", "/keys", "回执的密钥链不含您信任的公钥", "the key that you trust is not in the receipt's chain");
  }

  void event(const Receipt& r, std::size_t i, const Hash& root) {
    const EventPart& part = r.events[i];
    const std::string at = "/events/" + std::to_string(i);
    const auto e = decode(part.event);
    if (!e || encode(*e) != part.event)
      return wrong("event", at + "/event", "事件字节损坏", "the event's bytes are not an event");
    if (static_cast<std::int64_t>(e->position) != part.position || e->sequence != i + 1 ||
        e->stream.substr(e->stream.find('/') + 1) != r.number)
      return wrong("event", at, "事件不属于此案件或此位置", "the event is of another case or place");
    report_.positions.push_back(e->position);
    const Hash leaf = leaf_hash(r.suite, bytes_of(part.event));
    if (to_hex(leaf) != part.leaf)
      return wrong("event", at + "/leaf", "事件与其哈希不符", "the event does not hash to its leaf");
    std::vector<Hash> path;
    for (const auto& each : part.path)
      if (const auto hash = hash_of(each)) path.push_back(*hash);
    if (path.size() != part.path.size() || !verify_inclusion(r.suite, leaf, e->position - 1, report_.size, path, root))
      wrong("path", at + "/path", "事件不在该树头之下", "the path does not lead from the event to the head");
  }

  void wrong(std::string part, std::string path, std::string zh, std::string en) {
    Problem p =
        refusal("receipt." + part, {std::move(zh), std::move(en)},
                {"请索取新的回执，并与公布的树头比对", "ask for a new receipt and compare with a published head"});
    p.path = std::move(path);
    report_.wrong.push_back(std::move(p));
  }

  ReceiptReport& report_;
};

}  // namespace

json::Object make_receipt(store::Session& session, std::string_view number, std::uint64_t last) {
  const Head head = latest_head(session);
  const NodeSource nodes = nodes_of(session);
  json::Array keys, events;
  for (const auto& key : keys_of(session)) keys.push_back(key_json(key));
  read_stream(session, last, [&](Event&& event, std::string_view bytes) {
    json::Array path;
    for (const auto& h : inclusion_path(event.position - 1, head.size, nodes)) path.emplace_back(to_hex(h));
    events.push_back(json::Object{{"position", event.position},
                                  {"event", bytes},
                                  {"leaf", to_hex(leaf_hash(nodes.suite, bytes_of(bytes)))},
                                  {"path", std::move(path)}});
  });
  return {{"format", format_name},
          {"version", 1},
          {"number", number},
          {"suite", name_of(nodes.suite)},
          {"head", to_json(log_id(session), head)},
          {"keys", std::move(keys)},
          {"events", std::move(events)}};
}

ReceiptReport check_receipt(std::string_view text, std::string_view trusted_key) {
  ReceiptReport report;
  Check(report).whole(text, trusted_key);
  return report;
}

}  // namespace tongdian::journal
