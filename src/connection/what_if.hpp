// Past cases under another pack: what would have been decided otherwise, which steps would have been refused, and who would
// have been late. A case keeps the times that it really had; only the rules change.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "connection/case_state.hpp"
#include "connection/clocks.hpp"
#include "policy/pack.hpp"

namespace tongdian::connection {

enum class Outcome { on_time, late, beyond_ceiling };

struct WhatIfReport {
  struct Change {
    std::string_view field;     ///< "class", "permit", "due_on" …
    std::string before, after;  ///< ids and dates as the decision has them; a refusal's code, or empty
  };
  struct Case {
    std::string number, area, klass;  ///< the class as it was decided
    std::vector<Change> changes;
  };
  std::uint64_t cases = 0, events = 0;
  std::vector<Case> changed;  ///< in the order of their submission
  /// By field, before and after, how many cases; dates as "earlier" and "later".
  std::map<std::array<std::string, 3>, std::uint64_t> sums;
  std::int64_t working_days = 0;  ///< by which the due dates move, together; later is positive
  std::array<std::uint64_t, 3> outcomes_before{}, outcomes_after{};  ///< by Outcome, of all cases
};

class WhatIf {
 public:
  /// `now` counts the days of the past, `then` those under `pack`; `wanted` picks the cases by area and enterprise.
  WhatIf(const policy::Pack& pack, Days now, Days then, std::function<bool(const CaseState&)> wanted = {});

  /// An event of the journal, in its order. Streams of other kinds are passed over.
  void take(const engine::Event& event);
  /// Judges the cases that still run as of the last event's day: the same journal gives the same answer on every day.
  WhatIfReport finish();

 private:
  struct Limits {
    std::vector<policy::StageLimit> stages;
    int target_wd = 0, ceiling_wd = 0;
  };
  struct Open {
    CaseState state;
    std::size_t place = 0;  ///< in all_
    bool wanted = true, decided = false;
    Limits after;
    std::vector<std::string> may_ask;  ///< documents of acceptance under the pack
  };

  void decide(Open& open, const json::Object& decision);
  void compare(WhatIfReport::Case& out, const CaseState& state, const json::Object& before);
  void refuse(const Open& open, const engine::Event& event);
  void settle(const Open& open);
  static void note(WhatIfReport::Case& out, std::string_view field, std::string before, std::string after);
  void sum_up();

  const policy::Pack& pack_;
  Days now_, then_;
  LocalDate today_{};
  std::function<bool(const CaseState&)> wanted_;
  policy::Decision decision_;
  std::unordered_map<std::string, Open> open_;
  std::vector<WhatIfReport::Case> all_;
  WhatIfReport report_;
};

json::Object to_json(const WhatIfReport& report, std::size_t most_cases);

}  // namespace tongdian::connection

namespace tongdian {
template <>
struct EnumNames<connection::Outcome> {
  static constexpr std::array<std::string_view, 3> values{"on_time", "late", "beyond_ceiling"};
};
}  // namespace tongdian
