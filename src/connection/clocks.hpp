// The three clocks of a case, derived from its events and never stored as truth: A, the grid side in working days; B, the
// whole process; C, who holds the case. Pure: a state, a calendar, a zone, a day.
#pragma once

#include <optional>
#include <vector>

#include "calendar/calendar.hpp"
#include "connection/case_state.hpp"

namespace tongdian::connection {

/// Day counting of one pack: which calendar, which civil time.
struct Days {
  const calendar::Calendar* calendar = nullptr;
  Zone zone;
};

/// A time during which a limit runs, by civil days; open while `until` is empty.
struct Span {
  LocalDate from{};
  std::optional<LocalDate> until;
};

/// Working days that have gone by in the spans until the end of `today`: day one is the working day after a span's first
/// day (A41). Nothing beyond the calendar.
std::optional<int> used(const std::vector<Span>& spans, LocalDate today, const Days& days);
/// The last day of a limit of `limit` working days over the spans. Where nothing is left of it when a span begins, that
/// span's first working day. Nothing while no span runs and the limit is not used up, or beyond the calendar.
std::optional<LocalDate> due(const std::vector<Span>& spans, int limit, const Days& days);

/// When the grid side holds the case: the whole case without the customer's times.
std::vector<Span> grid_spans(const CaseState& state, const Days& days);
std::vector<Span> stage_spans(const StageRun& run, const Days& days);

/// The last day of a stage's own limit. Nothing where the limit is no whole day: 当日申请，次日接电 binds by its total.
std::optional<LocalDate> stage_due(const StageRun& run, const Days& days);

enum class ClockStatus { on_time, warned, overdue, breached, stopped };

struct ClockA {
  int used_wd = 0;
  std::optional<LocalDate> due_on, ceiling_on;
  ClockStatus status = ClockStatus::on_time;
  bool calendar_loaded = true;  ///< false: a date lies beyond the last loaded year
};
ClockA clock_a(const CaseState& state, LocalDate today, double warn_share, const Days& days);

struct ClockB {
  std::optional<int> working_days;
  int calendar_days = 0;
};
ClockB clock_b(const CaseState& state, LocalDate today, const Days& days);

struct ClockC {
  enum class Who { grid, customer, nobody } who = Who::nobody;
  std::optional<Instant> since;
  std::optional<int> working_days;
  std::string reason;  ///< of the hand-over
};
ClockC clock_c(const CaseState& state, LocalDate today, const Days& days);

/// The nearest date that binds the grid side now: the running stage's or the total's.
std::optional<LocalDate> binding_due(const CaseState& state, const Days& days);
/// Whether a limit that runs now ends beyond the calendar.
bool beyond_calendar(const CaseState& state, const Days& days);

}  // namespace tongdian::connection

namespace tongdian {
template <>
struct EnumNames<connection::ClockStatus> {
  static constexpr std::array<std::string_view, 5> values{"on_time", "warned", "overdue", "breached", "stopped"};
};
template <>
struct EnumNames<connection::ClockC::Who> {
  static constexpr std::array<std::string_view, 3> values{"grid", "customer", "nobody"};
};
}  // namespace tongdian
