#include "peer/http_client.hpp"

#include <curl/curl.h>

#include <memory>
#include <mutex>

namespace tongdian::peer {
namespace {

struct Close {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, Close>;
using List = std::unique_ptr<curl_slist, Close>;

struct Sink {
  std::string body;
  std::size_t limit = 0;
  bool full = false;
};

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& sink = *static_cast<Sink*>(to);
  if (sink.body.size() + size * count > sink.limit) {
    sink.full = true;
    return 0;  // less than was given ends the transfer
  }
  sink.body.append(bytes, size * count);
  return size * count;
}

/// Host of "http://HOST[:PORT]/…" as this machine names itself; nothing that merely begins like it.
bool is_this_machine(std::string_view url) {
  for (const std::string_view host : {"http://127.0.0.1", "http://[::1]", "http://localhost"})
    if (url.starts_with(host)) {
      const auto rest = url.substr(host.size());
      if (rest.empty() || rest.front() == '/' || rest.front() == ':') return url.find('@') == std::string_view::npos;
    }
  return false;
}

std::string escaped(CURL* curl, std::string_view text) {
  char* out = curl_easy_escape(curl, text.data(), static_cast<int>(text.size()));
  std::string copy = out ? out : "";
  curl_free(out);
  return copy;
}

std::string form_of(CURL* curl, const Ask& ask) {
  std::string out;
  for (const auto& [name, value] : ask.form)
    out += (out.empty() ? "" : "&") + escaped(curl, name) + "=" + escaped(curl, value);
  return out;
}

Problem unreachable(const std::string& why) {
  return failure("peer.unreachable", {"对方系统没有应答：" + why, "the other system does not answer: " + why},
                 {"请稍后重试", "try again later"});
}

}  // namespace

HttpClient::HttpClient(Limits limits) : limits_(limits) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

Result<Answered> HttpClient::ask(const Ask& ask) const {
  const bool secure = ask.url.starts_with("https://");
  if (!secure && !is_this_machine(ask.url))
    return failure("peer.not_secure",
                   {"只用 https 访问其他系统：" + ask.url, "other systems are asked over https only: " + ask.url},
                   {"请改用 https 地址", "use an https address"});
  const Curl curl(curl_easy_init());
  if (!curl) return unreachable("no memory");
  Sink sink{{}, limits_.bytes, false};
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
  set(CURLOPT_URL, ask.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits_.connect.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits_.whole.count()));
  set(CURLOPT_NOSIGNAL, 1L);  // threads
  set(CURLOPT_PROXY, "");     // the environment's proxy is for other programs
  set(CURLOPT_WRITEFUNCTION, &take);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&sink));
  const List headers(curl_slist_append(nullptr, "Accept: application/json"));
  set(CURLOPT_HTTPHEADER, headers.get());
  const std::string form = form_of(curl.get(), ask);
  if (!ask.form.empty()) {
    set(CURLOPT_POSTFIELDSIZE, static_cast<long>(form.size()));
    set(CURLOPT_COPYPOSTFIELDS, form.c_str());
  }
  // RFC 6749 2.3.1: both parts are form-encoded before they are joined.
  const std::string user = escaped(curl.get(), ask.user), password = escaped(curl.get(), ask.password);
  if (!ask.user.empty()) {
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERNAME, user.c_str());
    set(CURLOPT_PASSWORD, password.c_str());
  }
  const CURLcode code = curl_easy_perform(curl.get());
  if (sink.full)
    return failure("peer.too_large", {"对方系统的答复过大", "the other system's answer is too large"},
                   {"请联系对方系统的管理员", "ask whoever runs it"});
  if (code != CURLE_OK) return unreachable(curl_easy_strerror(code));
  Answered out;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &out.status);
  out.body = std::move(sink.body);
  return out;
}

}  // namespace tongdian::peer
