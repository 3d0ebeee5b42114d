#include "http/static_files.hpp"

#include <algorithm>
#include <array>

#include "base/files.hpp"
#include "wire/body.hpp"
#include "wire/field.hpp"
#include "wire/problem.hpp"

namespace tongdian::http {
namespace {

namespace fs = std::filesystem;
using wire::Request;
using wire::Response;
using wire::Status;

constexpr std::size_t largest_file = 32u << 20;

struct Type {
  std::string_view ending;
  std::string_view content_type;
};
constexpr Type types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".pdf", "application/pdf"},
    {".yaml", "application/yaml"},
};

// The file that an address means. Segments come from wire::read_target, which lets no "..", slash or control through.
std::optional<std::string> name_of(const std::vector<std::string>& segments) {
  std::string name;
  for (const auto& segment : segments) {
    if (segment.starts_with('.')) return {};
    if (segment.empty()) continue;
    name.append(name.empty() ? "" : "/").append(segment);
  }
  const bool is_page = segments.back().find('.') == std::string::npos;
  return is_page ? "index.html" : name;
}

bool is_below(const fs::path& root, const fs::path& path) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

std::optional<fs::file_time_type> change_of(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return {};
  const auto time = fs::last_write_time(path, error);
  return error ? std::nullopt : std::optional(time);
}

Response not_found(const Request& request) {
  return wire::problem_response(refusal("http.not_found", {"没有这个网址", "there is nothing at this address"}),
                                request.language());
}

}  // namespace

struct StaticFiles::File {
  struct Variant {
    std::string_view encoding;  ///< empty: as it is
    std::shared_ptr<const std::string> bytes;
    std::string etag;
  };
  fs::file_time_type changed;
  std::vector<Variant> variants;  ///< the best liked first; the plain one last
};

StaticFiles::StaticFiles(fs::path root) {
  std::error_code error;
  root_ = fs::canonical(root, error);
  if (error) root_ = std::move(root);
}
StaticFiles::~StaticFiles() = default;

StaticFiles::FilePtr StaticFiles::load(const std::string& name, fs::file_time_type changed) const {
  std::error_code error;
  const fs::path path = fs::canonical(root_ / name, error);
  if (error || !is_below(root_, path)) return {};
  auto file = std::make_shared<File>();
  file->changed = changed;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> endings{
      {{"br", ".br"}, {"gzip", ".gz"}, {"", ""}}};
  for (const auto& [encoding, ending] : endings) {
    fs::path variant = path;
    variant += ending;
    const auto time = change_of(variant);
    if (!time || *time < changed) continue;  // compressed before the file changed: not this file
    auto bytes = read_file(variant, largest_file);
    if (!bytes) continue;
    auto shared = std::make_shared<const std::string>(*std::move(bytes));
    file->variants.push_back({encoding, shared, wire::etag_of(*shared)});
  }
  return file->variants.empty() || !file->variants.back().encoding.empty() ? nullptr : file;
}

StaticFiles::FilePtr StaticFiles::find(const std::string& name) const {
  const auto changed = change_of(root_ / name);
  if (!changed) return {};
  {
    const std::shared_lock lock(guard_);
    const auto cached = cache_.find(name);
    if (cached != cache_.end() && cached->second->changed == *changed) return cached->second;
  }
  auto file = load(name, *changed);
  if (!file) return {};
  const std::unique_lock lock(guard_);
  return cache_.insert_or_assign(name, std::move(file)).first->second;
}

Response StaticFiles::serve(const Request& request) const {
  if (request.method != wire::Method::get && request.method != wire::Method::head) {
    auto response = wire::problem_response(
        refusal("http.method_not_allowed", {"此网址不支持这种请求方法", "this address does not take this method"}),
        request.language());
    response.headers.add("Allow", "GET, HEAD");
    return response;
  }
  auto name = name_of(request.target.segments);
  FilePtr file = name ? find(*name) : nullptr;
  // A page whose address has no ending: /errors/http.not_found, whose dot is not that of a file.
  if (!file && name && (file = find(*name + ".html"))) name->append(".html");
  if (!file) return not_found(request);

  const auto accepted = request.headers.get("Accept-Encoding");
  const auto& variant = *std::ranges::find_if(file->variants, [&](const File::Variant& each) {
    return each.encoding.empty() || wire::list_admits(accepted, each.encoding);
  });
  Response response;
  response.headers.add("ETag", variant.etag);
  response.headers.add("Cache-Control",
                       name->starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
  if (file->variants.size() > 1) response.headers.add("Vary", "Accept-Encoding");
  if (wire::none_match_names(request.headers.get("If-None-Match"), variant.etag)) {
    response.status = Status::not_modified;
    return response;
  }
  response.content_type = content_type_of(*name);
  response.shared_body = variant.bytes;
  if (!variant.encoding.empty()) response.headers.add("Content-Encoding", std::string(variant.encoding));
  return response;
}

std::shared_ptr<const std::string> StaticFiles::bytes_of(const std::string& name) const {
  const auto file = find(name);
  return file ? file->variants.back().bytes : nullptr;
}

std::string_view content_type_of(std::string_view name) {
  for (const auto& [ending, content_type] : types)
    if (name.ends_with(ending)) return content_type;
  return "application/octet-stream";
}

}  // namespace tongdian::http
