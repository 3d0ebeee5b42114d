#include "wire/body.hpp"

#include <algorithm>
#include <charconv>

#include "base/digest.hpp"
#include "wire/field.hpp"

namespace tongdian::wire {
namespace {

bool is_json(std::string_view content_type) {
  if (!same_word(next_item(content_type, ';').value_or(""), "application/json")) return false;
  while (const auto parameter = next_item(content_type, ';')) {
    const auto equals = std::min(parameter->find('='), parameter->size());
    if (!same_word(parameter->substr(0, equals), "charset")) continue;
    const auto charset = parameter->substr(std::min(equals + 1, parameter->size()));
    if (!same_word(charset, "utf-8") && !same_word(charset, "\"utf-8\"")) return false;
  }
  return true;
}

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

Problem bad_query(std::string_view name, std::string zh, std::string en) {
  return bad_input("http.bad_query", "?" + std::string(name), {std::move(zh), std::move(en)});
}

}  // namespace

Result<json::Value> json_body(const Request& request) {
  if (!is_json(request.headers.get("Content-Type")))
    return bad_input("http.unsupported_media_type", "", {"请求内容应为 JSON", "the body must be JSON"},
                     {"请以 Content-Type: application/json 发送", "send it as Content-Type: application/json"});
  return json::parse(request.body);
}

Response json_response(const json::Value& value, Status status) {
  return {.status = status, .content_type = "application/json", .body = json::text(value)};
}

Response no_content() { return {.status = Status::no_content}; }

Result<std::string> idempotency_key(const Request& request) {
  const auto key = request.headers.get("Idempotency-Key");
  if (!key.empty() && key.size() <= 64 && std::ranges::all_of(key, is_key_character)) return std::string(key);
  return bad_input("http.idempotency_key", "Idempotency-Key",
                   {"缺少幂等键或写法不对", "the header Idempotency-Key is missing or malformed"},
                   {"请为每次操作生成一个 1–64 位的键（字母、数字、_、-），重试时沿用同一个键",
                    "give every action a key of 1–64 letters, digits, _ or -, and repeat the same key when retrying"});
}

Result<std::int64_t> query_integer(const Request& request, std::string_view name, std::int64_t low, std::int64_t high,
                                   std::int64_t otherwise) {
  const auto text = request.query(name);
  if (!text) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc{} && end == text->data() + text->size() && value >= low && value <= high) return value;
  const std::string range = std::to_string(low) + "–" + std::to_string(high);
  return bad_query(name, "应为 " + range + " 之间的整数", "expected a whole number in " + range);
}

std::optional<Problem> unknown_query(const Request& request, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : request.target.query)
    if (std::ranges::find(known, name) == known.end())
      return bad_query(name, "不认识的查询参数 " + name, "unknown query parameter " + name);
  return {};
}

void set_cookie(Response& response, const Cookie& cookie) {
  std::string text = cookie.name + "=" + cookie.value + "; Path=/; HttpOnly; SameSite=Strict";
  if (cookie.max_age) text += "; Max-Age=" + std::to_string(cookie.max_age->count());
  if (cookie.secure) text += "; Secure";
  response.headers.add("Set-Cookie", std::move(text));
}

std::string etag_of(std::string_view bytes) {
  const Hash hash = sha256(bytes);
  return "\"" + to_hex(ByteView(hash).first(12)) + "\"";
}

bool none_match_names(std::string_view if_none_match, std::string_view etag) {
  while (auto item = next_item(if_none_match, ',')) {
    if (item->starts_with("W/")) item->remove_prefix(2);
    if (*item == etag || *item == "*") return true;
  }
  return false;
}

Response with_etag(const Request& request, Response response) {
  if (response.status != Status::ok) return response;
  const std::string etag = etag_of(response.bytes());
  if (none_match_names(request.headers.get("If-None-Match"), etag)) {
    response.status = Status::not_modified;
    response.content_type.clear();
    response.body.clear();
    response.shared_body.reset();
  }
  response.headers.set("ETag", etag);
  return response;
}

}  // namespace tongdian::wire
