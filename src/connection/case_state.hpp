// A connection case as its events make it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/behaviour.hpp"
#include "policy/facts.hpp"

namespace tongdian::connection {

enum class Phase { none, lead, running, with_customer, energised, closed, withdrawn, awaiting_works };

/// A time that the customer had the case, open while `until` is empty.
struct Hold {
  Instant from{};
  std::optional<Instant> until;
  std::string reason;  ///< of the pack's closed list; "documents" for the one-time notice
};

/// A stage with its limit, as the decision gave it, and what became of it.
struct StageRun {
  std::string id;
  int limit_wd = 0;
  std::optional<Instant> started_at, ended_at;
  std::optional<Hold> hold;  ///< within the stage: only the one-time notice in acceptance (A10)
};

/// Who has a role in the team of the case, and who covers for them until the end of a day.
struct Member {
  std::string role, account, cover;
  std::optional<LocalDate> cover_until;
};

/// A file that answers a paper; its bytes are in the vault.
struct Paper {
  std::string document, file, type;
  std::int64_t size = 0;
  std::string digest;
  Instant at{};
};

/// Where the plan connects the case. Of two sources each carries the whole of it: the other one may be lost.
struct SupplyPoint {
  std::string node;  ///< by its name in the network's tables
  double kw = 0;
};

/// One of the supporting grid works 配套电网工程 of an entry.
struct GridWork {
  std::string id;  ///< "1", "2" … within the entry
  std::string limit, cure, what, responsible;
  std::optional<LocalDate> expected_on, first_expected_on;
  std::optional<Instant> completed_at;
};

/// The entry of the case in the whitelist 白名单, the last one where an earlier one was withdrawn.
struct WhitelistEntry {
  enum class Stand { proposed, under_way, completed, withdrawn };
  std::string kind, connection_point, reason;
  std::vector<GridWork> works;
  engine::Actor proposed_by;
  Instant proposed_at{};
  std::optional<Instant> entered_at, completed_at, withdrawn_at;
  bool computed = false;  ///< the network was asked, and answered that nothing fits

  [[nodiscard]] Stand stand() const {
    return withdrawn_at   ? Stand::withdrawn
           : completed_at ? Stand::completed
           : entered_at   ? Stand::under_way
                          : Stand::proposed;
  }
};

/// What a customer was charged. One person notes it and another confirms or drops it: only then does it count (四眼原则).
struct Charge {
  enum class Stand { noted, confirmed, dropped };
  std::string id;  ///< "1", "2" … within the case
  std::string item, noted_by;
  std::int64_t fen = 0;
  Stand stand = Stand::noted;
};

struct CaseState final : engine::State {
  Phase phase = Phase::none;
  std::string number, area, township, enterprise, channel;
  std::vector<std::string> duplicates, held;
  policy::Facts facts;
  json::Object decision;  ///< as the event has it
  std::string klass;
  int target_wd = 0, ceiling_wd = 0;
  std::vector<StageRun> stages;
  std::size_t current = 0;   ///< the stage that runs, or that starts once the customer gives the case back
  std::optional<Hold> hold;  ///< between stages, while the customer has the case
  Instant opened_at{};       ///< the submission: the start of the clock
  std::optional<Instant> ended_at;
  std::string project_code;
  std::optional<Instant> lead_arrived_at;
  std::vector<std::string> asked;  ///< documents of the one-time notice
  std::optional<Instant> asked_at;
  std::vector<std::string> have;    ///< documents that came
  std::vector<Paper> papers;        ///< and their files, in the order of their coming
  std::vector<std::string> alarms;  ///< what was already said by the clock: "warned:acceptance", "overdue:total" …
  std::vector<Member> team;
  std::vector<Charge> charges;
  std::optional<Instant> ordered_at, answered_at;  ///< the order 督办 and its answer
  std::optional<LocalDate> answer_by;
  std::optional<WhitelistEntry> whitelist;
  std::vector<SupplyPoint>
      supply_points;  ///< of a plan that was computed: what is approved, and while `open` not built
  std::optional<int> score;
  std::optional<Instant> rated_at;
  std::optional<Instant> erased_at;  ///< when the person's data were destroyed

  [[nodiscard]] bool open() const {
    return phase == Phase::running || phase == Phase::with_customer || phase == Phase::awaiting_works;
  }
  /// Proposed and not yet decided, or with works under way.
  [[nodiscard]] bool whitelist_is(WhitelistEntry::Stand stand) const {
    return whitelist && whitelist->stand() == stand;
  }
  /// The stage whose end is the reply to the customer: at low voltage, where there is no plan, the acceptance.
  [[nodiscard]] std::string_view reply_stage() const {
    for (const auto& each : stages)
      if (each.id == "plan_reply") return each.id;
    return "acceptance";
  }
  [[nodiscard]] const StageRun* stage() const { return open() && current < stages.size() ? &stages[current] : nullptr; }
};

/// The state after the event. Pure; unknown types are of a later program and change nothing.
void evolve(CaseState& state, const engine::Event& event);

}  // namespace tongdian::connection

namespace tongdian {
template <>
struct EnumNames<connection::Phase> {
  static constexpr std::array<std::string_view, 8> values{"none",      "lead",   "running",   "with_customer",
                                                          "energised", "closed", "withdrawn", "awaiting_works"};
};
template <>
struct EnumNames<connection::WhitelistEntry::Stand> {
  static constexpr std::array<std::string_view, 4> values{"proposed", "under_way", "completed", "withdrawn"};
};
}  // namespace tongdian
