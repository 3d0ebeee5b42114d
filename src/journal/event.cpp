#include "journal/event.hpp"

#include "base/time_text.hpp"

namespace tongdian::journal {
namespace {

Problem bad_event(std::string en) {
  return failure("journal.bad_event", {"日志事件损坏：" + en, "not an event: " + en});
}

std::string text_at(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

std::int64_t number_at(const json::Object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v && v->is_int64() ? v->get_int64() : 0;
}

}  // namespace

std::string encode(const Event& e) {
  // Written by hand in the order of the keys: the envelope is on the hot path. A test holds it to json::canonical.
  std::string out;
  out.reserve(512);
  const auto text = [&](std::string_view key, std::string_view value) {
    out += key;
    json::append_string(out, value);
  };
  out += R"({"actor":{)";
  text(R"("id":)", e.actor.id);
  text(R"(,"kind":)", e.actor.kind);
  out += '}';
  text(R"(,"channel":)", e.channel);
  text(R"(,"command":)", e.command);
  text(R"(,"fingerprint":)", e.fingerprint);
  if (e.occurred_at) text(R"(,"occurred_at":)", format_utc(*e.occurred_at));
  text(R"(,"pack":)", e.pack);
  out += R"(,"payload":)";
  json::append_canonical(out, e.payload);
  out += R"(,"position":)" + std::to_string(e.position);
  text(R"(,"recorded_at":)", format_utc(e.recorded_at));
  out += R"(,"sequence":)" + std::to_string(e.sequence);
  text(R"(,"stream":)", e.stream);
  text(R"(,"type":)", e.type);
  out += R"(,"version":)" + std::to_string(e.version);
  out += '}';
  return out;
}

Result<Event> decode(std::string_view bytes) {
  auto parsed = json::parse(bytes);
  if (!parsed || !parsed->is_object()) return bad_event("not JSON");
  json::Object& o = parsed->get_object();
  Event e;
  const auto* actor = o.if_contains("actor");
  if (!actor || !actor->is_object()) return bad_event("no actor");
  e.actor = {text_at(actor->get_object(), "kind"), text_at(actor->get_object(), "id")};
  e.channel = text_at(o, "channel");
  e.command = text_at(o, "command");
  e.fingerprint = text_at(o, "fingerprint");
  e.pack = text_at(o, "pack");
  e.stream = text_at(o, "stream");
  e.type = text_at(o, "type");
  e.position = static_cast<std::uint64_t>(number_at(o, "position"));
  e.sequence = static_cast<std::uint64_t>(number_at(o, "sequence"));
  e.version = static_cast<int>(number_at(o, "version"));
  const auto recorded = parse_instant(text_at(o, "recorded_at"));
  if (!recorded || e.type.empty() || e.stream.empty() || e.position == 0 || e.sequence == 0)
    return bad_event("a part of the envelope is missing");
  e.recorded_at = *recorded;
  if (o.contains("occurred_at")) {
    e.occurred_at = parse_instant(text_at(o, "occurred_at"));
    if (!e.occurred_at) return bad_event("occurred_at");
  }
  if (auto* payload = o.if_contains("payload")) e.payload = std::move(*payload);
  return e;
}

}  // namespace tongdian::journal
