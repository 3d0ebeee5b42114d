#include "http/request_reader.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "wire/field.hpp"

namespace tongdian::http {
namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

wire::Method method_of(beast::verb verb) {
  switch (verb) {
    case beast::verb::get: return wire::Method::get;
    case beast::verb::head: return wire::Method::head;
    case beast::verb::post: return wire::Method::post;
    case beast::verb::put: return wire::Method::put;
    case beast::verb::patch: return wire::Method::patch;
    case beast::verb::delete_: return wire::Method::delete_;
    case beast::verb::options: return wire::Method::options;
    default: return wire::Method::other;
  }
}

Problem problem_of(const error_code& error) {
  if (error == beast::error::header_limit)
    return bad_input("http.headers_too_large", "", {"请求头过大", "the header of the request is too large"});
  if (error == beast::error::body_limit)
    return bad_input("http.too_large", "", {"请求内容过大", "the body of the request is too large"});
  if (error == beast::error::bad_version)
    return bad_input("http.version_not_supported", "",
                     {"只支持 HTTP/1.0 和 HTTP/1.1", "only HTTP/1.0 and HTTP/1.1 are spoken here"});
  return bad_input("http.bad_request", "", {"请求不符合 HTTP 规范", "the request is not HTTP: " + error.message()});
}

Problem bad_header(std::string name, std::string zh, std::string en) {
  return bad_input("http.bad_header", std::move(name), {std::move(zh), std::move(en)});
}

}  // namespace

// Fills the Request straight from the parser's events, without a container in between.
class RequestReader::Parser final : public beast::basic_parser<true> {
 public:
  explicit Parser(ReadLimits limits)
      : request_(std::make_shared<wire::Request>()), header_bytes_(limits.header), body_bytes_(limits.body) {
    // Beast counts a header that comes whole otherwise than one that comes in pieces; the limit that holds is ours.
    header_limit(static_cast<std::uint32_t>(2 * limits.header));
    body_limit(limits.body);
    request_->headers.reserve(12);
  }

  Result<std::size_t> take(std::string_view bytes) {
    // Given four bytes of a last chunk that began with three, Beast 1.81 fails an assertion and the program with it. What is
    // left of a chunked body is never less than its end, "0 CRLF CRLF".
    constexpr std::size_t least_chunked_rest = 5;
    if (is_header_done() && chunked() && !is_done() && bytes.size() < least_chunked_rest) return std::size_t{0};
    error_code error;
    // In the header the parser must stop at its end, so that a huge body is refused and 100-continue answered in time.
    eager(is_header_done());
    const bool had_header = is_header_done();
    const std::size_t used = put({bytes.data(), bytes.size()}, error);
    if (problem_) return *std::move(problem_);
    if (!had_header) {
      header_used_ += used;
      if (header_used_ + (is_header_done() ? 0 : bytes.size() - used) > header_bytes_)
        return problem_of(beast::error::header_limit);
    }
    if (error && error != beast::error::need_more) return problem_of(error);
    if (is_header_done() && !had_header)
      if (auto problem = check_header()) return *std::move(problem);
    return used;
  }

  std::shared_ptr<wire::Request> request_;
  bool expects_continue_ = false;
  int version_ = 11;

 private:
  // What RFC 9112 asks of a request's header and the parser leaves to us. Two readings of where a body ends are how
  // requests are smuggled past a proxy, so there must be one.
  std::optional<Problem> check_header() {
    const auto& headers = request_->headers;
    const bool is_1_1 = version_ == 11;
    if (headers.count("Host") > 1 || (is_1_1 && !headers.has("Host")))
      return bad_header("Host", "应有且只有一个 Host", "there must be one Host");
    if (headers.has("Transfer-Encoding")) {
      if (!is_1_1 || headers.has("Content-Length") || headers.count("Transfer-Encoding") > 1 ||
          !wire::same_word(headers.get("Transfer-Encoding"), "chunked"))
        return bad_header("Transfer-Encoding", "只支持单独的 chunked", "chunked alone is understood");
    }
    if (const auto expectation = headers.get("Expect"); is_1_1 && headers.has("Expect")) {
      if (!wire::same_word(expectation, "100-continue"))
        return bad_input("http.unknown_expectation", "Expect",
                         {"只支持 100-continue", "100-continue alone is understood"});
      expects_continue_ = !is_done();
    }
    return {};
  }

  void fail(Problem problem, error_code& error) {
    problem_ = std::move(problem);
    error = beast::error::bad_target;  // stops the parser; take() tells the problem
  }

  void on_request_impl(beast::verb verb, string_view, string_view target, int version, error_code& error) override {
    version_ = version;
    request_->method = method_of(verb);
    auto read = wire::read_target({target.data(), target.size()});
    if (!read) return fail(read.error(), error);
    request_->target = *std::move(read);
  }
  void on_field_impl(beast::field, string_view name, string_view value, error_code&) override {
    // Fields behind a chunked body could pass for header fields that nobody checked.
    if (!header_seen_)
      request_->headers.add(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
  void on_header_impl(error_code&) override { header_seen_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    // Not all at once on the client's word: memory follows the bytes that really came.
    if (length) request_->body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, 64u << 10)));
  }
  std::size_t on_body_impl(string_view bytes, error_code& error) override {
    if (request_->body.size() + bytes.size() > body_bytes_) {
      error = beast::error::body_limit;
      return 0;
    }
    request_->body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& error) override {
    return on_body_impl(bytes, error);
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  std::size_t header_bytes_, header_used_ = 0;
  std::size_t body_bytes_;
  bool header_seen_ = false;
  std::optional<Problem> problem_;
};

RequestReader::RequestReader(ReadLimits limits) : parser_(std::make_unique<Parser>(limits)) {}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

Result<std::size_t> RequestReader::take(std::string_view bytes) { return parser_->take(bytes); }
bool RequestReader::header_done() const { return parser_->is_header_done(); }
bool RequestReader::done() const { return parser_->is_done(); }
bool RequestReader::expects_continue() const { return parser_->expects_continue_; }
bool RequestReader::keep_alive() const { return parser_->keep_alive(); }
bool RequestReader::is_http_1_0() const { return parser_->version_ == 10; }
const std::shared_ptr<wire::Request>& RequestReader::request() const { return parser_->request_; }

}  // namespace tongdian::http
