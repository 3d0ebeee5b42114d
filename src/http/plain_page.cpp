#include "http/plain_page.hpp"

#include "wire/body.hpp"

namespace tongdian::http {
namespace {

constexpr std::string_view begin_mark = "<!--page-->", end_mark = "<!--/page-->";

wire::Response response_of(const wire::Request& request, const std::string& shell, const std::string& words) {
  wire::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = filled(shell, words);
  response.headers.add("Cache-Control", "no-cache");
  response.headers.add("Vary", "Accept-Language");
  return wire::with_etag(request, std::move(response));
}

}  // namespace

std::string filled(std::string_view shell, std::string_view words) {
  const auto begin = shell.find(begin_mark);
  const auto end = shell.find(end_mark);
  if (begin == shell.npos || end == shell.npos || end < begin) return std::string(shell);
  std::string out(shell.substr(0, begin));
  out.append(words).append(shell.substr(end + end_mark.size()));
  return out;
}

bool serve_plain_page(const StaticFiles& files, const Options& options, const wire::RequestPtr& request,
                      const wire::Reply& reply) {
  const auto& segments = request->target.segments;
  const bool reads = request->method == wire::Method::get || request->method == wire::Method::head;
  if (!reads || segments.size() != 1 || segments.front().empty() || segments.front().find('.') != std::string::npos)
    return false;
  const auto shell = files.bytes_of("index.html");
  if (!shell) return false;
  const std::string language = request->language() == wire::Language::zh ? "zh" : "en";
  if (const auto words = files.bytes_of("plain/" + segments.front() + "." + language + ".html")) {
    reply(response_of(*request, *shell, *words));
    return true;
  }
  return options.page && options.page(request, reply, [request, shell](const std::string& words) {
    return response_of(*request, *shell, words);
  });
}

}  // namespace tongdian::http
