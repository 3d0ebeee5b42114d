#include "journeys/live.hpp"

#include <algorithm>
#include <charconv>

#include "connection/case_view.hpp"
#include "journal/journal.hpp"
#include "journeys/city.hpp"

namespace tongdian::journeys {
namespace {

/// The rest of the server's connections stay for requests.
constexpr std::size_t most_streams = 3'000;
/// A reader who was away for longer than so many events loads the page anew instead.
constexpr std::uint64_t most_behind = 1'000;

Problem full() {
  return failure("live.full",
                 {"同时查看的人太多，页面不会自动更新", "too many are watching; the page does not update by itself"},
                 {"请手动刷新", "reload by hand"});
}

std::string number_of(const std::string& stream) { return stream.substr(stream.find('/') + 1); }

}  // namespace

Result<wire::Response> live_response(const wire::Request& request,
                                     const std::function<Result<Live::Stream>(std::optional<std::uint64_t>)>& follow) {
  const auto text = request.headers.get("Last-Event-ID");
  std::uint64_t position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  const bool known = error == std::errc{} && end == text.data() + text.size();
  auto stream = follow(known ? std::optional(position) : std::nullopt);
  if (!stream) return stream.error();
  return wire::Response{.content_type = "text/event-stream", .stream = *std::move(stream)};
}

Live::Live(store::Database& database, std::chrono::milliseconds every, std::chrono::milliseconds longest)
    : database_(database), every_(every), longest_(longest) {
  thread_ = std::thread([this] { run(); });
}

Live::~Live() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_all();
  thread_.join();
  for (auto& each : readers_) each.stream->close();
  for (auto& each : arrived_) each.stream->close();
}

Result<Live::Stream> Live::follow_case(std::string number, std::optional<std::uint64_t> after) {
  return add({std::make_shared<wire::EventStream>(), after, "case/" + std::move(number), {}});
}

Result<Live::Stream> Live::follow_inbox(wire::Principal who, std::optional<std::uint64_t> after) {
  return add({std::make_shared<wire::EventStream>(), after, "", std::move(who)});
}

Result<Live::Stream> Live::add(Reader reader) {
  auto stream = reader.stream;
  {
    const std::lock_guard lock(mutex_);
    if (followed_ >= most_streams) return full();
    ++followed_;
    arrived_.push_back(std::move(reader));
  }
  wanted_.notify_one();
  return stream;
}

void Live::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      const auto woken = [&] { return stopping_ || !arrived_.empty(); };
      // Nobody watches, nobody asks the database.
      if (readers_.empty())
        wanted_.wait(lock, woken);
      else
        wanted_.wait_for(lock, every_, woken);
      if (stopping_) return;
    }
    try {
      look();
    } catch (const std::exception&) {
      // The database does not answer: what was missed is read at the next look, from the same position.
    }
    const auto now = std::chrono::steady_clock::now();
    for (auto& each : readers_)
      if (now - each.since > longest_) each.stream->close();
    const auto gone = std::erase_if(readers_, [](const Reader& each) { return each.stream->closed(); });
    const std::lock_guard lock(mutex_);
    followed_ -= gone;
  }
}

void Live::look() {
  auto session = database_.reader();
  const auto head = static_cast<std::uint64_t>(session->integer("SELECT max(position) FROM event").value_or(0));
  if (readers_.empty()) seen_ = head;
  if (head > seen_) {
    const auto events = happened_after(*session, seen_);
    std::multimap<std::string_view, Reader*> by_case;
    std::vector<Reader*> inboxes;
    for (auto& each : readers_) {
      if (each.case_stream.empty())
        inboxes.push_back(&each);
      else
        by_case.emplace(each.case_stream, &each);
    }
    for (const auto& event : events) {
      const auto [first, last] = by_case.equal_range(event.stream);
      for (auto at = first; at != last; ++at) tell_case(*at->second, event);
    }
    tell_inboxes(*session, events, inboxes);
    if (!events.empty()) seen_ = events.back().position;
  }
  std::vector<Reader> arrived;
  {
    const std::lock_guard lock(mutex_);
    arrived.swap(arrived_);
  }
  for (auto& each : arrived) {
    welcome(*session, each, seen_);
    readers_.push_back(std::move(each));
  }
}

void Live::welcome(store::Session& session, const Reader& reader, std::uint64_t head) const {
  const bool lost = reader.after && (*reader.after > head || head - *reader.after > most_behind);
  if (!reader.after || lost) {
    // An id at once, so that even the first interruption can be made good.
    reader.stream->write(wire::event_frame(lost ? "reset" : "hello", head, "{}"));
    return;
  }
  const auto missed = happened_after(session, *reader.after);
  if (reader.case_stream.empty()) {
    Reader copy = reader;
    return tell_inboxes(session, missed, {&copy});
  }
  for (const auto& event : missed)
    if (event.stream == reader.case_stream) tell_case(reader, event);
}

void Live::tell_case(const Reader& reader, const Happened& event) const {
  reader.stream->write(
      wire::event_frame("case", event.position,
                        json::text(json::Object{
                            {"number", number_of(event.stream)}, {"type", event.type}, {"sequence", event.sequence}})));
}

/// One frame a case, about the last that happened to it.
void Live::tell_inboxes(store::Session& session, const std::vector<Happened>& events,
                        const std::vector<Reader*>& readers) const {
  if (readers.empty()) return;
  std::map<std::string, const Happened*> last;
  for (const auto& event : events) last[event.stream] = &event;
  std::vector<const Happened*> in_order;
  for (const auto& [stream, event] : last) in_order.push_back(event);
  std::ranges::sort(in_order, {}, &Happened::position);
  for (const auto* event : in_order) {
    const auto row = connection::find_case(session, number_of(event->stream));
    if (!row) continue;
    const auto frame = wire::event_frame("inbox", event->position,
                                         json::text(json::Object{{"number", row->number}, {"type", event->type}}));
    for (const auto* reader : readers)
      if (within_district(reader->who, row->area, row->enterprise)) reader->stream->write(frame);
  }
}

std::vector<Live::Happened> Live::happened_after(store::Session& session, std::uint64_t position) {
  std::vector<Happened> out;
  journal::read_all(session, position + 1, [&](std::uint64_t at, std::string_view bytes) {
    auto event = journal::decode(bytes);
    if (event) out.push_back({std::move(event->stream), std::move(event->type), at, event->sequence});
  });
  return out;
}

}  // namespace tongdian::journeys
