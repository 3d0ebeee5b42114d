// What the clock says of a case by itself: a warning at a share of a limit, overdue, past the text's ceiling, escalation;
// and that a lead is opened when nobody opened it (A43). A deadline is an instant; when it comes it enters as a command.
#pragma once

#include <optional>
#include <vector>

#include "connection/clocks.hpp"
#include "engine/behaviour.hpp"
#include "policy/pack.hpp"

namespace tongdian::connection {

enum class AlarmKind { warned, overdue, breached, escalated, unanswered };

struct Alarm {
  Instant at{};
  AlarmKind kind{};
  std::string_view scope;              ///< a stage's id, or "total"; lives in the state
  LocalDate limit_on{};                ///< the due date, or the ceiling, that it is about
  int level = 0;                       ///< of an escalation
  std::string_view step;               ///< of an escalation: "reminded", "supervised", "named"
  std::optional<LocalDate> answer_by;  ///< of the escalation that is an order 督办

  /// How the state remembers that it was given: "overdue:total".
  [[nodiscard]] std::string key() const;
  [[nodiscard]] engine::NewEvent event() const;
};

/// All that is still to be said while things stay as they are, in no order.
std::vector<Alarm> alarms_ahead(const CaseState& state, const policy::Supervision& supervision, const Days& days);
/// When a lead opens by itself: the beginning of the working day after it arrived.
std::optional<Instant> lead_opens_at(const CaseState& state, const Days& days);

}  // namespace tongdian::connection
