// The room's face: reads the journal from where it stopped and keeps what supervisors see. Nothing of it is stored: a new process
// reads the journal once, then a new event costs microseconds. Both databases are the same to it.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <stop_token>

#include "connection/connection.hpp"
#include "store/database.hpp"
#include "supervision/orders.hpp"
#include "supervision/people_detectors.hpp"
#include "supervision/promises.hpp"
#include "supervision/reports.hpp"
#include "supervision/verdicts.hpp"

namespace tongdian::supervision {

/// Keyed digests of the vault, cut to what tells cases apart: enough to see that two are of one person or one place.
struct Tags {
  std::uint64_t person = 0, place = 0;  ///< 0: none, or erased
};

/// What an auditor said last.
struct Opinion {
  Verdict verdict = Verdict::open;
  std::string auditor, note;
  Instant at{};
};

class Watch {
 public:
  /// Days are counted as `connection` counts them; its pack names the detectors.
  explicit Watch(const connection::Connection& connection);

  /// Takes in what the journal has beyond what was seen, until it is asked to stop. Returns how many events this call took. From
  /// any thread; who waits for the lock gets it between two pages.
  std::uint64_t catch_up(store::Session& session, const std::stop_token& stop = {});

  /// The same for a request, which waits for a moment and no more: throws `supervision.reading`, with the share that is read, where
  /// a large journal is still being read by somebody else.
  void refresh(store::Session& session, std::uint64_t a_moment = 50'000 /* events: some tenths of a second */);

  /// One event, in the journal's order; `tags` of the case where it is opened.
  void take(const journal::Event& event, const std::function<Tags(std::uint64_t owner)>& tags);

  /// All findings, those about people computed now; each with what an auditor said of it.
  struct Judged {
    Finding finding;
    Opinion opinion;
  };
  [[nodiscard]] std::vector<Judged> findings() const;

  /// Whoever reads more than `findings` looks under this lock.
  [[nodiscard]] std::unique_lock<std::mutex> lock() const { return std::unique_lock(mutex_); }
  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] const Orders& orders() const { return orders_; }
  [[nodiscard]] const Channels& channels() const { return channels_; }
  [[nodiscard]] const Longest& longest() const { return longest_; }
  [[nodiscard]] const Promises& promises() const { return promises_; }
  [[nodiscard]] const Trail* trail(const std::string& number) const;
  /// The trail as it would be after one more event; under the lock.
  [[nodiscard]] std::optional<Trail> trail_after(const std::string& number, const journal::Event& event);
  [[nodiscard]] std::uint64_t seen() const { return seen_; }

 private:
  void opened_again(const Trail& trail, const journal::Event& event, Tags tags);
  void judge(const journal::Event& event);
  void complaint(const journal::Event& event);
  void forget(const std::string& stream, const std::string& number);
  void add_channels(std::vector<Judged>& out) const;
  [[nodiscard]] const Days& days_of(Name area);

  const connection::Connection& connection_;
  mutable std::mutex mutex_;
  Names names_;
  Findings findings_;
  CaseDetectors cases_;
  PeopleDetectors people_;
  Promises promises_;
  Channels channels_;
  Longest longest_;
  Orders orders_;
  const policy::Detector* again_;
  std::unordered_map<std::string, Trail> trails_;
  struct Withdrawn {
    std::string number;
    std::uint64_t position = 0;
    Instant at{};
  };
  std::unordered_map<std::uint64_t, Withdrawn> withdrawn_;  ///< by person or place
  std::unordered_map<std::string, Tags> tags_;              ///< of cases that are open, by stream
  std::unordered_map<std::string, Opinion> opinions_;       ///< by finding
  std::unordered_map<std::string, Complained> complaints_;  ///< by stream
  std::unordered_map<Name, std::pair<std::shared_ptr<const calendar::Calendar>, Days>> days_;
  std::atomic<std::uint64_t> seen_ = 0;  ///< position of the last event
};

}  // namespace tongdian::supervision
