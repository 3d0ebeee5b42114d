// The room's face to the engine: connection cases 用电报装 as a Behaviour.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "calendar/calendar.hpp"
#include "connection/clocks.hpp"
#include "connection/commands.hpp"
#include "engine/behaviour.hpp"
#include "policy/pack.hpp"
#include "store/migrations.hpp"

namespace tongdian::connection {

/// Migration 4: case_view.
extern const store::Migration migration;
/// Migration 24: case_ending.
extern const store::Migration ending_migration;

class Connection final : public engine::Behaviour {
 public:
  Connection(std::shared_ptr<const policy::Pack> pack, std::shared_ptr<const calendar::Calendar> calendar);

  std::string_view kind() const override { return "case"; }
  std::string pack() const override;
  std::unique_ptr<engine::State> initial() const override;
  Result<std::vector<engine::NewEvent>> decide(const engine::State& state, const engine::Command& command,
                                               Instant now) const override;
  void evolve(engine::State& state, const engine::Event& event) const override;
  std::optional<Instant> wake_at(const engine::State& state) const override;
  std::shared_ptr<const engine::Body> wake() const override;
  void project(store::Session& session, std::int64_t id, const engine::State& state) const override;
  std::vector<std::string> view_tables() const override {
    return {"case_view", "case_team", "whitelist_view", "whitelist_work", "approved_load"};
  }
  std::vector<engine::Message> messages(const engine::Event& event, const engine::State& after) const override;

  [[nodiscard]] const policy::Pack& policy_pack() const { return *pack_; }
  /// The calendar as it is now; it may be replaced by one that reaches further.
  [[nodiscard]] std::shared_ptr<const calendar::Calendar> calendar() const;
  void replace_calendar(std::shared_ptr<const calendar::Calendar> calendar);
  /// The calendar that a district counts by: its own overlay where it has one, else the city's.
  [[nodiscard]] std::shared_ptr<const calendar::Calendar> calendar(std::string_view area) const;
  using AreaCalendars = std::map<std::string, std::shared_ptr<const calendar::Calendar>, std::less<>>;
  void replace_area_calendars(AreaCalendars calendars);

 private:
  std::shared_ptr<const policy::Pack> pack_;
  mutable std::mutex mutex_;
  std::shared_ptr<const calendar::Calendar> calendar_;
  AreaCalendars areas_;
};

}  // namespace tongdian::connection
