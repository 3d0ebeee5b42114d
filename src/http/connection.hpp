// One client's connection: requests in, answers out, in their order, each step under a deadline.
#pragma once

#include <vector>

#include "http/loop.hpp"
#include "http/response_writer.hpp"

namespace tongdian::http {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Loop& loop, Socket socket);
  ~Connection();

  /// Its whole life; the coroutine holds the connection.
  static Awaitable<void> live(std::shared_ptr<Connection> self);

  // By the loop, between two steps of the coroutine:
  void expire_if_due(Steady::time_point now);
  /// The server is stopping: a connection between two requests ends.
  void drain();
  /// The server's patience has ended.
  void abandon();

 private:
  /// Whether bytes have come that have not been read.
  [[nodiscard]] bool has_more();
  struct Answer;
  enum class Outcome {
    request,   ///< a whole request is there
    refused,   ///< what came is no request that we take: `refusal_` says why
    finished,  ///< the client has gone, was idle too long, or the server stops
  };

  Awaitable<Outcome> receive(RequestReader& reader);
  Awaitable<bool> read_more();
  Awaitable<bool> exchange(RequestReader& reader);
  Awaitable<void> carry(wire::EventStream& stream);
  Awaitable<void> refuse(const wire::Request& request);
  Awaitable<bool> send(std::string bytes, std::string_view body);
  Awaitable<void> linger();

  void begin(wire::Request& request) const;
  void dispatch(const std::shared_ptr<wire::Request>& request, const std::shared_ptr<Answer>& answer);
  void log(const wire::Request& request, const wire::Response& response, Steady::time_point since) const;

  void allow(std::chrono::milliseconds time);
  [[nodiscard]] bool out_of_time() const { return expired_ || abandoned_; }
  [[nodiscard]] std::string_view input() const { return {buffer_.data() + begin_, end_ - begin_}; }

  Loop& loop_;
  Socket socket_;
  Timer answered_;  ///< never fires; cancelled when the answer is there
  std::string remote_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::optional<Problem> refusal_;
  Steady::time_point deadline_ = Steady::time_point::max();
  bool expired_ = false;
  bool abandoned_ = false;
  bool idle_ = true;  ///< no byte of a next request is there
  bool streaming_ = false;
};

}  // namespace tongdian::http
