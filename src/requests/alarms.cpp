// What the clock says of a complaint that nobody answers: a warning, late, then the pack's ladder up to the order 督办 and the bulletin.
#include <algorithm>
#include <cmath>

#include "base/time_text.hpp"
#include "requests/request.hpp"
#include "requests/request_events.hpp"

namespace tongdian::requests {
namespace {

using std::chrono::days;

std::string_view step_at(const policy::Supervision& s, int level) {
  if (s.bulletin_at_level > 0 && level >= s.bulletin_at_level) return "named";
  return s.order_at_level > 0 && level >= s.order_at_level ? "supervised" : "reminded";
}

class Ahead {
 public:
  Ahead(const Request& r, Zone zone) : r_(r), zone_(zone) {}

  void at_start_of(const std::optional<LocalDate>& day, std::string key, std::string_view type, json::Object payload) {
    if (!day || std::ranges::find(r_.alarms, key) != r_.alarms.end()) return;
    out.push_back({zone_.start_of(*day), std::move(key), {std::string(type), std::move(payload)}});
  }

  std::vector<Alarm> out;

 private:
  const Request& r_;
  Zone zone_;
};

}  // namespace

std::string answer_due(const Clocks& clocks, std::string_view area, Instant now) {
  const auto due = clocks.calendar(area)->add(clocks.zone.date_of(now), clocks.complaints.answer_within_wd);
  return due ? format_date(*due) : "";
}

std::vector<Alarm> alarms_ahead(const Request& r, const Clocks& clocks) {
  if (r.kind != Kind::complaint || r.state != Status::open || !clocks.calendar) return {};
  const auto calendar = clocks.calendar(r.area);
  const LocalDate since = clocks.zone.date_of(r.waits_since);
  const int limit = clocks.complaints.answer_within_wd;
  // The day that was told to whoever complained stands; one beyond the calendar is found when the calendar reaches it.
  auto due = parse_date(r.due_on);
  if (!due && limit > 0) due = calendar->add(since, limit);
  if (!due) return {};
  const std::string due_on = format_date(*due);
  Ahead ahead(r, clocks.zone);
  ahead.at_start_of(*due + days(1), "overdue", events::overdue, {{"due_on", due_on}});
  if (r.answer_by)
    ahead.at_start_of(*r.answer_by + days(1), "unanswered", events::order_unanswered,
                      {{"answer_by", format_date(*r.answer_by)}});
  if (!clocks.complaints.supervision) return std::move(ahead.out);
  const auto& ladder = *clocks.complaints.supervision;
  const auto near = calendar->add(since, static_cast<int>(std::ceil(ladder.warn_share * limit)));
  // A warning after the due date would be none.
  if (near && *near <= *due) ahead.at_start_of(near, "warned", events::warned, {{"due_on", due_on}});
  int level = 0;
  for (const int after : ladder.escalate_after_wd) {
    ++level;
    const auto day = calendar->add(*due, after);
    if (!day) continue;
    json::Object payload{{"level", level}, {"due_on", due_on}, {"step", step_at(ladder, level)}};
    if (level == ladder.order_at_level)
      if (const auto answer_by = calendar->add(*day + days(1), ladder.answer_within_wd))
        payload["answer_by"] = format_date(*answer_by);
    ahead.at_start_of(*day + days(1), "escalated:" + std::to_string(level), events::escalated, std::move(payload));
  }
  return std::move(ahead.out);
}

std::optional<Instant> Requests::wake_at(const engine::State& state) const {
  const auto ahead = alarms_ahead(static_cast<const Request&>(state), clocks_);
  const auto first = std::ranges::min_element(ahead, {}, &Alarm::at);
  return first == ahead.end() ? std::nullopt : std::optional(first->at);
}

}  // namespace tongdian::requests
