#include "journal/heads.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "journal/merkle.hpp"

namespace tongdian::journal {
namespace {

std::int64_t signed_of(std::uint64_t n) { return static_cast<std::int64_t>(n); }

Bytes copy_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

Head head_from(const store::Row& row) {
  Head h;
  h.size = static_cast<std::uint64_t>(row.integer(0));
  if (row.bytes(1).size() == h.root.size()) std::copy(row.bytes(1).begin(), row.bytes(1).end(), h.root.begin());
  h.signed_at = from_ms(row.integer(2));
  h.key_id = row.text(3);
  h.signature = copy_of(row.bytes(4));
  h.public_key = copy_of(row.bytes(5));
  return h;
}

// A head whose key is unknown is still a head: `verify` is to find it.
constexpr std::string_view select_head =
    "SELECT h.size, h.root, h.signed_at, h.key_id, h.signature, k.public_key FROM head h LEFT JOIN head_key k ON k.id = h.key_id ";

Problem wrong_key(const KeyRecord& key, std::string zh, std::string en) {
  Problem p = failure("journal.bad_key", {"签名密钥 " + key.id + "：" + zh, "signing key " + key.id + ": " + en},
                      {"请与外部保存的公钥比对", "compare with the public keys kept outside"});
  p.path = std::to_string(key.number);
  return p;
}

/// The announcement says when; the rest of it follows from the chain.
std::string signed_at_of(const std::string& announcement) {
  const auto value = json::parse(announcement);
  const auto* o = value ? value->if_object() : nullptr;
  const auto* at = o ? o->if_contains("signed_at") : nullptr;
  return at && at->is_string() ? std::string(at->get_string()) : std::string();
}

std::string root_text_of(const std::string& announcement) {
  const auto value = json::parse(announcement);
  const auto* o = value ? value->if_object() : nullptr;
  const auto* root = o ? o->if_contains("root") : nullptr;
  return root && root->is_string() ? std::string(root->get_string()) : std::string();
}

std::optional<Problem> check_announcement(Suite suite, std::string_view log, const KeyRecord& previous,
                                          const KeyRecord& key, const RootAt& root_at) {
  if (previous.until != key.since)
    return wrong_key(key, "与前一密钥的交接大小不符", "it does not take over where the one before ends");
  if (!verify_signature(suite, previous.public_key, key.announcement, key.announcement_signature))
    return wrong_key(key, "前一密钥没有签署它", "the key before it did not sign its announcement");
  Hash root{};
  const auto said = from_hex(root_text_of(key.announcement));
  if (said && said->size() == root.size()) std::copy(said->begin(), said->end(), root.begin());
  if (key.announcement !=
      announcement_text(suite, log, previous, key.public_key, key.since, root, signed_at_of(key.announcement)))
    return wrong_key(key, "公告内容与密钥不符", "the announcement is of another key, log or size");
  if (const auto known = root_at(key.since); known && *known != root)
    return wrong_key(key, "公告中的树根与事件不符", "the announcement's root is not that of the events");
  return {};
}

}  // namespace

const store::Migration rotation_migration{7, "rotation and erasure", R"(
-- A key signs heads of sizes since_size < size <= until_size; each but the first was announced by the one before it.
ALTER TABLE head_key ADD COLUMN number BIGINT NOT NULL DEFAULT 1;
ALTER TABLE head_key ADD COLUMN until_size BIGINT;
ALTER TABLE head_key ADD COLUMN announcement TEXT;
ALTER TABLE head_key ADD COLUMN announcement_signature BYTES;
-- When the person was erased: the key is zeros since then, and the tags are gone.
ALTER TABLE vault ADD COLUMN erased_at BIGINT;
-- Who saw a person's data whole: a row a case, reader and local day. `reader` is an account, or a command of the operator.
CREATE TABLE vault_read (owner BIGINT NOT NULL, reader TEXT NOT NULL, day BIGINT NOT NULL, first_at BIGINT NOT NULL, PRIMARY KEY (owner, reader, day));
)"};

std::string signed_text(std::string_view log, const Head& head) {
  std::string out = R"({"log":)";
  json::append_string(out, log);
  out += R"(,"root":")" + to_hex(head.root) + R"(","signed_at":")" + format_utc(head.signed_at) + R"(","size":)" +
         std::to_string(head.size) + "}";
  return out;
}

json::Object to_json(std::string_view log, const Head& head) {
  return {{"log", log},
          {"size", head.size},
          {"root", to_hex(head.root)},
          {"signed_at", format_utc(head.signed_at)},
          {"key_id", head.key_id},
          {"public_key", to_hex(head.public_key)},
          {"signature", to_hex(head.signature)},
          {"signed_text", signed_text(log, head)}};
}

std::string announcement_text(Suite suite, std::string_view log, const KeyRecord& previous, ByteView new_public_key,
                              std::uint64_t size, const Hash& root, std::string_view signed_at) {
  return json::canonical(json::Object{{"key", to_hex(new_public_key)},
                                      {"log", log},
                                      {"previous", previous.id},
                                      {"root", to_hex(root)},
                                      {"signed_at", signed_at},
                                      {"size", size},
                                      {"suite", name_of(suite)}});
}

std::vector<Problem> check_keys(Suite suite, std::string_view log, const std::vector<KeyRecord>& keys,
                                const RootAt& root_at) {
  std::vector<Problem> wrong;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const KeyRecord& key = keys[i];
    if (key.number != i + 1) wrong.push_back(wrong_key(key, "序号不连续", "its number does not follow"));
    if (key.id != key_id_of(suite, key.public_key))
      wrong.push_back(wrong_key(key, "编号与公钥不符", "its id is not that of its public key"));
    if (key.until && *key.until < key.since)
      wrong.push_back(wrong_key(key, "结束先于开始", "it ends before it begins"));
    if (i == 0) {
      if (key.since != 0 || !key.announcement.empty())
        wrong.push_back(wrong_key(key, "不是第一把密钥", "it stands first and is not the first"));
    } else if (auto problem = check_announcement(suite, log, keys[i - 1], key, root_at)) {
      wrong.push_back(*std::move(problem));
    }
  }
  if (!keys.empty() && keys.back().until)
    wrong.push_back(wrong_key(keys.back(), "没有继任密钥", "it has ended and nothing follows it"));
  return wrong;
}

std::optional<Problem> check_head(Suite suite, std::string_view log, const std::vector<KeyRecord>& keys,
                                  const Head& head) {
  const auto wrong = [&](std::string zh, std::string en) {
    Problem p = failure("journal.bad_head", {std::move(zh), std::move(en)},
                        {"请与外部保存的树头比对", "compare with the heads kept outside"});
    p.path = std::to_string(head.size);
    return p;
  };
  const auto key = std::ranges::find(keys, head.key_id, &KeyRecord::id);
  if (key == keys.end()) return wrong("树头的签名密钥未知", "the head is signed by a key that nobody knows");
  if (!key->may_sign(head.size))
    return wrong("树头由当时无效的密钥签名", "the head is signed by a key that was not in force at its size");
  if (!verify_signature(suite, key->public_key, signed_text(log, head), head.signature))
    return wrong("树头签名无效", "the head's signature does not hold");
  return {};
}

std::string log_id(store::Session& session) {
  return session.text("SELECT value FROM journal_meta WHERE name = 'log'").value_or("");
}

Suite suite_of(store::Session& session) {
  const auto name = session.text("SELECT value FROM journal_meta WHERE name = 'suite'");
  if (!name) return Suite::standard;
  const auto suite = enum_of<Suite>(*name);
  if (!suite)
    throw ProblemError(
        failure("journal.unknown_suite",
                {"未知的密码套件 " + *name, "the journal has a suite that this program does not know: " + *name},
                {"请使用更新的版本", "use a later version"}));
  return *suite;
}

Head latest_head(store::Session& session) {
  Head out;
  out.root = empty_root(suite_of(session));
  session.query(std::string(select_head) + "ORDER BY h.size DESC LIMIT 1", {},
                [&](const store::Row& row) { out = head_from(row); });
  return out;
}

std::optional<Head> head_at(store::Session& session, std::uint64_t size) {
  std::optional<Head> out;
  session.query(std::string(select_head) + "WHERE h.size = $1", {signed_of(size)},
                [&](const store::Row& row) { out = head_from(row); });
  return out;
}

std::vector<Head> heads_after(store::Session& session, std::uint64_t after, std::size_t limit) {
  std::vector<Head> out;
  session.query(std::string(select_head) + "WHERE h.size > $1 ORDER BY h.size LIMIT $2",
                {signed_of(after), static_cast<std::int64_t>(limit)},
                [&](const store::Row& row) { out.push_back(head_from(row)); });
  return out;
}

namespace {

/// Data of before there was a change of keys are verified as they are: whoever only looks does not bring them up to date.
bool has_rotation(store::Session& session) {
  return session.integer("SELECT count(*) FROM migration WHERE name = $1", {rotation_migration.name}) == 1;
}

}  // namespace

std::vector<KeyRecord> keys_of(store::Session& session) {
  std::vector<KeyRecord> out;
  session.query(
      has_rotation(session)
          ? "SELECT number, id, public_key, since_size, until_size, announcement, announcement_signature FROM head_key ORDER BY number, since_size"
          : "SELECT 1, id, public_key, since_size, NULL, NULL, NULL FROM head_key ORDER BY since_size",
      {}, [&](const store::Row& row) {
        KeyRecord k;
        k.number = static_cast<std::uint64_t>(row.integer(0));
        k.id = row.text(1);
        k.public_key = copy_of(row.bytes(2));
        k.since = static_cast<std::uint64_t>(row.integer(3));
        if (!row.is_null(4)) k.until = static_cast<std::uint64_t>(row.integer(4));
        if (!row.is_null(5)) k.announcement = row.text(5);
        if (!row.is_null(6)) k.announcement_signature = copy_of(row.bytes(6));
        out.push_back(std::move(k));
      });
  return out;
}

Result<KeyRecord> rotate(store::Session& session, const SigningKey& current, const SigningKey& next, Instant now) {
  const auto keys = keys_of(session);
  if (keys.empty() || keys.back().id != current.id()) return unknown_key(current.id());
  const Suite suite = suite_of(session);
  const std::string log = log_id(session);
  const auto size = static_cast<std::uint64_t>(session.integer("SELECT max(position) FROM event").value_or(0));
  const Head head = latest_head(session);
  KeyRecord fresh;
  fresh.number = keys.back().number + 1;
  fresh.id = next.id();
  fresh.public_key = next.public_key();
  fresh.since = size;
  fresh.announcement = announcement_text(suite, log, keys.back(), next.public_key(), size, head.root, format_utc(now));
  const auto signature = current.sign(fresh.announcement);
  fresh.announcement_signature.assign(signature.begin(), signature.end());
  store::Transaction transaction(session);
  session.run("UPDATE head_key SET until_size = $2 WHERE id = $1", {std::string_view(keys.back().id), signed_of(size)});
  session.run(
      "INSERT INTO head_key (id, public_key, since_size, number, announcement, announcement_signature) VALUES ($1, $2, $3, $4, $5, $6)",
      {std::string_view(fresh.id), ByteView(fresh.public_key), signed_of(size), signed_of(fresh.number),
       std::string_view(fresh.announcement), ByteView(fresh.announcement_signature)});
  transaction.commit();
  return fresh;
}

}  // namespace tongdian::journal
