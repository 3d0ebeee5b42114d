#include "http/connection.hpp"

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

#include "http/plain_page.hpp"
#include "wire/field.hpp"
#include "wire/problem.hpp"

namespace tongdian::http {
namespace {

using boost::system::error_code;
using Pieces = std::array<asio::const_buffer, 2>;
constexpr std::size_t first_buffer = 4u << 10;
constexpr std::size_t linger_bytes = 4u << 20;
constexpr std::chrono::milliseconds linger_time{2000};

Problem timed_out() {
  return bad_input("http.timed_out", "", {"请求没有按时发完", "the request did not arrive in time"},
                   {"请重试", "try again"});
}

Problem no_answer(const std::string& id) {
  return failure("http.no_answer", {"程序没有按时答复，本次请求编号 " + id, "no answer in time to request " + id},
                 {"结果未知：请用同一个幂等键重试，或查询办件",
                  "the outcome is unknown: try again under the same idempotency key, or look at the case"});
}

// Behind a proxy on this machine, the address that the proxy saw; it appends, to the client's own field or a field of its own
// behind it, so the last of all is the one to believe.
std::string client_of(const wire::Request& request, const std::string& peer) {
  std::string_view last;
  for (const auto& [name, value] : request.headers) {
    if (!wire::same_word(name, "X-Forwarded-For")) continue;
    std::string_view rest = value;
    while (const auto item = wire::next_item(rest, ',')) last = *item;
  }
  error_code error;
  asio::ip::make_address(std::string(last), error);
  return error ? peer : std::string(last);
}

bool is_this_machine(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

}  // namespace

/// The meeting point of a handler's answer, which comes from any thread, and the coroutine that waits for it.
struct Connection::Answer {
  enum State { open, awaited, there };
  std::atomic<int> state{open};
  wire::Response response;
  std::shared_ptr<Loop> loop;
  std::weak_ptr<Connection> connection;  // locked on the loop's thread only

  void deliver(wire::Response given) {
    response = std::move(given);
    if (state.exchange(there) != awaited) return;
    asio::post(loop->executor(), [waiting = std::move(connection)] {
      if (const auto self = waiting.lock()) self->answered_.cancel();
    });
  }
  /// False when the answer is there already.
  bool await() {
    int expected = open;
    return state.compare_exchange_strong(expected, awaited);
  }
};

Connection::Connection(Loop& loop, Socket socket)
    : loop_(loop), socket_(std::move(socket)), answered_(loop.executor()), buffer_(first_buffer) {
  error_code ignored;
  const auto peer = socket_.remote_endpoint(ignored);
  if (!ignored) remote_ = peer.address().to_string();
  socket_.set_option(Tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  loop_.add(*this);
}

Connection::~Connection() { loop_.remove(*this); }

void Connection::allow(std::chrono::milliseconds time) {
  deadline_ = Steady::now() + time;
  expired_ = false;
}

void Connection::expire_if_due(Steady::time_point now) {
  if (now < deadline_) return;
  deadline_ = Steady::time_point::max();
  expired_ = true;
  error_code ignored;
  socket_.cancel(ignored);
  answered_.cancel();
}

bool Connection::has_more() {
  error_code error;
  return socket_.available(error) > 0 && !error;
}

void Connection::drain() {
  if (streaming_) return abandon();
  // A read that has its bytes is not undone by this: the request is answered.
  error_code ignored;
  if (idle_ && !has_more()) socket_.cancel(ignored);
}

void Connection::abandon() {
  abandoned_ = true;
  error_code ignored;
  socket_.close(ignored);
  answered_.cancel();
}

Awaitable<void> Connection::live(std::shared_ptr<Connection> self) {
  for (bool again = true; again;) {
    RequestReader reader(self->loop_.service.options.limits);
    const Outcome outcome = co_await self->receive(reader);
    switch (outcome) {
      case Outcome::request: again = co_await self->exchange(reader); break;
      case Outcome::refused: co_await self->refuse(*reader.request()); co_return;
      case Outcome::finished: co_return;
    }
  }
  error_code ignored;
  self->socket_.shutdown(Tcp::socket::shutdown_send, ignored);
}

Awaitable<Connection::Outcome> Connection::receive(RequestReader& reader) {
  const auto& options = loop_.service.options;
  idle_ = input().empty();
  if (idle_ && loop_.draining() && !has_more()) co_return Outcome::finished;
  allow(idle_ ? options.idle_timeout : options.header_timeout);
  while (true) {
    while (!input().empty()) {
      const bool had_header = reader.header_done();
      auto used = reader.take(input());
      if (!used) {
        refusal_ = used.error();
        co_return Outcome::refused;
      }
      begin_ += *used;
      if (reader.done()) co_return Outcome::request;
      if (reader.header_done() == had_header) break;
      allow(options.body_timeout);
    }
    if (reader.header_done() && reader.expects_continue() && reader.request()->body.empty()) {
      const bool sent = co_await send("HTTP/1.1 100 Continue\r\n\r\n", {});
      if (!sent) co_return Outcome::finished;
      allow(options.body_timeout);
    }
    const bool more = co_await read_more();
    if (!more && refusal_) co_return Outcome::refused;
    if (!more) co_return Outcome::finished;
    if (idle_) allow(options.header_timeout);
    idle_ = false;
  }
}

// False at the end of the connection, or with `refusal_` set when there is something left to say.
Awaitable<bool> Connection::read_more() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) {
    // The parser wants one contiguous header; more than the limit is no header.
    const std::size_t most = loop_.service.options.limits.header + first_buffer;
    if (buffer_.size() >= most) {
      refusal_ = bad_input("http.headers_too_large", "", {"请求头过大", "the header of the request is too large"});
      co_return false;
    }
    buffer_.resize(std::min(buffer_.size() * 2, most));
  }
  error_code error;
  const std::size_t n = co_await socket_.async_read_some(asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
                                                         asio::redirect_error(awaiting, error));
  end_ += n;
  if (!error && !abandoned_) co_return true;
  if (expired_ && !abandoned_ && !idle_) refusal_ = timed_out();
  co_return false;
}

void Connection::begin(wire::Request& request) const {
  auto& service = loop_.service;
  request.id = service.id_prefix + std::to_string(service.requests.fetch_add(1, std::memory_order_relaxed));
  const bool proxied = service.options.behind_proxy && is_this_machine(remote_);
  request.remote = proxied ? client_of(request, remote_) : remote_;
}

void Connection::dispatch(const std::shared_ptr<wire::Request>& request, const std::shared_ptr<Answer>& answer) {
  const auto& service = loop_.service;
  const auto& segments = request->target.segments;
  const wire::Reply reply(request, [answer](wire::Response response) { answer->deliver(std::move(response)); });
  if (service.files && segments.front() != "api" && !service.router.knows(segments)) {
    request->pattern = "static";
    if (!serve_plain_page(*service.files, service.options, request, reply)) reply(service.files->serve(*request));
  } else {
    service.router.serve(request, service.gate, reply);
  }
}

// True when the connection may carry another request.
Awaitable<bool> Connection::exchange(RequestReader& reader) {
  const auto since = Steady::now();
  const auto request = reader.request();
  begin(*request);
  const auto answer = std::make_shared<Answer>();
  answer->loop = loop_.shared_from_this();
  answer->connection = weak_from_this();
  dispatch(request, answer);

  bool there = true;
  if (answer->await()) {
    allow(loop_.service.options.answer_timeout);
    // A loop, since the wake-up of an earlier request may come late.
    while (answer->state != Answer::there && !out_of_time()) {
      error_code cancelled;
      answered_.expires_at(Steady::time_point::max());
      co_await answered_.async_wait(asio::redirect_error(awaiting, cancelled));
    }
    if (abandoned_) co_return false;
    there = answer->state == Answer::there;
  }
  const auto response =
      there ? std::move(answer->response) : wire::problem_response(no_answer(request->id), request->language());
  const bool head = request->method == wire::Method::head;
  // A stream ends with its connection, which is how HTTP/1.0 and /1.1 both know the end of what has no length.
  const bool keep_alive = there && reader.keep_alive() && !loop_.draining() && !response.stream;
  auto bytes = head_of(
      response,
      {.keep_alive = keep_alive, .http_1_0 = reader.is_http_1_0(), .date = loop_.date(), .request_id = request->id});
  const bool sent = co_await send(std::move(bytes), head ? std::string_view{} : response.bytes());
  log(*request, response, since);
  if (sent && response.stream && !head) co_await carry(*response.stream);
  if (response.stream) response.stream->close();
  co_return sent&& keep_alive;
}

Awaitable<void> Connection::carry(wire::EventStream& stream) {
  streaming_ = true;
  // Frames come from any thread; the wake-up may come after this connection's end.
  stream.on_ready([loop = loop_.shared_from_this(), waiting = weak_from_this()] {
    asio::post(loop->executor(), [waiting] {
      if (const auto self = waiting.lock()) self->answered_.cancel();
    });
  });
  const auto& options = loop_.service.options;
  const auto end = Steady::now() + options.stream_life;
  while (!abandoned_ && !loop_.draining() && Steady::now() < end) {
    auto taken = stream.take();
    if (taken.bytes.empty() && !taken.closed) {
      error_code woken;
      answered_.expires_after(options.stream_pulse);
      deadline_ = Steady::time_point::max();
      co_await answered_.async_wait(asio::redirect_error(awaiting, woken));
      if (woken) continue;
      taken.bytes = ":\n\n";
    }
    if (!taken.bytes.empty()) {
      const bool sent = co_await send(std::move(taken.bytes), {});
      if (!sent) break;
    }
    if (taken.closed) break;
  }
  stream.on_ready({});
}

Awaitable<void> Connection::refuse(const wire::Request& request) {
  wire::Request named;
  named.pattern = "-";
  begin(named);
  const auto since = Steady::now();
  const auto response = wire::problem_response(*refusal_, request.language());
  auto bytes =
      head_of(response, {.keep_alive = false, .http_1_0 = false, .date = loop_.date(), .request_id = named.id});
  const bool sent = co_await send(std::move(bytes), response.bytes());
  log(named, response, since);
  if (sent) co_await linger();
}

Awaitable<bool> Connection::send(std::string bytes, std::string_view body) {
  // Small answers go out in one piece and at once: the socket's buffer has room for them nearly always.
  constexpr std::size_t one_piece = 16u << 10;
  if (body.size() <= one_piece) {
    bytes.append(body);
    body = {};
  }
  error_code error;
  std::size_t sent = socket_.write_some(Pieces{asio::buffer(bytes), asio::buffer(body)}, error);
  if (error && error != asio::error::would_block) co_return false;
  if (sent == bytes.size() + body.size()) co_return true;

  allow(loop_.service.options.write_timeout);
  const std::string_view rest = std::string_view(bytes).substr(std::min(sent, bytes.size()));
  body.remove_prefix(sent - std::min(sent, bytes.size()));
  const Pieces pieces{asio::buffer(rest), asio::buffer(body)};
  co_await asio::async_write(socket_, pieces, asio::redirect_error(awaiting, error));
  co_return !error && !out_of_time();
}

// Closing on a client that is still sending would reset the connection and lose the answer on its way: say that no more
// comes, and read for a while into the void.
Awaitable<void> Connection::linger() {
  error_code error;
  socket_.shutdown(Tcp::socket::shutdown_send, error);
  allow(linger_time);
  for (std::size_t total = 0; !error && !out_of_time() && total < linger_bytes;)
    total += co_await socket_.async_read_some(asio::buffer(buffer_), asio::redirect_error(awaiting, error));
}

void Connection::log(const wire::Request& request, const wire::Response& response, Steady::time_point since) const {
  const auto& write = loop_.service.options.log;
  if (!write) return;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - since);
  write({.id = request.id,
         .method = wire::name_of(request.method),
         .pattern = request.pattern.empty() ? "-" : request.pattern,
         .status = response.status,
         .took = took,
         .bytes = response.bytes().size(),
         .fault = request.fault,
         .code = response.code});
}

}  // namespace tongdian::http
