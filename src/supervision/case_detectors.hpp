// Detectors that look at one case at a time; each costs a comparison or two an event. docs/supervision.md describes them one by one.
#pragma once

#include "policy/pack.hpp"
#include "supervision/finding.hpp"
#include "supervision/trail.hpp"

namespace tongdian::supervision {

/// Everything that a detector may look at: the trail after the event, what the event did to it, the event.
struct Seen {
  Trail& trail;
  const Moved& moved;
  const journal::Event& event;
  const Days& days;
};

class CaseDetectors {
 public:
  CaseDetectors(const policy::Pack& pack, Names& names, Findings& findings);
  void see(const Seen& seen);

 private:
  void recorded_late(const Seen& seen);
  void burst(const Seen& seen);
  void evidence_of_time(const Seen& seen);
  void before(const Seen& seen, const policy::Detector& detector, std::optional<Instant> bound, Instant taken,
              std::string_view what);
  void stage_reopened(const Seen& seen);
  void last_day_hand_over(const Seen& seen);
  void too_short(const Seen& seen);
  void at_night(const Seen& seen);
  void document_beyond_list(const Seen& seen);
  void charge_without_item(const Seen& seen);
  Finding& raise(const policy::Detector& detector, const Seen& seen, std::string value);

  const policy::Pack& pack_;
  Names& names_;
  Findings& findings_;
  const policy::Detector *recorded_late_, *burst_, *works_, *contract_, *reopened_, *last_day_, *too_short_, *night_,
      *document_, *charge_;
};

/// Whether the stage that ended, or was handed over, did so on the last day of its own limit; nothing where the limit is shorter
/// than `min_limit_wd` or the calendar does not reach.
std::optional<bool> on_last_day(const StageTrail& stage, LocalDate day, int min_limit_wd, const Days& days);

}  // namespace tongdian::supervision
