#include "connection/calendar_record.hpp"

#include "base/json.hpp"
#include "connection/calendar_events.hpp"

namespace tongdian::connection {

Result<std::vector<engine::NewEvent>> CalendarRecord::decide(const engine::State& state, const engine::Command& command,
                                                             Instant) const {
  const auto& before = static_cast<const NotedCalendar&>(state).calendar;
  const auto& now = static_cast<const NoteCalendar&>(*command.body).calendar;
  std::vector<engine::NewEvent> out;
  if (before.files != now.files) out.push_back({std::string(events::calendar_loaded), json::write(now)});
  return out;
}

void CalendarRecord::evolve(engine::State& state, const engine::Event& event) const {
  if (event.type == events::calendar_loaded)
    static_cast<NotedCalendar&>(state).calendar = json::read<CalendarInForce>(event.payload).value();
}

std::string calendar_stream(std::string_view area) { return "calendar/" + std::string(area.empty() ? "city" : area); }

}  // namespace tongdian::connection
