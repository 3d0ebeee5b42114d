// Server-sent events (HTML Living Standard, 9.2): an answer that goes on. A room writes frames from any thread; the
// connection takes them when it can.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace tongdian::wire {

/// One event as it goes over the wire. `id` is what the browser sends back in Last-Event-ID; `data` has no line feed.
std::string event_frame(std::string_view name, std::uint64_t id, std::string_view data);

class EventStream {
 public:
  /// Appends a frame; false once the stream is closed. A reader who does not keep up is closed, and comes back with the
  /// last id that it saw.
  bool write(std::string_view frame);
  /// No more frames: the connection ends when what was written has gone out.
  void close();
  [[nodiscard]] bool closed() const;

  // For the connection that carries it:
  struct Taken {
    std::string bytes;
    bool closed = false;
  };
  Taken take();
  /// Called, on whatever thread writes, when there is something to take after there was nothing. Replaces the one before.
  void on_ready(std::function<void()> wake);

 private:
  static constexpr std::size_t most_waiting = 256u << 10;
  mutable std::mutex mutex_;
  std::string waiting_;
  bool closed_ = false;
  std::function<void()> wake_;
};

}  // namespace tongdian::wire
