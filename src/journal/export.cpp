#include "journal/export.hpp"

#include <istream>

#include "base/time_text.hpp"
#include "journal/journal.hpp"

namespace tongdian::journal {
namespace {

constexpr std::string_view format_name = "tongdian-journal";

struct HeaderLine {
  std::int64_t events = 0;
  std::string format, log;
  Suite suite = Suite::standard;
  int version = 0;
};
struct KeyLine {
  std::optional<std::string> announcement;
  std::string id;
  std::int64_t number = 0;
  std::string public_key;
  std::optional<std::string> signature;
  std::int64_t since = 0;
  std::optional<std::int64_t> until;
};
struct HeadLine {
  std::string key_id, root, signature, signed_at;
  std::int64_t size = 0;
};
BOOST_DESCRIBE_STRUCT(HeaderLine, (), (events, format, log, suite, version))
BOOST_DESCRIBE_STRUCT(KeyLine, (), (announcement, id, number, public_key, signature, since, until))
BOOST_DESCRIBE_STRUCT(HeadLine, (), (key_id, root, signature, signed_at, size))

Problem bad_export(std::string zh, std::string en) {
  return refusal("journal.bad_export", {"不是日志导出文件：" + zh, "not an exported journal: " + en},
                 {"请使用 tongdian journal export 的输出", "give what tongdian journal export wrote"});
}

json::Object head_json(const Head& head) {
  return {{"key_id", head.key_id},
          {"root", to_hex(head.root)},
          {"signature", to_hex(head.signature)},
          {"signed_at", format_utc(head.signed_at)},
          {"size", head.size}};
}

Result<Head> head_from(const json::Value& value) {
  const auto line = json::read<HeadLine>(value);
  if (!line) return bad_export(line.error().detail.zh, line.error().detail.en);
  const auto root = from_hex(line->root);
  const auto signature = from_hex(line->signature);
  const auto at = parse_instant(line->signed_at);
  Head head;
  if (!root || root->size() != head.root.size() || !signature || !at || line->size < 0)
    return bad_export("树头", "a head");
  std::copy(root->begin(), root->end(), head.root.begin());
  head.size = static_cast<std::uint64_t>(line->size);
  head.key_id = line->key_id;
  head.signature = *signature;
  head.signed_at = *at;
  return head;
}

/// The lines of a file, with what they are known to be.
class Reader {
 public:
  explicit Reader(std::istream& in) : in_(in) { next(); }
  [[nodiscard]] bool at_end() const { return ended_; }
  [[nodiscard]] const std::string& line() const { return line_; }
  [[nodiscard]] bool is(std::string_view start) const { return !ended_ && line_.starts_with(start); }
  void next() { ended_ = !std::getline(in_, line_); }

  /// The line as JSON where it is canonical: another spelling of the same value is another file.
  [[nodiscard]] Result<json::Value> value() const {
    auto parsed = json::parse(line_);
    if (!parsed || json::canonical(*parsed) != line_)
      return bad_export("不是规范 JSON", "a line is not canonical JSON");
    return parsed;
  }
  /// The one member of a line {"word":…}.
  [[nodiscard]] Result<json::Value> member(std::string_view word) const {
    auto whole = value();
    if (!whole) return whole;
    if (!whole->is_object() || whole->get_object().size() != 1)
      return bad_export("行", "a line has more than its member");
    return whole->get_object().at(word);
  }

 private:
  std::istream& in_;
  std::string line_;
  bool ended_ = false;
};

Result<HeaderLine> header_of(const Reader& reader) {
  const auto value = reader.at_end() ? Result<json::Value>(bad_export("空文件", "it is empty")) : reader.value();
  if (!value) return value.error();
  auto header = json::read<HeaderLine>(*value);
  if (!header) return bad_export(header.error().detail.zh, header.error().detail.en);
  if (header->format != format_name || header->version != 1)
    return bad_export("格式或版本", "another format or version");
  return header;
}

}  // namespace

json::Object key_json(const KeyRecord& key) {
  KeyLine line;
  line.id = key.id;
  line.number = static_cast<std::int64_t>(key.number);
  line.public_key = to_hex(key.public_key);
  line.since = static_cast<std::int64_t>(key.since);
  if (key.until) line.until = static_cast<std::int64_t>(*key.until);
  if (!key.announcement.empty()) {
    line.announcement = key.announcement;
    line.signature = to_hex(key.announcement_signature);
  }
  return json::write(line).get_object();
}

Result<KeyRecord> key_from(const json::Value& value) {
  const auto line = json::read<KeyLine>(value);
  if (!line) return bad_export(line.error().detail.zh, line.error().detail.en);
  const auto public_key = from_hex(line->public_key);
  const auto signature = from_hex(line->signature.value_or(""));
  // Hex in capitals would be another spelling of the same key.
  if (!public_key || to_hex(*public_key) != line->public_key || !signature ||
      to_hex(*signature) != line->signature.value_or("") || line->since < 0 || line->until.value_or(0) < 0 ||
      line->number < 1 || line->announcement.has_value() != line->signature.has_value())
    return bad_export("密钥", "a key");
  KeyRecord key;
  key.number = static_cast<std::uint64_t>(line->number);
  key.id = line->id;
  key.public_key = *public_key;
  key.since = static_cast<std::uint64_t>(line->since);
  if (line->until) key.until = static_cast<std::uint64_t>(*line->until);
  key.announcement = line->announcement.value_or("");
  key.announcement_signature = *signature;
  return key;
}

void write_export(store::Session& session, const std::function<void(std::string_view)>& on_line,
                  const OnProgress& progress) {
  constexpr std::size_t page = 512;
  const auto size = latest_head(session).size;
  on_line(json::canonical(json::write(
      HeaderLine{static_cast<std::int64_t>(size), std::string(format_name), log_id(session), suite_of(session), 1})));
  for (const auto& key : keys_of(session)) on_line(json::canonical(json::Object{{"key", key_json(key)}}));
  std::vector<Head> heads = heads_after(session, 0, page);
  std::size_t next = 0;
  read_all(session, 0, [&](std::uint64_t position, std::string_view bytes) {
    on_line(bytes);
    if (next < heads.size() && heads[next].size == position) {
      on_line(json::canonical(json::Object{{"head", head_json(heads[next])}}));
      if (++next == heads.size()) {
        heads = heads_after(session, position, page);
        next = 0;
      }
    }
    if (progress && position % 4096 == 0) progress(position);
  });
}

Verification verify_export(std::istream& in, const std::optional<Head>& expected, const OnProgress& progress) {
  Reader reader(in);
  const auto header = header_of(reader);
  if (!header) throw ProblemError(header.error());
  reader.next();
  std::vector<KeyRecord> keys;
  std::vector<Problem> early;
  for (; reader.is(R"({"key":)"); reader.next()) {
    const auto value = reader.member("key");
    auto key = value ? key_from(*value) : Result<KeyRecord>(value.error());
    if (key) {
      keys.push_back(*std::move(key));
    } else {
      early.push_back(key.error());
    }
  }
  Auditor auditor(header->suite, header->log, std::move(keys), expected);
  for (auto& problem : early) auditor.note(std::move(problem));
  for (; !reader.at_end(); reader.next()) {
    if (!reader.is(R"({"head":)")) {
      auditor.event(auditor.events() + 1, reader.line());
      if (progress && auditor.events() % 4096 == 0) progress(auditor.events());
      continue;
    }
    const auto value = reader.member("head");
    const auto head = value ? head_from(*value) : Result<Head>(value.error());
    if (head) {
      auditor.head(*head);
    } else {
      auditor.note(auditor.events(), head.error().detail.en, head.error().detail.zh);
    }
  }
  if (auditor.events() != static_cast<std::uint64_t>(header->events))
    auditor.note(auditor.events(), "the file has another number of events than it says", "事件数与文件头不符");
  return auditor.finish();
}

}  // namespace tongdian::journal
