// Live pages: what happens to a case, or to the cases of an inbox, is told within a second. A frame says that something happened and where to look;
// what the reader may see of it they fetch as always. Its id is the event's position in the journal: whoever comes back
// with Last-Event-ID hears what happened meanwhile.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "journal/event.hpp"
#include "store/database.hpp"
#include "wire/access.hpp"
#include "wire/event_stream.hpp"

namespace tongdian::journeys {

/// Watches the journal's end in the database, so that it also hears what another node of the city has written.
class Live {
 public:
  /// A stream ends after `longest`: browsers come back by themselves, with Last-Event-ID, and whose session or reach is over
  /// meanwhile is let in no more.
  explicit Live(store::Database& database, std::chrono::milliseconds every = std::chrono::milliseconds(200),
                std::chrono::milliseconds longest = std::chrono::minutes(5));
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  using Stream = std::shared_ptr<wire::EventStream>;
  /// `after` is the last position that the reader saw; nothing: from now on. Fails with `live.full`.
  Result<Stream> follow_case(std::string number, std::optional<std::uint64_t> after);
  /// The cases within the reader's districts and enterprises.
  Result<Stream> follow_inbox(wire::Principal who, std::optional<std::uint64_t> after);

 private:
  struct Reader {
    Stream stream;
    std::optional<std::uint64_t> after;
    std::string case_stream;  ///< "case/…"; empty: an inbox
    wire::Principal who;
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  };
  struct Happened {
    std::string stream, type;
    std::uint64_t position = 0, sequence = 0;
  };

  Result<Stream> add(Reader reader);
  void run();
  void look();
  void welcome(store::Session& session, const Reader& reader, std::uint64_t head) const;
  void tell_case(const Reader& reader, const Happened& event) const;
  void tell_inboxes(store::Session& session, const std::vector<Happened>& events,
                    const std::vector<Reader*>& readers) const;
  static std::vector<Happened> happened_after(store::Session& session, std::uint64_t position);

  store::Database& database_;
  const std::chrono::milliseconds every_, longest_;
  std::mutex mutex_;
  std::condition_variable wanted_;
  std::vector<Reader> arrived_;  ///< not yet seen by the thread
  std::size_t followed_ = 0;     ///< streams that are open
  bool stopping_ = false;

  // The thread's own:
  std::vector<Reader> readers_;
  std::uint64_t seen_ = 0;
  std::thread thread_;
};

}  // namespace tongdian::journeys
