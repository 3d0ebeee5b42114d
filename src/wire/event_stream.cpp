#include "wire/event_stream.hpp"

#include <utility>

namespace tongdian::wire {

std::string event_frame(std::string_view name, std::uint64_t id, std::string_view data) {
  std::string out = "id: " + std::to_string(id) + "\nevent: ";
  out.append(name).append("\ndata: ").append(data).append("\n\n");
  return out;
}

bool EventStream::write(std::string_view frame) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  const bool was_empty = waiting_.empty();
  if (waiting_.size() + frame.size() > most_waiting)
    closed_ = true;
  else
    waiting_.append(frame);
  if (wake_ && (was_empty || closed_)) wake_();
  return !closed_;
}

void EventStream::close() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(closed_, true)) return;
  if (wake_) wake_();
}

bool EventStream::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

EventStream::Taken EventStream::take() {
  const std::lock_guard lock(mutex_);
  return {std::exchange(waiting_, {}), closed_};
}

void EventStream::on_ready(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
  if (wake_ && (!waiting_.empty() || closed_)) wake_();
}

}  // namespace tongdian::wire
