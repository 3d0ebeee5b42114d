// What the city's clocks were counted by, for the journal: which files of working days were loaded beside the pack's, and by whom. A
// calendar changes dates that were told to people, so that none comes into force unseen.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "engine/behaviour.hpp"

namespace tongdian::connection {

struct LoadedFile {
  std::string name, digest;  ///< SHA-256 of its bytes
  std::string by;  ///< whoever gave it to `tongdian calendar load`; empty where it was put there in another way
  bool operator==(const LoadedFile&) const = default;
};
BOOST_DESCRIBE_STRUCT(LoadedFile, (), (name, digest, by))

/// What a district, or with an empty code the city, counts by from now on.
struct CalendarInForce {
  std::string area;
  std::vector<LoadedFile> files;  ///< in their order; the pack's are named by the pack's version
  std::string first_day, last_day;
  std::int64_t working_days = 0;  ///< after the first day, up to the last
};
BOOST_DESCRIBE_STRUCT(CalendarInForce, (), (area, files, first_day, last_day, working_days))

struct NoteCalendar final : engine::Body {
  explicit NoteCalendar(CalendarInForce c) : calendar(std::move(c)) {}
  CalendarInForce calendar;
};

struct NotedCalendar final : engine::State {
  CalendarInForce calendar;
};

/// One stream for the city and one for each district with days of its own.
class CalendarRecord final : public engine::Behaviour {
 public:
  explicit CalendarRecord(std::string pack) : pack_(std::move(pack)) {}

  std::string_view kind() const override { return "calendar"; }
  std::string pack() const override { return pack_; }
  std::unique_ptr<engine::State> initial() const override { return std::make_unique<NotedCalendar>(); }
  /// The same files are no event: each node notes what it counts by, and so does each start.
  Result<std::vector<engine::NewEvent>> decide(const engine::State& state, const engine::Command& command,
                                               Instant now) const override;
  void evolve(engine::State& state, const engine::Event& event) const override;

 private:
  std::string pack_;
};

/// "calendar/city", "calendar/370602".
std::string calendar_stream(std::string_view area);

}  // namespace tongdian::connection
