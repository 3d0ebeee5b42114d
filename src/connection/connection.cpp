#include "connection/connection.hpp"
#include "connection/approved_loads.hpp"

#include <algorithm>

#include "connection/alarms.hpp"
#include "connection/case_view.hpp"
#include "connection/decide.hpp"
#include "connection/events.hpp"
#include "connection/team_view.hpp"
#include "connection/whitelist_view.hpp"

namespace tongdian::connection {
namespace {

const CaseState& of(const engine::State& state) { return static_cast<const CaseState&>(state); }

/// The district of the case; of one that is being opened, the command's.
const std::string& area_of(const CaseState& s, const Command& c) {
  if (const auto* submit = std::get_if<Submit>(&c.any)) return submit->opening.area;
  if (const auto* lead = std::get_if<RecordLead>(&c.any)) return lead->opening.area;
  return s.area;
}

}  // namespace

Connection::Connection(std::shared_ptr<const policy::Pack> pack, std::shared_ptr<const calendar::Calendar> calendar)
    : pack_(std::move(pack)), calendar_(std::move(calendar)) {}

std::string Connection::pack() const { return std::string(pack_->id()) + "@" + std::string(pack_->version()); }

std::unique_ptr<engine::State> Connection::initial() const { return std::make_unique<CaseState>(); }

std::shared_ptr<const calendar::Calendar> Connection::calendar() const {
  const std::lock_guard lock(mutex_);
  return calendar_;
}

void Connection::replace_calendar(std::shared_ptr<const calendar::Calendar> calendar) {
  const std::lock_guard lock(mutex_);
  calendar_ = std::move(calendar);
}

std::shared_ptr<const calendar::Calendar> Connection::calendar(std::string_view area) const {
  const std::lock_guard lock(mutex_);
  const auto own = areas_.empty() ? areas_.end() : areas_.find(area);
  return own == areas_.end() ? calendar_ : own->second;
}

void Connection::replace_area_calendars(AreaCalendars calendars) {
  const std::lock_guard lock(mutex_);
  areas_ = std::move(calendars);
}

Result<std::vector<engine::NewEvent>> Connection::decide(const engine::State& state, const engine::Command& command,
                                                         Instant now) const {
  const auto& body = static_cast<const Command&>(*command.body);
  const auto calendar = this->calendar(area_of(of(state), body));
  return connection::decide(of(state), body, now, {*pack_, {calendar.get(), pack_->zone()}, command.actor});
}

void Connection::evolve(engine::State& state, const engine::Event& event) const {
  connection::evolve(static_cast<CaseState&>(state), event);
}

std::optional<Instant> Connection::wake_at(const engine::State& state) const {
  const auto calendar = this->calendar(of(state).area);
  const Days days{calendar.get(), pack_->zone()};
  if (const auto opens = lead_opens_at(of(state), days)) return opens;
  const auto ahead = alarms_ahead(of(state), pack_->supervision(), days);
  const auto first = std::ranges::min_element(ahead, {}, &Alarm::at);
  return first == ahead.end() ? std::nullopt : std::optional(first->at);
}

std::shared_ptr<const engine::Body> Connection::wake() const { return std::make_shared<Command>(Tick{}); }

void Connection::project(store::Session& session, std::int64_t id, const engine::State& state) const {
  const auto calendar = this->calendar(of(state).area);
  write_case_view(session, id, of(state), {calendar.get(), pack_->zone()});
  write_team(session, id, of(state));
  write_whitelist(session, id, of(state));
  write_approved_loads(session, id, of(state));
}

std::vector<engine::Message> Connection::messages(const engine::Event& event, const engine::State& after) const {
  // What the customer is told of: steps of their case, and that it is late.
  static constexpr std::string_view told[] = {events::submitted,      events::documents_asked, events::accepted,
                                              events::plan_replied,   events::design_reviewed, events::midway_inspected,
                                              events::energised,      events::overdue,         events::whitelisted,
                                              events::works_completed};
  if (std::ranges::find(told, event.type) == std::end(told)) return {};
  json::Object payload{{"number", of(after).number}, {"type", event.type}};
  // Of several works the last one: then the connection goes on.
  if (event.type == events::works_completed && !of(after).whitelist->completed_at) return {};
  if (event.type == events::overdue && event.payload.at("scope").as_string() != "total") return {};
  return {{"notice", std::move(payload)}};
}

}  // namespace tongdian::connection
