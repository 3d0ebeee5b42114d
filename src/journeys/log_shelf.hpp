// Other systems' logs that staff hand in: they come in pieces, are read on a thread of their own, one after the other, and leave
// nothing behind. The bytes lie in a file without a name, so that they go with the program whatever becomes of it: a log of
// another office is full of people that this city's vault does not know.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/random.hpp"
#include "calendar/calendar.hpp"
#include "mining/mine.hpp"

namespace tongdian::journeys {

/// By which working days logs are counted.
struct LogDays {
  std::shared_ptr<const calendar::Calendar> calendar;
  int zone_minutes = 0;
};

struct LogShelfLimits {
  std::uint64_t log = std::uint64_t{1} << 30;  ///< bytes of one log, packed or not
  std::uint64_t all = std::uint64_t{4} << 30;  ///< bytes of all that lie here
  int logs_each = 4;                           ///< of one reader
  std::chrono::minutes kept{60};               ///< after the last piece, or the last look
};

/// Names, as the contract has them.
enum class LogStage { receiving, waiting, reading, done, failed };

class LogShelf {
 public:
  LogShelf(const Clock& clock, Random& random, std::function<LogDays()> days, LogShelfLimits limits = {});
  /// Ends in the middle of a log.
  ~LogShelf();
  LogShelf(const LogShelf&) = delete;
  LogShelf& operator=(const LogShelf&) = delete;

  /// A log of `size` bytes will come; `map` as `mine --map` takes it, or empty. `mine.bad_map`, `logs.too_large`, `logs.too_many`.
  Result<json::Object> open(const std::string& owner, std::string name, std::uint64_t size, std::string_view map);
  /// The next piece, which begins at `offset`; the last one lets the reading begin. A piece that is here already is passed over, so that
  /// whoever did not hear an answer may send again. `logs.not_found`, `logs.gap`, `logs.too_large`.
  Result<json::Object> add(const std::string& owner, std::string_view id, std::uint64_t offset, std::string_view bytes);
  /// How far it is. `logs.not_found`
  Result<json::Object> state(const std::string& owner, std::string_view id);
  /// All of this reader's, the newest first.
  json::Array all(const std::string& owner);
  /// The report as HTML, the figures as JSON. `logs.not_found`, `logs.not_ready`.
  Result<std::string> report(const std::string& owner, std::string_view id);
  Result<std::string> figures(const std::string& owner, std::string_view id);
  /// What is being read goes on in vain and is not kept. `logs.not_found`
  Result<void> remove(const std::string& owner, std::string_view id);

 private:
  struct Log;
  using LogPtr = std::shared_ptr<Log>;
  Result<LogPtr> find(const std::string& owner, std::string_view id);
  Result<LogPtr> read_one(const std::string& owner, std::string_view id);
  void drop_old();
  void run();
  void read(Log& log);

  const Clock& clock_;
  Random& random_;
  const std::function<LogDays()> days_;
  const LogShelfLimits limits_;
  std::mutex
      mutex_;  ///< of the map and of what a Log says; its bytes and its result are their thread's until it is done
  std::condition_variable wanted_;
  std::map<std::string, LogPtr, std::less<>> logs_;
  std::uint64_t opened_ = 0;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace tongdian::journeys

namespace tongdian {
template <>
struct EnumNames<journeys::LogStage> {
  static constexpr std::array<std::string_view, 5> values{"receiving", "waiting", "reading", "done", "failed"};
};
}  // namespace tongdian
